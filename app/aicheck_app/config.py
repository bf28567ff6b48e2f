"""The user's settings: ``[tool.aicheck]`` in pyproject.toml, or ``aicheck.toml``, on those of the user's own home.

An unknown key is an error that names the nearest known one: a misspelt setting
that is silently ignored is worse than none. What starts programs, what the log keeps and who is told is the user's
word: of these a repository may only take away, unless the user trusts it.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

from aicheck_app.errors import AicheckError
from aicheck_app.excluded import DEFAULT, Excludes, Layer
from aicheck_app.home import home, index_folder
from aicheck_checks.globs import MAX_PATTERN
from aicheck_checks.settings import FileIgnores, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicheck_app.project_rules.rules import Rule

EXCERPTS = ("none", "finding", "full")
PATHS = ("hash", "relative")
HOOKS = ("context", "block", "silent")
HOOK_KEYS = ("answer", "guard")
MAX_BYTES = 500_000
"""Bytes of a settings file."""
LARGEST = 64_000_000
"""What ``max-bytes`` may be at most: a text is read and parsed as a whole."""
MAX_ITEMS = 500
"""Codes or patterns in one setting."""


class Config(NamedTuple):
    """All settings with their defaults; ``checks`` are those of the checks library.

    ``excerpt`` is how much code the log keeps: nothing, a few redacted lines
    round a finding, or the whole redacted output. ``paths`` is how files are
    named in the log: by a keyed hash, or relative to their project. ``hook`` is
    how ``aicheck hook`` tells an agent what it found: as context, as the reason
    why it blocks, or not at all; ``guard`` whether it tells, or stops, a command that would lose uncommitted work. ``line_hashes`` says whether the log keeps
    keyed hashes of lines; None is yes, unless ``excerpt`` is none. ``refused``
    says what a repository's settings asked for that only the user may decide.
    ``excludes`` are files that are not looked at, ``notes`` says whether findings of low confidence are shown,
    ``rules`` are what the project states of how it is worked on: they are only counted. ``false_alarms`` is how many false
    alarms a year the monitor may raise, over all its series.
    """

    checks: Settings = Settings(index_folder=index_folder)
    excerpt: str = "finding"
    paths: str = "relative"
    hook: str = "context"
    line_hashes: bool | None = None
    refused: tuple[str, ...] = ()
    excludes: Excludes = Excludes()
    notes: bool = False
    guard: str = ""
    rules: tuple[Rule, ...] = ()
    false_alarms: float = 1.0

    @property
    def keeps_line_hashes(self) -> bool:
        """Whether outputs are logged with the hashes of their lines."""
        return self.excerpt != "none" if self.line_hashes is None else self.line_hashes


KEYS = (
    "select", "ignore", "per-file-ignores", "exclude", "extend-exclude", "notes", "quality", "deep", "tools", "max-bytes", "excerpt",
    "paths", "hook", "line-hashes", "rules", "false-alarms",
)  # fmt: skip
OWN = "trust"
"""A key of the user's home alone: folders whose settings files may say what is started."""


def load(start: str = ".", *, trusted: bool = False) -> Config:
    """The settings of the nearest file at or above a folder, on those of the user's home.

    ``trusted`` says that the user trusts the folder. Raises AicheckError for a file that can't be read or is not TOML, an unknown key or a wrong value.
    """
    return merged(start, {}, "", trusted=trusted)


def merged(start: str, settings: dict[str, object], where: str, *, trusted: bool = False, project: str = "") -> Config:
    """As ``load``, with the user's settings from ``where`` that come before those of the files.

    Patterns hold from the folder of the settings file on, else from the work tree's root, else from ``project`` or ``start``.
    """
    parse(settings, where)
    own, own_path = _own()
    table, path = _nearest(os.path.abspath(start))
    parse(table, path)
    kept, refused = (table, ()) if trusted or not path or _is_trusted(path) else _narrowed(table, own, path)
    root = os.path.dirname(path) or work_tree(os.path.abspath(start)) or project or os.path.abspath(start)
    config = parse({**own, **kept, **settings}, where or path or own_path, root)
    return config._replace(refused=refused)


