"""TOML as strangers write it: whatever it holds, there is a table or a reason why not, in time that grows with its size."""

from __future__ import annotations

from typing import Any

from aicheck_checks.files import read_bytes
from aicheck_checks.patterns import lazy

MAX_PARTS = 64
"""Parts of a dotted key: Python's parser takes time by their square."""
_DOTTED = lazy(r"(?<![\w\"'-])(?:[\w\"'-]++[ \t]*+\.[ \t]*+)++")


class BadTomlError(ValueError):
    """A text is no TOML, or none that is read here; says why."""


def parse(data: bytes) -> dict[str, Any]:
    """The table of a TOML text. Raises BadTomlError."""
    import tomllib

    try:
        text = data.decode("utf-8")
        if any(dotted[0].count(".") > MAX_PARTS for dotted in _DOTTED.finditer(text)):
            raise BadTomlError(f"a name of more than {MAX_PARTS} parts")
        return tomllib.loads(text)
    except RecursionError as error:
        raise BadTomlError("nested too deep") from error
    except ValueError as error:
        raise BadTomlError(str(error)[:300]) from error


def read_toml(path: str, limit: int = 1_000_000) -> dict[str, Any]:
    """The table of a manifest of at most ``limit`` bytes; empty where there is none that can be read."""
    try:
        data = read_bytes(path, limit + 1)
        return parse(data) if len(data) <= limit else {}
    except (OSError, BadTomlError):
        return {}


def table(value: object) -> dict[str, Any]:
    """A value that ought to be a table, or an empty one."""
    return value if isinstance(value, dict) else {}
