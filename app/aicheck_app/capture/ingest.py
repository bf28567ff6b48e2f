"""Ingest: read the sessions that agents keep, check and log every output, remember where we were.

A file that has changed is read again from its beginning: what an edit is depends on
what came before it. Outputs are idempotent by their ids and checked once; of a session's
counts each run logs what it added.
"""

from __future__ import annotations

import gzip
import os
import time
import zlib
from collections import Counter
from contextlib import contextmanager, suppress
from functools import partial
from typing import IO, TYPE_CHECKING, Any

from aicheck_app import faults
from aicheck_app.capture.formats import FORMATS
from aicheck_app.capture.lines import MAX_ARCHIVE, MAX_BYTES, MAX_LINE, lines_of, paired
from aicheck_app.capture.session import COUNTERS
from aicheck_app.errors import AicheckError
from aicheck_app.log import fields, records
from aicheck_app.log.chain import identity
from aicheck_app.observe import Observed, observe
from aicheck_checks.files import open_regular
from aicheck_checks.isolation import check_isolated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicheck_app.capture.session import Format, Session
    from aicheck_app.config import Config
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Origin, Output

_Counts = dict[str, dict[str, int]]
BATCH = 256
"""Outputs checked in one go: one process of ruff for all of them."""
BATCH_BYTES = 8_000_000
MAX_WHOLE = 100_000_000
"""Bytes of a session that can only be read in one piece."""
IDLE_SECONDS = 600
"""A session that was written to more recently may be in the midst of a turn."""
HEAD = 65_536
"""Bytes that a format is recognised by."""
MAX_LEFT = 1_000
"""Files that are named of those that were skipped."""
NO_SESSION = "file is no session of a known agent"
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


class Totals:
    """What a run of ingest did; ``as_dict`` is the documented JSON."""

    def __init__(self) -> None:
        self.files = 0
        self.sessions: set[str] = set()
        self.outputs = 0
        self.known = 0
        self.findings: Counter[str] = Counter()
        self.by: dict[str, Counter[str]] = {n: Counter() for n in ("agent", "model", "verdict", "tool")}
        self.records: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.left: list[tuple[str, str]] = []
        """Files of which all or a part was skipped, and why."""
        self.rejected: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.events: Counter[str] = Counter()

    def as_dict(self) -> dict[str, Any]:
        """Counts for ``--format json``."""
        return {
            "version": 1,
            "files": self.files,
            "sessions": len(self.sessions),
            "outputs": self.outputs,
            "already_known": self.known,
            "findings": dict(sorted(self.findings.items())),
            **{f"by_{name}": dict(sorted(counts.items())) for name, counts in self.by.items()},
            "records": dict(sorted(self.records.items())),
            "skipped": dict(sorted(self.skipped.items())),
            "skipped_files": [{"path": path, "reason": reason} for path, reason in self.left[:MAX_LEFT]],
            "rejected": dict(sorted(self.rejected.items())),
            "failed": dict(sorted(self.failed.items())),
            "events": dict(sorted((k, v) for k, v in self.events.items() if v)),
        }


def transcripts(path: str, formats: Sequence[Format] = FORMATS) -> Iterator[str]:
    """The session files at or below a path, in a stable order."""
    if not os.path.isdir(path):
        if os.path.lexists(path):  # what is no file is told by whoever reads it
            yield path
        return
    endings = tuple({ending for known in formats for ending in known.endings})
    for base, folders, files in os.walk(path):
        folders.sort()
        yield from (os.path.join(base, name) for name in sorted(files) if name.endswith(endings))


