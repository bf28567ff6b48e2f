"""Examining one session's file: what is read of it, checked, comes to records that are ready to be logged.

Nothing is written here, so that several processes can do it at once. A file that has changed is read again from its
beginning: what an edit is depends on what came before it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import faults, hashing
from aicheck_app.capture import stores
from aicheck_app.capture.committed import Committed
from aicheck_app.capture.context import seconds_between
from aicheck_app.capture.counting import OF_FILES, Counted, more
from aicheck_app.capture.folders import Folders
from aicheck_app.capture.instructions import instructions
from aicheck_app.capture.reader import BATCH, Reader, format_of, is_database
from aicheck_app.capture.totals import Totals
from aicheck_app.clock import now
from aicheck_app.errors import AicheckError
from aicheck_app.log import fields, records
from aicheck_app.observe import examine, named, recorded
from aicheck_app.project_rules.judge import Judge
from aicheck_app.project_rules.rules import of_project

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicheck_app.capture.session import Format, Session
    from aicheck_app.config import Config
    from aicheck_app.log.records import Body, Record
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Look, Origin, Output

BATCH_BYTES = 8_000_000
"""Code points of the texts that are checked in one go: one process of ruff for all of them."""
FRESH_SECONDS = 86_400.0
"""A session that ended within this time is taken to have met the project's files as they are now."""
MAX_FACTS = 2_000
"""Other records that wait to be handed out."""
NO_SESSION = "file is no session of a known agent"


class Batch(NamedTuple):
    """Records as they may be kept, to be logged together, with the state of captured files, and what sessions counted."""

    bodies: list[Body]
    captured: dict[str, Body]
    counted: Sequence[Counted] = ()


