"""Reading a session's file: which format it is of, its lines or all of it, bounded, and none of it kept."""

from __future__ import annotations

import gzip
import os
import sys
import time
import zlib
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from aicheck_app.capture import stores
from aicheck_app.capture.formats import FORMATS
from aicheck_app.capture.lines import MAX_ARCHIVE, MAX_BYTES, MAX_LINE, lines_of, paired
from aicheck_app.errors import AicheckError
from aicheck_checks.files import open_regular

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    try:
        from backports import zstd
    except ImportError:  # the extra 'zstd' is not installed
        zstd = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.capture.committed import Committed
    from aicheck_app.capture.session import Format, Session
    from aicheck_app.capture.stores import Connection, Kept

BATCH = 256
"""Outputs that a session gathers before it hands them out."""
MAX_WHOLE = 100_000_000
"""Bytes of a session that can only be read in one piece."""
IDLE_SECONDS = 600
"""A session that was written to more recently may be in the midst of a turn."""
HEAD = 65_536
"""Bytes that a format is recognised by."""
_ARCHIVES = (".gz", ".zst")
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, *((zstd.ZstdError,) if zstd is not None else ()))


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


def format_of(file: str, agent: str = "") -> Format | None:
    """The format of a file, by its name and what it begins with, of a database by its tables; ``agent`` overrules."""
    named = [known for known in FORMATS if agent in ("", known.agent)]
    if agent and not any(known.store for known in named):
        return named[0]
    with _open(file) as stream:
        head = _head(stream)
    if head.startswith(stores.MAGIC):
        with stores.opened(file) as db:
            found = stores.tables(db)
        return next((known for known in named if known.store is not None and known.store.fits(found)), None)
    name = os.path.basename(file).removesuffix(".gz").removesuffix(".zst")
    return named[0] if agent else next((known for known in FORMATS if known.recognises(head, name)), None)


def is_database(file: str) -> bool:
    """Whether a file is a database of SQLite. Raises OSError."""
    with _open(file) as stream:
        return stream.read(len(stores.MAGIC)) == stores.MAGIC


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
    """Feeds a file to a session of its format, and hands the session out whenever it has many outputs, and at the end.

    Of a database it reads the session that is ``kept`` there.
    """

    def __init__(
        self,
        file: str,
        form: Format | None = None,
        committed: Committed | None = None,
        kept: tuple[Connection, Kept] | None = None,
    ) -> None:
        found = form or format_of(file)
        if found is None:
            raise AicheckError(f"{file}: no session of a known agent")
        self.file = file
        self.form = found
        self.kept = kept
        self.session = found.session()
        self.session.place, self.session.committed = file, committed

    def __iter__(self) -> Iterator[Session]:
        session = self.session
        if self.kept is not None:
            yield from self._pieces(*self.kept)
            changed = self.kept[1].changed
        else:
            yield from self._file()
            changed = os.stat(self.file).st_mtime
        if time.time() - changed > IDLE_SECONDS:
            session.finish_session()
        yield session

    def _file(self) -> Iterator[Session]:
        try:
            with _open(self.file) as stream:
                yield from self._whole(stream) if self.form.whole else self._lines(stream)
        except _DAMAGED:
            self.session.skipped["archive that is cut off or damaged"] += 1

    def _pieces(self, db: Connection, kept: Kept) -> Iterator[Session]:
        assert self.form.store is not None
        try:
            for piece in self.form.store.pieces(db, kept.id):
                self.session.each([paired(piece)], self.session.read)
                if self.session.waiting >= BATCH:
                    yield self.session
        except stores.DataError as error:  # it costs what is behind it, and no other session
            self.session.skipped[f"what comes after a value that can't be read: {error}"] += 1

    def _whole(self, stream: IO[bytes]) -> Iterator[Session]:
        data = stream.read(MAX_WHOLE + 1)
        if len(data) > MAX_WHOLE:
            self.session.skipped[f"larger than {MAX_WHOLE:,} bytes"] += 1
        else:
            self.session.each([paired(data)], self.session.read)
        yield from ()

    def _lines(self, stream: IO[bytes]) -> Iterator[Session]:
        session = self.session
        limit = MAX_ARCHIVE if self.file.endswith(_ARCHIVES) else MAX_BYTES
        for line in lines_of(stream, limit):
            if line is None:
                session.skipped[f"line longer than {MAX_LINE:,} bytes"] += 1
                continue
            if not line.endswith(b"\n") and not self._complete(line):
                session.skipped["half-written last line"] += 1
                return
            session.each([paired(line)], session.read)
            if session.waiting >= BATCH:
                yield session
        if stream.read(1):
            session.skipped[f"what comes after {limit:,} bytes"] += 1

    def _complete(self, line: bytes) -> bool:
        """A last line that is whole JSON only lacks its newline."""
        import msgspec

        try:
            msgspec.json.decode(paired(line))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return self.file.endswith(_ARCHIVES)
        return True


@contextmanager
def _open(file: str) -> Iterator[IO[bytes]]:
    with open_regular(file) as stream:
        if file.endswith(".gz"):
            yield gzip.GzipFile(fileobj=stream)  # type: ignore[misc]
        elif file.endswith(".zst"):
            if zstd is None:
                from aicheck_app.init.extras import wanted

                raise OSError(f"packed with zstd, of the extra 'zstd': {wanted('zstd')}")
            yield zstd.open(stream)  # type: ignore[misc]
        else:
            yield stream
