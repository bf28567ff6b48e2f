"""Files that tests read: what is wrong with them is often so on purpose."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.repository import top_of

if TYPE_CHECKING:
    from aicheck_checks.source import Source

_ALWAYS = lazy(
    r"_*(?:fixtures?|test[-_ ]?(?:data|fixtures?|files?|cases?|inputs?|resources?|assets?)|snapshots?|goldens?|mocks?[-_]data|\.?semgrep(?:[-_].*)?)_*$",
    re.IGNORECASE,
)
"""Folders that hold nothing else."""
_TESTS = lazy(
    r"_*(?:test(?:s|suites?|ing|dirs?)?|specs?|e2e|integration[-_]tests?|playgrounds?)_*$|.*[-_.]tests?$", re.IGNORECASE
)
_AMONG_TESTS = lazy(
    r"(?:data|files?|in|out|inputs?|outputs?|highlighted|expect(?:ed|ations?)?|[a-z]*cases?|resources|assets|samples?|examples?|ui|corpus|(?:[a-z]+[-_])?(?:invalid|bad|broken|missing|errors?)(?:[-_ ].*)?|errors?|fail(?:ing|ures?|ed)?|compile[-_]fail|conformance|manual|parser|lexer|syntax|indent(?:ation)?|highlights?|injections?|quer(?:y|ies)|grammars?|tokeni[sz]er|formatt(?:er|ing))$",
    re.IGNORECASE,
)
"""Folders that do so among tests."""
_NEAREST = 4
"""Folders looked at above a file that stands in no repository."""


def is_test_data(source: Source) -> bool:
    """Whether a text lies where tests keep what they read."""
    among = False
    for folder in _folders(source):
        if _ALWAYS.match(folder) or (among and _AMONG_TESTS.match(folder)):
            return True
        among |= _TESTS.match(folder) is not None
    return False


def _folders(source: Source) -> list[str]:
    """The folders that a text lies in, below the top of its repository, outermost first."""
    around = source.whereabouts
    folder = around.folder if around is not None else os.path.dirname(source.path)
    top = around.ask(top_of, ()) if around is not None else None
    if top is not None:
        return os.path.relpath(folder, top).replace("\\", "/").split("/")
    return [part for part in folder.replace("\\", "/").split("/") if part][-_NEAREST:]
