"""The server looks at no file that the settings exclude, and shows notes only where it is asked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.lsp.client import Client
from tests.lsp.test_server import IMPORTS, codes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Start = Callable[..., Client]

NOTE = "struct S { int a b; };\nint f(void) { return 1; }\n"


@pytest.mark.parametrize("settings", [{}, {"exclude": ["out", "vendor"]}, {"extendExclude": ["/out/"]}, None])
def test_open_files_and_the_workspace_are_judged_by_one_list(
    start: Start, work: Path, settings: dict[str, object] | None
) -> None:
    """By the defaults, the editor's settings, or the project's (None)."""
    if settings is None:
        (work / "aicheck.toml").write_text('extend-exclude = ["out/*.py"]\n')
    left_out = {"vendor/m.py"} | ({"out/m.py"} if settings != {} else set())
    names = {"vendor/m.py", "out/m.py", "m.py"}
    for name in names:
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text(IMPORTS)
    client = start(settings=settings or {})
    answer = client.request("workspace/executeCommand", command="aicheck.checkWorkspace", arguments=[])
    assert answer["files"] == len(names - left_out) + (settings is None)  # the settings file is one
    client.quiet(0.2)
    for name in sorted(names):
        uri = client.open(str(work / name), IMPORTS)
        if name in left_out:
            assert not any(m["params"]["diagnostics"] for m in client.quiet(0.6) if _shows(m, uri))
        else:
            assert codes(client.diagnostics(uri, 1, bool)) == ["IMP001"]


def _shows(message: dict[str, object], uri: str) -> bool:
    parameters = message.get("params")
    return (
        message.get("method") == "textDocument/publishDiagnostics"
        and isinstance(parameters, dict)
        and parameters["uri"] == uri
    )


def test_rules_are_ignored_by_file(start: Start, work: Path) -> None:
    client = start(settings={"perFileIgnores": {"tests/**": ["IMP"]}})
    (work / "tests").mkdir()
    uri = client.open(str(work / "tests" / "m.py"), IMPORTS)
    assert not any(m["params"]["diagnostics"] for m in client.quiet(0.6) if _shows(m, uri))
    assert codes(client.diagnostics(client.open(str(work / "m.py"), IMPORTS), 1, bool)) == ["IMP001"]


def test_notes_are_hints_and_only_on_request(start: Start, work: Path) -> None:
    client = start()
    uri = client.open(str(work / "a.c"), NOTE, "c")
    assert not any(m["params"]["diagnostics"] for m in client.quiet(0.6) if _shows(m, uri))
    hover = client.request("textDocument/hover", textDocument={"uri": uri}, position={"line": 0, "character": 17})
    assert hover is None
    client.settings["notes"] = True
    client.notify("workspace/didChangeConfiguration", settings=None)
    (note,) = client.diagnostics(uri, 1, bool)
    assert (note["code"], note["severity"]) == ("SYN001", 4)
