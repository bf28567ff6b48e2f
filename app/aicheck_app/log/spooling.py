"""A log that can always be written: what it can't take is kept in the spool.

Whoever tells people what was found (hooks, the editor, a watched client) must not be stopped by a full disk.
``ingest`` opens ``Log`` instead: it stops, and reads the sessions again later.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aicheck_app.errors import AicheckError
from aicheck_app.faults import note
from aicheck_app.log import key
from aicheck_app.log.paths import uri
from aicheck_app.log.schema import migrate
from aicheck_app.log.spool import MAX_BYTES, forget
from aicheck_app.log.store import BUSY_SECONDS, Log, _check_regular, _text, states

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aicheck_app.log.records import Body

RECENT = 1_000
"""Records of a log that can be read but not written that are still known."""


def open_log(path: str | None = None, *, patience: float = BUSY_SECONDS) -> SpoolingLog:
    """The log, open for writing. Raises nothing if it can't be used: ``trouble`` says why, and where records are kept."""
    return SpoolingLog(path, patience=patience)


class SpoolingLog(Log):
    """A log with a stand-in in memory, which knows what the spool holds and the log's newest records."""

    def __init__(self, path: str | None = None, *, patience: float = BUSY_SECONDS) -> None:
        """As ``Log``, but never raises for what is wrong with the log."""
        self._standing_in = False
        self._held: list[Body] | None = None
        try:
            super().__init__(path, patience=patience)
        except AicheckError as error:
            self._stand_in(str(error))
        else:
            if self.trouble and self.spool.waiting():
                self._stand_in(self.trouble)

    def write(self, bodies: Sequence[Body], captured: Mapping[str, Body] | None = None) -> list[bool]:
        """As ``Log.write``, but what can't be written is kept in the spool, or else counted as lost; ``trouble`` tells."""
        kept = states(captured)
        if self._held is not None and not self._standing_in and not kept:
            return self._hold(bodies)
        if not self._standing_in:
            try:
                return self._write(bodies, kept)
            except AicheckError as error:
                self._stand_in(str(error))
        added = self._write(bodies, kept)
        self._keep([record for record, new in zip(bodies, added, strict=True) if new], kept)
        return added

    def hold(self) -> None:
        """Keep what is appended from now on in the spool alone, until ``release``: where something is still missing in it.

        It is on disk then, and the log takes it in as it is if this process ends before.
        """
        self._held = []

    def release(self, complete: Callable[[Body], Body]) -> None:
        """Append what was held, completed; what another process has taken in meanwhile stays as it was."""
        held, self._held = self._held, None
        for batch in filter(None, map(self.spool.held, held or ())):
            self.take([complete(body) for body in batch.records])
            forget([batch])

    def _hold(self, clean: Sequence[Body]) -> list[bool]:
        assert self._held is not None
        added = [not self.has(body["id"]) for body in clean]
        new = [body for body, is_new in zip(clean, added, strict=True) if is_new]
        try:
            if all(map(self.spool.hold, new)):
                self._held += new
                return added
        except OSError as error:
            note("log", error)
        return self._write(clean, {})

    def rows(self, sql: str, values: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
        """As ``Log.rows``; of a log that can't be read, what the stand-in knows."""
        try:
            return iter(list(super().rows(sql, values)))
        except AicheckError as error:
            if self._standing_in:
                raise
            self._stand_in(str(error))
            return super().rows(sql, values)

    @cached_property
    def _key(self) -> bytes:
        try:
            return key.load(key.path_of(self.path))
        except OSError as error:
            note("log", error)
            self._tell(f"the key of the log can't be used, and another stands in for it: {error}")
        with contextlib.suppress(OSError):
            return key.load(os.path.join(self.spool.folder(), "key"))
        return os.urandom(key.BYTES)

    def _keep(self, records: Sequence[Body], captured: Mapping[str, Body]) -> None:
        if not records and not captured:
            return
        try:
            folder = self.spool.keep(records, captured)
        except OSError as error:
            self.trouble = f"{self._reason}; {len(records)} records are lost: {error}"
            return
        if folder:
            self.trouble = f"{self._reason}; records are kept in {folder} until it can be written"
        else:
            self.trouble = f"{self._reason}; {len(records)} records are lost: {MAX_BYTES:,} bytes are kept already"

    def _stand_in(self, reason: str) -> None:
        """Go on without the log; where nobody looks at ``trouble``, the reason is in the file of faults."""
        note("log", reason)
        self.trouble = reason
        self._standing_in = True
        broken = self.__dict__.get("db")
        self.db = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.db.text_factory = _text
        migrate(self.db)
        with contextlib.suppress(sqlite3.Error, OSError):
            self._copy_newest(broken or self._as_it_is())
        with contextlib.suppress(AicheckError, OSError):
            self._absorbed(list(self.spool.batches()))
        self._tell_damaged()
        self._reason = self.trouble

    def _as_it_is(self) -> sqlite3.Connection:
        _check_regular(self.path)
        return sqlite3.connect(f"{uri(self.path)}?mode=ro", uri=True, timeout=0.1)

    def _copy_newest(self, log: sqlite3.Connection) -> None:
        with contextlib.closing(log):
            newest = "SELECT body, hash FROM (SELECT * FROM records ORDER BY seq DESC LIMIT ?) ORDER BY seq"
            self.db.executemany("INSERT INTO records (body, hash) VALUES (?, ?)", log.execute(newest, (RECENT,)))
