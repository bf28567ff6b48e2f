"""What pygls keeps and must not."""

from __future__ import annotations

import sys
import tomllib
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.requirements import Requirement
from pygls.protocol import LanguageServerProtocol

from aicheck_lsp.protocol import Protocol
from aicheck_lsp.server import Server
from tests.lsp.client import ROOT, Client

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_notification_that_was_handled_is_forgotten() -> None:
    """pygls 2.1.1 keeps the future of every one that is handled in steps, and so each keystroke."""
    protocol = Server().protocol
    done: list[Any] = []

    def steps(*_: Any) -> Iterator[Any]:
        yield (lambda: 1), (), None

    protocol._execute_handler("n1", steps, done.append)
    assert len(done) == 1
    assert protocol._request_futures == {}


def test_what_takes_a_private_place_of_pygls_has_one_to_take() -> None:
    """Another pygls may have none of these: until somebody has looked, it is not installed."""
    for name in ("_execute_handler", "_send_response", "lsp_text_document__did_open", "lsp_text_document__did_change"):
        assert name in vars(Protocol), name
        assert hasattr(LanguageServerProtocol, name), name
    assert hasattr(Server().protocol, "_request_futures")
    assert hasattr(Server().protocol, "_shutdown")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [Requirement(line) for line in project["dependencies"]]
    (pygls,) = (one for one in wanted if one.name == "pygls")
    assert "2.2" not in pygls.specifier
    assert version("pygls") in pygls.specifier


WATCHED = """
import os, sys, threading
loop, found = threading.main_thread(), open(sys.argv.pop(1), "a")
def look(event, args):
    if threading.current_thread() is not loop:
        return
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR)
    if (event == "sqlite3.connect" or writes) and isinstance(args[0], str) and args[0] != "/dev/null":
        print(event, args[0], file=found, flush=True)
sys.addaudithook(look)
from aicheck_app.cli.main import main
main()
"""


def test_the_loop_that_answers_the_editor_writes_nothing_and_asks_no_log(tmp_path: Path) -> None:
    """A slow disk, or a log that somebody holds, must not hold up a keystroke."""
    found, path = tmp_path / "found", tmp_path / "work" / "a.py"
    path.parent.mkdir()
    path.write_text(text := "def f():\n    return os.sep\n")
    command = [sys.executable, "-c", WATCHED, str(found), "lsp", "--stdio"]
    client = Client(str(path.parent), settings={"scope": "all", "log": True}, command=command)
    try:
        uri = client.open(str(path), text)
        client.notify("aicheck/output", uri=uri, agent="x", kind="agent", version=1)
        assert client.notification("aicheck/status")["suspect"] == 1
        for name in ("aicheck.showLog", "aicheck.status"):
            with suppress(RuntimeError):
                client.request("workspace/executeCommand", command=name, arguments=[])
        client.change(uri, 2, {"text": "x = 1\n"})
        client.diagnostics(uri, 2)
        client.notify("textDocument/didSave", textDocument={"uri": uri})
        client.notify("textDocument/didClose", textDocument={"uri": uri})
        assert client.close() == 0
    finally:
        client.kill()
    assert found.read_text() == ""
