"""``workspace/executeCommand``: judgements, evidence, the report and the log."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as lsp
from pygls.uris import from_fs_path

from aicheck_lsp import outputs
from aicheck_lsp.diagnostics import span_at
from aicheck_lsp.document import Dismissed
from aicheck_lsp.text import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicheck_app.log.marks import Mark
    from aicheck_app.log.records import Finding
    from aicheck_lsp.document import Document, Shown
    from aicheck_lsp.server import Server


_ENDINGS = {"html": "html", "markdown": "md", "json": "json"}


def register(server: Server) -> None:
    """Register the commands."""

    @server.command("aicheck.dismiss")
    async def dismiss(*given: Any) -> None:
        """Given are the output's id, the reason if there is one, and if one finding is meant, its place."""
        if len(given) > 2:
            await _dismiss_finding(server, *given[:3])
        else:
            await _say(server, given, "dismissed")

    @server.command("aicheck.confirm")
    async def confirm(*given: str) -> None:
        await _say(server, given, "confirmed")

    @server.command("aicheck.fixed")
    def fixed(*given: str) -> None:
        uri, _, output = given
        document = server.documents.get(uri)
        for span in document.spans if document is not None else ():
            if span.record == output:
                span.fixed = True

    _register_readers(server)


def _register_readers(server: Server) -> None:
    @server.command("aicheck.copyEvidence")
    async def copy_evidence(*given: str) -> str:
        """The evidence as Markdown; the client puts it on the clipboard."""
        record = await server.off_loop(outputs.find, given[0])
        return outputs.evidence(record) if record is not None else ""

    @server.command("aicheck.showOutput")
    async def show_output(output: str) -> dict[str, Any] | None:
        return await server.off_loop(outputs.find, output)

    @server.command("aicheck.showLog")
    async def show_log(*given: Any) -> list[dict[str, Any]]:
        """The newest outputs."""
        limit = int(given[0]) if given else 100
        return await server.off_loop(outputs.recent, limit, str(given[1]) if len(given) > 1 else "")

    @server.command("aicheck.status")
    async def status() -> dict[str, Any]:
        """Today's numbers, as ``aicheck/status`` tells them."""
        return (await server.off_loop(outputs.today))._asdict()

    @server.command("aicheck.report")
    async def report(*given: str) -> str:
        """Write the report beside the log, show it, and return its path."""
        form = given[0] if given else "html"
        path = await server.off_loop(_report, form)
        window = server.client_capabilities.window
        if window is not None and window.show_document is not None and window.show_document.support:
            uri = from_fs_path(path) or ""
            server.window_show_document(lsp.ShowDocumentParams(uri, external=form == "html", take_focus=True))
        return path


async def _say(server: Server, given: tuple[str, ...], said: Mark) -> None:
    """Log a judgement: ``given`` is the output's id and, if the user gave one, the reason."""
    output, reason = given[0], given[1] if len(given) > 1 else ""
    if trouble := await server.off_loop(outputs.say, output, said, reason):
        server.warn(trouble)
    if said == "dismissed":
        for document in server.documents.values():
            _hide(server, document, [one for one in document.shown if _is_of(document, one, output)])


def _is_of(document: Document, shown: Shown, output: str) -> bool:
    span = span_at(document, shown)
    return span is not None and span.record == output


async def _dismiss_finding(server: Server, output: str, reason: str, place: Any) -> None:
    """Log that one finding is no problem, and show it no more. ``place`` names document, code and start as it is shown."""
    where = place if isinstance(place, dict) else getattr(place, "_asdict", dict)()
    document, code = server.documents.get(str(where.get("uri"))), str(where.get("code"))
    start = Place(int(where.get("line", -1)), int(where.get("character", 0)))
    shown = next((one for one in (document.shown if document else ()) if _stands_at(document, one, code, start)), None)
    words = shown.finding.message if shown is not None else ""
    finding = await server.off_loop(outputs.logged_finding, output, code, words, start.line + 1)
    if finding is None:
        raise ValueError(f"the log has no {code} in the output {output}")
    if trouble := await server.off_loop(outputs.say, output, "dismissed", reason, finding):
        server.warn(trouble)
    for document in server.documents.values():
        meant = [shown] if shown in document.shown else _logged_as(document, output, finding)
        _hide(server, document, [one for one in meant if one is not None])


def _logged_as(document: Document, output: str, finding: Finding) -> list[Shown]:
    same = (one for one in document.shown if (one.finding.code, one.finding.message) == (finding.code, finding.message))
    return [one for one in same if _is_of(document, one, output)]


def _stands_at(document: Document | None, shown: Shown, code: str, start: Place) -> bool:
    return document is not None and shown.finding.code == code and document.text.place(shown.start) == start


def _hide(server: Server, document: Document, findings: Iterable[Shown]) -> None:
    document.dismissed += map(Dismissed, findings)
    server.workers[document.uri].poke()
    if server.pulls:
        server.workspace_diagnostic_refresh(None)


def _report(form: str) -> str:
    """Write the report and return its path. Raises AicheckError."""
    from aicheck_app.home import home
    from aicheck_app.report.evidence import rendered
    from aicheck_app.report.evidence.collect import Filters

    path = Path(home()) / "reports" / f"report.{_ENDINGS.get(form, 'html')}"
    os.makedirs(path.parent, mode=0o700, exist_ok=True)
    path.write_text(rendered(form if form in _ENDINGS else "html", Filters()), "utf-8")
    return str(path)
