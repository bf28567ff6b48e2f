"""What "check all" shows goes when it is no longer so, and the open file is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lsp.ai import codes
from tests.lsp.client import Client, Message, insert, replace, uri_of

Start = Callable[..., Client]
IMPORTS = "import os\n\n\ndef f(x):\n    return json.dumps(os, x)\n"
GOOD = "import json\nimport os\n\n\ndef f(x):\n    return json.dumps(os, x)\n"
PULLS = {
    "textDocument": {"diagnostic": {"dynamicRegistration": False}},
    "workspace": {"configuration": True, "diagnostics": {"refreshSupport": True}},
}


def check_all(client: Client) -> Any:
    return client.request("workspace/executeCommand", command="aicheck.checkWorkspace", arguments=[])


def pushed(client: Client, uri: str, wanted: Callable[[list[Message]], object]) -> list[Message]:
    """The diagnostics of a file that is not open, once they are as wanted."""
    found = client.wait(
        lambda m: (
            m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
            and "version" not in m["params"] and wanted(m["params"]["diagnostics"])
        )
    )  # fmt: skip
    diagnostics: list[Message] = found["params"]["diagnostics"]
    return diagnostics


def none(diagnostics: list[Message]) -> bool:
    return not diagnostics


@pytest.fixture
def path(work: Path) -> Path:
    file = work / "a.py"
    file.write_text(IMPORTS)
    return file


@pytest.fixture
def checked(start: Start, path: Path) -> tuple[Client, str]:
    """A client that has checked all, and the file that has a finding."""
    client, uri = start(settings={"scope": "ai"}), uri_of(str(path))
    assert check_all(client)["suspect"] == 1
    assert codes(pushed(client, uri, bool)) == ["IMP001"]
    return client, uri


def tell(client: Client, uri: str, kind: int) -> None:
    client.notify("workspace/didChangeWatchedFiles", changes=[{"uri": uri, "type": kind}])


def test_a_file_that_is_mended_on_disk_is_cleared(checked: tuple[Client, str], path: Path) -> None:
    client, uri = checked
    path.write_text(GOOD)
    tell(client, uri, 2)
    pushed(client, uri, none)


def test_a_file_that_changes_on_disk_is_shown_as_it_is_now(checked: tuple[Client, str], path: Path) -> None:
    client, uri = checked
    path.write_text(f"# one line more\n{IMPORTS}")
    tell(client, uri, 2)
    (found,) = pushed(client, uri, bool)
    assert found["range"]["start"]["line"] == 5


def test_a_file_that_is_deleted_is_cleared(checked: tuple[Client, str], path: Path) -> None:
    client, uri = checked
    path.unlink()
    tell(client, uri, 3)
    pushed(client, uri, none)


def test_a_second_check_clears_what_is_there_no_more(checked: tuple[Client, str], path: Path, work: Path) -> None:
    client, uri = checked
    path.unlink()
    other = work / "b.py"
    other.write_text(IMPORTS)
    assert check_all(client) == {"files": 1, "checked": 1, "suspect": 1}
    pushed(client, uri, none)
    assert codes(pushed(client, uri_of(str(other)), bool)) == ["IMP001"]
    other.write_text(GOOD)
    check_all(client)
    pushed(client, uri_of(str(other)), none)


def test_a_file_that_is_opened_shows_all_and_is_cleared_when_it_is_fixed(
    checked: tuple[Client, str], path: Path
) -> None:
    client, uri = checked
    client.open(str(path), IMPORTS)
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]
    client.change(uri, 2, insert(0, 0, "import json\n"))
    client.diagnostics(uri, 2, none)
    path.write_text(GOOD)
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    shown = [m["params"] for m in client.quiet(1.0) if m.get("method") == "textDocument/publishDiagnostics"]
    assert shown[-1] == {"uri": uri, "diagnostics": []}


def test_a_file_that_is_closed_unfixed_is_shown_again(checked: tuple[Client, str], path: Path) -> None:
    client, uri = checked
    client.open(str(path), IMPORTS)
    client.diagnostics(uri, 1, bool)
    client.notify("textDocument/didClose", textDocument={"uri": uri})
    pushed(client, uri, none)
    assert codes(pushed(client, uri, bool)) == ["IMP001"]


def test_the_open_file_is_checked_as_it_stands_in_the_editor(start: Start, path: Path) -> None:
    client = start(settings={"scope": "ai"})
    uri = client.open(str(path), IMPORTS)
    client.diagnostics(uri, 1, none)
    assert check_all(client)["suspect"] == 1
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]
    client.change(uri, 2, replace((0, 0), (1, 0), "import json, os\n"))
    client.diagnostics(uri, 2, none)
    assert check_all(client)["suspect"] == 0  # on disk it still is


def test_a_client_that_pulls_has_no_finding_twice(start: Start, path: Path) -> None:
    client, uri = start(settings={"scope": "ai"}, capabilities=PULLS), uri_of(str(path))
    check_all(client)
    pushed(client, uri, bool)
    client.open(str(path), IMPORTS)
    pushed(client, uri, none)
    report = client.request("textDocument/diagnostic", textDocument={"uri": uri})
    assert codes(report["items"]) == ["IMP001"]


def test_one_open_file_can_be_shown_whole(start: Start, path: Path) -> None:
    client = start(settings={"scope": "ai"})
    uri = client.open(str(path), IMPORTS)
    client.diagnostics(uri, 1, none)
    assert client.request("workspace/executeCommand", command="aicheck.checkFile", arguments=[uri]) == 1
    assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]
    assert client.request("workspace/executeCommand", command="aicheck.checkFile", arguments=["file:///x.py"]) == 0


def test_a_client_that_asks_is_told_of_problems_that_are_not_shown(start: Start, path: Path, work: Path) -> None:
    client = start(settings={"scope": "ai"}, options={"hidden": True})
    (work / "good.py").write_text(GOOD)
    client.open(str(work / "good.py"), GOOD)
    uri = client.open(str(path), IMPORTS)
    assert client.notification("aicheck/hidden") == {"uri": uri, "findings": 1}
    client.change(uri, 2, insert(0, 0, "import re\n"))
    client.diagnostics(uri, 2)
    assert not [m for m in client.quiet(0.5) if m.get("method") == "aicheck/hidden"]


@pytest.mark.parametrize(
    ("settings", "options"), [({"scope": "all"}, {"hidden": True}), ({"scope": "ai"}, None), ({"scope": "ai"}, [1])]
)
def test_nobody_is_told_who_sees_all_or_did_not_ask(start: Start, path: Path, settings: Any, options: Any) -> None:
    client = start(settings=settings, options=options)
    uri = client.open(str(path), IMPORTS)
    client.diagnostics(uri, 1)
    assert not [m for m in client.quiet(0.5) if m.get("method") == "aicheck/hidden"]