def of_home() -> Config:
    """The settings of the user's home alone. Raises AicheckError where these are wrong."""
    return parse(*_own())


def without_repository() -> Config:
    """The settings of the user's home alone, or the defaults where these are wrong too."""
    try:
        return of_home()
    except AicheckError:
        return Config()


def settings_file() -> str:
    """The settings file of the user's home."""
    return os.path.join(home(), "aicheck.toml")


def _own() -> tuple[dict[str, Any], str]:
    """The settings of the user's home without the key that is no setting, and their file."""
    path = settings_file()
    found = _table(path) if os.path.isfile(path) else None
    return {key: value for key, value in (found or {}).items() if key != OWN}, path


def _is_trusted(path: str) -> bool:
    """Whether the user's home says that a settings file of this place may say what is started."""
    own = settings_file()
    folders = (_table(own) or {}).get(OWN, []) if os.path.isfile(own) else []
    if not isinstance(folders, list) or not all(isinstance(folder, str) for folder in folders):
        raise AicheckError(f"{own}: '{OWN}' must be a list of folders")
    real = os.path.realpath(path)
    return any(real.startswith(os.path.join(os.path.realpath(os.path.expanduser(f)), "")) for f in folders)


def _narrowed(table: dict[str, Any], own: dict[str, Any], path: str) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A repository's settings without what is the user's to decide, and what was left out."""
    kept, refused = dict(table), []
    for key, narrower in OWNED.items():
        if key in table and not narrower(table[key], own.get(key, _DEFAULTS[key])):
            del kept[key]
            refused.append(
                f"{path}: '{key}' is the user's to set, not a repository's (see '{OWN}' in docs/settings.md)"
            )
    return kept, tuple(refused)


def _among(order: tuple[object, ...]) -> Callable[[Any, Any], bool]:
    """Whether one choice is no more than another, the least coming first."""
    return lambda asked, said: order.index(asked) <= order.index(said)


OWNED: dict[str, Callable[[Any, Any], bool]] = {
    "deep": _among((False, True)),
    "tools": lambda asked, said: set(asked) <= set(said),
    "excerpt": _among(EXCERPTS),
    "paths": _among(PATHS),
    "line-hashes": _among((False, True)),
    "max-bytes": lambda asked, said: asked <= said,
    "false-alarms": lambda asked, said: asked == said,
    "hook": lambda asked, said: asked == said,
}
"""What a repository may only narrow, against what the user has said: what is started, what is kept, who is told."""
_DEFAULTS = {
    "deep": False,
    "tools": [],
    "excerpt": "finding",
    "paths": "relative",
    "line-hashes": True,
    "hook": "context",
    "max-bytes": Settings().max_bytes,
    "false-alarms": 1.0,
}


def _nearest(folder: str) -> tuple[dict[str, Any], str]:
    """The settings of the nearest file at or above a folder, and the file; none of another owner's above the work tree."""
    owner, inside = _owner(folder), True
    while True:
        for name in ("aicheck.toml", "pyproject.toml"):
            path = os.path.join(folder, name)
            is_there = os.path.isfile(path) and (inside or _owner(path) == owner)
            table = _table(path) if is_there else None
            if table is not None:
                return table, path
        inside = inside and _iswork_tree(folder)
        above = os.path.dirname(folder)
        if above == folder:
            return {}, ""
        folder = above


