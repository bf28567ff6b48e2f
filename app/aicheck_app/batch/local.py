"""The bulk check on one machine, over all its cores; what comes out equals what a cluster makes of the same."""

from __future__ import annotations

import glob
import json
import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from functools import partial
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from aicheck_app.batch import inputs, layout, work
from aicheck_app.batch.arrow import TASKS, facts, limit, task
from aicheck_app.batch.layout import quoted, reading
from aicheck_app.batch.lock import alone
from aicheck_app.batch.result import Result
from aicheck_app.batch.schema import FACTS, LINE, RECORDS, SESSION, TEXT, table
from aicheck_app.pool import MAX_WORKERS, answers, kept
from aicheck_app.writing import replace
from aicheck_checks.files import open_regular, read_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aicheck_app.batch.options import Options

_WINDOW = 32
"""Chunks that a worker has before it, so that none waits, and what is in memory is bounded."""
_GROUP = 5_000
"""Records that are written together, at least."""
_IS_SKIPPED = f"kind = {quoted(work.SKIPPED)}"
_STAGING = ".aicheck-"
_MAX_PENDING = 10_000_000
_MEMORY = "1GB"
"""What sorting may take of memory; the rest goes to disk."""


class Local:
    """One run: reads ``places``, and adds to the folder ``target`` what is new there."""

    def __init__(self, options: Options, target: str, workers: int | None = None) -> None:
        self.options = options
        self.target = target
        self.workers = min(workers or os.cpu_count() or 1, MAX_WORKERS)

    def run(
        self, places: Sequence[str], kind: inputs.Kind = "auto", progress: Callable[[int], None] = lambda _: None
    ) -> Result:
        """Check everything; ``progress`` is told the rows of each file when it is done. Raises AicheckError, OSError."""
        found = inputs.files(places, kind)
        os.makedirs(self.target, exist_ok=True)
        with alone(self.target):
            return self._run(found, progress)

    def _run(self, found: Sequence[tuple[str, bool]], progress: Callable[[int], None]) -> Result:
        for left in glob.glob(os.path.join(glob.escape(self.target), f"{_STAGING}*")):
            shutil.rmtree(left, ignore_errors=True)  # by a run that was killed
        with tempfile.TemporaryDirectory(prefix=_STAGING, dir=self.target) as folder:
            staged = os.path.join(folder, "new.parquet")
            with pq.ParquetWriter(staged, RECORDS) as writer:
                for rows in _together(self._rows(found, progress)):
                    writer.write_batch(table(rows, RECORDS))
            return _Adding(self.target, folder, staged).add()

    def _rows(
        self, found: Sequence[tuple[str, bool]], progress: Callable[[int], None]
    ) -> Iterator[list[dict[str, Any]]]:
        """The records of all files, in their order."""
        with kept(self.workers, partial(limit, self.options.memory), TASKS) as pool:
            for kind, files in groupby(found, key=_kind):
                one, lost, size, slack = task(self.options, kind)
                told: list[dict[str, Any]] = []
                chunks = self._chunks(list(files), size, told, progress)
                while window := list(islice(chunks, self.workers * _WINDOW)):
                    yield from answers(pool, window, one, lost, slack)
                yield told

    def _chunks(
        self, files: Sequence[tuple[str, bool]], size: int, told: list[dict[str, Any]], progress: Callable[[int], None]
    ) -> Iterator[list[dict[str, Any]]]:
        """The rows of files of one kind, those of many small files together; of those that can't be read it is ``told``."""
        waiting: list[dict[str, Any]] = []
        for file, holds_texts in files:
            try:
                for rows in inputs.texts(file) if holds_texts else [[_session(file)]]:
                    waiting += rows
                    while len(waiting) >= size:
                        yield waiting[:size]
                        del waiting[:size]
            except (OSError, pa.ArrowException) as error:
                told.append(work.skipped(file, f"file that can't be read: {type(error).__name__}"))
            progress(1)
        if waiting:
            yield waiting


def _together(found: Iterator[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    """Rows in groups that are worth one: what Parquet says of each group is kept until the file is closed."""
    waiting: list[dict[str, Any]] = []
    for rows in found:
        waiting += rows
        if len(waiting) >= _GROUP:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _kind(file: tuple[str, bool]) -> tuple[str, ...]:
    """The columns of a file's rows."""
    path, holds_texts = file
    return (TEXT if path.endswith(inputs.PARQUET) else (LINE,)) if holds_texts else SESSION


def _session(file: str) -> dict[str, Any]:
    with open_regular(file) as stream:
        return {"path": file, "content": stream.read(work.MAX_SESSION + 1)}


@contextmanager
def pending(target: str, days: Sequence[str]) -> Iterator[list[str]]:
    """The days to count, and those of runs that ended before they had counted theirs: what a run is about to do is written down first."""
    folder = os.path.join(target, layout.PENDING)
    os.makedirs(folder, exist_ok=True)
    left = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".json")]
    before = [day for file in left for day in json.loads(read_bytes(file, _MAX_PENDING))]
    own = os.path.join(folder, f"{os.urandom(8).hex()}.json")
    if days:
        replace(own, json.dumps(list(days)))
    yield sorted({*days, *before})
    for file in (*left, own):
        with suppress(FileNotFoundError):
            os.unlink(file)


