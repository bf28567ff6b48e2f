"""Ingest: read the sessions that agents keep, check and log every output, remember where we were.

A file that has changed is read again from its beginning: what an edit is depends on
what came before it. Outputs are idempotent by their ids and checked once; of a session's
counts each run logs what it added.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from aicheck_app import faults
from aicheck_app.capture.committed import Committed
from aicheck_app.capture.reader import BATCH, Reader, format_of, size_of
from aicheck_app.capture.session import COUNTERS
from aicheck_app.capture.totals import Totals
from aicheck_app.errors import AicheckError
from aicheck_app.log import fields, records
from aicheck_app.log.chain import identity
from aicheck_app.observe import Observed, observe
from aicheck_checks.isolation import check_isolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aicheck_app.config import Config
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Look, Origin, Output

_Counts = dict[str, dict[str, int]]
BATCH_BYTES = 8_000_000
"""Code points of the texts that are checked in one go: one process of ruff for all of them."""
NO_SESSION = "file is no session of a known agent"


class Ingest:
    """One run over some files; ``agent`` names the format of all, else each file's is recognised."""

    def __init__(self, log: Log, config: Config, *, since: str = "", agent: str = "") -> None:
        self.log = log
        self.config = config
        self.since = since
        self.agent = agent
        self.committed = Committed()
        self.totals = Totals()
        self._outputs: list[Output] = []
        self._looks: list[Look] = []
        self._fresh: set[str] = set()
        self._size = 0
        self._sessions: list[records.Session] = []
        self._left_out = False
        self._unchanged: list[str] = []
        self._captured: dict[str, records.Body] = {}

    def run(self, files: list[str], progress: Callable[[int], None] = lambda _: None) -> Totals:
        """Read the files; ``progress`` is told the bytes of each file when it is done.

        A file that can't be read is counted, and costs no other. Raises AicheckError if the log can't be written.
        """
        for file in files:
            try:
                self._file(file)
            except AicheckError:
                raise
            except OSError as error:
                self._leave(file, f"file that can't be read: {error.strerror or type(error).__name__}")
            except Exception as error:  # noqa: BLE001 - what is odd in one file costs no other
                faults.note(f"ingest {os.path.basename(file)}", error)
                self._leave(file, f"file that aicheck failed on (see {faults.path()})")
            progress(size_of(file))
        self._flush()
        if self._unchanged:
            self.log.renew(self._unchanged)
        return self.totals

    def _leave(self, file: str, reason: str) -> None:
        """Count a file that was not read, and keep its name."""
        self.totals.skipped[reason] += 1
        self.totals.left.append((file, reason))

    def _file(self, file: str) -> None:
        key = self.log.keyed(os.path.realpath(file))
        status = os.stat(file)
        state = self.log.captured(key) or {}
        if (state.get("size"), state.get("mtime")) == (status.st_size, status.st_mtime_ns):
            self._unchanged.append(key)
            return
        found = format_of(file, self.agent)
        if found is None:
            self._leave(file, NO_SESSION)
            return
        reader, self._left_out = Reader(file, found, self.committed), False
        self._fresh.clear()
        for session in reader:
            self.take(session.finish(), session.looks(), open_before=bool(state.get("open")))
        if reader.session.foreign and not self.agent:
            self._leave(file, NO_SESSION)
            return
        self.totals.files += 1
        self.totals.left += [
            (file, f"{number:,} x {reason}") for reason, number in sorted(reader.session.skipped.items())
        ]
        grown = state.get("inode") == status.st_ino and state.get("size", 0) <= status.st_size
        counted = state.get("counts", {}) if grown else {}
        counts = fields.state(reader.session.counts())
        self._count(
            reader.session.origin, counts, counted, identity("session", key, str(status.st_ino), str(status.st_size))
        )
        is_open = reader.session.is_open
        again = self._left_out or is_open  # the next run may ask for more, or find the turn over
        self._captured[key] = {
            "inode": status.st_ino, "size": status.st_size, "mtime": 0 if again else status.st_mtime_ns,
            "counts": counts, "open": is_open,
        }  # fmt: skip
        if len(self._outputs) >= BATCH or self._size > BATCH_BYTES or len(self._captured) >= BATCH:
            self._flush()

    def take(self, outputs: Iterable[Output], looks: Iterable[Look] = (), *, open_before: bool = False) -> None:
        """Check and log outputs, those that are known left out; so are looks at them, unless their turn was open before."""
        self._outputs_of(outputs)
        self._looks += [
            look for look in looks if open_before or not self._fresh.isdisjoint(edit.identity for edit in look.edits)
        ]
        if len(self._outputs) + len(self._looks) >= BATCH or self._size > BATCH_BYTES:
            self._flush()

    def _outputs_of(self, outputs: Iterable[Output]) -> None:
        for output in outputs:
            if self.since and output.origin.time and output.origin.time < self.since:
                self._left_out = True
                continue
            if self.log.has(output.identity):
                self.totals.known += 1
                continue
            self._outputs.append(output)
            self._fresh.add(output.identity)
            self._size += len(output.text) + len(output.previous or "")
            if self._size > BATCH_BYTES:
                self._flush()

    def _count(self, origin: Origin, found: _Counts, counted: _Counts, identifier: str) -> None:
        """Add what is new of a session's counts to the totals and the log."""
        new = {
            name: {
                k: n - counted.get(name, {}).get(k, 0) for k, n in counts.items() if n > counted.get(name, {}).get(k, 0)
            }
            for name, counts in found.items()
        }
        for name in ("records", "skipped", "rejected", "failed", "events"):
            getattr(self.totals, name).update(new[name])
        if not origin.session:
            return
        self.totals.sessions.add(origin.session)
        record = records.Session(
            id=identifier, session=origin.session, agent=origin.agent, agent_version=origin.agent_version,
            model=origin.model, time=origin.time, tokens=new["tokens"].get("output", 0),
            project=self.log.keyed(origin.cwd),
            **{name: new[name] for name in (*COUNTERS[2:], "context")},
        )  # fmt: skip
        self._sessions.append(record)

    def _flush(self) -> None:
        """Check and log what was gathered; an output that aicheck fails on is counted, and costs no other."""
        try:
            done = self._observed(self._outputs, self._looks)
        except AicheckError:
            raise
        except Exception:  # noqa: BLE001 - which of them it was is found one by one
            alone = [one for output in self._outputs for one in self._alone([output], [])]
            done = alone + [one for look in self._looks for one in self._alone([], [look])] + self._observed([], [])
        for one in done:
            self.totals.add(one)
        self._outputs, self._looks, self._size, self._sessions, self._captured = [], [], 0, [], {}

    def _observed(self, outputs: Sequence[Output], looks: Sequence[Look]) -> list[Observed]:
        return observe(
            outputs, self.log, self.config, looks=looks, extra=self._sessions, captured=self._captured,
            check=_ON_ALL_CORES,
        )  # fmt: skip

    def _alone(self, outputs: Sequence[Output], looks: Sequence[Look]) -> list[Observed]:
        try:
            return observe(outputs, self.log, self.config, looks=looks, check=_ON_ALL_CORES)
        except AicheckError:
            raise
        except Exception as error:  # noqa: BLE001 - what is odd in one output costs no other
            faults.note(f"ingest {[one.tool for one in outputs]}", error)
            self.totals.skipped[f"output that aicheck failed on (see {faults.path()})"] += 1
            return []


_ON_ALL_CORES = partial(check_isolated, processes=os.cpu_count() or 1)
