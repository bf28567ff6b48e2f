"""The command line as a person at a shell meets it: pipes, prompts, missing arguments, options that every tool has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from aicheck_app import __version__
from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.group import aicheck, run
from aicheck_app.errors import AicheckError
from tests.app.test_check import BAD, invoke, work
from tests.lsp.client import environment

__all__ = ["work"]
SCRIPT = "from aicheck_app.cli.main import main; main()"


def commands(group: click.Group, *above: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*above, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


@pytest.mark.parametrize("merged", [False, True], ids=["output", "all"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("check", "bad.py"), 1), (("check", "."), 1), (("check", "--format", "json"), 1), (("check", "gone.py"), 2),
        (("check", "--fix", "--dry-run"), 1), (("rules",), 0), (("rules", "--format", "json"), 0), (("-h",), 0), (("chek",), 2),
    ],
)  # fmt: skip
def test_a_reader_that_goes_away_changes_nothing(
    work: Path, arguments: tuple[str, ...], code: int, merged: bool
) -> None:
    (work / "bad.py").write_text(BAD)
    read, written = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments], stdout=written, stderr=written if merged else subprocess.PIPE,
        stdin=subprocess.DEVNULL, env=environment(), check=False,
    )  # fmt: skip
    os.close(written)
    assert done.returncode == code
    assert b"rror" not in (done.stderr or b"").replace(b"Error: No such command", b"")


def test_a_command_that_lacks_an_argument_shows_how_to_call_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for names, command in commands(aicheck):
        if not any(parameter.required for parameter in command.params):
            continue
        monkeypatch.setattr(sys, "argv", ["aicheck", *names])
        assert run() == 2
        said = capsys.readouterr().err.partition("For example:\n")[2]
        assert said.startswith(f"  aicheck {' '.join(names)} "), names


def test_a_prompt_without_anybody_to_answer_names_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    with open(os.devnull) as nobody:
        monkeypatch.setattr(sys, "stdin", nobody)
        with pytest.raises(AicheckError, match="--yes"):
            confirmed("Really?")


def test_the_short_option_for_the_version() -> None:
    assert __version__ in invoke("-V").output
