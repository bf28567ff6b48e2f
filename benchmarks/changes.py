"""How much damage by an edit is found where the version before is known, in every language.

    python -m benchmarks.changes FOLDER... [--cases 60] [--only go,rust] [--write]

Good files are those below the folders, with their whole projects round them; damaged versions are made by
``damage_change.py`` from a fixed seed, and checked with the good one as the version before. A good file that is suspect by
itself, is no text or stands among test data is left out.
"""

from __future__ import annotations

import argparse
import random
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from aicheck_checks.engine import check
from aicheck_checks.languages import language_of
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings
from benchmarks import readme
from benchmarks.damage_change import CLASSES

SEED = 7
LEAST = 10
"""Good files that a language needs to have a row."""


class Cell(NamedTuple):
    """Of a language and class: the cases, those found, and those called by their name."""

    number: int
    found: int
    named: int

    def __str__(self) -> str:
        return f"{self.found / self.number:.0%} ({self.named / self.number:.0%})" if self.number else "-"


def files(folders: list[Path], most: int) -> dict[str, list[Path]]:
    """Good files by language, at most so many of each, in an order drawn from the seed."""
    found: dict[str, list[Path]] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        language = language_of(path.name)
        if (
            language is not None
            and not language.missing
            and ".git" not in path.parts
            and 800 < path.stat().st_size < 40_000
        ):
            found.setdefault(language.name, []).append(path)
    for paths in found.values():
        random.Random(SEED).shuffle(paths)
    return {name: paths[: most * 4] for name, paths in found.items() if len(paths) >= LEAST}


def measured(job: tuple[str, list[Path], int]) -> tuple[str, int, dict[str, Cell]]:
    """A language's row: its good files and a cell for each class."""
    name, paths, most = job
    counts = {kind: [0, 0, 0] for kind in CLASSES}
    good = 0
    for path in paths:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        around = Surroundings(str(path.parent))
        source = Source(text, path=str(path), surroundings=around)
        if "\r" in text or source.language is None or check(source).verdict != "clean" or len(text.splitlines()) < 20:
            continue
        good += 1
        for kind, (change, codes) in CLASSES.items():
            damaged = change(text, source.language, random.Random(f"{SEED} {kind} {path.name}"))
            if damaged is None or damaged == text:
                continue
            result = check(Source(damaged, path=str(path), previous=text, surroundings=around))
            told = [finding for finding in result.findings if finding.suspect]
            counts[kind][0] += 1
            counts[kind][1] += bool(told)
            counts[kind][2] += any(codes.match(finding.code) for finding in told)
        if good == most:
            break
    return name, good, {kind: Cell(*count) for kind, count in counts.items()}


def main() -> None:
    """Print the table; with --write put it into the README."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--only", default="", metavar="LANGUAGES")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    jobs = [
        (name, paths, options.cases)
        for name, paths in sorted(files(options.folders, options.cases).items())
        if not options.only or name in options.only.split(",")
    ]
    lines = [f"| language | files | {' | '.join(CLASSES)} |", "| --- |" + " ---: |" * (len(CLASSES) + 1)]
    total = {kind: Cell(0, 0, 0) for kind in CLASSES}
    number = 0
    with ProcessPoolExecutor() as pool:
        for name, good, cells in pool.map(measured, jobs):
            if good < LEAST:
                continue
            lines.append(f"| {name} | {good} | {' | '.join(str(cells[kind]) for kind in CLASSES)} |")
            print(lines[-1], flush=True)
            total = {kind: Cell(*(a + b for a, b in zip(total[kind], cells[kind], strict=True))) for kind in CLASSES}
            number += good
    lines.append(f"| **all** | {number:,} | {' | '.join(str(total[kind]) for kind in CLASSES)} |")
    print(lines[-1])
    if options.write:
        readme.write("changes", "Found %, in brackets called by its name %.\n\n" + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
