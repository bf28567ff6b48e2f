"""``textDocument/codeAction``: fixes, judgements, evidence and suppression for the findings at a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types as lsp

from aicheck_app.report.sinks.editor import label
from aicheck_lsp.diagnostics import diagnostics_of, message_of, range_of
from aicheck_lsp.text import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_checks.finding import Fix
    from aicheck_lsp.document import Document, Shown
    from aicheck_lsp.server import Server

KINDS = [lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.SourceFixAll]
FIX_ALL = "source.fixAll.aicheck"


def register(server: Server) -> None:
    """Register the method."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=KINDS))
    def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
        document = server.documents.get(params.text_document.uri)
        if document is None:
            return []
        only = [str(getattr(kind, "value", kind)) for kind in params.context.only or []]
        actions = []
        if _wanted("quickfix", only):
            actions += list(_quick_fixes(document, params.range))
        if _wanted(FIX_ALL, only) and (only or actions):
            actions += list(_fix_all(document))
        return actions


def _wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(kind == asked or kind.startswith(f"{asked}.") for asked in only)


def _quick_fixes(document: Document, asked: lsp.Range) -> Iterator[lsp.CodeAction]:
    start, end = (document.text.offset(Place(p.line, p.character)) for p in (asked.start, asked.end))
    by_key = {(d.code, d.message, d.range.start.line, d.range.start.character): d for d in diagnostics_of(document)}
    for shown in document.shown:
        if shown.start > end or shown.end < start:
            continue
        place = document.text.place(shown.start)
        diagnostic = by_key.get((shown.finding.code, message_of(shown.finding), *place))
        if diagnostic is not None:
            yield from _of_finding(document, shown, diagnostic)


def _of_finding(document: Document, shown: Shown, diagnostic: lsp.Diagnostic) -> Iterator[lsp.CodeAction]:
    finding = shown.finding
    output = diagnostic.data.get("output", "") if isinstance(diagnostic.data, dict) else ""
    if finding.fix is not None and shown.start == finding.start:
        title = label(finding.fix.title[:1].upper() + finding.fix.title[1:])
        edit = _edit(document, [finding.fix])
        command = lsp.Command(title, "aicheck.fixed", arguments=[document.uri, finding.code, output])
        yield lsp.CodeAction(
            title, lsp.CodeActionKind.QuickFix, [diagnostic], is_preferred=True, edit=edit, command=command
        )
    yield _suppression(document, shown, diagnostic)
    words = f"{finding.code}: {finding.message}"
    line, character = document.text.place(shown.start)
    place = {"uri": document.uri, "code": finding.code, "line": line, "character": character}
    for title, name, arguments in (
        (f"Not a problem: dismiss this {finding.code}", "aicheck.dismiss", [output, words, place]),
        ("This output is degraded: confirm", "aicheck.confirm", [output, words]),
        ("Copy evidence", "aicheck.copyEvidence", [output, words]),
    ):
        if output:
            yield lsp.CodeAction(
                title, lsp.CodeActionKind.QuickFix, [diagnostic], command=lsp.Command(title, name, arguments=arguments)
            )


def _suppression(document: Document, shown: Shown, diagnostic: lsp.Diagnostic) -> lsp.CodeAction:
    """A comment at the end of the line, or where the language has only blocks, on a line of its own above."""
    language, text = document.language, document.text
    words = f"aicheck: ignore[{shown.finding.code}]"
    line = text.place(shown.start).line
    if language is not None and language.line_comment:
        at = text.offset(Place(line, 1 << 30))
        new = f"  {language.line_comment} {words}"
    else:
        first, last = (language.block_comment if language is not None else None) or ("/*", "*/")
        at, new = text.offset(Place(line, 0)), f"{first} {words} {last}\n"
    edit = lsp.WorkspaceEdit(changes={document.uri: [lsp.TextEdit(range_of(text, at, at), new)]})
    return lsp.CodeAction(f"Ignore {shown.finding.code} here", lsp.CodeActionKind.QuickFix, [diagnostic], edit=edit)


def _fix_all(document: Document) -> Iterator[lsp.CodeAction]:
    fixes = [
        one.finding.fix for one in document.on_show if one.finding.fix is not None and one.start == one.finding.start
    ]
    if fixes:
        yield lsp.CodeAction("Fix all that aicheck can fix", FIX_ALL, edit=_edit(document, fixes))


def _edit(document: Document, fixes: Sequence[Fix]) -> lsp.WorkspaceEdit:
    """The edits of some fixes, without those that fall into an earlier one."""
    edits: list[lsp.TextEdit] = []
    taken: list[tuple[int, int, str]] = []
    for edit in sorted({edit for fix in fixes for edit in fix.edits}):
        if not any(edit.start < end and start < edit.end for start, end, _ in taken):
            taken.append((edit.start, edit.end, edit.text))
            edits.append(lsp.TextEdit(range_of(document.text, edit.start, edit.end), edit.text))
    return lsp.WorkspaceEdit(changes={document.uri: edits})
