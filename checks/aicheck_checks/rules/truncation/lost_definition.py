"""A function or class of the version before is gone, and still used.

## Why it matters
When a file is rewritten from a shortened memory, whole definitions vanish
silently while their callers stay: the file parses and breaks at run time.

## Instead
Restore the definition from the version before, or remove its uses too.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.elsewhere import other_texts, stands_elsewhere
from aicheck_checks.analysis.outside import Lost, has_bases, may_come_from_outside
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.analysis.history import Definition
    from aicheck_checks.source import Source

_WORD = lazy(r"\b(\w+)")
_CALLED = lazy(r"self\.(\w++[?!]?)(?=\s*\()")
_GIVEN = lazy(r"self\.(\w++)\s*(?::[^=\n]{1,500}+)?=(?!=)|(?:^[^\S\n]++|(?<=\n\n))(\w++)\s*=", re.MULTILINE)


MOST = 40
"""Lost definitions that are looked for in other files."""


class _Names(NamedTuple):
    """The definitions of a text, by their qualified and by their short names."""

    qualified: frozenset[str]
    short: frozenset[str]


def check(source: Source) -> Iterator[Found]:
    """The first use of each lost definition."""
    old = source.before
    if old is None or source.tree is None:
        return
    then, now = old.definitions, source.definitions
    names = _Names(frozenset(now), frozenset(name.rpartition(".")[2] for name in now if "." in name))
    undefined = {source.word(d) for d in source.diagnostics or () if d.code == "F821"}
    looked, inherited = 0, False
    for name, definition in sorted(then.items(), key=lambda item: item[1].start):
        if name in now:
            continue
        use = _use(source, name, names, undefined)
        if use is None:
            continue
        line = old.position(old.char_offset(definition.start)).line
        looked += 1
        if looked <= MOST and "." in name and any(stands_elsewhere(source, one) for one in _head(old, definition)):
            continue  # moved to a class that this one inherits from
        if looked <= MOST and "." in name:
            inherited = _is_inherited(source, name)  # where more are gone, the last answer stands for all
        doubtful = inherited and "." in name
        message = (
            f"{definition.kind} '{name}' was lost: the version before defined it on line {line}, and it is still used"
        )
        end = use + len(name.rpartition(".")[2])
        yield Found(message, use, end, confidence="low" if doubtful else "high")


def _is_inherited(source: Source, name: str) -> bool:
    """Whether a base class may have a method: it can't be looked into, or a file of the project has a method of that name."""
    *owners, short = name.split(".")
    others = other_texts(source, source.whereabouts, (".py",)) or ()
    lost = Lost(short, tuple(owners), private=short.startswith("_"))
    if may_come_from_outside(source, lost, others):
        return True
    return has_bases(source, owners[-1]) and any(f"def {short}(" in text for text in others)


def _head(old: Source, definition: Definition) -> list[str]:
    """The line that names a definition, which may stand below its decorators."""
    first, last = (old.position(old.char_offset(at)).line - 1 for at in (definition.start, definition.body.start_byte))
    short = definition.name.rpartition(".")[2]
    return [line for line in old.lines[first : last + 1] if f"def {short}" in line][:1]


def _use(source: Source, name: str, now: _Names, undefined: set[str]) -> int | None:
    owner, _, short = name.rpartition(".")
    if not owner:
        return _first(source, short, _WORD) if short in undefined else None
    if owner not in now.qualified or short in now.short or short in _set(source):
        return None
    return _first(source, short, _CALLED)


@lru_cache(maxsize=1)
def _set(source: Source) -> frozenset[str]:
    """The names that the text gives a value, as attributes or in a class's body."""
    return frozenset(attribute or name for attribute, name in _GIVEN.findall(source.text))


def _first(source: Source, name: str, pattern: re.Pattern[str]) -> int | None:
    """The first place in code where the pattern finds the name."""
    places = _places(source, pattern).get(name, ())
    return next((place for place in places if source.region(place) == "code"), None)


@lru_cache(maxsize=2)
def _places(source: Source, pattern: re.Pattern[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for match in pattern.finditer(source.text):
        found.setdefault(match[1], []).append(match.start(1))
    return found


_WHOLE = """\
def helper(x):
    return x + 1


def main():
    return helper(2)
"""

RULE = Rule(
    code="TRU007",
    name="lost-definition",
    summary="a definition of the version before is gone and still used",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "linter",
        "previous",
    ),
    settles="text",
    of_change=True,
    when="parses",
    languages=("python",),
    good=(
        Case(_WHOLE, previous=_WHOLE),
        Case("from util import helper\n\n\ndef main():\n    return helper(2)\n", previous=_WHOLE),
        Case("def main():\n    return 3\n", previous=_WHOLE),
    ),
    bad=(
        Case(
            "def main():\n    return helper(2)\n",
            previous=_WHOLE,
            line=2,
            says="'helper'",
            symptom="a function disappeared and is still called",
        ),
    ),
)
