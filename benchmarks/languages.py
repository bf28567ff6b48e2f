"""How much damage is found and how often good files are flagged, in every language but Python.

    python -m benchmarks.languages [--humans FOLDER]... [--cases 100] [--only go,rust] [--write]

Good files are those of the corpus and of the folders, at most 3,000 a language and
none of `testdata` folders, which hold broken files on purpose; damaged copies are made by ``damage_any.py`` and ``damage_imports.py``
from a fixed seed. For Python see ``detection.py``.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from aicheck_checks.engine import check
from aicheck_checks.languages import LANGUAGES, language_of
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings
from benchmarks import readme
from benchmarks.damage_any import CLASSES, parses
from benchmarks.damage_imports import IMPORTS, drop_import
from benchmarks.humans import CORPUS

SEED = 5
PER_LANGUAGE = 3000
_ENDINGS = {
    "c": ".c",
    "cpp": ".cpp",
    "go": ".go",
    "java": ".java",
    "javascript": ".js",
    "rust": ".rs",
    "typescript": ".ts",
}
_LANGUAGES = {language.name: language for language in LANGUAGES}


class Good(NamedTuple):
    """A good file; ``folder`` where its neighbours can be read."""

    path: str
    text: str
    folder: str | None

    @property
    def around(self) -> Surroundings | None:
        """What stands round it."""
        return Surroundings(self.folder) if self.folder is not None else None


def corpus() -> dict[str, list[Good]]:
    """The human files of the corpus by language."""
    found: dict[str, list[Good]] = {}
    for name, ending in _ENDINGS.items():
        file = CORPUS / f"files/negative/{name}.jsonl"
        if file.exists():
            rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            found[name] = [Good(f"{row['id']}{ending}", row["text"], None) for row in rows]
    return found


def files(folders: list[Path]) -> dict[str, list[Good]]:
    """Files below the folders by language."""
    by_language: dict[str, list[Path]] = {}
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        language = language_of(path.name)
        known = language is not None and language.name != "python" and not language.missing
        if known and path.is_file() and "/testdata/" not in path.as_posix():
            assert language is not None
            by_language.setdefault(language.name, []).append(path)
    return {name: list(_read(paths)) for name, paths in by_language.items()}


def _read(paths: list[Path]) -> list[Good]:
    random.Random(SEED).shuffle(paths)
    found = []
    for path in paths[:PER_LANGUAGE]:
        try:
            found.append(Good(str(path), path.read_text("utf-8"), str(path.parent)))
        except (OSError, UnicodeDecodeError):
            continue
    return found


def _flagged(files: list[Good]) -> list[tuple[str, list[tuple[str, str]], str | None]]:
    rows = []
    for file in files:
        result = check(Source(file.text, path=file.path, surroundings=file.around))
        rows.append((file.path, [(f.code, f.message) for f in result.findings if f.suspect], result.unchecked))
    return rows


def _recall(name: str, kind: str, files: list[Good], cases: int) -> tuple[str, str, int, int, int]:
    language, rng = _LANGUAGES[name], random.Random(SEED)
    damage, codes = CLASSES[kind] if kind in CLASSES else (drop_import, re.compile("IMP"))
    count = found = named = 0
    for file in files:
        damaged = damage(file.text, language, rng)
        if damaged is None or damaged == file.text:
            continue
        result = check(Source(damaged, path=file.path, surroundings=file.around))
        count += 1
        found += result.verdict == "suspect"
        named += any(f.suspect and codes.match(f.code) for f in result.findings)
        if count == cases:
            break
    return name, kind, count, found, named


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--humans", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--only", default="", metavar="LANGUAGES")
    parser.add_argument("--show", action="store_true", help="list what was flagged on good files")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    good = files(options.humans)
    for name, some in corpus().items():
        good[name] = some + good.get(name, [])
    names = [n for n in good if n in (options.only.split(",") if options.only else good)]
    kinds = [*CLASSES, "dropped import"]
    lines = [f"| language | good files | flagged | {' | '.join(kinds)} |", "| --- |" + " ---: |" * (len(kinds) + 2)]
    with ProcessPoolExecutor() as pool:
        for name in sorted(names):
            chunks = [good[name][at : at + 50] for at in range(0, len(good[name]), 50)]
            checked = [row for rows in pool.map(_flagged, chunks) for row in rows]
            flagged = [row for row in checked if row[1]]
            judged = [row for row in checked if row[2] is None]
            if options.show:
                for row in flagged:
                    print(f"  {row[0]}: {row[1][:2]}")
            usable = [
                g for g in good[name]
                if 300 < len(g.text) < 40_000 and "\r" not in g.text and parses(g.text, _LANGUAGES[name])
            ][: options.cases * 8]  # fmt: skip
            wanted = [k for k in kinds if k in CLASSES or name in IMPORTS]
            jobs = [pool.submit(_recall, name, kind, usable, options.cases) for kind in wanted]
            cells = {
                kind: f"{f / n:.0%} ({m / n:.0%}) of {n}" if n else "-"
                for _, kind, n, f, m in (j.result() for j in jobs)
            }
            line = [name, f"{len(judged):,}", f"{len(flagged)}", *(cells.get(kind, "-") for kind in kinds)]
            lines.append(f"| {' | '.join(line)} |")
            print(lines[-1], flush=True)
    text = (
        f"{options.cases} cases a class, seed {SEED}; found %, in brackets called by its name %.\n\n"
        + "\n".join(lines)
        + "\n"
    )
    if options.write:
        readme.write("languages", text)


if __name__ == "__main__":
    main()
