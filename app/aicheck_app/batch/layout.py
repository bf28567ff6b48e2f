"""How a bulk check lays out what it writes: folders of Parquet, parted by day and agent as Hive does it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.log.facts import COUNTERS, KEY

if TYPE_CHECKING:
    from collections.abc import Sequence

RECORDS, FACTS, SKIPPED, PENDING = "records", "facts", "skipped", "pending"
PARTS: dict[str, tuple[str, ...]] = {RECORDS: ("day", "agent"), FACTS: ("day",), SKIPPED: ()}
"""The columns that stand in the names of folders, not in the files."""
NO_VALUE = "__HIVE_DEFAULT_PARTITION__"


def quoted(text: str) -> str:
    """A text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def reading(target: str, name: str) -> str:
    """What selects all that is there of one kind, in DuckDB's SQL; empty where there is nothing."""
    folder = os.path.join(target, name)
    if not os.path.isdir(folder):
        return ""
    files = f"read_parquet({quoted(os.path.join(folder, '**', '*.parquet'))}, hive_partitioning = true, hive_types_autocast = false)"
    given = ", ".join(
        f"CASE WHEN {one} = {quoted(NO_VALUE)} THEN '' ELSE coalesce({one}, '') END AS {one}" for one in PARTS[name]
    )
    return f"SELECT * REPLACE ({given}) FROM {files}" if given else f"SELECT * FROM {files}"


def summed(source: str) -> str:
    """Facts of one key as one row, in the SQL that DuckDB and Spark share."""
    keys = ", ".join(f"{source}.{name}" for name in KEY)
    sums = ", ".join(f"CAST(sum({source}.{name}) AS BIGINT) AS {name}" for name in COUNTERS)
    return (
        f"SELECT {keys}, min({source}.first) AS first, max({source}.last) AS last, CAST(0 AS BIGINT) AS touched, {sums} FROM {source}"
        f" GROUP BY {keys}"
    )


def parted(query: str, name: str) -> str:
    """Rows as they are written: what has no value for a folder's name is null there."""
    by = PARTS[name]
    return (
        f"SELECT * REPLACE ({', '.join(f'nullif({one}, {quoted(str())}) AS {one}' for one in by)}) FROM ({query})"
        if by
        else query
    )


def folder_of(target: str, name: str, values: Sequence[str]) -> str:
    """The folder of the rows with these values."""
    parts = [f"{column}={value or NO_VALUE}" for column, value in zip(PARTS[name], values, strict=False)]
    return os.path.join(target, name, *parts)
