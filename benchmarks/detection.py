"""How much damage is found, how often something is said of good files, and is the cause called by its name.

    python -m benchmarks.detection [--humans FOLDER]... [--cases 200] [--peers BIN] [--write]

Damaged copies of human files are made by ``damage.py`` from a fixed seed; the
same cases go to aicheck and to the peers in ``BIN`` (the ``bin`` folder of an
environment with noellipsis, slopfence, ghostcall-lint, sloppylint, slopguards,
ai-slop-detector, ty, pylint and ruff, and links to the commands of the npm
packages aislop and @code-yeongyu/comment-checker). ``--write`` puts the table into benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from aicheck_checks.engine import check_all
from aicheck_checks.source import Source
from benchmarks import humans, peers, readme
from benchmarks.damage import CLASSES

SEED = 5
PYLINT_CASES = 30
"""pylint takes about a second a file."""
PEER_CLEAN = 300
NAMES = {
    "cut": r"truncat|cut off|incomplete|unexpected EOF|unterminated|unclosed|never closed|ends? (?:in|abrupt)",
    "import": r"undefined|not defined|E0602|F821|NE103|import",
    "elided": r"NE001|SLOP010|ellipsis|elid|omitted|placeholder|unchanged|stub",
    "fence": r"fence|markdown|chat|leftover",
    "prose": r"prose|chat|leftover|assistant|conversation",
    "script": r"script|non-ascii|unicode|character",
    "line numbers": r"line number",
    "diff": r"diff|conflict|marker|patch",
    "repeated": r"repeat|duplicat|loop",
}
"""What counts as the right name in a peer's message, by a word of the class's name."""


class Case(NamedTuple):
    """A damaged text and the good one before it."""

    text: str
    original: str


class Score(NamedTuple):
    """Share found and share called by the right name, 0 to 1; None where not run."""

    found: float
    named: float


def make_cases(texts: list[str], count: int) -> dict[str, list[Case]]:
    """``count`` cases of each class."""
    made: dict[str, list[Case]] = {}
    for name, (damage, _) in CLASSES.items():
        rng = random.Random(SEED)
        cases = []
        for text in texts:
            damaged = damage(text, rng)
            if damaged is not None and damaged != text:
                cases.append(Case(damaged, text))
            if len(cases) == count:
                break
        made[name] = cases
    return made


def score_aicheck(name: str, cases: list[Case]) -> Score:
    """Found: suspect. Named: a suspect finding with one of the class's codes."""
    known = "previous" in name
    sources = [Source(c.text, language="python", previous=c.original if known else None) for c in cases]
    results = check_all(sources)
    codes = CLASSES[name][1]
    found = sum(r.verdict == "suspect" for r in results)
    named = sum(any(f.suspect and codes.match(f.code) for f in r.findings) for r in results)
    return Score(found / len(cases), named / len(cases))


def score_peer(peer: str, bin_dir: Path, name: str, cases: list[Case]) -> Score:
    """Found: any message. Named: a message with a word for the class."""
    wanted = next(re.compile(p, re.IGNORECASE) for word, p in NAMES.items() if word in name)
    cases = cases[:PYLINT_CASES] if peer == "pylint -E" else cases
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        if peer == "noellipsis compare":
            messages = _compare(root, bin_dir, cases)
        else:
            for number, case in enumerate(cases):
                (root / f"case_{number:04d}.py").write_text(case.text, "utf-8")
            by_file = peers.PEERS[peer](bin_dir, root)
            messages = [by_file.get(f"case_{n:04d}.py", []) for n in range(len(cases))]
    found = sum(bool(m) for m in messages)
    return Score(found / len(cases), sum(any(wanted.search(x) for x in m) for m in messages) / len(cases))


def _compare(root: Path, bin_dir: Path, cases: list[Case]) -> list[list[str]]:
    pairs = []
    for number, case in enumerate(cases):
        before, after = root / f"before_{number:04d}.py", root / f"after_{number:04d}.py"
        before.write_text(case.original, "utf-8")
        after.write_text(case.text, "utf-8")
        pairs.append((before, after))
    return peers.noellipsis_compare(bin_dir, pairs)


