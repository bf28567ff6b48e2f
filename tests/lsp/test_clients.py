"""The capabilities that real editors announce, by pytest-lsp's records of them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parents[2]
PATHS = os.pathsep.join(str(ROOT / part) for part in ("app", "checks", "lsp_server"))
COMMAND = [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "lsp"]
TEXT = "import os\n\n\ndef f(x):\n    return json.dumps(x)\n"


@pytest_lsp.fixture(  # type: ignore[untyped-decorator]
    params=["visual-studio-code", "neovim@v0.11.0", "emacs"],
    config=ClientServerConfig(server_command=COMMAND, server_env={**os.environ, "PYTHONPATH": PATHS}),
)
async def client(request: pytest.FixtureRequest, lsp_client: LanguageClient, tmp_path: Path):  # type: ignore[no-untyped-def]
    lsp_client.set_configuration({"aicheck": {"scope": "all", "log": False}})

    @lsp_client.feature(lsp.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]
    def register(_: lsp.RegistrationParams) -> None:
        """Taken, as the editors do."""

    root = tmp_path.as_uri()
    folders = [lsp.WorkspaceFolder(uri=root, name="work")]
    given = lsp.InitializeParams(
        capabilities=client_capabilities(request.param), root_uri=root, workspace_folders=folders
    )
    await lsp_client.initialize_session(given)
    yield
    await lsp_client.shutdown_session()


async def diagnostics(client: LanguageClient, uri: str) -> Sequence[lsp.Diagnostic]:
    """Pushed or pulled, as the editor can."""
    assert client.capabilities is not None
    workspace = client.capabilities.workspace
    if workspace is not None and workspace.diagnostics is not None and workspace.diagnostics.refresh_support:
        asked = lsp.DocumentDiagnosticParams(lsp.TextDocumentIdentifier(uri))
        report = await client.text_document_diagnostic_async(asked)
        assert not client.diagnostics.get(uri)
        assert isinstance(report, lsp.RelatedFullDocumentDiagnosticReport)
        return report.items
    while not client.diagnostics.get(uri):
        await client.wait_for_notification(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return client.diagnostics[uri]


@pytest.mark.asyncio
async def test_editors_get_diagnostics_and_fixes(client: LanguageClient, tmp_path: Path) -> None:
    uri = (tmp_path / "a.py").as_uri()
    item = lsp.TextDocumentItem(uri=uri, language_id="python", version=1, text=TEXT)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    assert client.capabilities is not None
    if client.capabilities.workspace is None or not client.capabilities.workspace.configuration:
        client.workspace_did_change_configuration(
            lsp.DidChangeConfigurationParams(settings={"aicheck": {"scope": "all", "log": False}})
        )
    async with asyncio.timeout(20):
        (found,) = await diagnostics(client, uri)
    assert (found.code, found.range.start) == ("IMP001", lsp.Position(4, 11))
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(lsp.TextDocumentIdentifier(uri), found.range, lsp.CodeActionContext([found]))
    )
    assert actions is not None
    assert [action.title for action in actions][:2] == ["Add 'import json'", "Ignore IMP001 here"]
