"""What goes in and comes out of a bulk check, as columns of Arrow."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from aicheck_app.log.facts import COUNTERS, KEY, NUMBERS
from aicheck_app.log.schema import COLUMNS
from aicheck_app.origin import Origin

TEXT = ("text", "path", "language", "previous", "kind", "tool", "key", "person")
"""Columns of texts: only ``text`` is needed. ``previous`` is the version before, ``kind`` is file, fragment or reply, ``key`` tells
an output from all others of its agent (an id of a call), ``person`` is whoever it was written for."""
ORIGIN = tuple(name for name in Origin._fields if name not in ("attribution", "evidence"))
"""Columns that say where a text came from (docs/formats.md); ``cwd`` is the folder or name of its project."""
SESSION = ("path", "content")
"""Columns of whole sessions: a file's name and its bytes."""
LINE = "line"
"""The column of a text with all that belongs to it as one line of JSON."""

RECORDS = pa.schema(
    [(name, pa.string()) for name in (*COLUMNS, "day", "project", "source", "person")]
    + [("seq", pa.int64()), ("body", pa.string())]
)
"""The columns of the log's own table of records, with the day (UTC) and whose they are; ``body`` is the record."""
FACTS = pa.schema(
    [(name, pa.int32() if name in NUMBERS else pa.string()) for name in KEY]
    + [(name, pa.string()) for name in ("first", "last")]
    + [(name, pa.int64()) for name in ("touched", *COUNTERS)]
)
"""The columns of the log's own table of facts."""


def table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.RecordBatch:
    """Rows as Arrow; a member that a row lacks is null."""
    return pa.RecordBatch.from_pylist(rows, schema=schema)
