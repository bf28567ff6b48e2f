"""Ingest: read the sessions that agents keep, check and log every output, remember where we were.

Outputs are idempotent by their ids and checked once; of a session's counts each run logs what it added. Files are examined
on all cores, and logged in their order.
"""

from __future__ import annotations

import os
from collections import ChainMap
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import faults
from aicheck_app.capture.committed import Committed, Limits
from aicheck_app.capture.counting import new_counts, session_record
from aicheck_app.capture.examine import Batch, Examiner
from aicheck_app.capture.reader import size_of
from aicheck_app.capture.totals import Totals
from aicheck_app.errors import AicheckError
from aicheck_app.log import fields, records
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicheck_app.config import Config
    from aicheck_app.log.records import Body
    from aicheck_app.origin import Output

WINDOW = 256
"""Files that are examined before the first of them has to be logged: what waits is bounded."""
ALONE_BYTES = 4_000_000
"""So few bytes of all files are read sooner than other processes are started."""
MAX_BYTES = 50_000_000
"""A larger file is read by this process, batch by batch, so that what waits is bounded."""
SECONDS = 3600.0
"""For one file: the last net."""
MAX_WAITING = 2_000
"""Records that wait to be logged together."""


class Examined(NamedTuple):
    """What another process has made of a file."""

    batches: list[Batch]
    totals: Totals
    unchanged: list[str]


class Ingest:
    """One run over some files; ``agent`` names the format of all, else each file's is recognised.

    ``here`` says that the sessions were held on this machine; ``alone`` that no other process is started for it.
    """

    def __init__(
        self, log: Log, config: Config, *, since: str = "", agent: str = "", here: bool = True, alone: bool = False
    ) -> None:
        self.log = log
        self.totals = Totals()
        self._examiner = Examiner(log, config, since=since, agent=agent, here=here)
        self._alone = alone
        self._waiting: list[tuple[str, Batch]] = []
        self._states: dict[str, Body] = {}
        self._size = 0
        self._failed: set[str] = set()
        self._unchanged: list[str] = []

    def run(self, files: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Totals:
        """Read the files, the oldest first; ``progress`` is told the bytes of each file when it is done.

        A file that can't be read is counted, and costs no other. Raises AicheckError if the log can't be written.
        """
        try:
            for file, batches in self._examined(sorted(files, key=_changed)):
                for batch in batches:
                    self._log(batch, file)
                progress(size_of(file))
        finally:  # what was read before an interruption stays read
            self._write()
            self.totals.merge(self._examiner.totals)
        if unchanged := self._unchanged + self._examiner.unchanged:
            self.log.renew(unchanged)
        return self.totals

    def take(self, outputs: Iterable[Output]) -> None:
        """Check and log outputs that no file holds."""
        for batch in self._examiner.rest(outputs):
            self._log(batch)
        self._write()

    def _examined(self, files: Sequence[str]) -> Iterator[tuple[str, Iterable[Batch]]]:
        """Each file with its records, in order; small files by processes of their own where there are several cores."""
        alone = self._alone or (os.cpu_count() or 1) < 2 or not hasattr(os, "fork")
        if alone or sum(map(size_of, files)) < ALONE_BYTES:
            yield from ((file, self._examiner.file(file)) for file in files)
            return
        from aicheck_app.pool import on_all_cores

        examiner = self._examiner
        examine = partial(_in_process, self.log.path, examiner.config, examiner.since, examiner.agent)
        for at in range(0, len(files), WINDOW):
            window = files[at : at + WINDOW]
            small = [file for file in window if size_of(file) <= MAX_BYTES]
            answers = on_all_cores([[file] for file in small], examine, _lost, SECONDS) if small else iter(())
            for file in window:
                yield file, self._received(next(answers)) if file in small else examiner.file(file)

    def _received(self, found: Examined) -> list[Batch]:
        self.totals.merge(found.totals)
        self._unchanged += found.unchanged
        return found.batches

    def _log(self, batch: Batch, file: str = "") -> None:
        bodies, captured = list(batch.bodies), dict(batch.captured)
        for counted in batch.counted:
            new, states = new_counts(counted, self.log, ChainMap(captured, self._states))
            captured.update(states)
            self.totals.count(new)
            if record := session_record(counted, new):
                self.totals.sessions.add(record.session)
                bodies.extend(fields.cleaned([records.body(record)]))
        self._states.update(captured)
        self._waiting.append((file, Batch(bodies, captured)))
        self._size += len(bodies) + 1
        if self._size >= MAX_WAITING:
            self._write()

    def _write(self) -> None:
        """Log what waits, and count it; where that fails, file by file, so that what is odd in one costs no other."""
        waiting, self._waiting, self._states, self._size = self._waiting, [], {}, 0
        try:
            self._written(waiting)
        except AicheckError:
            raise
        except Exception:  # noqa: BLE001 - which of them it was is found one by one
            for one in waiting:
                self._written_alone(one)

    def _written_alone(self, one: tuple[str, Batch]) -> None:
        try:
            self._written([one])
        except AicheckError:
            raise
        except Exception as error:  # noqa: BLE001 - one file costs no other
            faults.note(f"ingest {os.path.basename(one[0])}", error)
            self._failed.add(one[0])
            self.totals.leave(one[0], f"file that the log can't hold (see {faults.path()})")

    def _written(self, waiting: Sequence[tuple[str, Batch]]) -> None:
        """Log batches in one go. Files of which a batch is missing keep no state: the next run reads them again."""
        bodies = [body for _, batch in waiting for body in batch.bodies]
        kept = [batch.captured for file, batch in waiting if file not in self._failed]
        states = {name: state for captured in kept for name, state in captured.items()}
        for body, new in zip(bodies, self.log.write(bodies, states), strict=True):
            known = self.log.digest(body["id"]) if body["kind"] == "output" and not new else None
            self.totals.add(body, new=new, known=known)


def _changed(file: str) -> float:
    """When a file was last written to: a session comes before the branches that begin with a copy of it."""
    try:
        return os.stat(file).st_mtime
    except OSError:
        return 0.0


def _in_process(log: str, config: Config, since: str, agent: str, files: Sequence[str]) -> Examined:
    """What a process of its own makes of files."""
    with Log(log, read_only=True) as known:
        examiner = Examiner(known, config, since=since, agent=agent)
        examiner.committed = Committed(limits=_own_limits())
        batches = [batch for file in files for batch in examiner.file(file)]
        return Examined(batches, examiner.totals, examiner.unchanged)


@lru_cache(maxsize=1)
def _own_limits() -> Limits:
    """How long a process of the pool has waited for git; the process ends with the run."""
    return Limits()


def _lost(file: str, reason: str) -> Examined:
    totals = Totals()
    totals.leave(file, f"file that ended the process which read it: {reason}")
    return Examined([], totals, [])
