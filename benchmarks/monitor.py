"""The monitor on made-up histories whose changes are known: how often it alarms falsely, how soon it finds a change.

    python -m benchmarks.monitor [--runs 200]

Sessions of 10 outputs with a correlation of 0.1 inside a session (beta-binomial), 60 days of history, then the change. Each
session is a ``Unit`` that the real series, strata, thresholds and detectors take in; ``--log`` sends some of the histories
through records and a real log as well and compares. Beside it, on the same outputs: ADWIN and Page-Hinkley of river with
their defaults (if river is installed), a CUSUM with the true rate known, and Fisher's test each day at 5 %.
"""

from __future__ import annotations

import argparse
import math
import os
import random
import statistics
import tempfile
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.log import records
from aicheck_app.log.store import Log
from aicheck_app.monitor import sums
from aicheck_app.monitor.conformal import Detector
from aicheck_app.monitor.kpis import named
from aicheck_app.monitor.series import draw, of_kpi
from aicheck_app.monitor.statistics import fisher
from aicheck_app.monitor.units import Unit, units

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_SESSION = 10
RHO = 0.1
HISTORY = 60
YEAR = 365
LONGEST = 400
"""Days after which a change counts as missed."""
_START = date(2024, 1, 1)
_NEVER = math.inf
Way = Literal["plain", "tempered"]


class World(NamedTuple):
    """A history: outputs a day, their rate of defects, what the odds or amounts change by after 60 days, and its oddities."""

    per_day: int = 200
    rate: float = 0.02
    factor: float = 1.0
    spread: float = 0.0
    """Of amounts: the deviation of their logarithm; 0 for sessions that have a defect or none."""
    mix: bool = False
    """Two languages, at a quarter of the rate and twice it, whose shares change from 80:20 to 30:70."""
    memory: float = 0.0
    wander: float = 0.0
    """Phases: the logit of the share of sessions with a defect wanders by an AR(1) of this memory and deviation."""
    share: float = 0.13


def sessions(world: World, seed: int, days: int) -> Iterator[Unit]:
    """The sessions of a history, day by day."""
    chance = random.Random(seed)
    phase, number = 0.0, world.per_day // PER_SESSION
    for day in range(days):
        changed = day >= HISTORY
        for at in range(number):
            phase = world.memory * phase + math.sqrt(1 - world.memory**2) * chance.gauss(0, 1)
            language = "python"
            if world.mix:
                language = "go" if chance.random() < (0.7 if changed else 0.2) else "python"
            counts = _counts(world, chance, changed=changed, language=language, phase=phase)
            name = (_START + timedelta(days=day)).isoformat()
            yield Unit(
                name,
                f"{seed}-{day}-{at}",
                f"{name}T{at:05}",
                "a",
                "1",
                "m",
                "m",
                "",
                "p",
                language,
                "r",
                "",
                counts,
                counts,
            )


def _counts(world: World, chance: random.Random, *, changed: bool, language: str, phase: float) -> Counter[str]:
    if world.spread:
        level = math.log(1000 * (world.factor if changed else 1))
        tokens = round(1000 * math.exp(chance.gauss(level, world.spread)))
        return Counter(messages=1000, thinking_blocks=1000, signature=tokens)
    if world.wander:
        odds = world.share / (1 - world.share) * math.exp(world.wander * phase) * (world.factor if changed else 1)
        return Counter(outputs=PER_SESSION, checked=PER_SESSION, suspect=int(chance.random() < odds / (1 + odds)))
    rate = world.rate * (world.factor if changed and not world.mix else 1)
    rate *= {"python": 0.25, "go": 2.0}[language] if world.mix else 1
    own = chance.betavariate(rate * (1 / RHO - 1), (1 - rate) * (1 / RHO - 1))
    bad = sum(chance.random() < own for _ in range(PER_SESSION))
    return Counter(outputs=PER_SESSION, checked=PER_SESSION, suspect=bad)


