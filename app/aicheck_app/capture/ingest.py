"""Ingest: read the sessions that agents keep, check and log every output, remember where we were.

A file is known by its inode and read on from where the last run stopped, or
from the earliest edit that still waited for its result. Outputs are idempotent
by their ids; the counts of a session are logged as what each run added.
"""

from __future__ import annotations

import gzip
import os
from collections import Counter
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import claude_code
from aicheck_app.log.chain import identity
from aicheck_app.observe import observe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicheck_app.config import Config
    from aicheck_app.log.store import Log, Record
    from aicheck_app.origin import Output

BATCH = 256
"""Outputs checked in one go: one process of ruff for all of them."""
BATCH_BYTES = 8_000_000


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
            "rejected": dict(sorted(self.rejected.items())),
            "failed": dict(sorted(self.failed.items())),
            "events": dict(sorted((k, v) for k, v in self.events.items() if v)),
        }


def transcripts(path: str) -> Iterator[str]:
    """The transcript files at or below a path, in a stable order."""
    if os.path.isfile(path):
        yield path
        return
    for base, folders, files in os.walk(path):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".jsonl", ".jsonl.gz")):
                yield os.path.join(base, name)


class Ingest:
    """One run over some files."""

    def __init__(self, log: Log, config: Config, *, since: str = "", guess: bool = True) -> None:
        self.log = log
        self.config = config
        self.since = since
        self.guess = guess
        self.totals = Totals()
        self._outputs: list[Output] = []
        self._size = 0
        self._sessions: list[Record] = []
        self._captured: dict[str, Record] = {}

    def run(self, files: list[str], progress: Callable[[int], None] = lambda _: None) -> Totals:
        """Read the files; ``progress`` is told the bytes of each file when it is done."""
        for file in files:
            self._file(file)
            progress(os.path.getsize(file))
        self._flush()
        return self.totals

    def _file(self, file: str) -> None:
        key = self.log.keyed(os.path.realpath(file))
        status = os.stat(file)
        state = self.log.captured(key) or {}
        if (state.get("size"), state.get("mtime")) == (status.st_size, status.st_mtime_ns):
            return
        grown = state.get("inode") == status.st_ino and state.get("end", 0) <= status.st_size
        grown = grown and not file.endswith(".gz")
        start, counted = (state.get("start", 0), state.get("end", 0)) if grown else (0, 0)
        reader = Reader(file, start, counted)
        for line in reader:
            if line is None:
                self._take(reader.session)
        if reader.foreign and self.guess:
            self.totals.skipped["file is no Claude Code session"] += 1
            return
        self._take(reader.session)
        self.totals.files += 1
        self._count(reader, key, status.st_ino)
        self._captured[key] = {
            "inode": status.st_ino, "size": status.st_size, "mtime": status.st_mtime_ns,
            "start": reader.resume, "end": reader.end,
        }  # fmt: skip
        if len(self._outputs) >= BATCH or self._size > BATCH_BYTES or len(self._captured) >= BATCH:
            self._flush()

    def _take(self, session: claude_code.Session) -> None:
        for output in session.finish():
            if self.since and output.origin.time and output.origin.time < self.since:
                continue
            self._outputs.append(output)
            self._size += len(output.text) + len(output.previous or "")
        if len(self._outputs) >= BATCH or self._size > BATCH_BYTES:
            self._flush()

    def _count(self, reader: Reader, key: str, inode: int) -> None:
        session, totals = reader.session, self.totals
        for name in ("records", "skipped", "rejected", "failed", "events"):
            getattr(totals, name).update(getattr(session, name))
        origin = reader.session.origin
        if not origin.session:
            return
        totals.sessions.add(origin.session)
        record: Record = {
            "id": identity("session", key, str(inode), str(reader.start), str(reader.end)),
            "kind": "session", "session": origin.session, "agent": origin.agent,
            "agent_version": origin.agent_version, "time": origin.time, "tokens": session.tokens,
            "project": self.log.keyed(origin.cwd),
            **{n: dict(getattr(session, n)) for n in ("calls", "applied", "rejected", "failed", "events")},
        }  # fmt: skip
        self._sessions.append({k: v for k, v in record.items() if v not in ("", 0, {})})

    def _flush(self) -> None:
        done = observe(self._outputs, self.log, self.config, extra=self._sessions, captured=self._captured)
        totals = self.totals
        for output, result, new in done:
            if not new:
                totals.known += 1
                continue
            totals.outputs += 1
            totals.findings.update(f.code for f in result.findings)
            totals.by["agent"][output.origin.agent] += 1
            totals.by["model"][output.origin.model or "unknown"] += 1
            totals.by["verdict"][result.verdict] += 1
            totals.by["tool"][output.tool] += 1
        self._outputs, self._size, self._sessions, self._captured = [], 0, [], {}


class Reader:
    """Feeds the new lines of a file to a session.

    ``start`` and ``end`` are the byte offsets read; ``resume`` is where the next
    run must begin to see pending edits again. Lines before ``counted_from`` were
    counted by an earlier run: they are read again, but only for what is pending.
    A last line without its end is left for the next run.
    """

    def __init__(self, file: str, start: int, counted_from: int) -> None:
        self.file = file
        self.start = self.end = start
        self.counted_from = counted_from
        self.session = claude_code.Session()
        self._waiting: dict[str, int] = {}

    @property
    def foreign(self) -> bool:
        """Whether nothing in the file looks like this client's."""
        return not self.session.origin.session and set(self.session.records) <= {"no type"}

    @property
    def resume(self) -> int:
        """The offset of the earliest edit whose result has not come."""
        return min((self._waiting[k] for k in self.session.pending if k in self._waiting), default=self.end)

    def __iter__(self) -> Iterator[None]:
        opened = gzip.open(self.file, "rb") if self.file.endswith(".gz") else open(self.file, "rb")  # noqa: SIM115
        with opened as stream:
            stream.seek(self.start)
            before = Counter[str]()
            for line in stream:
                if not line.endswith(b"\n") and not self._complete(line):
                    self.session.skipped["half-written last line"] += 1
                    return
                if self.end < self.counted_from:
                    self._again(line)
                else:
                    self.session.read(line)
                at, self.end = self.end, self.end + len(line)
                if len(self.session.pending) != len(before):
                    for identifier in self.session.pending:
                        self._waiting.setdefault(identifier, at)
                    before = Counter(self.session.pending.keys())
                if len(self.session.outputs) >= BATCH:
                    yield None

    def _complete(self, line: bytes) -> bool:
        """A last line that is whole JSON only lacks its newline."""
        import msgspec

        try:
            msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self.file.endswith(".gz")
        return True

    def _again(self, line: bytes) -> None:
        """Read a line for its pending edits and context, without counting it twice."""
        counters = ("records", "skipped", "calls", "applied", "rejected", "failed", "events")
        saved = {name: Counter(getattr(self.session, name)) for name in counters}
        tokens = self.session.tokens
        self.session.read(line)
        for name, value in saved.items():
            setattr(self.session, name, value)
        self.session.tokens = tokens
