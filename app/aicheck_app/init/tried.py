"""Whether the hooks that are set up in agents' settings do what they are for: each is run on a damaged sample."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.hook import setup
from aicheck_checks.programs import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 30
_SAMPLE = "def total(rows):\n    return sum(row.price for row in rows if (\n"
"""A text that ends inside a bracket, as a cut answer does."""


class Tried(NamedTuple):
    """A hook of an agent's settings, and what is wrong with it; nothing if it works."""

    title: str
    path: str
    problem: str


def hooks() -> Iterator[Tried]:
    """Each agent whose user's settings run aicheck: whether that finds the sample's damage.

    A project's settings may be a stranger's, so that nothing of them is run.
    """
    for target in setup.TARGETS.values():
        path = setup.path_of(target, project=False)
        if not os.path.isfile(path):
            continue
        try:
            command = setup.command_in(setup.read(path))
        except AicheckError as error:
            yield Tried(target.title, path, str(error))
            continue
        if command:
            yield Tried(target.title, path, _problem(command))


def _problem(command: str) -> str:
    """Why a hook's command does not tell of a damaged file, in a home of its own; nothing if it does."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "sample.py")
        with open(file, "w", encoding="utf-8") as sample:
            sample.write(_SAMPLE)
        event = {
            "hook_event_name": "PostToolUse", "tool_name": "Write", "session_id": "doctor", "tool_use_id": "doctor", "cwd": folder,
            "tool_input": {"file_path": file, "content": _SAMPLE}, "tool_response": {"filePath": file},
        }  # fmt: skip
        try:
            done = subprocess.run(
                shlex.split(command.removeprefix("& "), posix=os.name != "nt"), input=json.dumps(event), capture_output=True,
                text=True, timeout=SECONDS, check=False, cwd=folder,
                env=environment(AICHECK_HOME=os.path.join(folder, "home"), AICHECK_HOOK_HELPER="off"),
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return f"does not answer within {SECONDS} s"
        except (OSError, ValueError) as error:
            return f"can't be started by its words alone, without a shell: {error}"
    said = done.stdout + done.stderr
    if "TRU001" in said:
        return ""
    first = next(iter(said.strip().splitlines()), "")
    return f"does not tell of a damaged file (exit code {done.returncode}{': ' + first[:200] if first else ''})"