def conformal(world: World, weight: float, seed: int, *, change: bool, way: Way = "plain", year: int = YEAR) -> float:
    """Outputs (amounts: sessions) until the alarm after the change; without one 1 for an alarm within a year, else 0."""
    kpi = named("signature" if world.spread else "suspect")
    assert kpi is not None
    series = of_kpi(kpi._replace(worse="either") if world.spread else kpi, "within models", weight)
    detector = Detector(series.kpi.hit, series.kpi.worse, tempers=way == "tempered")
    taken = 0
    for day, unit in numbered(sessions(world, seed, HISTORY + LONGEST if change else year)):
        value = unit.value(series.kpi)
        assert value is not None
        yearly = world.per_day // PER_SESSION * YEAR / weight
        early = change and day < HISTORY
        alarm = detector.update(
            unit.day,
            series.stratum(unit, unit.size(series.kpi)),
            value,
            series.chance(draw(unit)),
            _NEVER if early else yearly,
        )
        taken += day >= HISTORY
        if alarm is not None:
            return taken * (1 if world.spread else PER_SESSION) if change else 1
    return _NEVER if change else 0


def numbered(found: Iterator[Unit]) -> Iterator[tuple[int, Unit]]:
    """Each session with its day, from 0."""
    for unit in found:
        yield (date.fromisoformat(unit.day) - _START).days, unit


def peer(world: World, name: str, seed: int, *, change: bool) -> float:
    """As ``conformal``, for another detector, an output at a time."""
    feed = PEERS[name]()
    taken = 0
    for day, unit in numbered(sessions(world, seed, HISTORY + LONGEST if change else YEAR)):
        bad = unit.all["suspect"]
        for at in range(PER_SESSION):
            alarm = feed(day, int(at < bad))
            taken += day >= HISTORY
            if alarm and (not change or day >= HISTORY):
                return taken if change else 1
    return _NEVER if change else 0


def _of_river(name: str) -> Callable[[int, int], bool]:
    found = getattr(import_module("river.drift"), name)()

    def feed(_: int, bad: int) -> bool:
        found.update(bad)
        return bool(found.drift_detected)

    return feed


def _cusum() -> Callable[[int, int], bool]:
    """For a doubling from a rate of 2 % that is known; its threshold is that of one alarm a year by Wald's bound."""
    total, limit = 0.0, math.log(200 * YEAR)
    gain, loss = math.log(2.0), math.log(0.96 / 0.98)

    def feed(_: int, bad: int) -> bool:
        nonlocal total
        total = max(0.0, total + (gain if bad else loss))
        alarm = total >= limit
        total = 0.0 if alarm else total
        return alarm

    return feed


def _daily_fisher() -> Callable[[int, int], bool]:
    """Each day against all before it, at 5 %, if it is worse."""
    before, today, at = [0, 0], [0, 0], 0

    def feed(day: int, bad: int) -> bool:
        nonlocal before, today, at
        alarm = False
        if day != at:
            if at > 7:
                worse = today[0] * before[1] > before[0] * today[1]
                alarm = worse and fisher(today[0], today[1] - today[0], before[0], before[1] - before[0]) < 0.05
            before, today, at = [before[0] + today[0], before[1] + today[1]], [0, 0], day
        today = [today[0] + bad, today[1] + 1]
        return alarm

    return feed


PEERS: dict[str, Callable[[], Callable[[int, int], bool]]] = {
    "ADWIN (river's defaults)": partial(_of_river, "ADWIN"),
    "Page-Hinkley (river's defaults)": partial(_of_river, "PageHinkley"),
    "CUSUM, rate known": _cusum,
    "Fisher each day, 5 %": _daily_fisher,
}


def told(values: list[float]) -> str:
    """The median and the 90th percentile."""
    ordered = sorted(values)
    high = ordered[math.ceil(len(ordered) * 0.9) - 1]
    return f"{_figure(statistics.median_low(ordered))} ({_figure(high)})"


def _figure(value: float) -> str:
    return "missed" if math.isinf(value) else f"{value:,.0f}"


Runs = Callable[[Callable[[int], float]], list[float]]


def rates(runs: Runs) -> None:
    """What is rare: false alarms and delays by rate, outputs a day and weight."""
    print(
        "| defects, outputs a day | weight | alarms within a year | x2: outputs | x3: outputs |\n| --- | --- | --- | --- | --- |"
    )
    for rate, per_day in ((0.02, 200), (0.01, 200), (0.05, 200), (0.02, 50)):
        for weight in (1.0, 0.5, 0.05):
            world = World(per_day, rate)
            false = statistics.mean(runs(partial(conformal, world, weight, change=False)))
            later = [told(runs(partial(conformal, world._replace(factor=f), weight, change=True))) for f in (2.0, 3.0)]
            print(f"| {rate:.0%}, {per_day} | {weight:g} | {false:.1%} | {' | '.join(later)} |", flush=True)


