"""Cells of CSV: text that spreadsheets take for text."""

from __future__ import annotations

import re

from aicheck_app.report.sinks.plain import short

LIMIT = 1_000
"""Code points of a cell."""
_FORMULA = re.compile(r"(^|[;,|])([ '\"]*)(?=[=+\-@＝＋－＠])")
"""Where a formula begins, in full width too (https://owasp.org/www-community/attacks/CSV_Injection); also behind what
other spreadsheets take for the end of a cell."""


def cell(text: str) -> str:
    """The text, with a quote before what a spreadsheet would calculate. Tabs and other control characters, which are
    skipped before a formula, become visible."""
    return _FORMULA.sub(r"\1\2'", short(text, LIMIT))
