"""Made-up outputs in large number: one machine and Spark compared row by row, with what both take of memory for a tenth and for all.

    python -m benchmarks.bulk [--outputs 100000] [--spark] [--workers 1]

The texts are short functions in four languages, each of other names and numbers; one in twenty is damaged in one of four ways. What
is measured is the computing time and the memory of all processes of a run (PSS, which shares out what they have in common).
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.batch import same

if TYPE_CHECKING:
    from collections.abc import Iterator

_AT_ONCE = 2_000
_WORDS = (
    "total", "row", "order", "price", "item", "user", "page", "count", "line", "name", "key", "size", "path", "node", "edge", "batch",
)  # fmt: skip
_SHAPES = {
    "py": 'def {a}_{b}({c}, {d}=None):\n    """Return the {a} of a {b}."""\n    {e} = []\n    for {f} in {c}:\n        if {f} > {n}:\n'
    "            {e}.append({f} * {m})\n    return {e} or {d}\n\n\ndef {b}_{a}({c}):\n    {e} = {a}_{b}({c})\n    return sum({e}) + {n}\n",
    "js": "export function {a}{b}({c}, {d}) {{\n  const {e} = [];\n  for (const {f} of {c}) {{\n    if ({f} > {n}) {{\n"
    "      {e}.push({f} * {m});\n    }}\n  }}\n  return {e}.length ? {e} : {d};\n}}\n",
    "go": "package {a}\n\nfunc {b}({c} []int, {d} int) []int {{\n\t{e} := []int{{}}\n\tfor _, {f} := range {c} {{\n\t\tif {f} > {n} {{\n"
    "\t\t\t{e} = append({e}, {f}*{m}+{d})\n\t\t}}\n\t}}\n\treturn {e}\n}}\n",
    "json": '{{\n  "{a}": {{"{b}": {n}, "{c}": [{m}, {n}]}},\n  "{d}": "{e}",\n  "{f}": null\n}}\n',
}


def rows(number: int) -> Iterator[dict[str, Any]]:
    """So many outputs, the same each time."""
    chance = random.Random(1)
    for at in range(number):
        ending = chance.choice(tuple(_SHAPES))
        names = dict(zip("abcdef", chance.sample(_WORDS, 6), strict=True))
        text = _SHAPES[ending].format(**names, n=chance.randrange(10**6), m=chance.randrange(1000))
        yield {
            "text": _damaged(text, chance) if at % 20 == 0 else text, "path": f"src/{names['a']}.{ending}", "session": f"s{at // 10}",
            "agent": ("claude-code", "codex")[at // 10 % 2], "model": f"m{at // 1000 % 3}", "key": f"toolu_{at:030}", "person": f"p{at // 10 % 50}",
            "time": f"2026-{1 + at % 3:02}-{1 + at // 10 % 10:02}T10:00:{at % 60:02}.000Z",
        }  # fmt: skip


def _damaged(text: str, chance: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = chance.randrange(1, len(lines))
    return chance.choice(
        (
            text[: chance.randrange(len(text) // 2, len(text) - 3)],
            "".join([*lines[:at], "... rest of the code remains unchanged ...\n"]),
            "".join([*lines[:at], "<|im_end|>\n", *lines[at:]]),
            "".join([*lines[:at], "<<<<<<< HEAD\n", *lines[at:]]),
        )
    )


def write(place: str, number: int) -> int:
    """Put outputs into a file of Parquet; their bytes of text."""
    size, waiting = 0, []
    with pq.ParquetWriter(place, pa.schema([(name, pa.string()) for name in next(rows(1))])) as writer:
        for at, row in enumerate(rows(number), 1):
            size += len(row["text"].encode())
            waiting.append(row)
            if len(waiting) == _AT_ONCE or at == number:
                writer.write_batch(pa.RecordBatch.from_pylist(waiting, schema=writer.schema))
                waiting = []
    return size


def run(command: list[str]) -> tuple[float, float, dict[str, int]]:
    """Seconds, computing seconds and the peak of bytes by program, of a command with all its processes."""
    environment = {**os.environ, "AICHECK_TEAM_KEY": "00" * 32, "PYSPARK_PYTHON": sys.executable}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", "from aicheck_app.cli.main import main; main()", "batch", *command],
        stdout=subprocess.DEVNULL,
        env=environment,
    )
    computing: dict[int, float] = {}
    peaks: dict[str, int] = {}
    while process.poll() is None:
        now: dict[str, int] = {}
        for pid in _tree(process.pid):
            try:
                used, name, size = _of(pid)
            except (OSError, IndexError, ValueError):
                continue  # it has ended meanwhile
            computing[pid] = used
            kind = "java" if name == "java" else "the command" if pid == process.pid else "workers"
            now[kind] = now.get(kind, 0) + size
        peaks = {kind: max(peaks.get(kind, 0), now.get(kind, 0)) for kind in peaks | now}
        time.sleep(0.5)
    assert process.returncode == 0
    return time.perf_counter() - began, sum(computing.values()), peaks


def _tree(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        children = " ".join(file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return
    for child in children.split():
        yield from _tree(int(child))


def _of(pid: int) -> tuple[float, str, int]:
    """The computing seconds of a process so far, its name, and its bytes."""
    name, _, rest = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(") ")
    ticks = rest.split()
    size = next(
        line for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:")
    ).split()[1]
    return (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK"), name, int(size) * 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--outputs", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    ways = {"cores": ["local", "--workers", str(options.workers)]}
    if options.spark:
        ways["Spark"] = ["spark", "--master", f"local[{options.workers}]"]
    print("| outputs | how | seconds | computing seconds | memory (MB) | equals the first |", flush=True)
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="aicheck-bench-") as folder:
        for number in (options.outputs // 10, options.outputs):
            given = f"{folder}/{number}.parquet"
            size = write(given, number)
            for how, command in ways.items():
                target = f"{folder}/{number}-{how}"
                seconds, computing, peaks = run([*command, "--input", given, "--output", target])
                memory = ", ".join(f"{kind} {peak / 1e6:.0f}" for kind, peak in peaks.items())
                equal = same(f"{folder}/{number}-cores", target)
                print(f"| {number:,} | {how} | {seconds:.0f} | {computing:.0f} | {memory} | {equal} |", flush=True)
            print(f"({size / 1e6:.0f} MB of text, {size / number:.0f} bytes each)", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
