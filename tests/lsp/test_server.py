"""A real server over its pipes: the protocol, diagnostics, actions, settings, commands."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.lsp.client import COMMAND, Client, Message, environment, insert, replace, uri_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Start = Callable[..., Client]

IMPORTS = "import os\n\n\ndef f(x):\n    return json.dumps(x)\n"


PULLS = {
    "textDocument": {"diagnostic": {}},
    "workspace": {"configuration": True, "diagnostics": {"refreshSupport": True}},
}


def codes(diagnostics: list[Message]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def test_the_session_follows_the_protocol(start: Start) -> None:
    client = start()
    offered = client.initialized["capabilities"]
    assert client.initialized["serverInfo"]["name"] == "aicheck"
    assert offered["textDocumentSync"] == {"openClose": True, "change": 2, "save": True}
    assert offered["positionEncoding"] == "utf-16"
    assert "diagnosticProvider" not in offered  # this client is pushed to
    asked = {m["method"] for m in client.quiet(0.5)}
    assert {"client/registerCapability", "workspace/configuration"} <= asked
    with pytest.raises(RuntimeError):
        client.request("textDocument/nonsense")
    assert client.close() == 0


def test_an_exit_without_shutdown_is_an_error(start: Start) -> None:
    client = start()
    client.notify("exit")
    assert client.process.wait(10) == 1


def test_bad_messages_do_not_end_the_session(start: Start, work: Path) -> None:
    client = start()
    client.raw(b"{nonsense")
    client.raw(
        json.dumps({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": 5}}).encode()
    )
    client.notify(
        "textDocument/didChange", textDocument={"uri": "file:///not/open.py", "version": 3}, contentChanges=[]
    )
    client.notify("aicheck/output", uri="file:///not/open.py", range="nonsense")
    client.notify("$/unknown")
    uri = client.open(str(work / "a.py"), IMPORTS)
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]


def test_diagnostics_carry_code_page_reason_and_data(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.py"), IMPORTS)
    (found,) = client.diagnostics(uri, 1, bool)
    assert found["range"] == {"start": {"line": 4, "character": 11}, "end": {"line": 4, "character": 15}}
    assert found["message"] == "'json' is used but never imported: 'import json' is missing"
    assert (found["severity"], found["source"]) == (1, "aicheck")
    assert found["data"] == {"code": "IMP001", "confidence": "high", "fix": "add 'import json'"}
    page = found["codeDescription"]["href"]
    assert page.startswith("file://")
    with open(page.removeprefix("file://"), encoding="utf-8") as file:
        assert file.read().startswith("# IMP001 missing-import")


def test_the_instant_tier_answers_and_keeps_what_the_others_found(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.py"), IMPORTS)
    client.diagnostics(uri, 1, bool)
    client.change(uri, 2, insert(1, 0, "x = = 1\n"))
    first = client.diagnostics(uri, 2)
    assert codes(first) == ["SYN001", "IMP001"]
    assert first[1]["range"]["start"]["line"] == 5
    client.change(uri, 3, replace((1, 0), (2, 0), ""))
    assert codes(client.diagnostics(uri, 3, bool)) == ["IMP001"]  # ruff may have spoken of version 2 meanwhile


def test_only_the_newest_version_is_shown(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.py"), "x = 1\n")
    client.diagnostics(uri, 1)
    for version in range(2, 42):
        client.change(uri, version, insert(0, 5, str(version % 10)))
    client.diagnostics(uri, 41)
    shown = [m["params"]["version"] for m in client.quiet(0.5) if m["method"] == "textDocument/publishDiagnostics"]
    assert shown == sorted(shown)
    assert len(shown) <= 42


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 16), ("utf-16", 13), ("utf-32", 12)])
def test_positions_count_the_units_that_were_agreed_on(start: Start, work: Path, encoding: str, column: int) -> None:
    client = start(capabilities={"general": {"positionEncodings": [encoding]}})
    assert client.initialized["capabilities"]["positionEncoding"] == encoding
    uri = client.open(str(work / "a.py"), "import os\r\nx = ['é😀', json]\r\n")
    (found,) = client.diagnostics(uri, 1, bool)
    assert found["range"]["start"] == {"line": 1, "character": column - 1}
    client.change(uri, 2, replace((1, column - 1), (1, column + 3), "os"))
    assert client.diagnostics(uri, 2, lambda d: not d) == []


def test_lines_end_where_the_protocol_says(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.py"), 'a = "x\fy\u2028z\x85"\nb = 1\nc = 2\n')
    client.change(uri, 2, replace((1, 4), (1, 5), "json"))
    (found,) = client.diagnostics(uri, 2, bool)
    assert found["range"]["start"] == {"line": 1, "character": 4}


def test_fixes_and_suppression_make_the_finding_go(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.py"), IMPORTS + "\n\ny = sys.path\n")
    client.diagnostics(uri, 1, lambda d: len(d) == 2)
    here = {"start": {"line": 4, "character": 12}, "end": {"line": 4, "character": 12}}
    actions = client.request(
        "textDocument/codeAction", textDocument={"uri": uri}, range=here, context={"diagnostics": []}
    )
    titles = [action["title"] for action in actions]
    assert titles == ["Add 'import json'", "Ignore IMP001 here", "Fix all that aicheck can fix"]
    assert actions[0]["isPreferred"]
    ignore = actions[1]["edit"]["changes"][uri]
    client.change(uri, 2, *({"range": e["range"], "text": e["newText"]} for e in ignore))
    assert [d["message"][:6] for d in client.diagnostics(uri, 2, lambda d: len(d) == 1)] == ["'sys' "]
    everything = client.request(
        "textDocument/codeAction", textDocument={"uri": uri}, range=here,
        context={"diagnostics": [], "only": ["source.fixAll"]},
    )  # fmt: skip
    assert [action["kind"] for action in everything] == ["source.fixAll.aicheck"]
    edits = everything[0]["edit"]["changes"][uri]
    client.change(uri, 3, *({"range": e["range"], "text": e["newText"]} for e in edits))
    assert client.diagnostics(uri, 3, lambda d: not d) == []


def test_hover_is_a_sentence_and_a_link_to_the_page(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.py"), IMPORTS)
    client.diagnostics(uri, 1, bool)
    hover = client.request("textDocument/hover", textDocument={"uri": uri}, position={"line": 4, "character": 12})
    sentence, _, link = hover["contents"]["value"].partition(" [")
    assert sentence == "'json' is used but never imported: 'import json' is missing."
    assert link.startswith("IMP001 missing-import](file://")
    assert "\n" not in link
    away = client.request("textDocument/hover", textDocument={"uri": uri}, position={"line": 0, "character": 1})
    assert away is None


def test_settings_change_live_and_wrong_ones_are_named(start: Start, work: Path) -> None:
    client = start(settings={"scoep": "ai", "maxBytes": -1})
    uri = client.open(str(work / "a.py"), IMPORTS)
    said = {client.notification("window/showMessage")["message"] for _ in range(2)}
    assert said == {
        "aicheck: editor settings: unknown setting 'aicheck.scoep'; did you mean 'scope'?",
        "aicheck: editor settings: 'max-bytes' must be a number of bytes from 1 to 64,000,000",
    }
    client.settings = {"scope": "all", "ignore": ["IMP"], "log": False}
    client.notify("workspace/didChangeConfiguration", settings=None)
    assert client.diagnostics(uri, 1, lambda d: not d) == []


def test_the_settings_file_counts_and_is_read_again(start: Start, work: Path) -> None:
    settings = work / "aicheck.toml"
    settings.write_text('ignore = ["IMP"]\n')
    client = start()
    uri = client.open(str(work / "a.py"), IMPORTS)
    client.diagnostics(uri, 1, lambda d: not d)
    settings.write_text("")
    client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": uri_of(str(settings)), "type": 2}])
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]


def test_a_client_that_pulls_is_pushed_nothing(start: Start, work: Path) -> None:
    client = start(capabilities=PULLS)
    client.quiet(0.3)
    uri = client.open(str(work / "a.py"), IMPORTS)
    report = client.request("textDocument/diagnostic", textDocument={"uri": uri})
    assert (report["kind"], codes(report["items"])) == ("full", ["IMP001"])
    client.change(uri, 2, insert(0, 0, "import json\n"))
    assert client.request("textDocument/diagnostic", textDocument={"uri": uri})["items"] == []
    whole = client.request("workspace/diagnostic", previousResultIds=[])
    assert [item["uri"] for item in whole["items"]] == [uri]
    assert not [m for m in client.quiet(0.3) if m["method"] == "textDocument/publishDiagnostics"]


def test_cells_of_notebooks_are_checked_without_each_other_being_missed(start: Start, work: Path) -> None:
    client = start()
    cells = [f"vscode-notebook-cell:{work}/a.ipynb#{n}" for n in range(2)]
    texts = ["import os\nx = 1\n", "print(x, os.name)\ny = = 2\n"]
    client.notify(
        "notebookDocument/didOpen",
        notebookDocument={
            "uri": uri_of(str(work / "a.ipynb")), "notebookType": "jupyter-notebook", "version": 1,
            "cells": [{"kind": 2, "document": uri} for uri in cells],
        },
        cellTextDocuments=[
            {"uri": uri, "languageId": "python", "version": 1, "text": text} for uri, text in zip(cells, texts, strict=True)
        ],
    )  # fmt: skip
    assert client.diagnostics(cells[0], 1) == []
    assert codes(client.diagnostics(cells[1], 1, bool)) == ["SYN001"]
    edit = {"document": {"uri": cells[1], "version": 2}, "changes": [replace((1, 4), (1, 6), "")]}
    client.notify(
        "notebookDocument/didChange", notebookDocument={"uri": uri_of(str(work / "a.ipynb")), "version": 2},
        change={"cells": {"textContent": [edit]}},
    )  # fmt: skip
    assert client.diagnostics(cells[1], 2, lambda d: not d) == []


def test_two_roots_have_settings_of_their_own(start: Start, tmp_path: Path) -> None:
    roots = [tmp_path / name for name in ("one", "two")]
    for root in roots:
        root.mkdir()
    (roots[1] / "aicheck.toml").write_text('ignore = ["IMP"]\n')
    client = start(roots[0], folders=tuple(map(str, roots)))
    first, second = (client.open(str(root / "a.py"), IMPORTS) for root in roots)
    assert codes(client.diagnostics(first, 1, bool)) == ["IMP001"]
    client.diagnostics(second, 1)
    assert client.diagnostics(second, 1) == []


def test_two_hundred_documents_are_all_answered(start: Start, work: Path) -> None:
    client = start()
    uris = [client.open(str(work / f"m{n}.py"), IMPORTS) for n in range(200)]
    for uri in uris:
        assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]


def test_a_runaway_document_holds_up_no_other(start: Start, work: Path) -> None:
    client = start()
    client.open(str(work / "a.py"), "x = 1\n")
    client.open(str(work / "huge.py"), "[" * 500_000)
    began = time.monotonic()
    uri = client.open(str(work / "b.py"), IMPORTS)
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]
    assert time.monotonic() - began < 10


def test_the_whole_workspace_is_checked_with_progress(start: Start, work: Path) -> None:
    for number in range(3):
        (work / f"m{number}.py").write_text(IMPORTS)
    client = start(capabilities={"window": {"workDoneProgress": True}, "workspace": {"configuration": True}})
    answer = client.request("workspace/executeCommand", command="aicheck.checkWorkspace", arguments=[])
    assert answer == {"files": 3, "checked": 3, "suspect": 3}
    messages = client.quiet(0.2)
    kinds = [m["params"]["value"]["kind"] for m in messages if m.get("method") == "$/progress"]
    assert kinds == ["begin", "report", "end"]
    shown = [m["params"]["uri"] for m in messages if m.get("method") == "textDocument/publishDiagnostics"]
    assert shown == [uri_of(str(work / f"m{n}.py")) for n in range(3)]


def test_a_file_that_is_open_is_known_by_whatever_spelling_of_its_uri(start: Start, work: Path) -> None:
    """Editors encode other characters than we do: ``C:`` or ``c%3A``, brackets or not."""
    (work / "m.py").write_text(IMPORTS)
    client = start(capabilities={"workspace": {"configuration": True}})
    uri = f"{uri_of(str(work))}/%6D.py"
    client.notify(
        "textDocument/didOpen", textDocument={"uri": uri, "languageId": "python", "version": 1, "text": IMPORTS}
    )
    client.request("workspace/executeCommand", command="aicheck.checkWorkspace", arguments=[])
    shown = {m["params"]["uri"] for m in client.quiet(0.5) if m.get("method") == "textDocument/publishDiagnostics"}
    assert shown <= {uri}


def test_an_outdated_request_can_be_cancelled(start: Start, work: Path) -> None:
    client = start(capabilities=PULLS)
    uri = client.open(str(work / "a.py"), "x = 1\n" * 20_000)
    number = client.ask("textDocument/diagnostic", textDocument={"uri": uri})
    client.notify("$/cancelRequest", id=number)
    with pytest.raises(RuntimeError, match="cancel"):
        client.answer(number)
    assert client.request("textDocument/diagnostic", textDocument={"uri": uri})["kind"] == "full"


def test_the_server_ends_when_its_input_does(start: Start) -> None:
    client = start()
    assert client.process.stdin is not None
    client.process.stdin.close()
    assert client.process.wait(10) == 1


@pytest.mark.skipif(os.name == "nt", reason="there the pipe ends with the process")
def test_the_server_ends_with_the_process_that_it_was_named(start: Start) -> None:
    """Also while somebody else holds the pipes open."""
    with subprocess.Popen(["sleep", "60"]) as editor:
        client = start(process_id=editor.pid)
        editor.kill()
    assert client.process.wait(10) == 1


def test_the_check_of_a_workspace_can_be_cancelled(start: Start, work: Path) -> None:
    for number in range(200):
        (work / f"m{number}.py").write_text(IMPORTS)
    client = start(capabilities={"window": {"workDoneProgress": True}, "workspace": {"configuration": True}})
    number = client.ask("workspace/executeCommand", command="aicheck.checkWorkspace", arguments=[])
    client.wait(lambda m: m.get("method") == "$/progress" and m["params"]["value"]["kind"] == "report")
    client.notify("window/workDoneProgress/cancel", token="aicheck.checkWorkspace")
    answer = client.answer(number)
    assert answer["files"] == 200
    assert answer["checked"] < 200


def test_in_scope_changed_only_what_is_new_is_shown(start: Start, work: Path) -> None:
    client = start(settings={"scope": "changed"})
    uri = client.open(str(work / "a.py"), IMPORTS)
    client.change(uri, 2, insert(5, 0, "\n\ndef g(x):\n    return sys.exit(x)\n"))
    (found,) = client.diagnostics(uri, 2, bool)
    assert (found["code"], found["range"]["start"]["line"]) == ("IMP001", 8)


def test_files_that_the_settings_call_ai_written_are_shown_whole(start: Start, work: Path) -> None:
    client = start(settings={"scope": "ai", "aiFiles": ["*_generated.py"]})
    by_hand = client.open(str(work / "a.py"), IMPORTS)
    generated = client.open(str(work / "b_generated.py"), IMPORTS)
    assert codes(client.diagnostics(generated, 1, bool)) == ["IMP001"]
    shown = [m["params"] for m in client.quiet(0.3) if m.get("method") == "textDocument/publishDiagnostics"]
    assert not [p for p in shown if p["uri"] == by_hand and p["diagnostics"]]


@pytest.mark.parametrize("command", ["dismiss", "fixed", "copyEvidence", "showOutput", "showLog", "report"])
@pytest.mark.parametrize("arguments", [[], [{"a": 1}], ["nonsense", None, "no output"]])
def test_commands_take_no_nonsense(start: Start, work: Path, command: str, arguments: list[Any]) -> None:
    client = start()
    with contextlib.suppress(RuntimeError):
        client.request("workspace/executeCommand", command=f"aicheck.{command}", arguments=arguments)
    uri = client.open(str(work / "a.py"), IMPORTS)
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]


@pytest.mark.parametrize("way", ["tcp", "pipe"])
def test_it_is_served_over_a_socket_too(tmp_path: Path, way: str) -> None:
    """The editor listens at a pipe; at a TCP address the server does."""
    listener = socket.socket(socket.AF_UNIX)
    if way == "pipe":
        address = str(tmp_path / "s")
        listener.bind(address)
        listener.listen()
    else:
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
    with listener, subprocess.Popen([*COMMAND, f"--{way}", address], env=environment()) as process:
        connection = listener.accept()[0] if way == "pipe" else connected(address)
        with connection, connection.makefile("rwb") as stream:
            body = json.dumps(
                {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}
            ).encode()
            stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            stream.flush()
            size = int(stream.readline().partition(b":")[2])
            while stream.readline().strip():
                pass
            assert json.loads(stream.read(size))["result"]["serverInfo"]["name"] == "aicheck"
        assert process.wait(10) == 1


def connected(address: str) -> socket.socket:
    host, _, port = address.partition(":")
    for _ in range(200):
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection((host, int(port)))
        time.sleep(0.05)
    raise TimeoutError(address)
