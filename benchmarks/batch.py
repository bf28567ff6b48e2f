"""Bulk checking: outputs a second on one and two workers, on this machine's cores and on Spark, and for ten times as many.

    python -m benchmarks.batch FOLDER... [--number 1000] [--spark]

The texts are files of people in checkouts of public repositories, each once; every tenth is cut in the middle. Beside the times:
whether all ways come to the same records, and what Spark takes for a run in which one worker is killed.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from aicheck_app.batch import layout
from aicheck_app.batch.local import Local
from aicheck_app.batch.options import Options
from aicheck_checks.languages import LANGUAGES

LARGEST = 60_000
_SUFFIXES = {suffix for language in LANGUAGES for suffix in language.suffixes}
OPTIONS = Options(bytes(32))
_COLUMNS = "id, kind, day, agent, verdict, session, target, person, body"


def texts(folders: list[str], number: int) -> list[dict[str, Any]]:
    """So many files, each once, in an order drawn by chance; those of languages that have a grammar."""
    files = [
        file
        for folder in folders
        for file in sorted(Path(folder).rglob("*"))
        if file.suffix in _SUFFIXES and ".git" not in file.parts
    ]
    random.Random(1).shuffle(files)
    found: list[dict[str, Any]] = []
    for file in files:
        if len(found) >= number:
            break
        if not file.is_file() or not 200 < file.stat().st_size <= LARGEST:
            continue
        text = file.read_text("utf-8", "replace")
        at = len(found)
        if at % 10 == 0:
            text = text[: len(text) * 6 // 10]
        found.append(
            {
                "text": text, "path": file.name, "session": f"s{at // 10}", "agent": "claude-code", "model": f"m{at % 3}", "key": f"toolu_{at:030}",
                "time": f"2026-{1 + at % 3:02}-{1 + at % 20:02}T10:00:00.000Z", "person": f"p{at % 50}",
            }
        )  # fmt: skip
    return found


def same(one: str, other: str) -> bool:
    """Whether two runs have written the same records and counts."""
    with duckdb.connect() as db:
        for name, columns in ((layout.RECORDS, _COLUMNS), (layout.FACTS, "*")):
            a, b = (layout.reading(target, name) for target in (one, other))
            for first, second in ((a, b), (b, a)):
                left = db.execute(
                    f"SELECT count(*) FROM (SELECT {columns} FROM ({first}) EXCEPT ALL SELECT {columns} FROM ({second}))"
                )
                if left.fetchall()[0][0]:
                    return False
    return True


def local(given: str, target: str, workers: int) -> float:
    """Seconds of a run on this machine's cores."""
    start = time.perf_counter()
    Local(OPTIONS, target, workers).run([given])
    return time.perf_counter() - start


def spark(given: str, target: str, workers: int, *, kill: bool = False) -> float:
    """Seconds of a run on a local cluster, its start left out; with ``kill`` one of its workers is killed in the midst."""
    code = (
        "import sys, time\n"
        "from pyspark.sql import SparkSession\n"
        "from aicheck_app.batch.spark import Run\n"
        "from benchmarks.batch import OPTIONS\n"
        f"made = SparkSession.builder.master('local-cluster[{workers},1,2048]').config('spark.ui.enabled', 'false')"
        ".config('spark.sql.shuffle.partitions', '4').config('spark.sql.files.maxPartitionBytes', '1m').getOrCreate()\n"
        "made.sparkContext.setLogLevel('OFF')\n"
        "made.range(10).count()\n"
        "print('begun', flush=True)\n"
        "start = time.perf_counter()\n"
        "result = Run(made, OPTIONS, sys.argv[2]).run([sys.argv[1]])\n"
        "print(time.perf_counter() - start, flush=True)\n"
    )
    environment = {**os.environ, "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", code, given, target],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    process.stdout.readline()
    if kill:
        threading.Timer(6.0, _kill_a_worker).start()
    seconds = float(process.stdout.readline() or "nan")
    process.wait()
    return seconds


def _kill_a_worker() -> None:
    """End one of the processes in which Spark runs tasks."""
    found = subprocess.run(
        ["pgrep", "-f", "CoarseGrainedExecutorBackend"], capture_output=True, text=True, check=False
    ).stdout.split()
    if found:
        os.kill(int(found[0]), signal.SIGKILL)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--number", type=int, default=1000)
    parser.add_argument("--spark", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aicheck-bench-") as folder:
        whole = texts(options.folders, options.number * 10)
        tables = {number: f"{folder}/{number}.parquet" for number in (options.number, len(whole))}
        for number, place in tables.items():
            pq.write_table(pa.Table.from_pylist(whole[:number]), place, row_group_size=200)
        size = sum(len(row["text"].encode()) for row in whole)
        print(f"{len(whole):,} texts, {size / 1e6:.0f} MB, {size / len(whole) / 1e3:.1f} kB each\n")
        print(
            "| outputs | how | workers | seconds | outputs/s | equals the first |\n| --- | --- | --- | --- | --- | --- |"
        )
        first: dict[int, str] = {}
        ways = [("cores", local, 1), ("cores", local, 2)] + (
            [("Spark", spark, 1), ("Spark", spark, 2)] if options.spark else []
        )
        for number, place in tables.items():
            for how, run, workers in ways:
                target = f"{folder}/{number}-{how}-{workers}"
                seconds = run(place, target, workers)
                first.setdefault(number, target)
                print(
                    f"| {number:,} | {how} | {workers} | {seconds:.1f} | {number / seconds:.0f} | {same(first[number], target)} |",
                    flush=True,
                )
        if options.spark:
            target = f"{folder}/killed"
            seconds = spark(tables[options.number], target, 2, kill=True)
            print(
                f"| {options.number:,} | Spark, a worker killed | 2 | {seconds:.1f} | {options.number / seconds:.0f} | {same(first[options.number], target)} |"
            )


if __name__ == "__main__":
    main()
