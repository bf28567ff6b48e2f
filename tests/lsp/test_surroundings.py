"""A file written after the one that uses it: what was found goes without a restart, and comes back when the file goes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.lsp.client import Client, Message, uri_of

Start = Callable[..., Client]
SECONDS = 1.0
CREATED, DELETED = 1, 3


class Case(NamedTuple):
    """A text, the code of what is found of it, and the file whose coming takes that away."""

    language: str
    path: str
    text: str
    code: str
    other: str
    brings: str


CASES = (
    Case("python", "a.py", "import helpers\n\nhelpers.f()\n", "IMP006", "helpers.py", "def f():\n    return 1\n"),
    Case("typescript", "src/a.ts", "import { f } from './helpers';\n\nf();\n", "IMP004", "src/helpers.ts", "export const f = () => 1;\n"),
    Case("go", "cmd/a.go", 'package cmd\n\nimport "example.com/shop/x"\n\nvar A = x.B\n', "IMP004", "x/x.go", "package x\n"),
    Case(
        "java", "src/main/java/shop/A.java", "package shop;\n\nimport shop.Other;\n\nclass A {\n    Other b;\n}\n", "IMP004",
        "src/main/java/shop/Other.java", "package shop;\n\nclass Other {\n}\n",
    ),
)  # fmt: skip
FILES = {
    "pyproject.toml": '[project]\nname = "shop"\ndependencies = ["requests"]\n', "package.json": "{}", "go.mod": "module example.com/shop\n",
    "pom.xml": "<project></project>\n", "src/main/java/shop/First.java": "package shop;\n\nclass First {\n}\n",
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.language)
def test_what_a_file_lacks_comes_and_goes_with_the_files_round_it(start: Start, work: Path, case: Case) -> None:
    (work / ".git").mkdir()  # what stands above is none of the project
    for name, text in {**FILES, case.path: case.text}.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    if case.language == "python":
        case = case._replace(text=case.text.replace("helpers", "helpers_not_there_9"), other="helpers_not_there_9.py")
    client = start(work)
    uri = client.open(str(work / case.path), case.text, case.language)
    client.diagnostics(uri, 1, lambda found: case.code in _codes(found))
    other = work / case.other
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text(case.brings)
    assert _seconds_until(client, uri, other, CREATED, lambda found: not found) < SECONDS
    other.unlink()
    if case.language == "go":
        other.parent.rmdir()
    assert _seconds_until(client, uri, other, DELETED, lambda found: case.code in _codes(found)) < SECONDS


def _seconds_until(
    client: Client, uri: str, changed: Path, kind: int, wanted: Callable[[list[Message]], bool]
) -> float:
    """How long after the news of a file the diagnostics are as wanted."""
    client.quiet(0.05)
    begin = time.monotonic()
    client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": uri_of(str(changed)), "type": kind}])
    client.diagnostics(uri, 1, wanted)
    return time.monotonic() - begin


def _codes(found: list[Message]) -> list[str]:
    return [one["code"] for one in found]
