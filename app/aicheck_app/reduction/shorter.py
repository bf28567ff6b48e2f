"""Leaving out of a text what a finding does not need: nodes of the syntax tree, then lines, then words and marks."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_app.reduction.fewest import fewest
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicheck_app.reduction.case import Case
    from aicheck_app.reduction.question import Question

ROUNDS = 4
"""What is left out in one makes more lines and nodes needless."""
LEVELS = 24
"""Of a syntax tree, from its root."""
MOST_PIECES = 4_000
"""Nodes, or words and marks, of a text that still is so long after its lines that taking them one by one leads nowhere."""
_PIECES = lazy(r"(?:(?<=\S)[^\S\n]++)?(?:\w+|[^\w\s]|$)", re.MULTILINE)
"""Words and marks, each with the blanks before it; line breaks and indentation stay, so that the text can be read."""


_Span = tuple[int, int]
_Version = Literal["now", "before"]
_VERSIONS: tuple[_Version, ...] = ("now", "before")


class _Line(NamedTuple):
    """A line of a text, of the version before, or one that both have."""

    now: int | None
    before: int | None


def shorter(case: Case, question: Question) -> Case:
    """The case with as little text, and as little of the version before, as still brings the finding."""
    alone = case._replace(previous=None)
    if case.previous is not None and question.holds(alone, on_line=True):
        case = alone
    for _ in range(ROUNDS):
        before = case
        versions = _VERSIONS[: 1 if case.previous is None else 2]
        for which in versions:
            case = _fewer_nodes(case, question, which)
        case = _fewer_lines(case, question)
        for which in versions:
            case = _fewer_words(case, question, which)
        if case == before or not question.goes_on():
            break
        question.begin_anew(case)
    return case


def _fewer_lines(case: Case, question: Question) -> Case:
    now, before = case.text.splitlines(keepends=True), (case.previous or "").splitlines(keepends=True)

    def made(lines: Iterable[_Line]) -> Case:
        kept = list(lines)
        text = "".join(now[at] for line in kept if (at := line.now) is not None)
        known = sorted(at for line in kept if (at := line.before) is not None)
        return case._replace(text=text, previous=None if case.previous is None else "".join(before[at] for at in known))

    lines = _paired(now, before)
    return made(fewest(lines, lambda kept: question.holds(made(kept), on_line=True), question.goes_on))


def _paired(now: Sequence[str], before: Sequence[str]) -> list[_Line]:
    """The lines of both versions: what stands in both is one, so that it goes from both at once."""
    places: defaultdict[str, list[int]] = defaultdict(list)
    for at in range(len(before) - 1, -1, -1):
        places[before[at]].append(at)
    lines = [_Line(at, places[line].pop() if places[line] else None) for at, line in enumerate(now)]
    return [*lines, *(_Line(None, at) for rest in places.values() for at in rest)]


def _fewer_nodes(case: Case, question: Question, which: _Version) -> Case:
    """Level by level, so that a large part goes before its parts are looked at."""
    for level in range(LEVELS):
        spans = _nodes(case._replace(text=_read(case, which), previous=None), level)
        if not spans or len(spans) > MOST_PIECES:
            break
        case = _without_some(case, question, which, spans, on_line=True)
    return case


def _fewer_words(case: Case, question: Question, which: _Version) -> Case:
    spans = [match.span() for match in _PIECES.finditer(_read(case, which)) if match[0]]
    return _without_some(case, question, which, spans, on_line=False) if len(spans) <= MOST_PIECES else case


def _without_some(case: Case, question: Question, which: _Version, spans: Sequence[_Span], *, on_line: bool) -> Case:
    """The case without those of some parts of its text, which do not overlap, that the finding does not need."""
    text = _read(case, which)

    def made(kept: Sequence[_Span]) -> Case:
        gone, at, left = set(spans) - set(kept), 0, []
        for start, end in sorted(gone):
            left.append(text[at:start])
            at = end
        return _put(case, which, "".join([*left, text[at:]]))

    return made(fewest(spans, lambda kept: question.holds(made(kept), on_line=on_line), question.goes_on))


def _nodes(case: Case, level: int) -> list[_Span]:
    """Where the named nodes below a level of the tree stand, each with what parts it from its neighbour before it."""
    source = case.source()
    nodes = [source.tree.root_node] if source.tree is not None else []
    for _ in range(level):
        nodes = [child for node in nodes for child in node.named_children][: MOST_PIECES + 1]
    found: list[_Span] = []
    for node in nodes:
        ends = [child.end_byte for child in node.named_children]
        starts = [child.start_byte for child in node.named_children[:1]] + ends
        found += [
            (source.char_offset(start), source.char_offset(end)) for start, end in zip(starts, ends, strict=False)
        ]
    return [(start, end) for start, end in found if start < end]


def _read(case: Case, which: _Version) -> str:
    return (case.text if which == "now" else case.previous) or ""


def _put(case: Case, which: _Version, text: str) -> Case:
    return case._replace(text=text) if which == "now" else case._replace(previous=text)
