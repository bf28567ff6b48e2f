"""What changed from one text to another, in time that grows with their length alone."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal, NamedTuple

AROUND = 3
"""Lines that are shown on each side of a change."""
MOST = 400
"""Lines up to which what lies between the same beginning and the same end is compared line by line: that may take their square."""
Sign = Literal["+", "-", " ", "…"]


class Line(NamedTuple):
    """A line with its sign: new, gone, the same, or standing for lines that are the same and not shown."""

    sign: Sign
    text: str


def difference(old: list[str], new: list[str]) -> list[Line]:
    """The lines that came and went, with those round them; nothing where none did."""
    if old == new:
        return []
    start = _alike(old, new)
    end = _alike(old[start:][::-1], new[start:][::-1])
    gone, come = old[start : len(old) - end], new[start : len(new) - end]
    changed = _compared(gone, come) if max(len(gone), len(come)) <= MOST else [*_all("-", gone), *_all("+", come)]
    return _shortened([*_all(" ", old[:start]), *changed, *_all(" ", old[len(old) - end :])])


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines the two have in common at their beginning."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _compared(old: list[str], new: list[str]) -> list[Line]:
    lines: list[Line] = []
    for kind, first, last, at, to in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            lines += _all(" ", old[first:last])
        else:
            lines += [*_all("-", old[first:last]), *_all("+", new[at:to])]
    return lines


def _all(sign: Sign, lines: list[str]) -> list[Line]:
    return [Line(sign, line) for line in lines]


def _shortened(lines: list[Line]) -> list[Line]:
    """Without the lines that are the same and far from a change."""
    near: set[int] = set()
    for at, line in enumerate(lines):
        if line.sign != " ":
            near.update(range(at - AROUND, at + AROUND + 1))
    shown: list[Line] = []
    for at, line in enumerate(lines):
        if at in near:
            shown.append(line)
        elif not shown or shown[-1].sign != "…":
            shown.append(Line("…", ""))
    return shown
