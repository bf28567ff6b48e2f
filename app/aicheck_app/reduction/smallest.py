"""From a text with a finding to the smallest one, within a number of tries and some seconds."""

from __future__ import annotations

from os.path import basename, splitext
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.redaction import redact
from aicheck_app.reduction.nameless import nameless, own_words
from aicheck_app.reduction.question import Question, Sought
from aicheck_app.reduction.shorter import shorter
from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.surroundings import Surroundings
from aicheck_checks.tools.ruff_server import RuffServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.reduction.case import Case
    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

TRIES, SECONDS = 2_000, 20.0
"""For leaving out what the finding does not need."""
NAMING_TRIES, NAMING_SECONDS = 1_000, 10.0
"""For other words after that: they are what keeps the names private, so they have an allowance of their own."""
_STEMS = ("example{}", "test_example{}", "tests/example{}")
"""What the file is called instead, for some rules look at the name."""


class Smallest(NamedTuple):
    """The smallest case that was found, and the finding in it.

    ``whole`` says that it is not larger for want of tries or time; ``alone`` that it needs nothing that stands round the file.
    ``own`` are the words that are still those of the text. ``shown`` says that the finding is still there without secrets.
    """

    case: Case
    source: Source
    finding: Finding
    whole: bool
    alone: bool
    own: list[str]
    shown: bool
    tries: int


def smallest(case: Case, finding: Finding) -> Smallest:
    """Make it. Raises AicheckError where the finding needs what is not in the text: what a session or a tool said."""
    ruff = RuffServer()
    try:
        with TemporaryDirectory(prefix="aicheck-") as folder:
            return _smallest(
                case, Sought.of(finding, case.source()), Question(ruff, TRIES, SECONDS), Surroundings(folder)
            )
    finally:
        ruff.close()


def _smallest(case: Case, sought: Sought, question: Question, nowhere: Surroundings) -> Smallest:
    case = _first(_elsewhere(case, nowhere), sought, question)
    case = _first(_without_secrets(case), sought, question)
    for name in _differing(case.settings):
        case = _first(_with_default(case, name), sought, question)
    question.begin(case, sought)
    case = shorter(case, question)
    question.allow(NAMING_TRIES, NAMING_SECONDS)
    case, name = nameless(case, sought.name, question)
    sought, own = sought._replace(name=name), own_words(case)
    clean = next(_without_secrets(case))
    left = question.finding(clean, sought, on_line=False)
    found = left or question.finding(case, sought, on_line=False)
    assert found is not None
    alone = case.surroundings is nowhere
    source = (case if left is None else clean).source()
    return Smallest(clean, source, found, not question.spent, alone, own, left is not None, question.tries)


def _first(cases: Iterator[Case], sought: Sought, question: Question) -> Case:
    """The first of some cases that brings the finding; the last is the case as it was."""
    for case in cases:
        if question.finding(case, sought) is not None:
            return case
    raise AicheckError(
        f"{sought.code} does not come from the text alone: it needs what a session or the project's own tools said, "
        "so describe it in words (docs/false-alarms.md)"
    )


def _elsewhere(case: Case, nowhere: Surroundings) -> Iterator[Case]:
    """The case under other names, with nothing round it, then where it is."""
    ending = splitext(case.path)[1]
    names = (*(stem.format(ending) for stem in _STEMS), basename(case.path), case.path)
    for around in (nowhere, case.surroundings):
        yield from (case._replace(path=name, surroundings=around) for name in names)


def _without_secrets(case: Case) -> Iterator[Case]:
    previous = None if case.previous is None else redact(case.previous)
    yield case._replace(text=redact(case.text), previous=previous)
    yield case


def _with_default(case: Case, name: str) -> Iterator[Case]:
    """The case with one setting as it is by default."""
    yield case._replace(settings=case.settings._replace(**{name: getattr(DEFAULT, name)}))
    yield case


def _differing(settings: Settings) -> list[str]:
    """The names of the settings that are not as they are by default."""
    return [name for name in Settings._fields if getattr(settings, name) != getattr(DEFAULT, name)]
