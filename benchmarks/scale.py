"""A log of many outputs: how long ``trend`` and ``report`` take, with how much memory, and what an append costs.

    python -m benchmarks.scale [--outputs 1000000] [--home FOLDER]

The log is made through the log's own code: ten outputs a session, two messages, a turn and a session's record, over two years.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aicheck_app.log import records
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from collections.abc import Iterator

PER_SESSION = 10
DAYS = 730
BATCH = 200
"""Sessions that are logged together."""
BAD = records.Finding(code="TRU001", message="cut off", line=3, column=1, severity="error", confidence="high")


def session(chance: random.Random, number: int, sessions: int) -> Iterator[records.Record]:
    """All records of one session."""
    when = datetime.now(UTC) - timedelta(days=DAYS * (1 - number / sessions))
    moment = when.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    release = number * 40 // sessions
    known: dict[str, Any] = {
        "time": moment, "agent": "claude-code", "agent_version": f"2.{release}.0", "session": f"session-{number}", "model": f"model-{release // 10}",
    }  # fmt: skip
    project = f"{chance.randrange(8):012x}"
    for at in range(PER_SESSION):
        bad = chance.random() < 0.01
        yield records.Output(
            id=f"o{number:08}{at}", **known, asked=known["model"], language=chance.choice(("python", "go", "typescript")), lines=chance.randrange(5, 80), verdict="suspect" if bad else "clean",
            findings=[BAD] if bad else [], attribution="transcript", project=project, tool="Edit", unit="file", path="src/app.py", sha256=f"{number:064x}",
        )  # fmt: skip
    for at in range(2):
        yield records.Message(
            id=f"m{number}-{at}", **known, asked=known["model"], project=project, tokens=chance.randrange(50, 900), characters=900, thinking_blocks=1, signature=400,
            stop_reason="end_turn", cache_read=9000, input_tokens=100,
        )  # fmt: skip
    yield records.Turn(id=f"t{number}", **known, project=project, messages=2)
    signals = {"reads": chance.randrange(20), "edits": PER_SESSION, "rework": chance.randrange(4), "commands": 5, "commands_failed": chance.randrange(2), "messages": 2}  # fmt: skip
    yield records.Session(id=f"s{number}", **known, project=project, context=signals)


def fill(path: str, sessions: int) -> float:
    """Make the log; the seconds that it took."""
    chance = random.Random(1)
    began = time.perf_counter()
    with Log(path) as log:
        log.db.execute("PRAGMA synchronous = OFF")
        for first in range(0, sessions, BATCH):
            log.append(
                [
                    record
                    for number in range(first, min(first + BATCH, sessions))
                    for record in session(chance, number, sessions)
                ]
            )
    return time.perf_counter() - began


def timed(home: str, *arguments: str) -> tuple[float, int]:
    """Seconds and peak kilobytes of a command."""
    began = time.perf_counter()
    command = [
        sys.executable,
        "-c",
        "import sys; from aicheck_app.cli.main import main; sys.argv[0] = 'aicheck'; main()",
        *arguments,
    ]
    done = subprocess.Popen(command, env={**os.environ, "AICHECK_HOME": home}, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(done.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, arguments
    return time.perf_counter() - began, used.ru_maxrss


def appends(path: str, number: int = 200) -> float:
    """Milliseconds that opening the log and appending one output take, in the median."""
    chance = random.Random(2)
    found = []
    for at in range(number):
        (one, *_) = session(chance, 10**7 + at, 10**7 + number)
        began = time.perf_counter()
        with Log(path) as log:
            log.append([one])
        found.append((time.perf_counter() - began) * 1000)
    return statistics.median(found)


@contextmanager
def long_log(description: str | None) -> Iterator[tuple[str, str]]:
    """The home and the log that the command line asks for; the log is made where there is none yet."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outputs", type=int, default=1_000_000)
    parser.add_argument("--home", help="where the log is made, or already is")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        home = options.home or made
        path = os.path.join(home, "log.sqlite3")
        if not os.path.exists(path):
            os.makedirs(home, exist_ok=True)
            print(
                f"made in {fill(path, options.outputs // PER_SESSION):.0f} s, {os.path.getsize(path) / 1e6:,.0f} MB",
                flush=True,
            )
        yield home, path


def main() -> None:
    """Print the table."""
    with long_log(__doc__) as (home, path):
        print("| | seconds | MB at most |\n| --- | ---: | ---: |")
        for arguments in (("trend",), ("trend",), ("report", "--format", "markdown"), ("report", "--format", "html"), ("report", "--format", "json"), ("log", "stats", "--monthly")):  # fmt: skip
            seconds, size = timed(home, *arguments)
            print(f"| aicheck {' '.join(arguments)} | {seconds:.1f} | {size / 1000:.0f} |", flush=True)
        with tempfile.TemporaryDirectory() as empty:
            print(
                f"| opening and appending one output (in an empty log {appends(os.path.join(empty, 'log.sqlite3')):.1f} ms) | {appends(path):.1f} ms | |"
            )
    print(f"\nThis process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