class _Adding:
    """Adds new records to those that are there, and counts anew the days that they touch."""

    def __init__(self, target: str, folder: str, staged: str) -> None:
        self.target = target
        self.folder = folder
        self.db = duckdb.connect(":memory:")
        self.db.execute(f"SET memory_limit = {quoted(_MEMORY)}")
        self.db.execute(f"SET temp_directory = {quoted(folder)}")
        self.db.execute("SET preserve_insertion_order = false")
        self.db.execute(f"CREATE VIEW staged AS SELECT * FROM read_parquet({quoted(staged)})")

    def add(self) -> Result:
        """Put in what is new."""
        known = reading(self.target, layout.RECORDS)
        self.db.execute(f"CREATE VIEW known AS {known or 'SELECT * FROM staged WHERE false'}")
        self.db.execute(
            f"CREATE TEMP TABLE new_ids AS SELECT id, min(body) AS body FROM staged WHERE NOT {_IS_SKIPPED}"
            " AND id NOT IN (SELECT id FROM known) GROUP BY id"
        )
        self.db.execute(
            "CREATE TEMP TABLE new AS SELECT DISTINCT ON (s.id) s.* FROM staged AS s JOIN new_ids AS n ON s.id = n.id AND s.body = n.body"
        )
        number, suspect = (
            self._number("new"),
            self._number(
                "new WHERE kind = 'output' AND (verdict = 'suspect' OR id IN (SELECT target FROM new WHERE kind = 'later' AND verdict = 'suspect'))"
            ),
        )
        outputs = self._number("new WHERE kind = 'output'")
        skipped = self._skipped()
        with pending(self.target, self._days()) as days:
            if number:
                self._write(layout.RECORDS, "SELECT * FROM new")
            if days:
                self._count(days)
        return Result(number, outputs, suspect, skipped)

    def _skipped(self) -> int:
        there = reading(self.target, layout.SKIPPED)
        self.db.execute(f"CREATE TEMP TABLE left_out AS SELECT DISTINCT id, body FROM staged WHERE {_IS_SKIPPED}")
        if there:
            self.db.execute(f"DELETE FROM left_out WHERE id IN (SELECT id FROM ({there}))")
        number = self._number("left_out")
        if number:
            self._write(layout.SKIPPED, "SELECT * FROM left_out")
        return number

    def _days(self) -> list[str]:
        """The days whose facts the new records change: their own, and those of the outputs of which they say something."""
        rows = self.db.execute(
            "SELECT DISTINCT day FROM (SELECT day FROM new WHERE kind NOT IN ('later', 'mark') UNION ALL"
            " SELECT all_.day FROM (SELECT id, day FROM new UNION ALL SELECT id, day FROM known) AS all_"
            " WHERE all_.id IN (SELECT target FROM new WHERE target IS NOT NULL)) ORDER BY day"
        )
        return [day or "" for (day,) in rows.fetchall()]

    def _count(self, days: Sequence[str]) -> None:
        """Count the records of these days anew."""
        there = reading(self.target, layout.RECORDS)
        self.db.execute("CREATE TEMP TABLE days (day VARCHAR)")
        self.db.executemany("INSERT INTO days VALUES (?)", [[day] for day in days])
        self.db.execute(f"CREATE VIEW all_records AS {there}")
        own = "SELECT * FROM all_records WHERE coalesce(day, '') IN (SELECT day FROM days)"
        reader = self.db.sql(
            f"SELECT id, kind, target, person, body FROM (SELECT * FROM ({own}) WHERE kind NOT IN ('later', 'mark') UNION ALL"
            f" SELECT * FROM all_records WHERE kind IN ('later', 'mark') AND target IN (SELECT id FROM ({own})))"
            " ORDER BY coalesce(target, id), time"
        ).to_arrow_reader(10_000)
        staged = os.path.join(self.folder, "facts.parquet")
        with pq.ParquetWriter(staged, FACTS) as writer:
            for batch in facts(reader):
                writer.write_batch(batch)
        for day in days:
            shutil.rmtree(layout.folder_of(self.target, layout.FACTS, [day]), ignore_errors=True)
        self.db.execute(f"CREATE VIEW counted AS SELECT * FROM read_parquet({quoted(staged)})")
        self._write(layout.FACTS, layout.summed("counted"))

    def _write(self, name: str, query: str) -> None:
        """Write rows below a folder; a file is there whole or not at all, under a name that nothing there has."""
        by = ", ".join(layout.PARTS[name])
        made = os.path.join(self.folder, f"made-{name}")
        os.makedirs(made, exist_ok=True)
        place = made if by else os.path.join(made, f"part-{os.urandom(8).hex()}.parquet")
        parts = f", PARTITION_BY ({by}), OVERWRITE_OR_IGNORE, FILENAME_PATTERN 'part-{{uuid}}'" if by else ""
        self.db.execute(
            f"COPY ({layout.parted(query, name)}) TO {quoted(place)} (FORMAT parquet, COMPRESSION zstd{parts})"
        )
        for base, _, files in os.walk(made):
            folder = os.path.join(self.target, name, os.path.relpath(base, made))
            os.makedirs(folder, exist_ok=True)
            for file in files:
                os.replace(os.path.join(base, file), os.path.join(folder, file))

    def _number(self, where: str) -> int:
        row = self.db.execute(f"SELECT count(*) FROM {where}").fetchone()
        return int(row[0]) if row else 0
