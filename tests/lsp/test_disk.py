"""Files that are rewritten on disk behind the editor's back: by agents, whose hooks log it, by git, by anyone."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.config import Config
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output
from aicheck_lsp import outputs
from tests.lsp.ai import AI, BAD, HEAD, Start, codes, count, logged, records
from tests.lsp.client import Client, insert, uri_of


def log_output(path: Path, text: str, written: str, **origin: Any) -> str:
    facts = Origin(agent="claude-code", model="opus", session="s", attribution="hook", cwd=str(path.parent), **origin)
    output = Output("toolu_1", "Edit", written, text, "file", str(path), facts)
    with Log() as log:
        observe([output], log, Config())
        return str(next(iter(log.rows("SELECT id FROM records")))[0])


def test_a_reload_of_what_an_agent_wrote_is_known_exactly(start: Start, work: Path) -> None:
    client = start(settings=AI)
    path = work / "a.py"
    uri = client.open(str(path), HEAD)
    client.diagnostics(uri, 1)
    path.write_text(HEAD + BAD)
    identifier = log_output(path, HEAD + BAD, BAD)
    client.change(uri, 2, insert(5, 0, BAD))
    (found,) = client.diagnostics(uri, 2, bool)
    assert found["data"]["output"] == identifier
    assert "written by claude-code opus" in found["relatedInformation"][0]["message"]
    assert len(records()) == 1


def test_the_same_text_in_another_project_is_somebody_else_s_output(home: Path, tmp_path: Path) -> None:
    """A judgement would land on it."""
    here, there = tmp_path / "here/__init__.py", tmp_path / "there/__init__.py"
    for path in (here, there):
        path.parent.mkdir()
        path.write_text(HEAD + BAD)
    identifier = log_output(there, HEAD + BAD, BAD)
    assert outputs.known(str(here), HEAD + BAD, BAD) is None
    found = outputs.known(str(there), HEAD + BAD, BAD)
    assert found is not None
    assert found.record == identifier


@pytest.mark.parametrize("logged_before", [True, False])
@pytest.mark.parametrize("line", ["print(json.dumps(1))\n", BAD], ids=["short", "in another file too"])
def test_an_edit_on_disk_is_an_output_if_the_log_knows_it(
    start: Start, work: Path, logged_before: bool, line: str
) -> None:
    client = start(settings=AI)
    client.open(str(work / "b.py"), HEAD + BAD)
    path = work / "a.py"
    uri = client.open(str(path), HEAD)
    client.diagnostics(uri, 1)
    path.write_text(HEAD + line)
    if logged_before:
        log_output(path, HEAD + line, line)
    client.change(uri, 2, insert(5, 0, line))
    if logged_before:
        (found,) = client.diagnostics(uri, 2, bool)
        assert "written by claude-code opus" in found["relatedInformation"][0]["message"]
    else:
        assert not [m for m in client.quiet(1.2) if m["method"] == "aicheck/status"]
    assert count() == int(logged_before)


def test_a_hook_may_log_later_than_a_text_settles(start: Start, work: Path) -> None:
    client = start(settings=AI)
    path = work / "a.py"
    uri = client.open(str(path), HEAD)
    client.diagnostics(uri, 1)
    path.write_text(HEAD + BAD)
    client.change(uri, 2, insert(5, 0, BAD))
    time.sleep(1.2)
    identifier = log_output(path, HEAD + BAD, BAD)
    (found,) = client.diagnostics(uri, 2, logged)
    assert (found["data"]["output"], len(records())) == (identifier, 1)


def reload(client: Client, uri: str, version: int, text: str) -> None:
    """As Neovim does when a file has changed on disk."""
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    client.open(uri.removeprefix("file://"), text, version=version)


def test_a_reload_by_closing_and_opening_is_an_edit(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.diagnostics(uri, 1)
    reload(client, uri, 2, HEAD + BAD)
    (found,) = client.diagnostics(uri, 2, logged)
    assert (found["code"], found["range"]["start"]["line"]) == ("IMP001", 8)
    reload(client, uri, 3, HEAD + BAD)
    assert [one["data"] for one in client.diagnostics(uri, 3, bool)] == [found["data"]]
    time.sleep(0.3)
    assert not records("mark")
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    client.diagnostics_cleared(uri)
    assert [mark["mark"] for mark in records("mark")] == ["kept"]


def test_a_file_written_behind_the_editors_back_is_shown_without_being_opened(start: Start, work: Path) -> None:
    client = start(settings=AI)
    client.quiet(0.3)
    path = work / "new.py"
    path.write_text(BAD)
    log_output(path, BAD, BAD)
    (work / "persons.py").write_text(BAD)
    changes = [{"uri": uri_of(str(work / name)), "type": 1} for name in ("persons.py", "new.py")]
    client.notify("workspace/didChangeWatchedFiles", changes=changes)
    shown = client.notification("textDocument/publishDiagnostics")
    assert (shown["uri"], codes(shown["diagnostics"])) == (uri_of(str(path)), ["IMP001"])


def test_a_dirty_buffer_is_judged_by_itself_while_the_file_changes(start: Start, work: Path) -> None:
    client = start(settings={"scope": "all", "log": False})
    path = work / "a.py"
    path.write_text(HEAD)
    uri = client.open(str(path), HEAD)
    client.change(uri, 2, insert(5, 0, "x = sys\n"))
    path.write_text(HEAD + BAD)
    client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": uri, "type": 2}])
    client.change(uri, 3, insert(6, 0, "y = 1\n"))
    assert [d["range"]["start"]["line"] for d in client.diagnostics(uri, 3, bool)] == [5]


def test_git_moving_the_work_tree_is_no_output(start: Start, work: Path) -> None:
    (work / ".git").mkdir()
    client = start(settings=AI)
    path = work / "a.py"
    path.write_text(HEAD)
    uri = client.open(str(path), HEAD)
    client.diagnostics(uri, 1)
    path.write_text(HEAD + BAD)
    (work / ".git" / "index").write_bytes(b"DIRC")
    client.change(uri, 2, insert(5, 0, BAD))
    assert not client.diagnostics(uri, 2)
    time.sleep(1)
    assert not [m for m in client.quiet(0.2) if m["method"] == "aicheck/status"]
