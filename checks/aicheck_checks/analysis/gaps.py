"""Valid text that a grammar does not know: new forms of a language are older in its compilers than in its grammar here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.languages.balance import is_balanced
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TYPESCRIPT = lazy(
    r"export type \*|\btypeof import\(|\w<[^<>`]{1,200}>`|\baccessor\b|\busing\b|\basserts?\b.{0,200}\bis\b|"
    r"[<,]\s{0,5}(?:in|out|const)\s{1,5}\w|\bimport\s{1,5}(?:defer|source)\b"
)
_GAPS = {
    "css": lazy(r"^\s*+@.*[;{},]\s*+$|&|\bif\(|-\*\s{0,5}:|[<>]=?\s{0,5}[\w.-]{1,40}\s{0,5}\)"),
    "csharp": lazy(
        r"[\[,]\s{0,5}\.\.|\ballows\s{1,5}ref\b|\?[.\[].{0,200}=(?![=>])|\boperator\b.{0,20}(?:=|\+\+|--)|\bextension\s{0,5}[(<]|\bfield\b"
    ),
    "go": lazy(r"\bnew\("),
    "java": lazy(r"\bimport\s{1,5}module\b|^\s*+(?:super|this)\s{0,5}\(|\bSTR\.\"|\bcase\b.{0,200}\bwhen\b"),
    "javascript": lazy(r"\baccessor\b|\busing\b|\bimport\s{1,5}(?:defer|source)\b"),
    "kotlin": lazy(
        r"\$\$\"|::\w|\bcontext\s{0,5}\(|\bif\b.{0,200}->|\{[^{}()]{0,100}\([\w, ]{3,100}\)[^{}()]{0,60}->|^\s*+field\b|\bfun interface\b"
    ),
    "php": lazy(r"\(void\)|\|>"),
    "rust": lazy(
        r"\bsafe\s{1,5}(?:fn|static)\b|\basync\s{1,5}Fn|[:+<~\[]\s{0,5}const\b|\bgen\s{0,5}(?:\{|move\b)|\buse<|&raw\b|&pin\b|\bsuper\s{1,5}let\b"
    ),
    **dict.fromkeys(("typescript", "tsx"), _TYPESCRIPT),
}  # fmt: skip
"""What a grammar does not know, in the line where it stumbles."""
_ROUND = {"csharp": lazy(r"\bextension\s{0,5}[(<]")}
"""What opens a block that a grammar does not know, so that it stumbles further down."""
_ROUGH = frozenset({"css", "csharp", "kotlin"})
"""Languages whose grammars lag so far behind that their gaps can't be listed."""
FEW = 3
"""Errors that a form unknown to the grammar leaves at most, where the grammar finds its way back."""
SHORT = 5
"""Code points of a line that many lines hold."""


def is_gap(source: Source) -> bool:
    """Whether the parser stumbles over something that its grammar does not know, in a line that is new where one before is known."""
    name = source.language.name if source.language is not None else ""
    gaps, blocks = _GAPS.get(name), _ROUND.get(name)
    if gaps is None:
        return False
    errors = source.error_lines
    for row, line in _new_lines(source):
        if (row in errors and gaps.search(line)) or (blocks is not None and row < max(errors) and blocks.search(line)):
            return True
    return False


def is_known_gap(source: Source) -> bool:
    """Whether that is all that is wrong after a change: the brackets are as they should be."""
    return is_gap(source) and is_balanced(source)


def is_foreign_form(source: Source) -> bool:
    """Whether a change brought whole lines of its own that a rough grammar can't read, and left all other lines whole.

    A line that was merged with an old one, or cut from one, is damage, as is a bracket or a token that is missing.
    """
    changed, language = source.changed_lines, source.language
    if changed is None or language is None or language.name not in _ROUGH or not is_balanced(source):
        return False
    errors = source.syntax_errors
    brought = dict(changed.brought)
    rows = {error.line - 1 for error in errors}
    if len(errors) > FEW or any(e.line != e.end_line or e.message.endswith("is missing") for e in errors):
        return False
    return brought.keys() >= rows and not any(_is_piece(brought[row], one) for row in rows for one in changed.was)


def _is_piece(line: str, other: str) -> bool:
    """Whether one of two lines holds the other, so that something was put to it or taken away."""
    return (len(other) > SHORT and other in line) or (len(line) > SHORT and line in other)


def _new_lines(source: Source) -> Iterator[tuple[int, str]]:
    """Index (from 0) and text of the lines that a change brought; all of them without a version before that parses."""
    changed, before = source.changed_lines, source.before
    if changed is not None and before is not None and before.parses:
        return iter(changed.brought)
    return enumerate(source.lines)
