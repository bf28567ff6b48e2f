"""Settings of editors and lock files: programs write them, so shape and speed say nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aicheck_lsp.program_files import written_by_programs
from tests.lsp.ai import AI, count, records, status
from tests.lsp.client import Client, insert

Start = Callable[..., Client]


@pytest.mark.parametrize(
    "path",
    [
        "/w/.vscode/settings.json", "/w/.vscode/extensions.json", "/w/.idea/workspace.xml", "/w/x.code-workspace",
        "/home/a/.config/Code/User/settings.json", "/home/a/.config/Code/User/profiles/1a/keybindings.json",
        "/w/package-lock.json", "/w/Cargo.lock", "/w/sub/uv.lock", "/w/go.sum",
    ],
)  # fmt: skip
def test_what_programs_write_is_known(path: str) -> None:
    assert written_by_programs(path)


@pytest.mark.parametrize("path", ["/w/settings.json", "/w/src/vscode/a.json", "/w/User/models.py", "/w/lock.py", ""])
def test_other_files_are_judged_as_ever(path: str) -> None:
    assert not written_by_programs(path)


@pytest.mark.parametrize("way", ["at once", "one by one"])
def test_settings_that_an_extension_changes_are_no_output(start: Start, work: Path, way: str) -> None:
    client = start(settings=AI)
    (work / ".vscode").mkdir()
    path = work / ".vscode" / "settings.json"
    path.write_text("{\n}\n")
    uri = client.open(str(path), "{\n}\n", "jsonc")
    lines = [f'    "setting.number{number}": true,\n' for number in range(4)]
    pieces = ["".join(lines)] if way == "at once" else lines
    for number, piece in enumerate(pieces):
        client.change(uri, number + 2, insert(1 + number, 0, piece))
        time.sleep(0.01)
    time.sleep(1.0)
    assert count() == 0


def test_what_the_editor_calls_ai_written_counts_in_settings_too(start: Start, work: Path) -> None:
    client = start(settings=AI)
    (work / ".vscode").mkdir()
    path = work / ".vscode" / "settings.json"
    uri = client.open(str(path), "{\n}\n", "jsonc")
    client.change(uri, 2, insert(1, 0, '    "a": 1\n'))
    place = {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}}
    client.notify("aicheck/output", uri=uri, version=2, range=place, agent="copilot", kind="completion")
    assert status(client)["outputs"] == 1
    assert records()[0]["path"] == ".vscode/settings.json"
