"""Six processes write outputs while they are killed again and again, and while the log can't be written: what is lost?

    python -m benchmarks.kills [--kills 500] [--write]

A writer prints an output's id, and whether it was suspect, when ``observe`` has returned: from then on it is
acknowledged. A writer that was killed (SIGKILL, after a random time) is followed by another. Afterwards what was wrong is
put right, the log is opened, and each acknowledged output must be there, and the chain must verify. The full disk and the
read-only one are small file systems in memory, which only root can mount; others do without those rows.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.log.schema import MIGRATIONS
from aicheck_app.log.store import Log
from benchmarks import readme

if TYPE_CHECKING:
    from collections.abc import Callable

WRITERS = 6
SEED = 11
LONGEST = 0.4
"""Seconds that a writer lives on after its first acknowledged output."""
PATIENCE = 5.0
"""Seconds that a writer waits for another, as a hook does."""
WRITER = """
import itertools, os, sys
from aicheck_app.config import Config
from aicheck_app.log.spooling import open_log
from aicheck_app.observe import observe
from aicheck_app.origin import Origin, Output
text = "function total(items) {\\n  return items.reduce((a, b) =>"
for n in itertools.count():
    origin = Origin(agent="kills", session=str(os.getpid()), time="2026-04-01T00:00:00.000Z")
    key = f"{os.getpid()}-{n}-{os.urandom(8).hex()}"
    output = Output(key, "Write", text, text, "file", f"/work/{n}.js", origin)
    with open_log(patience=float(sys.argv[1])) as log:
        (observed,) = observe([output], log, Config())
        os.write(1, f"{key} {observed.result.verdict} {'kept' if log.trouble else 'logged'} {log.trouble[:60]}\\n".encode())
"""


class Fault(NamedTuple):
    """Something that keeps the log from being written: how it is made, and how it is put right."""

    name: str
    make: Callable[[Path], object]
    mend: Callable[[Path], object]
    mounts: bool = False


class Figures(NamedTuple):
    """What came of one run."""

    kills: int
    acknowledged: int
    kept: int
    """Of the acknowledged, those that went to the spool first."""
    told: int
    """Of the acknowledged, those whose writer was told that they are suspect, as all are."""
    lost: int
    faults: int
    """What verification found wrong afterwards."""


def newer(home: Path) -> None:
    """A log of a version to come."""
    _version(home, 99)


def older_again(home: Path) -> None:
    """That log after its aicheck is gone."""
    _version(home, len(MIGRATIONS))


def damage(home: Path) -> None:
    """Overwrite the log's pages with noise."""
    for name in ("log.sqlite3-wal", "log.sqlite3-shm"):
        (home / name).unlink(missing_ok=True)
    size = max((home / "log.sqlite3").stat().st_size, 65_536)
    (home / "log.sqlite3").write_bytes(random.Random(SEED).randbytes(size))


def move_away(home: Path) -> None:
    """What users are told to do about a damaged log."""
    for file in home.glob("log.sqlite3*"):
        file.rename(home / f"away-{file.name}")


def in_the_way(home: Path) -> None:
    """A folder where the log should be."""
    move_away(home)
    (home / "log.sqlite3").mkdir()


FAULTS = (
    Fault("none", lambda _: None, lambda _: None),
    Fault("written by a newer version", newer, older_again),
    Fault("damaged", damage, move_away),
    Fault("a folder in its place", in_the_way, lambda home: (home / "log.sqlite3").rmdir()),
    Fault("full disk", lambda home: _fill(home), lambda home: (home / "filler").unlink(), mounts=True),
    Fault("read-only disk", lambda home: _remount(home, "ro"), lambda home: _remount(home, "rw"), mounts=True),
)


def run(fault: Fault, folder: Path, kills: int, writers: int = WRITERS) -> Figures:
    """Make the fault in a home in this folder, let processes write and be killed, put it right, and count."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    os.environ |= {"AICHECK_HOME": str(home), "XDG_RUNTIME_DIR": str(folder)}
    if fault.mounts:
        _shell("mount", "-t", "tmpfs", "-o", "size=2m,mode=700", "none", str(home))
    try:
        with Log() as log:
            log.take([{"id": "first", "kind": "event", "time": "2026-01-01T00:00:00.000Z"}])
        fault.make(home)
        said = _killed(folder, kills, writers)
        fault.mend(home)
        return _count(said, kills)
    finally:
        if fault.mounts:
            _shell("umount", str(home))


def _killed(folder: Path, kills: int, writers: int) -> list[list[str]]:
    """Keep so many writers going until so many were killed; what they had said, as words of lines."""
    chance = random.Random(SEED)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    said: list[Path] = []

    def start() -> tuple[subprocess.Popen[bytes], Path, float]:
        said.append(folder / f"said-{len(said)}")
        with said[-1].open("wb") as out:
            process = subprocess.Popen([sys.executable, "-P", "-c", WRITER, str(PATIENCE)], stdout=out, env=environment)
        return process, said[-1], 0.0

    running = [start() for _ in range(writers)]
    done = 0
    while done < kills:
        time.sleep(0.005)
        for at, (process, file, end) in enumerate(running):
            if process.poll() is not None:
                raise RuntimeError(f"a writer has ended by itself, with {process.returncode}")
            if not end and file.stat().st_size:
                running[at] = process, file, time.monotonic() + chance.uniform(0, LONGEST)
            elif end and time.monotonic() > end:
                process.send_signal(signal.SIGKILL)
                process.wait()
                done += 1
                running[at] = start()
    for process, _, _ in running:
        process.send_signal(signal.SIGKILL)
        process.wait()
    return [line.split(" ", 3) for file in said for line in file.read_text().split("\n")[:-1]]


def _count(said: list[list[str]], kills: int) -> Figures:
    from aicheck_app.log.chain import identity

    with Log() as log:
        lost = sum(not log.has(identity("kills", words[0])) for words in said)
        faults = len(log.verify()[1])
        waiting = log.spool.waiting()
    return Figures(
        kills, len(said), sum(words[2] == "kept" for words in said), sum(words[1] == "suspect" for words in said),
        lost, faults + waiting,
    )  # fmt: skip


def _version(home: Path, number: int) -> None:
    db = sqlite3.connect(home / "log.sqlite3")
    db.execute(f"PRAGMA user_version = {number}")
    db.close()


def _fill(home: Path) -> None:
    with (home / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def _remount(home: Path, how: str) -> None:
    _shell("mount", "-o", f"remount,{how}", str(home))


def _shell(*command: str) -> None:
    subprocess.run(command, check=True)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500, help="of writers, over all faults")
    parser.add_argument("--write", action="store_true", help="write the table into benchmarks/README.md")
    given = parser.parse_args()
    faults = [fault for fault in FAULTS if not fault.mounts or os.geteuid() == 0]
    rows = ["| the log | kills | acknowledged | of them kept in the spool | told | lost | faults of the chain |"]
    rows.append("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for fault in faults:
        folder = Path(tempfile.mkdtemp(prefix="aicheck-kills-"))
        f = run(fault, folder, -(-given.kills // len(faults)))
        rows.append(
            f"| {fault.name} | {f.kills} | {f.acknowledged:,} | {f.kept:,} | {f.told:,} | {f.lost} | {f.faults} |"
        )
        print(rows[-1], flush=True)
        shutil.rmtree(folder)
    if given.write:
        readme.write("kills", "\n".join(rows) + "\n")


if __name__ == "__main__":
    main()
