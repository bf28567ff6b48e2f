"""The facts as a table of SQLAlchemy, and the questions to it: the one place that asks for sums.

SQLAlchemy Core writes the same question for SQLite, PostgreSQL and DuckDB (which reads Parquet), and weighs nothing that a
data frame would (Ibis brings pandas and pyarrow along): 0.3 s to import, and only commands that show rates import it.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Column, Integer, MetaData, String, Table, and_, create_engine, func, select, text
from sqlalchemy.pool import StaticPool

from aicheck_app.log.facts import COUNTERS, KEY, NUMBERS, reading
from aicheck_app.team.sources import is_team, settled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import ColumnElement, Select

FACTS = Table(
    "facts",
    MetaData(),
    *(Column(name, Integer if name in NUMBERS else String) for name in KEY),
    Column("first", String),
    Column("last", String),
    Column("touched", Integer),
    *(Column(name, Integer) for name in COUNTERS),
)
OUTPUTS = ("outputs", "checked", "suspect", "unchecked")
"""Counters that stand in an index of their own, of the rows that have outputs."""
_CHUNK = 5_000


class Which(NamedTuple):
    """Which facts count; empty means all. Days are UTC, the last one included."""

    since: str = ""
    until: str = ""
    agent: str = ""
    model: str = ""
    project: str = ""
    guessed: bool = False
    """Only outputs that were recognised by their shape; else all others."""


ALL = Which()


class Sum(NamedTuple):
    """Counters added up over facts that have these values in common."""

    values: tuple[str, ...]
    counts: Counter[str]
    first: str
    last: str


class Fact(NamedTuple):
    """One row: what tells it from others, by name, and its counters."""

    key: dict[str, Any]
    last: str
    counts: Counter[str]


@contextmanager
def opened(address: str) -> Iterator[Connection]:
    """The facts, for reading alone: of a log by its file's path, or of what many people logged (``team/sources.py``).

    Raises AicheckError where those can't be reached.
    """
    if is_team(address):
        from aicheck_app.team.sources import reading as connected

        with connected(address) as connection:
            yield connection
        return
    engine = create_engine("sqlite://", creator=lambda: reading(address), poolclass=StaticPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def sums(db: Connection, by: Sequence[str], which: Which = ALL, counters: Sequence[str] = COUNTERS) -> list[Sum]:
    """The counters added up, a row for each combination of values of these columns that occurs."""
    query, width = question(by, which, counters), len(by)
    return [
        Sum(
            tuple(row[:width]),
            Counter({name: int(n) for name, n in zip(counters, row[width + 2 :], strict=True) if n}),
            row[width] or "",
            row[width + 1] or "",
        )
        for row in _rows(db, query)
    ]


def question(by: Sequence[str], which: Which = ALL, counters: Sequence[str] = COUNTERS) -> Select[Any]:
    """What ``sums`` asks: the columns of ``by``, the first and last time, the sum of each counter. SQLAlchemy says it in any dialect."""
    columns = [FACTS.c[name] for name in by]
    added = [func.sum(FACTS.c[name]).label(name) for name in counters]
    query = select(*columns, func.min(FACTS.c.first), func.max(FACTS.c.last), *added).where(_where(which))
    if set(counters) <= set(OUTPUTS):
        query = query.where(FACTS.c.outputs > text("0"))  # as the index says it
    return query.group_by(*columns)


def facts(db: Connection, which: Which = ALL) -> Iterator[Fact]:
    """The rows, in the order of their days and sessions."""
    key = [FACTS.c[name] for name in KEY]
    counters = [FACTS.c[name] for name in COUNTERS]
    query = select(*key, FACTS.c.last, *counters).where(_where(which)).order_by(FACTS.c.day, FACTS.c.session)
    width = len(key)
    for row in _rows(db, query):
        counts = Counter({name: n for name, n in zip(COUNTERS, row[width + 1 :], strict=True) if n})
        yield Fact(dict(zip(KEY, row[:width], strict=True)), row[width], counts)


def sessions(db: Connection, which: Which = ALL) -> int:
    """How many sessions these facts are of."""
    return int(db.execute(select(func.count(func.distinct(FACTS.c.session))).where(_where(which))).scalar_one())


def first_days(db: Connection, dimensions: Sequence[str]) -> dict[str, dict[tuple[str, str], str]]:
    """By dimension: the first day on which each client was met with each value of it, by both."""
    columns = [FACTS.c.agent, *(FACTS.c[name] for name in dimensions)]
    query = select(func.min(FACTS.c.day), *columns).where(FACTS.c.day != "").group_by(*columns)
    found: dict[str, dict[tuple[str, str], str]] = {name: {} for name in dimensions}
    for day, agent, *values in db.execute(query):
        for name, value in zip(dimensions, values, strict=True):
            if value:
                found[name][agent, value] = min(day, found[name].get((agent, value), day))
    return found


def begun(days: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """The first day of each client, of the first days of its values of a dimension."""
    found: dict[str, str] = {}
    for (agent, _), day in days.items():
        found[agent] = min(day, found.get(agent, day))
    return found


def last_day(db: Connection, which: Which) -> str:
    """The last day of a selection that has any."""
    return db.execute(select(func.max(FACTS.c.day)).where(_where(which))).scalar_one() or ""


def newest(db: Connection) -> int:
    """The place of the newest record that was counted; of a team's log the newest of which none before it can still come."""
    found = int(db.execute(select(func.max(FACTS.c.touched))).scalar_one() or 0)
    return min(found, settled(db)) if db.dialect.name == "postgresql" else found


def first_day_touched(db: Connection, since: int) -> str:
    """The first day of which something was logged after the record in this place; empty if nothing was."""
    day = FACTS.c.day.concat("")  # so that SQLite looks for what was touched, and not through all days in their order
    query = select(func.min(day)).where(and_(FACTS.c.touched > since, FACTS.c.day != ""))
    return db.execute(query).scalar_one() or ""


def _rows(db: Connection, query: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a question, as plain tuples; many at a time, which is faster, and never all of them."""
    for chunk in db.execute(query).partitions(_CHUNK):
        yield from map(tuple, chunk)


def _where(which: Which) -> ColumnElement[bool]:
    tests = [FACTS.c.known == int(not which.guessed)]
    tests += [FACTS.c.day >= which.since] if which.since else []
    tests += [FACTS.c.day <= which.until] if which.until else []
    tests += [FACTS.c[name] == value for name in ("agent", "model", "project") if (value := getattr(which, name))]
    return and_(*tests)