def work_tree(folder: str) -> str:
    """The root of the work tree round a folder, or nothing."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        if not _iswork_tree(folder) or folder == os.path.dirname(folder):
            return ""
        folder = os.path.dirname(folder)
    return folder


def _iswork_tree(folder: str) -> bool:
    """Whether the folder above is part of the same work tree, as far as can be told without running git."""
    return not os.path.lexists(os.path.join(folder, ".git")) and _owner(folder) == _owner(os.path.dirname(folder))


def _owner(path: str) -> int:
    """The user whose a file or folder is; -1 where there is none."""
    try:
        return os.stat(path).st_uid
    except (OSError, ValueError):
        return -1


def _table(path: str) -> dict[str, Any] | None:
    """The settings in a file, as it is now; None for a pyproject.toml that has none. Raises AicheckError."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise AicheckError(f"{path} can't be read: {error.strerror}") from error
    return _parsed(path, status.st_mtime_ns, status.st_size, status.st_ino)


@lru_cache(maxsize=256)
def _parsed(path: str, _modified: int, _size: int, _inode: int) -> dict[str, Any] | None:
    from aicheck_checks.files import read_bytes

    project = os.path.basename(path) == "pyproject.toml"
    try:
        data = read_bytes(path, MAX_BYTES + 1)
    except OSError as error:
        raise AicheckError(f"{path} can't be read: {error.strerror}") from error
    if project and b"aicheck" not in data:
        return None
    if len(data) > MAX_BYTES:
        raise AicheckError(f"{path}: larger than {MAX_BYTES:,} bytes")
    from aicheck_checks.toml import BadTomlError, parse, table

    try:
        found = parse(data)
    except BadTomlError as error:
        raise AicheckError(f"{path}: not valid TOML: {error}") from error
    if not project:
        return found
    own = table(found.get("tool")).get("aicheck")
    if own is None or isinstance(own, dict):
        return own
    raise AicheckError(f"{path}: 'tool.aicheck' must be a table")


def parse(table: dict[str, object], path: str, root: str = "") -> Config:
    """Settings from a table, whose patterns hold from the folder ``root`` on.

    Raises AicheckError naming ``path`` for an unknown key or a wrong value.
    """
    for key in table:
        if key not in KEYS:
            raise AicheckError(f"{path}: unknown setting '{key[:80]}'{near(key, KEYS)}")
    limit = table.get("max-bytes", Settings().max_bytes)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 0 < limit <= LARGEST:
        raise AicheckError(f"{path}: 'max-bytes' must be a number of bytes from 1 to {LARGEST:,}")
    checks = Settings(
        _codes(table, "select", path), _codes(table, "ignore", path), limit,
        tiers=("instant", *(tier for tier in ("quality", "deep") if _switch(table, tier, path))),
        index_folder=index_folder, tools=_tools(table, path), per_file_ignores=_per_file(table, path, root),
    )  # fmt: skip
    excluded = _patterns(table, "exclude", path, DEFAULT) + _patterns(table, "extend-exclude", path, ())
    return Config(
        checks,
        _choice(table, "excerpt", EXCERPTS, path),
        _choice(table, "paths", PATHS, path),
        _hook(table, path)[0],
        _switch(table, "line-hashes", path) if "line-hashes" in table else None,
        excludes=Excludes((Layer(excluded, root),)),
        notes=_switch(table, "notes", path),
        guard=_hook(table, path)[1],
        rules=_rules(table, path, root),
        false_alarms=_false_alarms(table, path),
    )


def _false_alarms(table: dict[str, object], path: str) -> float:
    value = table.get("false-alarms", 1.0)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.01 <= value <= 365:
        raise AicheckError(f"{path}: 'false-alarms' must be a number a year from 0.01 to 365")
    return float(value)


def _rules(table: dict[str, object], path: str, root: str) -> tuple[Rule, ...]:
    if "rules" not in table:
        return ()
    from aicheck_app.project_rules.rules import of_table  # few settings state any

    return of_table(table["rules"], path, root)


