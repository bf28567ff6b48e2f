"""Many logs pushed to one PostgreSQL at once, two of them killed in the midst: what arrives, how long it takes.

    python -m benchmarks.push [--logs 20] [--outputs 10000]

The logs are made up (half of each is of a project that is not pushed). Each is pushed by a process of its own; two are killed after a
second and pushed again. Needs PostgreSQL (scripts/setup_team.py).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import tempfile
import time
from pathlib import Path

import psycopg
from tests.team.people import PROJECTS, filled
from tests.team.postgres import server

from aicheck_app.log.store import Log
from aicheck_app.monitor import sums
from aicheck_app.team.sending import send
from aicheck_app.team.setup import set_up

PROJECT = "ab" * 6


def make(folder: str, number: int, outputs: int) -> None:
    """A log of a person."""
    filled(Path(folder), number, outputs, f"p{number}").db.close()


def push(path: str, address: str, number: int) -> None:
    """Push a log, as one process."""
    os.environ["AICHECK_HOME"] = os.path.dirname(path)
    with Log(path) as log:
        send(log, address, {log.keyed(PROJECTS[0]): PROJECT}, f"person{number}", bytes(32))


def together(target: object, calls: list[tuple[object, ...]], killed: int = 0) -> float:
    """Seconds that all calls took, each in a process of its own; the first so many are killed after a second."""
    start = time.perf_counter()
    processes = [multiprocessing.Process(target=target, args=call) for call in calls]  # type: ignore[arg-type]
    for process in processes:
        process.start()
    if killed:
        time.sleep(1.0)
        for process in processes[:killed]:
            if process.pid is not None:
                os.kill(process.pid, signal.SIGKILL)
    for process in processes:
        process.join()
    return time.perf_counter() - start


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--logs", type=int, default=20)
    parser.add_argument("--outputs", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="aicheck-bench-") as folder, server() as address:
        team = f"{address}/postgres"
        set_up(team)
        numbers = range(options.logs)
        seconds = together(make, [(folder, number, options.outputs) for number in numbers])
        print(f"made {options.logs} logs of {options.outputs:,} outputs in {seconds:.0f} s")
        paths = [f"{folder}/p{number}{number}/log.sqlite3" for number in numbers]
        calls: list[tuple[object, ...]] = [(path, team, number) for number, path in enumerate(paths)]
        first = together(push, calls, killed=2)
        again = together(push, calls[:2], killed=2)
        last = together(push, calls[:2])
        nothing = together(push, calls)
        print(
            f"pushed at once, two killed: {first:.1f} s; these again, killed again: {again:.1f} s; once more: {last:.1f} s; all again: {nothing:.1f} s"
        )
        with psycopg.connect(team) as db:
            records, ids = db.execute("SELECT count(*), count(DISTINCT (source, id)) FROM aicheck.records").fetchall()[
                0
            ]
            (size,) = db.execute("SELECT pg_size_pretty(pg_database_size('postgres'))").fetchall()[0]
        own = 0
        for path in paths:
            with Log(path) as log, sums.opened(log.facts) as one:
                own += sum(
                    found.counts["outputs"]
                    for found in sums.sums(one, ("project",))
                    if found.values[0] == log.keyed(PROJECTS[0])
                )
        with sums.opened(team) as there:
            outputs = sum(found.counts["outputs"] for found in sums.sums(there, ()))
        print(
            f"{records:,} records there, {ids:,} distinct; {outputs:,} outputs in its facts, {own:,} in the logs; {size}"
        )


if __name__ == "__main__":
    main()
