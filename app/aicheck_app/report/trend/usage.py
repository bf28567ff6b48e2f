"""What was done by day or month, for people and for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.monitor.kpi import PLACEHOLDERS
from aicheck_app.report.sinks.json import dumps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.usage import Period

_HEADS = (
    "when (UTC)",
    "sessions",
    "outputs",
    "suspect",
    "messages",
    "tokens in",
    "tokens out",
    "from cache",
    "to cache",
    "models",
)
_TOKENS = ("input_tokens", "tokens", "cache_read", "cache_written")
_MODELS = 3


def lines(rows: Sequence[Period]) -> list[str]:
    """A table, with a last row of all."""
    if not rows:
        return ["nothing was logged"]
    cells = [_HEADS, *(_cells(row) for row in rows)]
    widths = [max(len(row[at]) for row in cells) for at in range(len(_HEADS))]
    return [
        "  ".join(
            f"{cell:{width}}" if at in (0, len(row) - 1) else f"{cell:>{width}}"
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def _cells(row: Period) -> tuple[str, ...]:
    more = f" +{len(row.models) - _MODELS}" if len(row.models) > _MODELS else ""
    counts = [row.sessions, *(row.counts[name] for name in ("outputs", "suspect", "messages"))]
    tokens = [f"{row.counts[name]:,}" for name in _TOKENS]
    if row.counts["placeholders"] > PLACEHOLDERS * row.counts["messages"]:
        tokens[_TOKENS.index("tokens")] = "?"  # the client wrote something else in their place
    return row.name, *(f"{number:,}" for number in counts), *tokens, ", ".join(row.models[:_MODELS]) + more


def json(rows: Sequence[Period], by: str) -> str:
    """One JSON object, version 1, and a newline."""
    found = [
        {by: row.name, "sessions": row.sessions, **dict(sorted(row.counts.items())), "models": row.models}
        for row in rows
    ]
    return dumps({"version": 1, "by": by, "rows": found}, indent=1) + "\n"
