"""How small a change the canary's paired test shows: simulated runs with known shares of right answers.

    python -m benchmarks.canary [--tasks 35] [--runs 2000] [--write]

Each cell: the share of runs in which the second series is called worse. Tasks are taken as
equally difficult; with unlike ones, as real lists have, pairs show more.
"""

from __future__ import annotations

import argparse
import random

from aicheck_app.canary.compare import ALPHA
from aicheck_app.monitor.statistics import mcnemar
from benchmarks import readme

FIRST = 0.95
SECOND = (0.95, 0.90, 0.85, 0.80)
REPEATS = (1, 2, 3, 5)


def found(pairs: int, second: float, runs: int, chance: random.Random) -> float:
    """The share of runs that call the second series worse."""
    called = 0
    for _ in range(runs):
        results = [(chance.random() < FIRST, chance.random() < second) for _ in range(pairs)]
        lost, gained = results.count((True, False)), results.count((False, True))
        called += lost > gained and mcnemar(lost, gained) < ALPHA
    return called / runs


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tasks", type=int, default=35)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    chance = random.Random(1)
    lines = [
        f"| {options.tasks} tasks, asked | " + " | ".join(f"{FIRST:.0%} to {second:.0%}" for second in SECOND) + " |",
        "| --- |" + " ---: |" * len(SECOND),
    ]
    for repeat in REPEATS:
        cells = (found(repeat * options.tasks, second, options.runs, chance) for second in SECOND)
        lines.append(f"| {repeat} times | " + " | ".join(f"{cell:.1%}" for cell in cells) + " |")
    print("\n".join(lines))
    if options.write:
        readme.write("canary", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
