"""Excerpts and messages are cut from a text that was redacted as a whole: what names a secret may stand lines away."""

from __future__ import annotations

from pathlib import Path

import pytest

from aicheck_app.config import Config
from aicheck_app.log.chain import canonical
from aicheck_app.log.excerpts import Excerpts
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_checks.source import Source
from tests.security.outputs import output

TOKEN = "ghp_" + "aB3dE5gH7jK9mN1pQ3sT5vX7zA9cD1fG3hJ5"

REST = " ... rest of the code remains unchanged ..."
SPLIT = {
    "key of several lines": (
        f'KEY = """-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7v3kq1\nabcdefghijklmnop\nqrstuvwxyzabcdef\n#{REST}\n',
        "a.py",
        "qrstuvwxyz",
    ),
    "next line": (f'const password =\n  "blue-elephant-dances";\n//{REST}\n', "a.js", "blue-elephant"),
    "value below": (f"env:\n- name: DB_PASSWORD\n  value: blue-elephant-dances\n#{REST}\n", "a.yaml", "blue-elephant"),
    "cut": ("X = [" + '"aaaaaaaa", ' * 11 + f'"{TOKEN}"]\n#{REST}\n', "a.py", "ghp_"),
}


@pytest.mark.parametrize("kind", SPLIT)
@pytest.mark.parametrize("before", ["", "\n" * 200_000], ids=["short", "long"])
def test_an_excerpt_is_cut_from_what_was_redacted(home: Path, kind: str, before: str) -> None:
    text, path, secret = SPLIT[kind]
    with Log() as log:
        observe([output("k", before + text, f"/work/{path}")], log, Config())
        (record,) = log.bodies()
    assert any("rest of the code" in found["excerpt"] for found in record["findings"])
    assert secret not in canonical(record)


def test_an_excerpt_keeps_its_lines_where_a_secret_fills_several(home: Path) -> None:
    source = Source(SPLIT["key of several lines"][0].replace("\n", "\r\n"), path="a.py")
    shown = [Excerpts(source).around(line).split("\n") for line in range(1, 7)]
    assert [len(lines) for lines in shown] == [2, 3, 3, 3, 3, 2]
    assert REST in shown[4][1]


def test_a_message_quotes_no_secret_that_its_text_holds(home: Path) -> None:
    source = Source('password =\n  "correct-horse-battery"\n', path="a.js")
    assert "correct-horse" not in Excerpts(source).message("'correct-horse-battery' is never used", 2)


def test_a_record_keeps_the_worst_of_a_great_many_findings(home: Path) -> None:
    """25,000 promises in place of code took a hook 8 s to write down."""
    text = "def f():\n    # TODO implement\n    pass\n" * 2_000 + "def g(:\n"
    with Log() as log:
        result = observe([output("k", text, "/work/a.py")], log, Config())[0].result
        (record,) = log.bodies()
    assert len(result.findings) > 200
    assert len(record["findings"]) == 200
    assert record["more_findings"] == len(result.findings) - 200
    assert record["verdict"] == "suspect"
