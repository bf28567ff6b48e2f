"""KPIs over time as a table for the terminal, with a sparkline each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.report.trend.figures import rate, smallest, sparkline, state

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.kpi import Kpi
    from aicheck_app.monitor.trend import Group, Trend

_RESTARTS = 6


def table(found: Trend, *, every: bool, elsewhere: bool = False) -> list[str]:
    """The lines. KPIs of which nothing can be told are left out, and counted, unless ``every`` one is asked for.

    ``elsewhere`` says that it was not the user's own log that was read.
    """
    shown = [
        row for row in found.rows if every or row.now.rate is not None or row.state in ("changed", "watch", "recovered")
    ]
    span = f"{found.periods[0]} to {found.until}" if found.periods else ""
    heads = ("KPI", span, "last 28 days (95 %)", "unit", "state", "would have seen")
    cells = [
        (
            row.kpi.title, sparkline(row.points), rate(row.kpi, row.now.rate), row.kpi.unit, state(row),
            smallest(row) if row.state == "quiet" else "",
        )
        for row in shown
    ]  # fmt: skip
    if not cells:
        return [_nothing(found, elsewhere=elsewhere)]
    lines = _aligned([heads, *cells])
    left = len(found.rows) - len(shown)
    lines += [""]
    if left:
        lines.append(f"{left} KPIs without enough to tell in the last 28 days (--all shows them).")
    if found.restarts:
        lines.append("New in this time; sessions before and after are not compared with each other:")
        lines += [f"  {day}  {words}" for day, words in found.restarts[-_RESTARTS:]]
    if found.guessed["outputs"]:
        lines.append(
            f"Apart, in no rate: {found.guessed['outputs']:,} output{'' if found.guessed['outputs'] == 1 else 's'} recognised by their shape, model unknown,"
            f" {found.guessed['suspect']:,} of them suspect."
        )
    lines.append("Bars: each row from nothing to its own highest; a dot is too little to tell.")
    lines.append("'Changed' says that a rate changed, not why. 'aicheck report' shows what switched at that time.")
    return lines


def _nothing(found: Trend, *, elsewhere: bool) -> str:
    """Why there is nothing to show, and what would show more."""
    if not found.last:
        return (
            "nothing is there to read: 'aicheck batch' and 'aicheck log push' put outputs there, and 'aicheck team grant' lets a login read"
            if elsewhere
            else "nothing was logged yet: 'aicheck ingest' reads the sessions that your agents keep"
        )
    if found.last >= found.periods[-1]:
        return "too little to tell yet: 'aicheck trend --all' shows what there is, and more sessions will tell more"
    return f"too little in this time; the newest session is of {found.last}: 'aicheck trend --until {found.last}' shows the weeks before it"


def groups(kpi: Kpi, by: str, found: Sequence[Group], periods: Sequence[str], until: str) -> list[str]:
    """One KPI by the values of a dimension."""
    if not found:
        return [f"nothing was counted from {periods[0]} to {until}; --until shows the weeks before a day"]
    heads = (by, f"{periods[0]} to {until}", "last 28 days (95 %)", "out of")
    cells = [
        (group.value, sparkline(group.points), rate(kpi, group.now.rate), f"{group.now.below:,}") for group in found
    ]
    return [f"{kpi.title}, {kpi.unit}", "", *_aligned([heads, *cells])]


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return ["  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
