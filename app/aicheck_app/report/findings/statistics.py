"""How often each rule has fired, the most frequent first; for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicheck_app.checking import Report
    from aicheck_app.report.findings import View


def render(report: Report, _view: View | None = None) -> str:
    """One line a rule: the number, the code and the name, and how many of them make a file suspect."""
    counts = Counter((f.finding.code, f.name) for f in report.findings)
    suspect = Counter(f.finding.code for f in report.findings if f.finding.suspect)
    width = max((len(f"{number:,}") for number in counts.values()), default=0)
    return "".join(
        f"{number:>{width},}  {code}  {name:22} {suspect[code]:,} suspect\n"
        for (code, name), number in sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    )