def _hook(table: dict[str, object], path: str) -> tuple[str, str]:
    """How the hook answers and whether it guards: ``hook = "block"``, or a table with both."""
    found = table.get("hook", {})
    if not isinstance(found, dict):
        return _choice(table, "hook", HOOKS, path), ""
    for key in found:
        if key not in HOOK_KEYS:
            raise AicheckError(f"{path}: unknown setting 'hook.{str(key)[:80]}'{near(str(key), HOOK_KEYS)}")
    guard = found.get("guard", False)
    if not isinstance(guard, bool) and guard != "block":
        raise AicheckError(f"{path}: 'hook.guard' must be true, false or \"block\"")
    answer = _choice({"hook": found["answer"]} if "answer" in found else {}, "hook", HOOKS, path)
    return answer, "block" if guard == "block" else "tell" if guard else ""


def near(key: str, known: Iterable[str]) -> str:
    """What to say of an unknown key: the known one that looks like it, or all."""
    from difflib import get_close_matches

    alike = get_close_matches(key[:80], known, 1)
    return f"; did you mean '{alike[0]}'?" if alike else f" (known: {', '.join(known)})"


def _codes(table: dict[str, object], key: str, path: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not _is_list(value):
        raise AicheckError(f'{path}: \'{key}\' must be a list of codes, such as ["IMP", "TRU004"]')
    return known_codes(value, f"{path}: '{key}'")


def _is_list(value: object) -> TypeGuard[list[str]]:
    """Whether a value is a list of words, and not too long a one."""
    return isinstance(value, list) and len(value) <= MAX_ITEMS and all(isinstance(one, str) for one in value)


def _patterns(table: dict[str, object], key: str, path: str, default: tuple[str, ...]) -> tuple[str, ...]:
    value = table.get(key, list(default))
    if not _is_list(value):
        raise AicheckError(f'{path}: \'{key}\' must be a list of patterns, such as ["generated", "*_pb2.py"]')
    return known_patterns(value, f"{path}: '{key}'")


def known_patterns(patterns: Iterable[str], where: str) -> tuple[str, ...]:
    """Patterns as in .gitignore; raises AicheckError for one that is too long."""
    found = tuple(patterns)
    for pattern in found:
        if len(pattern) > MAX_PATTERN:
            raise AicheckError(f"{where}: '{pattern[:80]}...' is longer than {MAX_PATTERN} characters")
    return found


def _per_file(table: dict[str, object], path: str, root: str) -> tuple[FileIgnores, ...]:
    value, where = table.get("per-file-ignores", {}), f"{path}: 'per-file-ignores'"
    if not isinstance(value, dict) or len(value) > MAX_ITEMS or not all(map(_is_list, value.values())):
        raise AicheckError(f'{where} must be a table of patterns with codes, such as {{ "tests/**" = ["IMP"] }}')
    known_patterns(value, where)
    return tuple(FileIgnores(pattern, known_codes(codes, where), root) for pattern, codes in value.items())


def known_codes(codes: list[str], where: str) -> tuple[str, ...]:
    """Codes or their beginnings, each checked against the registry; raises AicheckError."""
    for code in codes:
        from aicheck_checks.registry import BY_CODE  # takes longer to import than an edit takes to check

        if not code or not any(known.startswith(code) for known in BY_CODE):
            raise AicheckError(f"{where}: no rule has the code '{code[:80]}' (see 'aicheck rules')")
    return tuple(codes)


def _tools(table: dict[str, object], path: str) -> tuple[str, ...]:
    value = table.get("tools", [])
    if not isinstance(value, list):
        raise AicheckError(f"{path}: 'tools' must be a list of names, such as [\"tsc\"]")
    return known_tools(value, f"{path}: 'tools'")


def known_tools(names: Iterable[object], where: str) -> tuple[str, ...]:
    """Names of tools, each checked against those that there are; raises AicheckError."""
    found = []
    for name in names:
        from aicheck_checks.tools.project_tools import TOOLS

        if not isinstance(name, str) or name not in TOOLS:
            raise AicheckError(f"{where}: no tool '{str(name)[:80]}'{near(str(name), TOOLS)}")
        found.append(name)
    return tuple(found)


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
