"""``aicheck doctor``: what works is asked to work, and each problem says what to do about it."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from aicheck_app import faults
from aicheck_app.cli.group import aicheck
from aicheck_app.init.extras import wanted
from aicheck_checks.languages.language import Language
from aicheck_checks.tools import pylint, ruff


def problems() -> list[str]:
    done = CliRunner().invoke(aicheck, ["doctor"], standalone_mode=False)
    assert done.exception is None, done.exception
    found = re.findall(r"^problem  (.*)$", done.output, re.MULTILINE)
    assert done.return_value == (2 if found else 0)
    return found


def test_where_all_is_there_nothing_is_a_problem() -> None:
    assert problems() == []


def test_an_extra_that_was_not_asked_for_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Language, "missing", property(lambda self: "no grammar" if self.name == "lua" else None))
    assert problems() == []
    said = CliRunner().invoke(aicheck, ["doctor"], standalone_mode=False).output
    assert f"ok       not checked, as the extra 'languages' is not installed: lua; {wanted('languages')}\n" in said


@pytest.mark.parametrize("script", ["exit 1", "kill -9 $$", "echo '[]'"], ids=["fails", "killed", "says nothing"])
def test_a_ruff_that_does_not_work_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = tmp_path / "ruff"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setattr(ruff, "executable", lambda: str(program))
    (said,) = problems()
    assert said.startswith(f"ruff at {program}: ")
    assert said.endswith("install 'ruff' again")


def test_a_missing_ruff_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "executable", lambda: None)
    assert problems() == ["ruff not found: undefined names and syntax of Python can't be judged; install 'ruff'"]


def test_a_pylint_that_does_not_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pylint, "python", lambda _: [sys.executable, "-c", "raise SystemExit(1)"])
    (said,) = problems()
    assert said == "pylint for --deep: it ended, or took longer than 20 s; install aicheck again, from where it came"


def test_failures_of_its_own_are_told_until_they_are_deleted() -> None:
    faults.note("hook", ValueError("odd"))
    (said,) = problems()
    assert said.startswith("failures of its own: 1, the newest: ")
    assert "hook: ValueError: odd" in said
    Path(faults.path()).unlink()
    assert problems() == []
