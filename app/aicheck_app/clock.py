"""Times: UTC, ISO 8601, milliseconds."""

from __future__ import annotations

import re
import time
from functools import lru_cache

from aicheck_app.errors import AicheckError

_AGO = re.compile(r"(\d+)\s*([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def now() -> str:
    """The time now."""
    return _spelt(time.time_ns())


def days_ago(days: int) -> str:
    """The time so many days of 24 hours ago."""
    return _spelt(time.time_ns() - days * 86_400 * 10**9)


@lru_cache(maxsize=4096)
def days_between(first: str, then: str) -> int:
    """The days from one time or date to another; 0 where one is none."""
    from datetime import date

    try:
        return date.fromisoformat(then[:10]).toordinal() - date.fromisoformat(first[:10]).toordinal()
    except ValueError:
        return 0


def _spelt(nanoseconds: int) -> str:
    seconds = time.strftime("%Y-%m-%dT%H:%M:%S.", time.gmtime(nanoseconds // 10**9))
    return f"{seconds}{nanoseconds // 10**6 % 1000:03d}Z"


def of_milliseconds(count: int) -> str:
    """The time so many milliseconds after 1970. Raises OverflowError on every system (``fromtimestamp`` has limits of the system's)."""
    from datetime import UTC, datetime, timedelta

    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=count)).isoformat().replace("+00:00", "Z")


def parse(text: str) -> str:
    """A time that a person gives: ISO 8601, a date, or an age such as ``7d``; AicheckError otherwise."""
    from datetime import UTC, datetime, timedelta  # takes longer to import than an edit takes to check

    age = _AGO.fullmatch(text.strip())
    if age:
        given = datetime.now(UTC) - timedelta(**{_UNITS[age[2]]: int(age[1])})
    else:
        try:
            given = datetime.fromisoformat(text.strip())
        except ValueError as error:
            raise AicheckError(f"'{text}' is no time: give a date (2026-04-01), a time, or an age (7d, 12h)") from error
    given = given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    return given.strftime("%Y-%m-%dT%H:%M:%S.") + f"{given.microsecond // 1000:03d}Z"
