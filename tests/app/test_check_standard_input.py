"""What is checked without a name, and a revision that is none."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from aicheck_app.cli.group import aicheck

WORDS = "no language is known of standard input"


def check(*arguments: str, given: bytes = b"") -> Result:
    return CliRunner().invoke(aicheck, ["check", *arguments], input=given, standalone_mode=False)


def test_a_text_without_a_name_is_told_as_one_of_no_language() -> None:
    done = check("-", given=b"def f(:\n")
    assert (done.return_value or 0, WORDS in done.stderr, done.stdout) == (0, True, "clean: 1 file checked\n")
    done = check("-", "--format", "json", given=b"def f(:\n")
    (skipped,) = json.loads(done.stdout)["skipped"]
    assert (skipped["name"], skipped["failed"], WORDS in skipped["reason"]) == ("language", False, True)
    assert WORDS not in check("-", "-q", given=b"x = 1\n").output


@pytest.mark.parametrize(
    ("arguments", "given"),
    [(("--stdin-filename", "a.py"), b"x = 1\n"), (("--stdin-filename", "a.unknown"), b"x"), ((), b"#!/usr/bin/env python3\nx = 1\n"), ((), b"")],
)  # fmt: skip
def test_where_the_language_is_known_or_named_nothing_is_said(arguments: tuple[str, ...], given: bytes) -> None:
    assert WORDS not in check("-", *arguments, given=given).output


@pytest.mark.parametrize("revision", ["", " "])
def test_an_empty_revision_is_wrong_use_and_no_check_of_the_work_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, revision: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.py").write_text("x = (\n")
    done = check("--diff", revision)
    assert isinstance(done.exception, click.UsageError)
    assert "--diff needs a revision" in str(done.exception)
