"""Hostile texts of 1 MB of every kind in every language: which take how long, which are refused and why?

    python -m benchmarks.hostile [--size 1000000] [--languages python,go] [--kinds fences,tags] [--limit 3]

Each text is checked in a worker process, with a fresh one for each language and for each that died. CPU
seconds are the worker's; seconds are by the clock, ruff's included. Prints the slowest and the reasons.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from tests.security.hostile import KINDS, LANGUAGES, of_bytes

from aicheck_checks.engine import check
from aicheck_checks.source import Source

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE_SECONDS = 60.0
"""After which a worker counts as hung."""


class Answer(NamedTuple):
    """What came of one text."""

    kind: str
    language: str
    cpu: float
    seconds: float
    said: str


def _work(pipe: Connection) -> None:
    while True:
        kind, language, size = pipe.recv()
        text = of_bytes(kind, size)
        began, start = time.process_time(), time.perf_counter()
        result = check(Source(text, language=language, path="x"))
        said = result.unchecked or ("suspect" if result.findings else "clean")
        pipe.send((time.process_time() - began, time.perf_counter() - start, said))


def _run(language: str, kinds: list[str], size: int) -> list[Answer]:
    """All kinds in one language."""
    answers: list[Answer] = []
    pipe, process = _start()
    for kind in kinds:
        start = time.perf_counter()
        try:
            pipe.send((kind, language, size))
            if pipe.poll(PATIENCE_SECONDS):
                answers.append(Answer(kind, language, *pipe.recv()))
                continue
            said = "hangs"
        except (EOFError, OSError):
            said = "dies"
        process.kill()
        spent = time.perf_counter() - start
        answers.append(Answer(kind, language, spent, spent, said))
        pipe, process = _start()
    process.kill()
    return answers


def _start() -> tuple[Connection, multiprocessing.context.SpawnProcess]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    process.start()
    theirs.close()
    return ours, process


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--size", type=int, default=1_000_000, metavar="BYTES")
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--limit", type=float, default=3.0, metavar="SECONDS")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--show", type=int, default=25, metavar="COUNT")
    options = parser.parse_args()
    languages, kinds = options.languages.split(","), options.kinds.split(",")
    with ThreadPoolExecutor(options.jobs) as pool:
        answers: list[Answer] = []
        for found in pool.map(lambda language: _run(language, kinds, options.size), languages):
            slowest = max(found, key=lambda answer: answer.cpu)
            print(f"{slowest.language}: {len(found)} texts, at most {slowest.cpu:.2f} s ({slowest.kind})", flush=True)
            answers += found
    answers.sort(key=lambda answer: -answer.cpu)
    for answer in answers[: options.show]:
        print(f"{answer.cpu:6.2f} s CPU {answer.seconds:6.2f} s  {answer.language:<10} {answer.kind:<24} {answer.said}")
    late = sum(answer.cpu > options.limit for answer in answers)
    print(f"{len(answers):,} texts of {options.size:,} bytes, {late} above {options.limit:g} s of CPU")
    for said, times in Counter(answer.said for answer in answers).most_common():
        print(f"{times:6,} {said}")


if __name__ == "__main__":
    main()
