"""Draw the pictures of docs/: ``python -m benchmarks.pictures``; a test holds the files to what this draws.

Histories are those of ``monitor.py``, through the real detectors; figures are read from the tables that the benchmarks wrote.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from aicheck_app.monitor.conformal import Detector
from aicheck_app.monitor.kpis import named
from aicheck_app.monitor.series import draw, of_kpi
from benchmarks.monitor import HISTORY, PEERS, PER_SESSION, YEAR, World, numbered, sessions
from benchmarks.svg import Panel, bars, panels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.monitor.units import Unit

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = ROOT / "benchmarks/README.md"
IMAGES = ROOT / "docs/images"
SEED = 3
"""Of the histories that are shown; no other was looked for."""
_DECADES = 5
"""How far below the threshold the evidence is drawn, in powers of ten."""
_TICKS = [(0, "1/100,000"), (_DECADES - 2, "1/100"), (_DECADES, "all")]
PEERS_SHOWN = ("aicheck", "ruff +F401,F841", "pylint -E")


def pictures() -> dict[Path, str]:
    """Each picture with its text."""
    drawn = {
        "change": change(), "quiet": quiet(), "sessions": clustered(), "reach": reach(), "found": found(), "called": called(),
        "silence": silence(),
    }  # fmt: skip
    return {IMAGES / f"{name}.svg": text for name, text in drawn.items()}


def change() -> str:
    """A history whose rate doubles on a day: what one sees by day, and what the evidence says."""
    history = list(numbered(sessions(World(factor=2.0), SEED, HISTORY + 60)))
    evidence, alarm = _evidence(history)
    rates = Panel(
        "suspect outputs, each day (%)",
        _by_day(history),
        10,
        [(0, "0"), (5, "5"), (10, "10")],
        marks=[(HISTORY, "2 % become 4 %")],
    )
    below = Panel(
        "evidence, as a share of what an alarm needs", evidence, _DECADES + 0.6, _TICKS, curve=True, limit=(_DECADES, ""),
        marks=[(alarm, f"alarm on day {alarm}")] if alarm is not None else [],
    )  # fmt: skip
    spoken = f"The rate doubles on day {HISTORY}; by day nothing is to be seen, the evidence reaches the threshold on day {alarm}."
    return panels("A doubled rate of defects, 200 outputs a day", spoken, [rates, below], HISTORY + 60, 20)


def quiet() -> str:
    """A year in which nothing changes: the evidence, and the days on which a test at 5 % alarms."""
    history = list(numbered(sessions(World(), SEED, YEAR)))
    evidence, alarm = _evidence(history)
    feed, days = PEERS["Fisher each day, 5 %"](), []
    for day, unit in history:
        bad = unit.all["suspect"]
        if sum(
            feed(day, int(at < bad)) for at in range(PER_SESSION)
        ):  # each is fed, whether or not one before it has alarmed
            days.append(day)
    rates = Panel(
        f"suspect outputs, each day (%); red: {len(days)} days on which Fisher's test at 5 % would have alarmed", _by_day(history), 10,
        [(0, "0"), (5, "5"), (10, "10")], strokes=days,
    )  # fmt: skip
    below = Panel(
        "evidence, as a share of what an alarm needs" + (f"; alarm on day {alarm}" if alarm else "; no alarm"), evidence,
        _DECADES + 0.6, _TICKS, curve=True, limit=(_DECADES, ""),
    )  # fmt: skip
    spoken = f"In a year without any change a daily test alarms on {len(days)} days, the evidence never reaches its threshold."
    return panels("A year in which nothing changes", spoken, [rates, below], YEAR, 60)


def clustered() -> str:
    """How many sessions have one defect, two and more, and how many would if each defect came by itself."""
    counts = [unit.all["suspect"] for _, unit in numbered(sessions(World(rate=0.02), SEED, HISTORY))]
    chance = random.Random(SEED)
    single = Counter(chance.randrange(len(counts)) for _ in range(sum(counts)))
    ways = (counts, [single[at] for at in range(len(counts))])
    groups = [
        (words, [sum(least <= one <= most for one in way) for way in ways])
        for words, least, most in (("1 suspect output", 1, 1), ("2", 2, 2), ("3", 3, 3), ("4 and more", 4, PER_SESSION))
    ]
    spoken = "; ".join(f"{name}: {values[0]} sessions, {values[1]} if each came by itself" for name, values in groups)
    title = f"{sum(counts)} suspect outputs in {len(counts):,} sessions of {PER_SESSION}: how many sessions have"
    return bars(title, spoken, groups, ("as they come", "if each came by itself"), "", 220)


def reach() -> str:
    """How many outputs it takes, from the table that ``benchmarks.monitor`` printed."""
    rows = table(ROOT / "docs/statistics.md", "| defects, outputs a day | weight |")
    groups = [
        (f"{row[0]} a day", [float(cell.split()[0].replace(",", "")) for cell in row[3:5]])
        for row in rows
        if row[1] == "0.5"
    ]
    groups.sort(key=lambda group: -group[1][0])
    spoken = "; ".join(
        f"{name}: {values[0]:,.0f} outputs for a doubled rate, {values[1]:,.0f} for a tripled one"
        for name, values in groups
    )
    return bars("Outputs until a change is found (median)", spoken, groups, ("doubled rate", "tripled rate"), "", 2200)


def found() -> str:
    """How much of each kind of damage is found, under any name, beside two linters."""
    return _by_class("Damage that is found, under any name (%), Python files", r"([\d.]+)%")


def called() -> str:
    """How much of it is called by its name."""
    return _by_class("Damage that is called by its name (%), Python files", r"\((\d+)%\)")


def _by_class(title: str, share: str) -> str:
    """A row of bars for each class of damage; the pattern takes the share out of a cell."""
    head, *rows = table(BENCHMARKS, "| class | aicheck |", head=True)
    columns = [head.index(name) for name in PEERS_SHOWN]
    groups = [(row[0], [_share(row[at], share) for at in columns]) for row in rows if not row[0].startswith("**")]
    spoken = "; ".join(f"{name}: {values[0]:.4g} %" for name, values in groups)
    return bars(title, spoken, groups, PEERS_SHOWN, " %", 100)


def silence() -> str:
    """How many good files each tool flags."""
    head, *rows = table(BENCHMARKS, "| class | aicheck |", head=True)
    flagged = next(row for row in rows if row[0] == "**good files flagged**")
    found = [
        (name, [float(cell.split("%")[0])]) for name, cell in zip(head[1:], flagged[1:], strict=True) if "%" in cell
    ]  # fmt: skip
    found.sort(key=lambda one: one[1])
    spoken = "; ".join(f"{name}: {values[0]} %" for name, values in found)
    return bars("Good Python files that are flagged (%)", spoken, found, (), " %", 100)


def table(path: Path, begins: str, *, head: bool = False) -> list[list[str]]:
    """The rows of the table whose first line begins so."""
    lines = path.read_text("utf-8").splitlines()
    first = next(at for at, line in enumerate(lines) if line.startswith(begins))
    rows = []
    for line in lines[first:]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return [*rows[:1], *rows[2:]] if head else rows[2:]


def _share(cell: str, pattern: str) -> float:
    match = re.search(pattern, cell)
    assert match is not None, cell
    return float(match[1])


def _by_day(history: Sequence[tuple[int, Unit]]) -> list[tuple[float, float]]:
    """The share of suspect outputs, in per cent, of each day."""
    bad: dict[int, list[int]] = {}
    for day, unit in history:
        bad.setdefault(day, []).append(unit.all["suspect"])
    return [(day + 0.5, 100 * sum(found) / (len(found) * PER_SESSION)) for day, found in bad.items()]


def _evidence(history: Sequence[tuple[int, Unit]]) -> tuple[list[tuple[float, float]], int | None]:
    """The evidence at the end of each day, in powers of ten above the lowest drawn, and the day of the alarm."""
    kpi = named("suspect")
    assert kpi is not None
    series = of_kpi(kpi, "within models", 0.5)
    detector = Detector(kpi.hit, kpi.worse)
    yearly = len({unit.session for day, unit in history if day == 0}) * YEAR / 0.5
    by_day: dict[int, float] = {}
    for day, unit in history:
        value = unit.value(kpi)
        assert value is not None
        alarm = detector.update(
            unit.day, series.stratum(unit, unit.size(kpi)), value, series.chance(draw(unit)), yearly
        )
        by_day[day] = max(0.0, _DECADES + math.log10(max(detector.evidence, 1e-9) / yearly))
        if alarm is not None:
            by_day[day] = float(_DECADES)
            return [(at + 0.5, height) for at, height in by_day.items()], day
    return [(at + 0.5, height) for at, height in by_day.items()], None


def main() -> None:
    """Write them all."""
    for path, text in pictures().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
