"""Cells of CSV: text that spreadsheets take for text."""

from __future__ import annotations

from aicheck_app.report.sinks.plain import short

LIMIT = 1_000
"""Code points of a cell."""
_FORMULA = "=+-@＝＋－＠"
"""What a formula begins with, in full width too (https://owasp.org/www-community/attacks/CSV_Injection)."""


def cell(text: str) -> str:
    """The text, with a quote before it where a spreadsheet would calculate. Control characters, which are skipped
    before a formula, are visible."""
    shown = short(text, LIMIT)
    return f"'{shown}" if shown.lstrip(" '\"").startswith(tuple(_FORMULA)) else shown
