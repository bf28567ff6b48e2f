"""Speed, each figure beside its peer or floor in the same run.

    python -m benchmarks.speed [--tree FOLDER] [--files 2000] [--write]

Our modules are compiled to bytecode first, as an installer does it.
"""

from __future__ import annotations

import argparse
import compileall
import gzip
import json
import os
import resource
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

import msgspec

import aicheck_app
import aicheck_checks
from benchmarks import readme
from benchmarks.humans import CORPUS

BIN = Path(sys.executable).parent


class Row(NamedTuple):
    """One line of the table."""

    what: str
    ours: str
    beside: str
    ratio: str


def wall(command: list[str], times: int, folder: Path | None = None) -> float:
    """Median seconds of a command's whole life."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def single(folder: Path, source: Path) -> Row:
    """One file of about 500 lines, from process start to exit."""
    path = folder / source.name
    path.write_bytes(source.read_bytes())
    ours, floor = [], []
    for _ in range(5):
        ours.append(wall([str(BIN / "aicheck"), "check", str(path)], 5, folder))
        ruff = wall([str(BIN / "ruff"), "check", "--isolated", "--no-cache", str(path)], 5, folder)
        floor.append(ruff + wall([sys.executable, "-c", "pass"], 5, folder))
    a, b = statistics.median(ours), statistics.median(floor)
    return Row(
        f"one file of {len(source.read_bytes().splitlines())} lines, process start to exit",
        f"{a * 1000:.0f} ms",
        f"{b * 1000:.0f} ms: `ruff check` + `python -c pass`",
        f"{a / b:.2f} times the time (aim: under 3)",
    )


def _parse(paths: list[str]) -> int:
    from aicheck_checks.languages import PYTHON

    return sum(PYTHON.parse(Path(path).read_bytes()) is not None for path in paths)


def parse_only(paths: list[str]) -> float:
    """Seconds to only parse the files with tree-sitter, on all cores."""
    chunks = [paths[at : at + 64] for at in range(0, len(paths), 64)]
    start = time.perf_counter()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        assert sum(pool.map(_parse, chunks)) == len(paths)
    return time.perf_counter() - start


def tree(folder: Path, paths: list[str], bin_peers: Path) -> list[Row]:
    """Many files on all cores, against the parse alone, ruff, and pylint on a sample."""
    copies = folder / "tree"
    copies.mkdir()
    for number, path in enumerate(paths):
        (copies / f"m{number:05d}.py").write_bytes(Path(path).read_bytes())
    names = [str(p) for p in sorted(copies.iterdir())]
    ours = min(wall([str(BIN / "aicheck"), "check", "--format", "json", str(copies)], 1) for _ in range(3))
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    floor = min(parse_only(names) for _ in range(3))
    ruff = wall([str(BIN / "ruff"), "check", "--isolated", "--no-cache", str(copies)], 3)
    count = len(names)
    rows = [
        Row(
            f"{count:,} files, all cores",
            f"{count / ours:.0f} files/s",
            f"{count / floor:.0f} files/s: tree-sitter parse alone",
            f"{floor / ours:.2f} of its speed (aim: 0.33)",
        ),
        Row("", "", f"{count / ruff:.0f} files/s: `ruff check`", f"{ruff / ours:.2f} of its speed"),
        Row(
            "peak memory of the largest process",
            f"{memory:.0f} MB",
            f"{os.cpu_count()} workers and the main process",
            "aim: under 500 MB in all",
        ),
    ]
    pylint = bin_peers / "pylint"
    if pylint.exists():
        sample = names[:40]
        slow = wall([str(pylint), "-E", "--disable=import-error", "-j", "0", *sample], 1)
        rows.append(
            Row(
                "",
                "",
                f"{len(sample) / slow:.1f} files/s: `pylint -E -j 0`",
                f"{(count / ours) / (len(sample) / slow):.0f} times its speed (aim: 50)",
            )
        )
    return rows


def ingest(folder: Path) -> list[Row]:
    """Whole sessions into the log, against decoding the same JSON alone."""
    sessions = folder / "sessions"
    sessions.mkdir()
    for path in sorted((CORPUS / "transcripts/claude_code").glob("*.gz")):
        (sessions / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
    size = sum(p.stat().st_size for p in sessions.iterdir()) / 1e6
    if not size:
        return []
    taken = []
    for number in range(3):
        environment = {**os.environ, "AICHECK_HOME": str(folder / f"home{number}")}
        start = time.perf_counter()
        subprocess.run(
            [str(BIN / "aicheck"), "ingest", str(sessions)], env=environment, capture_output=True, check=True
        )
        taken.append(time.perf_counter() - start)
    ours = min(taken)
    decoders = {"json.loads": json.loads, "msgspec": msgspec.json.Decoder().decode}
    rows: list[Row] = []
    for name, decode in decoders.items():
        seconds = min(_decode(sessions, decode) for _ in range(3))
        rows.append(
            Row(
                "ingest, process start included" if not rows else "",
                f"{size / ours:.0f} MB/s" if not rows else "",
                f"{size / seconds:.0f} MB/s: {name} of the same lines alone",
                f"{seconds / ours:.2f} of its speed (aim: 0.33)",
            )
        )
    return rows


def _decode(sessions: Path, decode: object) -> float:
    assert callable(decode)
    start = time.perf_counter()
    for path in sessions.iterdir():
        for line in path.open("rb"):
            try:
                decode(line)
            except (ValueError, msgspec.DecodeError):
                continue
    return time.perf_counter() - start


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--tree", type=Path, default=Path(sysconfig.get_paths()["stdlib"]))
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--peers", type=Path, default=BIN, help="a bin folder with pylint")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for module in (aicheck_app, aicheck_checks):
        compileall.compile_dir(str(Path(module.__file__ or "").parent), quiet=1)
    found = sorted(str(p) for p in options.tree.rglob("*.py") if 200 < p.stat().st_size < 500_000)
    step = max(1, len(found) // options.files)
    source = Path(sysconfig.get_paths()["stdlib"]) / "textwrap.py"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [single(folder, source), *tree(folder, found[::step][: options.files], options.peers), *ingest(folder)]
    lines = ["| what | aicheck | beside it, in the same run | so |", "| --- | ---: | --- | --- |"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        readme.write("speed", text)


if __name__ == "__main__":
    main()
