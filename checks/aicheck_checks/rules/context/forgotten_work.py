"""An edit removes what the same session added, and another file of the session still imports it.

## Why it matters
An agent that lost sight of its own earlier work takes a function out again that
it wrote for another file, minutes later and without a word. Each file parses;
together they fail when the import runs. No check of one file can see it.

## Instead
Put the definition back, or remove its import from the other file too.

## When it counts
Only where a session's record holds both files: `aicheck ingest`. It is judged at the
end of a turn, so that a move or a renaming in several edits is none. It counts and
never makes an output suspect: taking something out may be what was asked for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule
from aicheck_checks.source import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_FROM = lazy(r"(?<=\s)from\s*\Z")
_WORD = lazy(r"\w+")


def check(source: Source) -> Iterator[Found]:
    """Each definition of the session's own that is gone, and the file that still imports it."""
    session, old = source.session, source.before
    if session is None or old is None:
        return
    gone = set(old.definitions) - set(source.definitions)
    for name in sorted(gone & session.added):
        user = next((path for path, text in session.files if _imports(text, name, source.path)), None)
        if user is not None:
            other = user.replace("\\", "/").rpartition("/")[2]
            message = f"'{name}', which this session had added, was removed, and {other} still imports it"
            yield Found(message, 0, 0, "warning", "medium")


def _imports(text: str, name: str, path: str) -> bool:
    """Whether a text imports a name from the file at a path, as Python or JavaScript write it."""
    stem, _, ending = path.replace("\\", "/").rpartition("/")[2].rpartition(".")
    return name in _imported(text, stem, ending in ("py", "pyi"))


@lru_cache(maxsize=16)
def _imported(text: str, stem: str, python: bool) -> frozenset[str]:
    """The words of all imports from modules of this name."""
    if python:
        clauses = re.findall(
            rf"^[ \t]*from[ \t]+[.\w]*\b{re.escape(stem)}[ \t]+import[ \t]++(\([^)]*+|[^\n(]*+)", text, re.MULTILINE
        )
    else:
        clauses = [
            clause
            for clause, path in re.findall(r"\bimport\s([^;'\"]*+)(?:['\"]([^'\"]*+)['\"])?", text)
            if _FROM.search(clause) and re.search(rf"/{re.escape(stem)}(?:\.\w+)?\Z", path)
        ]
    return frozenset(word for clause in clauses for word in _WORD.findall(clause))


_BEFORE = "def load(path):\n    return open(path).read()\n\n\ndef save(path, text):\n    open(path, 'w').write(text)\n"
_AFTER = "def load(path):\n    return open(path).read()\n"
_USER = "from app.module import load, save\n\nsave('a', load('b'))\n"

RULE = Rule(
    code="CTX001",
    name="forgotten-work",
    summary="what the session added is removed again, while another of its files imports it",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "previous",
        "session",
    ),
    settles="turn",
    of_change=True,
    info=True,
    when="parses",
    languages=("python", "javascript", "typescript", "tsx"),
    good=(
        Case(_AFTER, previous=_BEFORE, session=Session(frozenset(), (("app/main.py", _USER),))),
        Case(
            _AFTER, previous=_BEFORE, session=Session(frozenset({"save"}), (("a.py", "from app.module import load\n"),))
        ),
        Case(_AFTER, previous=_BEFORE),
    ),
    bad=(
        Case(
            _AFTER,
            previous=_BEFORE,
            session=Session(frozenset({"save"}), (("app/main.py", _USER),)),
            line=1,
            says="main.py",
            symptom="the assistant removed what it had added before",
        ),
    ),
)