class Ingest:
    """One run over some files; ``agent`` names the format of all, else each file's is recognised."""

    def __init__(self, log: Log, config: Config, *, since: str = "", agent: str = "") -> None:
        self.log = log
        self.config = config
        self.since = since
        self.agent = agent
        self.totals = Totals()
        self._outputs: list[Output] = []
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
        reader, self._left_out = Reader(file, found), False
        for session in reader:
            self.take(session.finish())
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
        mtime = (
            0 if self._left_out else status.st_mtime_ns
        )  # the next run may ask for more, and then has to read it again
        self._captured[key] = {
            "inode": status.st_ino, "size": status.st_size, "mtime": mtime, "counts": counts,
        }  # fmt: skip
        if len(self._outputs) >= BATCH or self._size > BATCH_BYTES or len(self._captured) >= BATCH:
            self._flush()

    def take(self, outputs: Iterable[Output]) -> None:
        """Check and log outputs, those that are known left out."""
        for output in outputs:
            if self.since and output.origin.time and output.origin.time < self.since:
                self._left_out = True
                continue
            if self.log.has(output.identity):
                self.totals.known += 1
                continue
            self._outputs.append(output)
            self._size += len(output.text) + len(output.previous or "")
            if len(self._outputs) >= BATCH or self._size > BATCH_BYTES:
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
            done = self._observed(self._outputs)
        except AicheckError:
            raise
        except Exception:  # noqa: BLE001 - which of them it was is found one by one
            done = [one for output in self._outputs for one in self._alone(output)] + self._observed([])
        totals = self.totals
        for one in done:
            output, result = one.output, one.result
            if not one.new:
                totals.known += 1
                continue
            totals.outputs += 1
            totals.findings.update(f.code for f in result.findings)
            totals.by["agent"][output.origin.agent] += 1
            totals.by["model"][output.origin.model or "unknown"] += 1
            totals.by["verdict"][result.verdict] += 1
            totals.by["tool"][output.tool] += 1
        self._outputs, self._size, self._sessions, self._captured = [], 0, [], {}

    def _observed(self, outputs: list[Output]) -> list[Observed]:
        return observe(
            outputs, self.log, self.config, extra=self._sessions, captured=self._captured, check=_ON_ALL_CORES
        )

    def _alone(self, output: Output) -> list[Observed]:
        try:
            return observe([output], self.log, self.config, check=_ON_ALL_CORES)
        except AicheckError:
            raise
        except Exception as error:  # noqa: BLE001 - what is odd in one output costs no other
            faults.note(f"ingest {output.tool}", error)
            self.totals.skipped[f"output that aicheck failed on (see {faults.path()})"] += 1
            return []


_ON_ALL_CORES = partial(check_isolated, processes=os.cpu_count() or 1)


def format_of(file: str, agent: str = "") -> Format | None:
    """The format of a file, by its name and what it begins with; ``agent`` overrules."""
    if agent:
        return next(known for known in FORMATS if known.agent == agent)
    with _open(file) as stream:
        head = _head(stream)
    name = os.path.basename(file).removesuffix(".gz")
    return next((known for known in FORMATS if known.recognises(head, name)), None)


def size_of(file: str) -> int:
    """A file's size in bytes; 0 where there is none."""
    try:
        return os.path.getsize(file)
    except (OSError, ValueError):
        return 0


def _head(stream: IO[bytes]) -> bytes:
    """What a file begins with, as far as it can be read."""
    head = b""
    with suppress(*_DAMAGED):
        while len(head) < HEAD and (more := stream.read1(HEAD - len(head))):  # type: ignore[attr-defined]
            head += more
    return head


class Reader:
    """Feeds a file to a session of its format, and hands the session out whenever it has many outputs, and at the end."""

    def __init__(self, file: str, form: Format | None = None) -> None:
        found = form or format_of(file)
        if found is None:
            raise AicheckError(f"{file}: no session of a known agent")
        self.file = file
        self.form = found
        self.session = found.session()

    def __iter__(self) -> Iterator[Session]:
        session = self.session
        try:
            with _open(self.file) as stream:
                yield from self._whole(stream) if self.form.whole else self._lines(stream)
        except _DAMAGED:
            session.skipped["archive that is cut off or damaged"] += 1
        if time.time() - os.stat(self.file).st_mtime > IDLE_SECONDS:
            session.end_turn()
        yield session

    def _whole(self, stream: IO[bytes]) -> Iterator[Session]:
        data = stream.read(MAX_WHOLE + 1)
        if len(data) > MAX_WHOLE:
            self.session.skipped[f"larger than {MAX_WHOLE:,} bytes"] += 1
        else:
            self.session.each([paired(data)], self.session.read)
        yield from ()

    def _lines(self, stream: IO[bytes]) -> Iterator[Session]:
        session = self.session
        limit = MAX_ARCHIVE if self.file.endswith(".gz") else MAX_BYTES
        for line in lines_of(stream, limit):
            if line is None:
                session.skipped[f"line longer than {MAX_LINE:,} bytes"] += 1
                continue
            if not line.endswith(b"\n") and not self._complete(line):
                session.skipped["half-written last line"] += 1
                return
            session.each([paired(line)], session.read)
            if len(session.outputs) >= BATCH:
                yield session
        if stream.read(1):
            session.skipped[f"what comes after {limit:,} bytes"] += 1

    def _complete(self, line: bytes) -> bool:
        """A last line that is whole JSON only lacks its newline."""
        import msgspec

        try:
            msgspec.json.decode(paired(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self.file.endswith(".gz")
        return True


@contextmanager
def _open(file: str) -> Iterator[IO[bytes]]:
    with open_regular(file) as stream:
        yield gzip.GzipFile(fileobj=stream) if file.endswith(".gz") else stream  # type: ignore[misc]
