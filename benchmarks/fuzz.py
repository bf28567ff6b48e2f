"""Hostile texts without end: does any language crash, raise, or take longer than two seconds?

    python -m benchmarks.fuzz [--minutes 10] [--family code] [--seed 1]

Whole texts of each language (those of the tests, and the corpus) are cut,
spliced, repeated, nested and sprinkled with odd characters. Each text is
checked in a worker process; one that dies, raises or is late is written to the
folder named at the end, to become a test.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.checks.samples import SAMPLES

from aicheck_checks.engine import MAX_SECONDS, check
from aicheck_checks.languages import LANGUAGES
from aicheck_checks.source import Source
from benchmarks.languages import corpus

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PATIENCE_SECONDS = 20.0
"""After which a worker counts as hung."""
SLOW_SECONDS = MAX_SECONDS + 1.0
ODD = [*"()[]{}<>\"'`\\/*#:;,.=+-@$%&|!?~^ \t\n\r\x0b\x0c\ufeff\u200b\u202e\x00\ud800😀é的แ", "```", '"""', "'''"]
PYTHON = "import os\n\n\ndef total(values):\n    result = 0\n    for value in values:\n        result += value\n    return result\n"


def texts() -> dict[str, list[str]]:
    """Whole texts by language."""
    found = {name: [text] for name, text in SAMPLES.items()} | {"python": [PYTHON]}
    for name, files in corpus().items():
        found[name] += [file.text[:20_000] for file in files]
    return found


def mutate(text: str, others: list[str], rng: random.Random) -> str:
    """One to six changes."""
    for _ in range(rng.randrange(1, 7)):
        at, end = sorted(rng.randrange(len(text) + 1) for _ in range(2))
        kind = rng.randrange(9)
        piece = text[at : min(end, at + 2000)]
        if kind == 0:
            text = text[:at]
        elif kind == 1:
            text = text[:at] + text[end:]
        elif kind == 2:
            text = text[:at] + rng.choice(ODD) * rng.choice((1, 1, 2, 300, 20_000)) + text[at:]
        elif kind == 3:
            text = text[:at] + piece * rng.choice((2, 50, 400)) + text[at:]
        elif kind == 4:
            other = rng.choice(others)
            cut = rng.randrange(len(other) + 1)
            text = text[:at] + other[cut : cut + 400] + text[at:]
        elif kind == 5:
            nest = rng.choice(
                ("(", "[", "{", "<a>", "if x:\n ", "{a:", "f(", "- ", "> ", "<!--", "/*", "${", "#{", "<<A\n")
            )
            text = text[:at] + nest * rng.choice((10, 1000, 30_000)) + text[at:]
        elif kind == 6:
            text = text.replace("\n", rng.choice(("\r", "\r\n", "", "\n\n")))
        elif kind == 7:
            text = text[:at] + "".join(rng.choices(ODD, k=rng.randrange(1, 200))) + text[at:]
        else:
            text = text[end:] + text[:at]
        text = text[:1_500_000]
    return text


def _work(pipe: Connection) -> None:
    while True:
        language, text = pipe.recv()
        start = time.perf_counter()
        result = check(Source(text, language=language, path="x"))
        pipe.send((time.perf_counter() - start, result.reason))


class Worker:
    """A process that checks texts and may die of them."""

    def __init__(self) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def check(self, language: str, text: str) -> tuple[str, str]:
        """What went wrong (empty if nothing), and why the text was not checked."""
        try:
            self._pipe.send((language, text))
            if not self._pipe.poll(PATIENCE_SECONDS):
                self._process.kill()
                return "hangs", ""
            seconds, unchecked = self._pipe.recv()
        except (EOFError, OSError):
            return "dies", ""
        if "failed: " in unchecked:
            return unchecked, unchecked
        return (f"takes {seconds:.1f} s" if seconds > SLOW_SECONDS else ""), unchecked


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--family", choices=("code", "data", "markup"), required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    names = [language.name for language in LANGUAGES if language.group == options.family and not language.missing]
    known, rng, worker = texts(), random.Random(options.seed), Worker()
    everything = [text for some in known.values() for text in some]
    counts: Counter[str] = Counter()
    wrong: list[tuple[str, str, str]] = []
    until = time.monotonic() + options.minutes * 60
    while time.monotonic() < until:
        language = rng.choice(names)
        text = mutate(rng.choice(known[language]), everything, rng)
        said, unchecked = worker.check(language, text)
        counts["texts"] += 1
        counts["unchecked"] += bool(unchecked)
        if said:
            wrong.append((language, said, text))
            print(f"{language}: {said} ({len(text):,} code points)", flush=True)
            if said in ("dies", "hangs"):
                worker = Worker()
    folder = Path(tempfile.mkdtemp(prefix="aicheck-fuzz-"))
    for number, (language, _, text) in enumerate(wrong):
        (folder / f"{number:03}.{language}").write_bytes(text.encode("utf-8", "surrogatepass"))
    print(f"{options.family}: {counts['texts']:,} texts in {options.minutes:g} min, {counts['unchecked']:,} unchecked, "
          f"{len(wrong)} wrong" + (f", see {folder}" if wrong else ""))  # fmt: skip


if __name__ == "__main__":
    main()
