"""Fit the weights of TRU004 (abrupt-end) to good files and cut copies of them.

    python -m benchmarks.fit_abrupt_end --humans FOLDER [--files 12000] [--write]

A logistic regression with one indicator per category of each group of evidence
(Hastie, Tibshirani, Friedman: The Elements of Statistical Learning, 4.4) is
fitted by Newton's method; each group is then shifted so that a whole file
scores 0 on average, which makes the weights readable and the score additive.
The figures printed are held out: each half of the packages is scored with
weights fitted to the other half.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import zlib
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from aicheck_checks.analysis import evidence
from aicheck_checks.analysis.ending import ending
from aicheck_checks.rules.truncation import abrupt_end
from aicheck_checks.source import Source
from aicheck_checks.tools import ruff
from benchmarks import humans
from benchmarks.damage import cut_clean

PENALTY = 2.0
"""L2 penalty on each weight; the intercept is free."""
FALSE_ALARMS = 0.0005
"""The share of whole files that the threshold may flag."""
CHUNK = 200
NEWLINE = {"missing": 3.0, "present": 0.0}
"""Set, not fitted: whether a cut leaves a line break depends on how the cut was made (see the rule's page)."""

Categories = tuple[tuple[str, str], ...]


class Sample(NamedTuple):
    """A whole or cut text: where it came from, and its evidence if it ends inside a function."""

    package: str
    cut: bool
    categories: Categories | None


def collect(paths: list[str], packages: list[str]) -> list[Sample]:
    """The samples of some files: each whole, and once cut."""
    texts: list[tuple[str, bool, Source]] = []
    for path, package in zip(paths, packages, strict=True):
        try:
            text = Path(path).read_text("utf-8")
            shortened = cut_clean(text, random.Random(zlib.crc32(path.encode())))
        except (OSError, ValueError, SyntaxError, RecursionError):
            continue
        if 40 < len(text) < 400_000:
            texts.append((package, False, Source(text, path=path)))
            if shortened is not None:
                texts.append((package, True, Source(shortened, path=path)))
    ruff.check([source for _, _, source in texts])
    return [Sample(package, cut, _categories(source)) for package, cut, source in texts if source.parses]


def _categories(source: Source) -> Categories | None:
    end = ending(source.tree.root_node) if source.tree is not None else None
    if end is None:
        return None
    found = evidence.gather(source, end, lambda _: True)
    return tuple(sorted((group, category) for group, category in found.items() if group != "newline"))


def fit(samples: list[Sample]) -> dict[tuple[str, str], float]:
    """The weight of each category, groups not yet shifted."""
    rows = Counter((s.categories, s.cut) for s in samples if s.categories)
    names = sorted({category for categories, _ in rows for category in categories or ()})
    index = {name: number for number, name in enumerate(names, 1)}
    table = [
        ([0, *(index[c] for c in categories or ())], float(cut), float(count))
        for (categories, cut), count in rows.items()
    ]
    weights = [0.0] * (len(names) + 1)
    for _ in range(30):
        step = _newton(table, weights)
        weights = [w - d for w, d in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-4:
            break
    return {name: weights[number] for name, number in index.items()}


def _newton(table: list[tuple[list[int], float, float]], weights: list[float]) -> list[float]:
    """One step: the inverse of the Hessian times the gradient."""
    size = len(weights)
    penalty = [1e-6] + [PENALTY] * (size - 1)
    gradient = [p * w for p, w in zip(penalty, weights, strict=True)]
    hessian = [[0.0] * size for _ in range(size)]
    for number in range(size):
        hessian[number][number] = penalty[number]
    for active, cut, count in table:
        chance = 1 / (1 + math.exp(-sum(weights[i] for i in active)))
        slope, curve = count * (chance - cut), count * chance * (1 - chance)
        for i in active:
            gradient[i] += slope
            line = hessian[i]
            for j in active:
                line[j] += curve
    return _solve(hessian, gradient)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination; the matrix is positive definite, so no pivoting is needed."""
    size = len(right)
    for i in range(size):
        pivot, line = matrix[i][i], matrix[i]
        for k in range(i + 1, size):
            factor = matrix[k][i] / pivot
            if factor:
                below = matrix[k]
                for j in range(i, size):
                    below[j] -= factor * line[j]
                right[k] -= factor * right[i]
    for i in range(size - 1, -1, -1):
        line = matrix[i]
        right[i] = (right[i] - sum(line[j] * right[j] for j in range(i + 1, size))) / line[i]
    return right


def threshold(scores: list[tuple[float, Sample]], share: float) -> float:
    """The score that this share of whole files exceeds; files that end outside a function never do."""
    whole = sorted((score for score, sample in scores if not sample.cut), reverse=True)
    return whole[min(int(len(whole) * share), len(whole) - 1)]


def scored(samples: list[Sample], weights: dict[tuple[str, str], float]) -> list[tuple[float, Sample]]:
    """Each sample with the sum of its weights."""
    return [(sum(weights.get(c, 0.0) for c in s.categories) if s.categories else -math.inf, s) for s in samples]


def centred(samples: list[Sample], weights: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    """By group and category, rounded, with 0 for the average whole file."""
    whole = [s.categories for s in samples if not s.cut and s.categories]
    shares = Counter(category for categories in whole for category in categories)
    mean: Counter[str] = Counter()
    for (group, category), count in shares.items():
        mean[group] += weights[group, category] * count / len(whole)  # type: ignore[assignment]
    groups: dict[str, dict[str, float]] = {}
    for (group, category), weight in sorted(weights.items()):
        groups.setdefault(group, {})[category] = round(weight - mean[group], 2)
    return groups


def held_out(samples: list[Sample]) -> list[str]:
    """Lines of a table: how many cuts are found at some false-alarm rates, across packages."""
    halves: list[list[tuple[float, Sample]]] = []
    for half in (0, 1):
        inside = [s for s in samples if zlib.crc32(s.package.encode()) % 2 == half]
        outside = [s for s in samples if zlib.crc32(s.package.encode()) % 2 != half]
        halves.append(scored(inside, fit(outside)))
    lines = ["| whole files flagged | cuts found |", "| ---: | ---: |"]
    for share in (0.0005, 0.001, 0.002, 0.005):
        found = total = 0
        for scores in halves:
            bound = threshold(scores, share)
            cuts = [score for score, sample in scores if sample.cut]
            found, total = found + sum(score > bound for score in cuts), total + len(cuts)
        lines.append(f"| {share:.2%} | {found / total:.1%} |")
    return lines


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--humans", type=Path, action="append", default=[], help="a folder of packages; repeatable")
    parser.add_argument("--files", type=int, default=12_000)
    parser.add_argument("--write", action="store_true", help="write data/abrupt_end.json")
    options = parser.parse_args()
    paths = humans.files(options.humans)[: options.files]
    packages = [humans.package_of(path, options.humans) for path in paths]
    chunks = range(0, len(paths), CHUNK)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        parts = pool.map(
            collect,
            [[str(p) for p in paths[at : at + CHUNK]] for at in chunks],
            [packages[at : at + CHUNK] for at in chunks],
        )
        samples = [sample for part in parts for sample in part]
    print(f"{sum(not s.cut for s in samples):,} whole files, {sum(s.cut for s in samples):,} cuts")
    print("\n".join(held_out(samples)))
    weights = centred(samples, fit(samples))
    flat = {(group, category): w for group, table in weights.items() for category, w in table.items()}
    bound = round(threshold(scored(samples, flat), FALSE_ALARMS) + 0.01, 2)
    print(f"threshold {bound}")
    if options.write:
        file = Path(abrupt_end.__file__).parents[2] / "data/abrupt_end.json"
        weights["newline"] = NEWLINE
        file.write_text(json.dumps({"threshold": bound, "weights": weights}, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
