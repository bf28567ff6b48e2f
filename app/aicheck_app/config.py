"""The user's settings: ``[tool.aicheck]`` in pyproject.toml, or ``aicheck.toml``.

An unknown key is an error that names the nearest known one: a misspelt setting
that is silently ignored is worse than none.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.home import index_folder
from aicheck_checks.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

EXCERPTS = ("none", "finding", "full")
PATHS = ("hash", "relative")
HOOKS = ("context", "block", "silent")


class Config(NamedTuple):
    """All settings with their defaults; ``checks`` are those of the checks library.

    ``excerpt`` is how much code the log keeps: nothing, a few redacted lines
    round a finding, or the whole redacted output. ``paths`` is how files are
    named in the log: by a keyed hash, or relative to their project. ``hook`` is
    how ``aicheck hook`` tells an agent what it found: as context, as the reason
    why it blocks, or not at all. ``line_hashes`` says whether the log keeps
    keyed hashes of lines; None is yes, unless ``excerpt`` is none.
    """

    checks: Settings = Settings(index_folder=index_folder)
    excerpt: str = "finding"
    paths: str = "relative"
    hook: str = "context"
    line_hashes: bool | None = None

    @property
    def keeps_line_hashes(self) -> bool:
        """Whether outputs are logged with the hashes of their lines."""
        return self.excerpt != "none" if self.line_hashes is None else self.line_hashes


KEYS = ("select", "ignore", "quality", "deep", "tools", "max-bytes", "excerpt", "paths", "hook", "line-hashes")


def load(start: str = ".") -> Config:
    """The settings of the nearest file at or above a folder.

    Raises AicheckError for a file that is not TOML, an unknown key or a wrong value.
    """
    return parse(*_nearest(os.path.abspath(start)))


def merged(start: str, settings: dict[str, object], where: str) -> Config:
    """As ``load``, with settings from ``where`` that come before those of the file."""
    table, path = _nearest(os.path.abspath(start))
    parse(settings, where)
    return parse({**table, **settings}, path or where)


def forget() -> None:
    """Read the settings files anew when they are next needed."""
    _nearest.cache_clear()


@lru_cache(maxsize=256)
def _nearest(folder: str) -> tuple[dict[str, object], str]:
    """The settings of the nearest file at or above a folder, and the file."""
    for name in ("aicheck.toml", "pyproject.toml"):
        path = os.path.join(folder, name)
        if not os.path.isfile(path):
            continue
        table = _table(path, name)
        if table is not None:
            return table, path
    above = os.path.dirname(folder)
    return ({}, "") if above == folder else _nearest(above)


def _table(path: str, name: str) -> dict[str, object] | None:
    with open(path, "rb") as file:
        data = file.read()
    if name == "pyproject.toml" and b"aicheck" not in data:
        return None
    import tomllib

    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AicheckError(f"{path}: not valid TOML: {error}") from error
    if name == "aicheck.toml":
        return table
    found = table.get("tool", {}).get("aicheck")
    return found if isinstance(found, dict) else None


def parse(table: dict[str, object], path: str) -> Config:
    """Settings from a table; raises AicheckError naming ``path`` for an unknown key or a wrong value."""
    for key in table:
        if key not in KEYS:
            raise AicheckError(f"{path}: unknown setting '{key}'{near(key, KEYS)}")
    limit = table.get("max-bytes", Settings().max_bytes)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit <= 0:
        raise AicheckError(f"{path}: 'max-bytes' must be a positive number of bytes")
    checks = Settings(
        _codes(table, "select", path), _codes(table, "ignore", path), limit,
        tiers=("instant", *(tier for tier in ("quality", "deep") if _switch(table, tier, path))),
        index_folder=index_folder, tools=_tools(table, path),
    )  # fmt: skip
    return Config(
        checks,
        _choice(table, "excerpt", EXCERPTS, path),
        _choice(table, "paths", PATHS, path),
        _choice(table, "hook", HOOKS, path),
        _switch(table, "line-hashes", path) if "line-hashes" in table else None,
    )


def near(key: str, known: Iterable[str]) -> str:
    """What to say of an unknown key: the known one that looks like it, or all."""
    from difflib import get_close_matches

    alike = get_close_matches(key, known, 1)
    return f"; did you mean '{alike[0]}'?" if alike else f" (known: {', '.join(known)})"


def _codes(table: dict[str, object], key: str, path: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise AicheckError(f'{path}: \'{key}\' must be a list of codes, such as ["IMP", "TRU004"]')
    return known_codes(value, f"{path}: '{key}'")


def known_codes(codes: list[str], where: str) -> tuple[str, ...]:
    """Codes or their beginnings, each checked against the registry; raises AicheckError."""
    for code in codes:
        from aicheck_checks.registry import BY_CODE  # takes longer to import than an edit takes to check

        if not code or not any(known.startswith(code) for known in BY_CODE):
            raise AicheckError(f"{where}: no rule has the code '{code}' (see 'aicheck rules')")
    return tuple(codes)


def _tools(table: dict[str, object], path: str) -> tuple[str, ...]:
    value = table.get("tools", [])
    if not isinstance(value, list):
        raise AicheckError(f"{path}: 'tools' must be a list of names, such as [\"tsc\"]")
    for name in value:
        from aicheck_checks.tools.project_tools import TOOLS

        if name not in TOOLS:
            raise AicheckError(f"{path}: 'tools': no tool '{name}'{near(str(name), TOOLS)}")
    return tuple(value)


def _switch(table: dict[str, object], key: str, path: str) -> bool:
    value = table.get(key, False)
    if not isinstance(value, bool):
        raise AicheckError(f"{path}: '{key}' must be true or false")
    return value


def _choice(table: dict[str, object], key: str, choices: tuple[str, ...], path: str) -> str:
    value = table.get(key, Config()._asdict()[key])
    if value not in choices:
        raise AicheckError(f"{path}: '{key}' must be one of {', '.join(choices)}")
    return str(value)
