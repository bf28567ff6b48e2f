"""The task list: TOML files, one a language, in examples/canary/tasks or a folder of the user's."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Task(NamedTuple):
    """One question with what its answer must show.

    ``family`` is the damage that it tempts. ``turns`` are messages of the user before ``prompt``.
    The code must contain the names ``defines``, hold at least ``min_lines`` lines with something on
    them, match each pattern of ``includes`` and none of ``excludes``. ``max_tokens`` is the most
    that one answer may take.
    """

    id: str
    language: str
    family: str
    prompt: str
    defines: tuple[str, ...]
    min_lines: int
    max_tokens: int
    turns: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Identifies the task's text: answers to another text are never compared with it."""
        return hashing.of_text(json.dumps(self), 12)

    @property
    def messages(self) -> tuple[str, ...]:
        """What the user says, message by message."""
        return (*self.turns, self.prompt)


def bundled() -> Path:
    """The list that comes with aicheck: inside an installed package, or beside it in a clone."""
    installed = Path(str(files("aicheck_app") / "canary" / "tasks"))
    return installed if installed.is_dir() else Path(__file__).parents[3] / "examples" / "canary" / "tasks"


def load(folder: Path | None = None) -> list[Task]:
    """All tasks of a folder, in the order of their ids. Raises AicheckError, with the file and what is wrong with it."""
    place = folder or bundled()
    paths = sorted(place.glob("*.toml"))
    if not paths:
        raise AicheckError(f"no task lists (*.toml) in {place}")
    tasks = sorted(task for path in paths for task in _read(path))
    ids = [task.id for task in tasks]
    twice = next((one for one in ids if ids.count(one) > 1), None)
    if twice is not None:
        raise AicheckError(f"{place}: two tasks are called '{twice}'")
    return tasks


def _read(path: Path) -> Iterator[Task]:
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise AicheckError(f"{path} can't be read: {error}") from error
    for number, given in enumerate(found.get("task", []), 1):
        try:
            yield _task({"language": found["language"], **given})
        except (KeyError, TypeError, ValueError, re.error) as error:
            name = given.get("id", number) if isinstance(given, dict) else number
            raise AicheckError(f"{path}: task {name}: {type(error).__name__}: {error}") from error


def _task(given: dict[str, Any]) -> Task:
    unknown = set(given) - set(Task._fields)
    if unknown:
        raise ValueError(f"unknown key '{min(unknown)}'")
    defines, turns, includes, excludes = (
        tuple(map(str, given.get(name, ()))) for name in ("defines", "turns", "includes", "excludes")
    )
    for pattern in (*includes, *excludes):
        re.compile(pattern)
    name, language, family, prompt = (str(given[key]) for key in ("id", "language", "family", "prompt"))
    least, most = int(given.get("min_lines", 1)), int(given["max_tokens"])
    return Task(name, language, family, prompt, defines, least, most, turns, includes, excludes)