class Examiner:
    """Examines files for one run; ``agent`` names the format of all, else each file's is recognised.

    ``here`` says that the sessions were held on this machine: then their repositories and projects are asked, if they are there.
    ``config`` holds for what no project on this machine has settings for.

    The log is only read. ``totals`` counts what the records do not say, ``unchanged`` names what is as it was.
    """

    def __init__(self, log: Log, config: Config, *, since: str = "", agent: str = "", here: bool = True) -> None:
        self.log = log
        self.config = config
        self.since = since
        self.agent = agent
        self.here = here
        self.committed: Committed | None = Committed() if here else None
        self.totals = Totals()
        self._folders = Folders(config, here=here)
        self.totals.troubles = self._folders.troubles
        self.unchanged: list[str] = []
        self._outputs: list[Output] = []
        self._looks: list[Look] = []
        self._fresh: set[str] = set()
        self._size = 0
        self._facts: list[Record] = []
        self._left_out = False
        self._captured: dict[str, Body] = {}
        self._counted: list[Counted] = []
        self._instructions: dict[str, str] = {}

    def file(self, file: str) -> Iterator[Batch]:
        """The records of a file that is new or has changed, in batches.

        A file that can't be read is counted, and costs no other. Raises AicheckError if the log can't be read.
        """
        try:
            yield from self._file(file)
        except AicheckError:
            raise
        except OSError as error:
            self.totals.leave(file, f"file that can't be read: {error.strerror or type(error).__name__}")
        except Exception as error:  # noqa: BLE001 - what is odd in one file costs no other
            faults.note(f"ingest {os.path.basename(file)}", error)
            self.totals.leave(file, f"file that aicheck failed on (see {faults.path()})")

    def rest(self, outputs: Iterable[Output]) -> Iterator[Batch]:
        """The records of outputs that no file holds."""
        yield from self.take(outputs)
        yield self._batch()

    def _file(self, file: str) -> Iterator[Batch]:
        key = self.log.keyed(os.path.realpath(file))
        status = os.stat(file)
        stamp = {"size": status.st_size, "mtime": status.st_mtime_ns}
        if self._is_known(key, stamp):
            return
        found = format_of(file, self.agent)
        if found is None:
            self.totals.leave(file, NO_SESSION)
        elif found.store is not None and is_database(file):
            yield from self._kept(file, found)
        else:
            yield from self._session(Reader(file, found, self.committed), key, stamp)

    def _kept(self, file: str, found: Format) -> Iterator[Batch]:
        """The records of the sessions of a database that are new or have changed."""
        assert found.store is not None
        with stores.opened(file) as db:
            for kept in list(found.store.sessions(db)):
                key = self.log.keyed(f"{os.path.realpath(file)}#{kept.id}")
                stamp = {"size": 0, "mtime": int(kept.changed * 1000)}
                if not self._is_known(key, stamp):
                    yield from self._one_of(Reader(file, found, self.committed, (db, kept)), key, stamp)

    def _one_of(self, reader: Reader, key: str, stamp: dict[str, int]) -> Iterator[Batch]:
        """The records of one session of several that a file holds: what is odd in it costs none of the others."""
        try:
            yield from self._session(reader, key, stamp)
        except (AicheckError, OSError, stores.Error):
            raise
        except Exception as error:  # noqa: BLE001 - see above
            faults.note(f"ingest a session of {os.path.basename(reader.file)}", error)
            self.totals.leave(reader.file, f"session that aicheck failed on (see {faults.path()})")

    def _is_known(self, key: str, stamp: dict[str, int]) -> bool:
        """Whether a file or session was read when it was as it is now; then what is known of it stays."""
        state = self.log.captured(key) or {}
        known = {name: state.get(name) for name in stamp} == stamp
        if known:
            self.unchanged += [key, *filter(None, [state.get("session"), state.get("lineage")])]
        return known

    def _session(self, reader: Reader, key: str, stamp: dict[str, int]) -> Iterator[Batch]:
        state = self.log.captured(key) or {}
        self._left_out = False
        reader.session.judge = Judge(of_project if self.here else None)
        self._fresh.clear()
        for session in reader:
            yield from self.take(session.finish(), session.looks(), open_before=bool(state.get("open")))
            self._facts += self._placed(session.facts(), session.origin.cwd)
            if len(self._facts) >= MAX_FACTS:
                yield self._batch()
        if reader.session.foreign:
            reason = next(iter(+reader.session.skipped), "") if reader.kept is not None else ""
            self.totals.leave(reader.file, reason or NO_SESSION)
            return
        counted = self._read(reader.file, reader.session, state)
        self._counted.append(counted)
        is_open = reader.session.is_open
        self.totals.open += is_open
        again = self._left_out or is_open  # the next run may ask for more, or find the turn over
        self._captured[key] = {
            **stamp, **({"mtime": 0} if again else {}), "open": is_open, "session": counted.key, "lineage": counted.lineage,
            "counts": {name: counts for name, counts in fields.state(reader.session.counts()).items() if name in OF_FILES},
        }  # fmt: skip
        yield self._batch()

    def _read(self, file: str, session: Session, state: Body) -> Counted:
        """Count the lines of a session's file that was read to its end; what the session counted is handed on."""
        self.totals.files += 1
        if session.applied and not session.emitted:
            session.skipped["session with edits of which no text could be read"] += 1
        if session.judge.trouble:
            self.totals.troubles[session.judge.trouble] = None
        self.totals.left += [(file, f"{number:,} x {reason}") for reason, number in sorted(session.skipped.items())]
        origin, counts = session.origin, fields.state(session.counts())
        lines = {name: counts.pop(name) for name in OF_FILES}
        for name, found in more(lines, state.get("counts", {})).items():
            getattr(self.totals, name).update(found)
        name = origin.session or os.path.realpath(file)
        return Counted(
            origin,
            self.log.keyed(f"session:{origin.agent}:{name}:{session.part}"),
            self.log.keyed(f"lineage:{origin.agent}:{session.lineage or name}:{session.part}"),
            self.log.keyed(origin.cwd),
            session.helps,
            self._settings(origin),
            counts,
            session.marks,
            state.get("counts", {}),
        )

    def _settings(self, origin: Origin) -> str:
        """A keyed hash of the project's files for agents, if the session has just ended: they may be others by now."""
        if not self.here or not origin.cwd or not 0 <= seconds_between(origin.time, now()) <= FRESH_SECONDS:
            return ""
        if origin.cwd not in self._instructions:
            told = instructions(origin.cwd)
            self._instructions[origin.cwd] = self.log.keyed(told) if told else ""
        return self._instructions[origin.cwd]

    def take(
        self, outputs: Iterable[Output], looks: Iterable[Look] = (), *, open_before: bool = False
    ) -> Iterator[Batch]:
        """Examine outputs, those that are known left out; so are looks at them, unless their turn was open before."""
        for output in outputs:
            if self.since and output.origin.time and output.origin.time < self.since:
                self._left_out = True
            elif self.log.has(output.identity):
                self.totals.met_again(self.log.digest(output.identity), hashing.of_text(output.written))
            else:
                self._outputs.append(output)
                self._fresh.add(output.identity)
                self._size += len(output.text) + len(output.previous or "")
            if len(self._outputs) >= BATCH or self._size > BATCH_BYTES:
                yield self._batch()
        self._looks += [
            look for look in looks if open_before or not self._fresh.isdisjoint(edit.identity for edit in look.edits)
        ]

    def _placed(self, facts: list[Record], cwd: str) -> list[Record]:
        """With the project that they are of, and no more of a file's name or a command than the settings keep."""
        for record in facts:
            if isinstance(record, records.Message | records.Turn | records.Broken):
                record.project = self.log.keyed(cwd) if cwd else ""
            if isinstance(record, records.Broken):
                config = self._folders.config(cwd)
                record.path = named(record.path, cwd, self.log, config)
                record.words = "" if config.paths == "hash" or config.excerpt == "none" else record.words
        return facts

    def _batch(self) -> Batch:
        """Examine what was gathered; an output that aicheck fails on is counted, and costs no other."""
        try:
            found = self._examined(self._outputs, self._looks)
        except Exception:  # noqa: BLE001 - which of them it was is found one by one
            found = [one for output in self._outputs for one in self._alone([output], [])]
            found += [one for look in self._looks for one in self._alone([], [look])]
        bodies = fields.cleaned([records.body(record) for record in (*found, *self._facts)])
        batch = Batch(bodies, self._captured, self._counted)
        self._outputs, self._looks, self._facts, self._size, self._captured, self._counted = [], [], [], 0, {}, []
        return batch

    def _examined(self, outputs: Sequence[Output], looks: Sequence[Look]) -> list[Record]:
        """Each output by the settings of its own folder, in their order; what is said of an output comes after it."""
        places = {output.identity: at for at, output in enumerate(outputs)}
        by: dict[Config, tuple[list[Output], list[Look]]] = {}
        for output in outputs:
            by.setdefault(self._folders.config(output.origin.cwd), ([], []))[0].append(output)
        for look in looks:
            by.setdefault(self._folders.config(look.file.origin.cwd), ([], []))[1].append(look)
        found = [one for config, (own, due) in by.items() for one in examine(own, self.log, config, looks=due)]
        return recorded(sorted(found, key=lambda one: (one.is_look, places.get(one.output.identity, 0))))

    def _alone(self, outputs: Sequence[Output], looks: Sequence[Look]) -> list[Record]:
        try:
            return self._examined(outputs, looks)
        except Exception as error:  # noqa: BLE001 - what is odd in one output costs no other
            faults.note(f"ingest {[one.tool for one in outputs]}", error)
            self.totals.skipped[f"output that aicheck failed on (see {faults.path()})"] += 1
            return []
