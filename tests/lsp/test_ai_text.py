"""Which edits are outputs: said by the editor, known from an agent's log, or recognised; what is logged of them."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from aicheck_app.log.store import Log
from tests.lsp.ai import AI, BAD, GOOD, HEAD, Start, codes, count, logged, records, status, stream
from tests.lsp.client import Client, Message, insert, replace


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
    numbers = {"outputs": 1, "suspect": 1, "verdict": "suspect", "changed": []}
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
    while count() < 1:  # the fresh text above is an insertion, and the only one
        time.sleep(0.05)
    sorted_imports = "import a\nimport b\nimport c\nx = {'a': 1, 'b': 2, 'c': [1, 2, 3]}\n"
    formatted = 'import a\nimport b\nimport c\nx = {\n    "a": 1,\n    "b": 2,\n    "c": [\n        1,\n        2,\n        3,\n    ],\n}\n'
    for text in (sorted_imports, formatted):
        version += 1
        client.change(uri, version, {"text": text})
        time.sleep(0.9)
    assert count() == 1


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


def test_a_file_is_logged_with_its_path_below_the_workspace(start: Start, work: Path) -> None:
    inner = work / "packages" / "inner"
    (inner / "src").mkdir(parents=True)
    client = start(settings=AI, folders=(str(work), str(inner)))
    files = ((work / "packages", "packages/a.py"), (inner / "src", "src/a.py"), (work.parent, "a.py"))
    for number, (folder, expected) in enumerate(files):
        uri = client.open(str(folder / "a.py"), HEAD)
        client.change(uri, 2, insert(5, 0, BAD.replace("second", f"function{number}").replace("y", f"y{number}")))
        status(client)
        assert records()[-1]["path"] == expected


MISSING = "\n\ndef second(x):\n    y = json.dumps(x)\n    return re.sub('a', 'b', y)\n"


def test_one_finding_is_dismissed_and_the_others_stay(start: Start, work: Path) -> None:
    client = start(settings=AI)
    uri = client.open(str(work / "a.py"), HEAD)
    client.change(uri, 2, insert(5, 0, MISSING))
    first, second = client.diagnostics(uri, 2, lambda d: len(d) == 2 and logged(d))

    def dismiss(found: Message) -> None:
        context: Message = {"diagnostics": []}
        actions = client.request(
            "textDocument/codeAction", textDocument={"uri": uri}, range=found["range"], context=context
        )
        command = next(a["command"] for a in actions if a.get("command", {}).get("command") == "aicheck.dismiss")
        client.request(
            "workspace/executeCommand", command="aicheck.dismiss",
            arguments=[command["arguments"][0], "a test", *command["arguments"][2:]],
        )  # fmt: skip

    def mark() -> str:
        (shown,) = client.request("workspace/executeCommand", command="aicheck.showLog", arguments=[10])
        return str(shown["mark"])

    dismiss(first)
    (left,) = client.diagnostics(uri, 2, lambda d: len(d) == 1)
    assert left["message"] == second["message"]
    client.change(uri, 3, insert(0, 0, "# a line above\n"))
    (left,) = client.diagnostics(uri, 3, lambda d: len(d) == 1)  # it stays away while the text moves
    assert mark() == ""
    dismiss(left)
    client.diagnostics(uri, 3, lambda d: not d)
    assert mark() == "dismissed"  # now that nothing of it is left
    said = [(one["mark"], one["code"], one["line"], one["reason"]) for one in records("mark")]
    assert said == [("dismissed", "IMP001", 9, "a test"), ("dismissed", "IMP001", 10, "a test")]
