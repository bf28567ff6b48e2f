"""``aicheck/output``: the client says which text is AI-written, and by whom.

Parameters: ``uri``, ``range`` (after the edit; the whole document without it), ``agent``,
``model``, ``session``, ``kind`` (``completion``, ``chat``, ``agent`` or ``paste``) and
``version``, the document's version that the range is of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.origin import Origin
from aicheck_lsp.spans import Span
from aicheck_lsp.text import Place

if TYPE_CHECKING:
    from aicheck_lsp.document import Document
    from aicheck_lsp.server import Server

KINDS = ("completion", "chat", "agent", "paste")


def span_of(document: Document, params: dict[str, Any]) -> Span:
    """The text that is meant; raises KeyError, TypeError or ValueError for parameters that make no sense."""
    kind = params.get("kind", "completion")
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    text = document.text
    start, end = 0, len(text.text)
    given = params.get("range")
    if given is not None:
        start, end = (text.offset(Place(int(p["line"]), int(p["character"]))) for p in (given["start"], given["end"]))
    facts = {name: str(params.get(name, ""))[:200] for name in ("agent", "model", "session")}
    # What is pasted from elsewhere may be anyone's: the editor knows that it came, not who wrote it.
    known = Origin(agent=facts["agent"], model=facts["model"], session=facts["session"])
    origin = known._replace(attribution="heuristic" if kind == "paste" else "editor")
    settled = document.recogniser.run_over(start, end)
    baseline = settled if settled is not None else text.text[:start] + text.text[end:]
    return Span(start, end, origin, kind, f"the editor says so ({kind})", baseline)


def register(server: Server) -> None:
    """Register the method."""

    @server.feature("aicheck/output")
    async def output(params: Any) -> None:
        given = _plain(params)
        document = server.documents.get(str(given.get("uri", "")))
        if document is None:
            server.trace(f"aicheck/output for a document that is not open: {given.get('uri')}")
            return
        if given.get("version", document.version) != document.version:
            server.trace("aicheck/output for another version; left to the server's own eyes")
            return
        try:
            span = span_of(document, given)
        except (KeyError, TypeError, ValueError) as error:
            server.trace(f"aicheck/output: {type(error).__name__}: {error}")
            return
        document.recogniser.drop()
        await server.workers[document.uri].judge(span)


def _plain(value: Any) -> dict[str, Any]:
    """pygls hands the parameters of unknown methods as named tuples."""
    if hasattr(value, "_asdict"):
        return {name: _inner(inner) for name, inner in value._asdict().items()}
    return value if isinstance(value, dict) else {}


def _inner(value: Any) -> Any:
    return _plain(value) if hasattr(value, "_asdict") else value
