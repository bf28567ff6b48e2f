"""The bulk check as functions from batches of Arrow to batches of Arrow: what Spark, Ray Data, Dask and one machine all run."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Any

from aicheck_app.batch import work
from aicheck_app.batch.counting import counted
from aicheck_app.batch.schema import FACTS, LINE, RECORDS, SESSION, table
from aicheck_app.pool import answers, kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from aicheck_app.batch.options import Options

CHUNK = 64
"""Texts that are checked together: one run of ruff for all of them."""
TASKS = 250
"""Chunks after which a process is replaced: what its libraries never let go of (``Language.parse``) is 1.3 kB for each text."""
SESSION_SECONDS = 3600.0
"""For one session: the last net."""


def checked(batches: Iterable[pa.RecordBatch], options: Options) -> Iterator[pa.RecordBatch]:
    """The records of batches of texts (``schema.TEXT`` and ``ORIGIN``), of such as lines of JSON (``LINE``), or of whole sessions (``schema.SESSION``), as ``RECORDS``.

    One warm process works for this one, and is started anew where a text ends it: that text costs its own row, which says why.
    """
    with kept(1, partial(limit, options.memory), TASKS) as pool:
        for batch in batches:
            one, lost, size, slack = task(options, batch.schema.names)
            rows = batch.to_pylist()
            chunks = [rows[at : at + size] for at in range(0, len(rows), size)]
            for found in answers(pool, chunks, one, lost, slack):
                yield table(found, RECORDS)


def task(
    options: Options, names: Sequence[str]
) -> tuple[Callable[[Sequence[Any]], list[Any]], Callable[[Any, str], list[Any]], int, float]:
    """For batches with these columns: what checks rows, what is said of one that is lost, how many go together, and their slack."""
    if set(SESSION) <= set(names):
        return partial(work.sessions, options), partial(work.lost_session, options), 1, SESSION_SECONDS
    if LINE in names:
        return partial(work.lines, options), partial(work.lost_line, options), CHUNK, 0.0
    return partial(work.texts, options), partial(work.lost_text, options), CHUNK, 0.0


def facts(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What records (``RECORDS``) count, as ``FACTS``; several rows may have one key: their counters add up.

    The records have to come so that what was said of an output follows on that output: in the order of ``target``, or else
    ``id``, and then of ``time``.
    """
    for rows in counted(row for batch in batches for row in batch.to_pylist()):
        yield table(rows, FACTS)


def limit(memory: int) -> None:
    """So many bytes more for this process, where the system has such a limit: what asks for more ends it alone.

    What it was forked with counts as well, and may be much: a process of Spark's, or one that has read many files.
    """
    if sys.platform not in ("win32", "darwin"):
        import resource

        most = _address_space(resource.getpagesize()) + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _address_space(page: int) -> int:
    """The bytes of address space that this process has now, in pages of so many bytes (proc(5), statm)."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read(200).split()[0]) * page
    except (OSError, ValueError, IndexError):
        return 0