def amounts(runs: Runs) -> None:
    """Amounts: false alarms and delays by spread and weight."""
    print(
        "\n| amounts: spread | weight | alarms in 200 days | -20 %: sessions | -30 % | -50 % |\n| --- | --- | --- | --- | --- | --- |"
    )
    for spread in (0.6, 1.0):
        for weight in (1.0, 0.05):
            world = World(spread=spread)
            false = statistics.mean(runs(partial(conformal, world, weight, change=False, year=200)))
            later = [
                told(runs(partial(conformal, world._replace(factor=f), weight, change=True))) for f in (0.8, 0.7, 0.5)
            ]
            print(f"| {spread} | {weight:g} | {false:.1%} | {' | '.join(later)} |", flush=True)


def oddities(runs: Runs) -> None:
    """Nothing worse, but another mix of work, or phases of it."""
    mixed = statistics.mean(runs(partial(conformal, World(mix=True), 1.0, change=False)))
    print(
        f"\nLanguages from 80:20 to 30:70, nothing worse: alarms within a year {mixed:.1%} at weight 1 (63 % is the budget)."
    )
    print(
        "\n| phases: memory, deviation | way | alarms within a year, weight 1/20 | x1.7: sessions | x2.4 |\n| --- | --- | --- | --- | --- |"
    )
    ways: tuple[Way, ...] = ("plain", "tempered")
    for memory, wander in ((0.0, 1e-9), (0.9, 0.3), (0.98, 0.3), (0.98, 0.6)):
        for way in ways:
            world = World(memory=memory, wander=wander)
            false = statistics.mean(runs(partial(conformal, world, 0.05, change=False, way=way)))
            rises = [times * (1 - world.share) / (1 - times * world.share) for times in (1.7, 2.4)]
            found = [runs(partial(conformal, world._replace(factor=f), 0.05, change=True, way=way)) for f in rises]
            later = [told([outputs / PER_SESSION for outputs in each]) for each in found]
            print(f"| {memory}, {wander:.1g} | {way} | {false:.1%} | {' | '.join(later)} |", flush=True)


def peers(runs: Runs) -> None:
    """Other detectors on the same outputs."""
    print("\n| 2 %, 200 outputs a day | alarms within a year | x2: outputs | x3: outputs |\n| --- | --- | --- | --- |")
    for name in PEERS:
        if "river" in name and find_spec("river") is None:
            print(f"| {name} | river is not installed | | |")
            continue
        false = statistics.mean(runs(partial(peer, World(), name, change=False)))
        later = [told(runs(partial(peer, World(factor=f), name, change=True))) for f in (2.0, 3.0)]
        print(f"| {name} | {false:.1%} | {' | '.join(later)} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200, help="histories a cell")
    parser.add_argument("--log", type=int, default=2, help="histories of 90 days that go through a real log as well")
    options = parser.parse_args()
    with ProcessPoolExecutor(os.cpu_count()) as pool:

        def runs(task: Callable[[int], float]) -> list[float]:
            return list(pool.map(task, range(options.runs), chunksize=5))

        for table in (rates, amounts, oddities, peers):
            table(runs)
    for seed in range(options.log):
        through_log(World(factor=3.0), seed)
    print(f"\n{options.log} histories through a real log gave the same units.")


def through_log(world: World, seed: int, days: int = 90) -> None:
    """Send a history through records and a real log: the units must come out as they went in. Raises AssertionError."""
    made = list(sessions(world, seed, days))
    with tempfile.TemporaryDirectory() as home, Log(os.path.join(home, "log.sqlite3")) as log:
        log.append([output for unit in made for output in _outputs(unit)])
        with sums.opened(log.path) as db:
            found = [(unit.day, unit.all["checked"], unit.all["suspect"]) for unit in units(sums.facts(db))]
    assert sorted(found) == sorted((unit.day, unit.all["checked"], unit.all["suspect"]) for unit in made)


def _outputs(unit: Unit) -> Iterator[records.Output]:
    bad = records.Finding(code="SYN001", severity="error", confidence="high")
    for at in range(PER_SESSION):
        is_bad = at < unit.all["suspect"]
        yield records.Output(
            id=f"{unit.session}-{at}", time=f"{unit.day}T10:00:00.000Z", agent="a", session=unit.session, model="m", language="python",
            verdict="suspect" if is_bad else "clean", findings=[bad] if is_bad else [], attribution="transcript", unit="file",
        )  # fmt: skip


if __name__ == "__main__":
    main()
