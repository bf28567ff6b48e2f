"""Which edits are outputs: said by the editor, known from an agent's log, or recognised; what is logged of them."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from aicheck_app.config import Config
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output
from tests.lsp.client import Client, Message, insert, replace, uri_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Start = Callable[..., Client]

HEAD = "import os\n\n\ndef first(x):\n    return os.fspath(x)\n"
GOOD = "\n\ndef second(x):\n    y = os.path.join(x, x)\n    return y\n"
BAD = "\n\ndef second(x):\n    y = json.dumps(x)\n    return y\n"
AI = {"scope": "ai", "log": True}


def codes(diagnostics: list[Message]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def logged(diagnostics: list[Message]) -> bool:
    return any("output" in diagnostic["data"] for diagnostic in diagnostics)


def status(client: Client) -> Any:
    return client.notification("aicheck/status")


def records(kind: str = "output") -> list[Any]:
    with Log(read_only=True) as log:
        return list(log.records("kind = ?", (kind,)))


def stream(client: Client, uri: str, version: int, line: int, text: str, size: int = 7, pause: float = 0.01) -> int:
    """Insert a text in chunks, as an assistant writes; returns the last version."""
    at = (line, 0)
    for start in range(0, len(text), size):
        chunk = text[start : start + size]
        version += 1
        client.change(uri, version, insert(*at, chunk))
        lines = chunk.split("\n")
        at = (at[0] + len(lines) - 1, len(lines[-1]) + (at[1] if len(lines) == 1 else 0))
        time.sleep(pause)
    return version


def test_what_the_editor_says_is_logged_and_shown(start: Start, work: Path) -> None:
    client = start(settings={**AI, "codeLens": True})
    uri = client.open(str(work / "a.py"), HEAD + "print(sys)\n")
    client.diagnostics(uri, 1)
    client.change(uri, 2, insert(5, 0, BAD))
    whole = {"start": {"line": 5, "character": 0}, "end": {"line": 10, "character": 0}}
    client.notify("aicheck/output", uri=uri, range=whole, agent="copilot", model="gpt-x", kind="completion", version=2)
    (found,) = client.diagnostics(uri, 2, logged)
    assert (found["code"], found["range"]["start"]["line"]) == ("IMP001", 8)
    (record,) = records()
    assert found["data"]["output"] == record["id"]
    assert (record["agent"], record["model"], record["tool"]) == ("copilot", "gpt-x", "completion")
    assert (record["attribution"], record["verdict"]) == ("editor", "suspect")
    related = [one["message"] for one in found["relatedInformation"]]
    assert related == ["written by copilot gpt-x: the editor says so (completion)"]
    numbers = {"outputs": 1, "suspect": 1, "verdict": "suspect"}
    assert status(client) == {**numbers, "uri": uri}
    assert client.request("workspace/executeCommand", command="aicheck.status", arguments=[]) == numbers
    (lens,) = client.request("textDocument/codeLens", textDocument={"uri": uri})
    assert lens["command"]["title"] == "copilot gpt-x: suspect"


def test_a_paste_from_elsewhere_may_be_anyones(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.change(uri, 2, insert(5, 0, BAD))
    whole = {"start": {"line": 5, "character": 0}, "end": {"line": 10, "character": 0}}
    client.notify("aicheck/output", uri=uri, range=whole, kind="paste", version=2)
    client.diagnostics(uri, 2, logged)
    assert [(record["tool"], record["attribution"]) for record in records()] == [("paste", "heuristic")]


@pytest.mark.parametrize("way", ["at once", "streamed", "whole text"])
def test_an_insertion_is_recognised_once_it_has_settled(start: Start, work: Path, way: str) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    version = 2
    if way == "streamed":
        version = stream(client, uri, 1, 5, BAD)
    else:
        client.change(uri, 2, insert(5, 0, BAD) if way == "at once" else {"text": HEAD + BAD})
    found = client.diagnostics(uri, version, bool)
    assert codes(found) == ["IMP001"]
    (record,) = records()
    assert (record["attribution"], record["verdict"]) == ("heuristic", "suspect")
    early = [m for m in client.received if m.get("method") == "textDocument/publishDiagnostics"]
    assert not [m for m in early if m["params"]["diagnostics"] and m["params"]["version"] < version]


def test_each_of_several_insertions_is_an_output(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.change(uri, 2, replace((4, 23), (5, 0), "\n" + BAD))  # as Neovim tells that lines were appended
    client.diagnostics(uri, 2, bool)
    client.change(uri, 3, replace((9, 12), (10, 0), "\n" + BAD.replace("second", "third").replace("json", "sys")))
    assert [d["range"]["start"]["line"] for d in client.diagnostics(uri, 3, lambda d: len(d) == 2)] == [8, 13]
    client.change(uri, 4, insert(7, 0, "    a = 1\n    b = 2\n    c = a + b\n"))  # inside the first one
    while status(client)["outputs"] < 3:
        pass
    assert [record["tool"] for record in records()] == ["insertion"] * 3


def test_a_chunk_of_lines_that_were_there_before_does_not_end_a_stream(start: Start, work: Path) -> None:
    client = start(settings=AI)
    ends = "    }\n  }\n}\n"
    uri = client.open(str(work / "a.js"), "function f() {\n  if (1) {\n    if (2) {\n" + ends, "javascript")
    body = "function g(a) {\n  if (a) {\n    while (a) {\n      a -= 1;\n"
    version = stream(client, uri, 1, 6, body)
    client.change(uri, version + 1, insert(10, 0, ends))
    assert status(client)["outputs"] == 1
    assert records()[0]["lines"] == 8


@pytest.mark.parametrize("scope", ["ai", "all"])
def test_no_truncation_is_seen_while_text_streams_in(start: Start, work: Path, scope: str) -> None:
    client = start(settings={"scope": scope, "log": True})
    uri = client.open(str(work / "a.py"), HEAD)
    text = "\n\ndef second(x):\n    y = [\n        1,\n        (2, {'a': '''x\n'''}),\n    ]\n    return y\n" * 3
    version = stream(client, uri, 1, 5, text)
    status(client)
    shown = [m["params"] for m in client.received if m.get("method") == "textDocument/publishDiagnostics"]
    seen = [d["code"] for p in shown for d in p["diagnostics"] if 3 < p["version"] <= version]
    assert not [code for code in seen if code.startswith(("TRU", "SYN"))]


def typed(client: Client, uri: str, line: int, text: str) -> int:
    version, column = 1, 0
    for char in text:
        version += 1
        pair = {"(": "()", "[": "[]", "'": "''"}.get(char, char)
        client.change(uri, version, insert(line, column, pair))
        line, column = (line + 1, 0) if char == "\n" else (line, column + 1)
        time.sleep(0.03)
    return version


def test_a_persons_edits_are_no_outputs(start: Start, work: Path) -> None:
    client = start(settings=AI)
    other = "def mine(a):\n    b = a\n    c = b\n    return c\n"
    client.open(str(work / "b.py"), other)
    uri = client.open(str(work / "a.py"), HEAD)
    version = typed(client, uri, 5, "\ndef g\n    x\n")
    block = HEAD[HEAD.index("def") :]
    for change in (
        replace((3, 0), (5, 0), ""),  # cut
        insert(3, 0, block),  # pasted again
        insert(0, 0, other),  # pasted from another document
        replace((0, 0), (4, 0), ""),  # undone
        insert(0, 0, other),  # redone
        {"text": ""},
    ):
        version += 1
        client.change(uri, version, change)
        time.sleep(0.05)
    version += 1
    long = "import b\nimport a\nimport c\nx = {'a': 1, 'b': 2, 'c': [1, 2, 3]}\n"
    client.change(uri, version, {"text": long})
    client.notify("aicheck/output", uri="file:///nowhere.py")
    time.sleep(1.0)
    before = count()
    sorted_imports = "import a\nimport b\nimport c\nx = {'a': 1, 'b': 2, 'c': [1, 2, 3]}\n"
    formatted = 'import a\nimport b\nimport c\nx = {\n    "a": 1,\n    "b": 2,\n    "c": [\n        1,\n        2,\n        3,\n    ],\n}\n'
    for text in (sorted_imports, formatted):
        version += 1
        client.change(uri, version, {"text": text})
        time.sleep(0.9)
    assert before <= 1  # the fresh text above is an insertion, and the only one
    assert count() == before


def test_what_the_user_copied_is_no_output(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.notify("aicheck/own")
    assert client.notification("window/logMessage")["message"] == "aicheck/own: it has no text"
    client.notify("aicheck/own", text=f"{GOOD}\nmore = 1\n")
    client.change(uri, 2, insert(5, 0, GOOD))
    time.sleep(0.9)
    assert count() == 0
    client.change(uri, 3, insert(10, 0, BAD))
    assert status(client)["outputs"] == 1


def count() -> int:
    there = os.path.exists(os.path.join(os.environ["AICHECK_HOME"], "log.sqlite3"))
    return len(records()) if there else 0


def log_output(path: Path, text: str, written: str, **origin: Any) -> str:
    facts = Origin(agent="claude-code", model="opus", session="s", attribution="hook", cwd=str(path.parent), **origin)
    output = Output("toolu_1", "Edit", written, text, "file", str(path), facts)
    with Log() as log:
        observe([output], log, Config())
        return str(log.query("SELECT id FROM records")[0][0])


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


def test_judgements_outcomes_and_evidence_reach_the_log(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.change(uri, 2, insert(5, 0, BAD))
    (found,) = client.diagnostics(uri, 2, bool)
    place = found["range"]
    actions = client.request(
        "textDocument/codeAction", textDocument={"uri": uri}, range=place, context={"diagnostics": []}
    )
    by_title = {action["title"]: action for action in actions}
    assert list(by_title) == [
        "Add 'import json'", "Ignore IMP001 here", "Not a problem: dismiss this IMP001", "This output is degraded: confirm",
        "Copy evidence", "Fix all that aicheck can fix",
    ]  # fmt: skip

    def run(title: str) -> Any:
        command = by_title[title]["command"]
        return client.request("workspace/executeCommand", command=command["command"], arguments=command["arguments"])

    evidence = run("Copy evidence")
    assert evidence.startswith(f"**suspect** output {found['data']['output']}\n")
    assert "IMP001 line 9: 'json' is used but never imported" in evidence
    run("This output is degraded: confirm")
    run("Not a problem: dismiss this IMP001")
    assert client.diagnostics(uri, 2, lambda d: not d) == []
    (shown,) = client.request("workspace/executeCommand", command="aicheck.showLog", arguments=[10])
    assert (shown["id"], shown["mark"]) == (found["data"]["output"], "dismissed")
    client.change(uri, 3, replace((8, 4), (8, 5), "z"))
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    client.diagnostics_cleared(uri)
    assert [mark["mark"] for mark in records("mark")] == ["confirmed", "dismissed", "edited"]
    report = client.request("workspace/executeCommand", command="aicheck.report", arguments=["html"])
    with open(report, encoding="utf-8") as file:
        assert file.read(15) == "<!doctype html>"
    assert client.close() == 0


def test_a_fix_is_an_outcome_and_repaired_code_is_shown_no_more(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.change(uri, 2, insert(5, 0, BAD))
    (found,) = client.diagnostics(uri, 2, bool)
    actions = client.request(
        "textDocument/codeAction", textDocument={"uri": uri}, range=found["range"], context={"diagnostics": []}
    )
    fix = actions[0]
    client.request("workspace/executeCommand", command=fix["command"]["command"], arguments=fix["command"]["arguments"])
    client.change(uri, 3, *({"range": e["range"], "text": e["newText"]} for e in fix["edit"]["changes"][uri]))
    assert client.diagnostics(uri, 3, lambda d: not d) == []
    assert client.close() == 0
    assert [mark["mark"] for mark in records("mark")] == ["fixed"]


def test_a_killed_server_loses_nothing_that_it_acknowledged(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    for number in range(3):
        client.change(uri, number + 2, insert(0, 0, BAD.replace("second", f"f{number}")))
        status(client)
    client.process.send_signal(signal.SIGKILL)
    client.process.wait()
    assert len(records()) == 3
    with Log(read_only=True) as log:
        assert log.verify() == (3, [])
    again = start(settings=AI)
    uri = again.open(str(work / "a.py"), HEAD)
    again.change(uri, 2, insert(5, 0, GOOD))
    assert status(again)["outputs"] == 4


def test_without_a_log_to_write_checking_goes_on(start: Start, work: Path, home: Path) -> None:
    home.write_text("in the way")
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.change(uri, 2, insert(5, 0, BAD))
    assert codes(client.diagnostics(uri, 2, bool)) == ["IMP001"]
    assert "the log can't be" in client.notification("window/showMessage")["message"]


def test_the_protocol_of_outputs_takes_no_nonsense(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    for wrong in ({"kind": "magic"}, {"range": {"start": 1}}, {"version": 7}):
        client.notify("aicheck/output", uri=uri, **wrong)
    said = [client.notification("window/logMessage")["message"] for _ in range(3)]
    assert [message.split(":")[0] for message in said[:2]] == ["aicheck/output", "aicheck/output"]
    assert "another version" in said[2]
    assert json.dumps(client.request("workspace/executeCommand", command="aicheck.showLog", arguments=[5])) == "[]"
