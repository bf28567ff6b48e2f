"""What a bulk check is given, on this machine's disk: files of Parquet, lines of JSON, or sessions."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from aicheck_app.batch import work
from aicheck_app.batch.schema import ORIGIN, TEXT
from aicheck_app.capture.formats import FORMATS
from aicheck_app.capture.reader import transcripts
from aicheck_app.errors import AicheckError
from aicheck_checks.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["auto", "texts", "sessions"]
ENDINGS = tuple(sorted({ending for known in FORMATS for ending in known.endings}))
"""Of the names of sessions' files."""
ROWS = 512
"""Texts that are read at once."""
_MOST = 4 * work.MAX_LINE
"""Bytes of a line that are read."""
PARQUET = ".parquet"
LINES = ".jsonl"


def files(places: Sequence[str], kind: Kind) -> list[tuple[str, bool]]:
    """The files at or below some places, each with whether it holds texts, in a stable order.

    ``auto`` takes Parquet for texts and all else for sessions. Raises AicheckError where there is none.
    """
    found = [(file, kind == "texts" or (kind == "auto" and file.endswith(PARQUET))) for file in _below(places, kind)]
    if not found:
        raise AicheckError(f"nothing to check at {', '.join(places)}")
    return found


def texts(file: str) -> Iterator[list[dict[str, Any]]]:
    """The rows of a file of texts, some at a time; those of lines of JSON are the lines. Raises OSError."""
    if file.endswith(PARQUET):
        import pyarrow.parquet as pq

        with open_regular(file) as stream:
            table = pq.ParquetFile(stream)
            names = [name for name in (*TEXT, *ORIGIN) if name in table.schema_arrow.names]
            for batch in table.iter_batches(ROWS, columns=names):
                yield batch.to_pylist()
        return
    yield from _lines(file)


def _lines(file: str) -> Iterator[list[dict[str, Any]]]:
    """The lines of a file that hold anything; a longer one than is read is cut there, and so is none."""
    waiting: list[dict[str, Any]] = []
    with open_regular(file) as stream:
        while line := stream.readline(_MOST):
            while len(line) == _MOST and not line.endswith(b"\n") and stream.readline(_MOST):
                pass
            if line.strip():
                waiting.append({"line": line.decode("utf-8", "replace").rstrip("\r\n"), "file": file})
            if len(waiting) >= ROWS:
                yield waiting
                waiting = []
    if waiting:
        yield waiting


def _below(places: Sequence[str], kind: Kind) -> Iterator[str]:
    for place in places:
        if not os.path.lexists(place):
            raise AicheckError(f"{place}: no such file or folder")
        if not os.path.isdir(place):
            yield place
        elif kind == "sessions":
            yield from transcripts(place)
        else:
            endings = (PARQUET, LINES) if kind == "texts" else (PARQUET, *ENDINGS)
            for base, folders, names in os.walk(place):
                folders.sort()
                yield from (os.path.join(base, name) for name in sorted(names) if name.endswith(endings))
