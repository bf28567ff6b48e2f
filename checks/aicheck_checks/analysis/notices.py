"""Where a text may hold a fixed message of a program: as a line, a comment or a docstring of its own, not inside the words of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_document, own_lines
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_FRAME = lazy(r"[\s#/*\-⎿●!<>\"'`(;%]*+")
"""What stands before the words of a comment, a docstring or a line of a terminal."""
LONG = 1_000
"""Code points of a line that no program writes as a notice."""


def standing_alone(source: Source, *notices: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Start and end of each line that begins with one of some notices.

    In code these are comments, docstrings and bare lines; in a document the last line that is written, or any that a change brought.
    """
    lines = own_lines(source)
    document = is_document(source)
    last = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip()), -1)
    changed = source.changed_lines
    brought = {index for index, _ in changed.brought} if changed is not None else set[int]()
    for number, line in enumerate(lines):
        if not line or len(line) > LONG:
            continue
        frame = _FRAME.match(line)
        places = (len(line) - len(line.lstrip()), frame.end() if frame else 0)
        match = next((m for notice in notices for at in places if (m := notice.match(line, at))), None)
        if match is None:
            continue
        stands = number == last or number in brought if document else _may_stand(source, number, match.start())
        if stands:
            start = source.line_starts[number] + match.start()
            yield start, source.line_starts[number] + len(line.rstrip())


def _may_stand(source: Source, number: int, column: int) -> bool:
    """Whether a line of code is no part of a value: a comment, a bare line, or a string that is a statement."""
    start = source.line_starts[number]
    if source.region(start + column) != "string":
        return True
    first = source.line_span(number)[0]
    return source.lines[number].lstrip()[:1] in "\"'" and source.region(max(first - 1, 0)) != "string"


_THROWS = lazy(
    r"throw_?(?:statement|expression)|raise_statement|macro_invocation|call_expression|expression_statement|statement"
)


def thrown(source: Source, *patterns: re.Pattern[str]) -> tuple[int, int] | None:
    """Where one of the patterns begins the message of the only statement of a function, which throws it."""
    if source.tree is None or not source.parses:
        return None
    for definition in source.definitions.values():
        statements = [child for child in definition.body.named_children if "comment" not in child.type]
        while len(statements) == 1 and statements[0].type in ("statement_list", "statements", "block"):
            statements = [child for child in statements[0].named_children if "comment" not in child.type]
        if definition.kind != "function" or len(statements) != 1 or not _THROWS.match(statements[0].type):
            continue
        said = text_of(statements[0])
        quote = min((at for at in map(said.find, "\"'`") if at >= 0), default=-1)
        match = next((m for p in patterns if quote >= 0 and (m := p.match(said, quote + 1))), None)
        if match is not None and ("throw" in said or "raise" in said or "Error" in said or "panic" in said):
            start = source.char_offset(statements[0].start_byte) + match.start()
            return start, source.char_offset(statements[0].end_byte)
    return None
