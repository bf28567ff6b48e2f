"""The counts as CSV: a row for each model, client version, language and day."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from aicheck_app.report.sinks.spreadsheet import cell

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Evidence


def render(evidence: Evidence) -> str:
    """A header line, then one row a group of each dimension; it has no rate where nothing was checked."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["dimension", "value", "outputs", "clean", "suspect", "unchecked", "rate", "low", "high"])
    for dimension, groups in evidence.by.items():
        for value, c in groups:
            figures = (c.total, c.clean, c.suspect, c.unchecked, *(f"{x:.6f}" if c.checked else "" for x in c.rate))
            writer.writerow([dimension, cell(value), *figures])
    return out.getvalue()