def _suspects(paths: list[Path]) -> tuple[int, list[tuple[str, str, str]]]:
    sources = []
    for path in paths:
        try:
            sources.append(Source(path.read_text("utf-8"), path=str(path)))
        except (OSError, UnicodeDecodeError):
            continue
    found = [
        (source.path, f.code, f.message)
        for source, result in zip(sources, check_all(sources, threads=1), strict=True)
        for f in result.findings
        if f.suspect
    ]
    return len(sources), found


def false_alarms(paths: list[Path]) -> tuple[int, list[tuple[str, str, str]], float]:
    """Files checked, suspect findings (path, code, message), and seconds."""
    chunks = [paths[at : at + 128] for at in range(0, len(paths), 128)]
    start, count, found = time.perf_counter(), 0, []
    with ProcessPoolExecutor() as pool:
        for size, rows in pool.map(_suspects, chunks):
            count += size
            found += rows
    return count, found, time.perf_counter() - start


def peer_alarms(peer: str, bin_dir: Path, texts: list[str]) -> float:
    """Share of good files on which a peer says something."""
    texts = texts[: PYLINT_CASES * 2] if peer == "pylint -E" else texts[:PEER_CLEAN]
    with tempfile.TemporaryDirectory() as folder:
        for number, text in enumerate(texts):
            (Path(folder) / f"good_{number:04d}.py").write_text(text, "utf-8")
        by_file = peers.PEERS[peer](bin_dir, Path(folder))
    return sum(bool(messages) for messages in by_file.values()) / len(texts)


def table(rows: dict[str, dict[str, Score | None]], alarms: dict[str, str]) -> str:
    """The results as a Markdown table: found % (called by its name %)."""
    tools = list(alarms)
    lines = [f"| class | {' | '.join(tools)} |", "| --- |" + " ---: |" * len(tools)]
    for name, scores in rows.items():
        cells = [f"{s.found:.1%} ({s.named:.0%})" if (s := scores.get(tool)) else "-" for tool in tools]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines.append(f"| **good files flagged** | {' | '.join(alarms.values())} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--humans", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--peers", type=Path, metavar="BIN")
    parser.add_argument("--show", action="store_true", help="list what was flagged on good files")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    paths = humans.files(options.humans)
    texts = humans.good_texts(paths, options.cases * 6)
    cases = make_cases(texts, options.cases)
    rows: dict[str, dict[str, Score | None]] = {}
    for name, some in cases.items():
        rows[name] = {"aicheck": score_aicheck(name, some)}
        print(f"{name}: {len(some)} cases, aicheck {rows[name]['aicheck']}", flush=True)
    count, found, seconds = false_alarms(paths)
    flagged = len({path for path, _, _ in found})
    alarms = {"aicheck": f"{flagged / count:.2%} of {count:,}"}
    corpus = humans.corpus_texts()
    bad = [r.verdict for r in check_all([Source(t, language="python") for _, t in corpus])].count("suspect")
    print(f"good files: {flagged} of {count} flagged ({count / seconds:.0f} files/s); corpus: {bad} of {len(corpus)}")
    print(f"  by rule: {Counter(code for _, code, _ in found).most_common()}", flush=True)
    if options.show:
        for path, code, message in sorted(found, key=lambda row: row[1]):
            print(f"  {code} {path}: {message}")
    for peer in [*peers.PEERS, "noellipsis compare"] if options.peers else []:
        for name, some in cases.items():
            rows[name][peer] = score_peer(peer, options.peers, name, some)
        alarms[peer] = "-" if peer not in peers.PEERS else f"{peer_alarms(peer, options.peers, texts):.1%}"
        print(f"{peer}: done", flush=True)
    text = (
        f"{options.cases} cases a class (pylint: {PYLINT_CASES}), seed {SEED}; found %, in brackets called by its name %."
        f" Corpus (human files and model outputs labelled clean): {bad} of {len(corpus)} flagged by aicheck.\n\n"
        + table(rows, alarms)
    )
    print(text)
    if options.write:
        readme.write("detection", text)


if __name__ == "__main__":
    main()
