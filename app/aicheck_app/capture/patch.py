"""Patches as agents write them: the ``apply_patch`` format of Codex, and unified diffs.

Source of the format: https://github.com/openai/codex, codex-rs/apply-patch (its grammar in
apply_patch_tool_instructions.md): ``*** Add File``, ``*** Update File``, ``*** Delete File``,
``*** Move to``, hunks that begin with ``@@``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.*[^ \t\n])[ \t]*$")
_MOVE = "*** Move to: "
_DELETE = "*** Delete File: "
_ENDS = "*** End of File"

Pair = tuple[str, str, bool]
"""Old text, new text, and whether all places are replaced."""
MAX_LOOKED_AT = 20_000_000
"""Lines that are compared to find all places of a patch."""


class Chunk(NamedTuple):
    """Lines of a file and what stands in their place: behind the line ``anchor``, if there is one, or where the file ``ends``."""

    anchor: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    ends: bool = False


class FilePatch(NamedTuple):
    """What a patch does to one file: the text that was written, and for a file that was there its hunks."""

    path: str
    written: str
    pairs: tuple[Pair, ...] = ()
    chunks: tuple[Chunk, ...] = ()


def file_patches(patch: str) -> Iterator[FilePatch]:
    """Each file's patch, in their order; one that changes nothing is none."""
    verb = path = ""
    body: list[str] = []
    for line in [*patch.replace("\r\n", "\n").split("\n"), "*** End Patch"]:
        header = _FILE.match(line)
        if header or line.startswith("*** End Patch"):
            if verb == "Add" or (verb == "Update" and any(hunks(_lines_of(body)))):
                yield _one(verb, path, body)
            verb, path, body = (header[1], header[2], []) if header else ("", "", [])
        elif line.startswith(_MOVE):
            path = line[len(_MOVE) :].strip()
        elif verb:
            body.append(line)


def takes_away(given: object) -> bool:
    """Whether what a tool was given is a patch that removes or renames files, and writes nothing."""
    texts = given.values() if isinstance(given, dict) else (given,)
    lines = [line for text in texts if isinstance(text, str) for line in text.split("\n")]
    removes = any(line.startswith((_DELETE, _MOVE)) for line in lines)
    return removes and not any(line.startswith("+") for line in lines)


def _one(verb: str, path: str, body: list[str]) -> FilePatch:
    added = "".join(f"{line[1:]}\n" for line in body if line.startswith("+"))
    if verb == "Add":
        return FilePatch(path, added)
    return FilePatch(path, added, tuple(hunks(_lines_of(body))), tuple(_chunks(body)))


def _lines_of(body: Sequence[str]) -> list[str]:
    """The lines of hunks, without the marks of a file's end."""
    return [line for line in body if not line.startswith(_ENDS)]


def _chunks(body: Sequence[str]) -> Iterator[Chunk]:
    anchor, ends = "", False
    old: list[str] = []
    new: list[str] = []
    for line in [*body, "@@"]:
        if line.startswith("@@"):
            if old or new:
                yield Chunk(anchor, tuple(old), tuple(new), ends)
            anchor, ends, old, new = line[2:].strip(), False, [], []
        elif line.startswith(_ENDS):
            ends = True
        else:
            sign = line[:1]
            old += [line[1:]] if sign != "+" else []
            new += [line[1:]] if sign != "-" else []


def applied(text: str, chunks: Sequence[Chunk]) -> str | None:
    """A text with a patch made, in the places where ``apply_patch`` finds them; None where it finds none.

    Each chunk is looked for behind the one before: by its very lines, then without blanks at their ends, then without those
    at both (codex-rs/apply-patch, ``seek_sequence``).
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if len(lines) * len(chunks) * 3 > MAX_LOOKED_AT:
        return None
    made: list[str] = []
    at = 0
    for chunk in chunks:
        start = at
        if chunk.anchor:
            found = _sought(lines, (chunk.anchor,), at)
            if found is None:
                return None
            start = found + 1
        place = len(lines) if not chunk.old else _sought(lines, chunk.old, start, ends=chunk.ends)
        if place is None and chunk.old[-1:] == ("",):
            chunk = chunk._replace(old=chunk.old[:-1], new=chunk.new[:-1] if chunk.new[-1:] == ("",) else chunk.new)
            place = _sought(lines, chunk.old, start, ends=chunk.ends)
        if place is None or place < at:
            return None
        made += [*lines[at:place], *chunk.new]
        at = place + len(chunk.old)
    return "\n".join([*made, *lines[at:], ""])


def _sought(lines: Sequence[str], wanted: Sequence[str], start: int, *, ends: bool = False) -> int | None:
    """The first place of some lines from ``start`` on; where they end the file that place is tried first."""
    last = len(lines) - len(wanted)
    for same in _SAME:
        seen = [same(line) for line in wanted]
        order = ([last] if ends and last >= start else []) + list(range(start, last + 1))
        for at in order:
            if same(lines[at]) == seen[0] and all(same(lines[at + n]) == one for n, one in enumerate(seen)):
                return at
    return None


_SAME: tuple[Callable[[str], str], ...] = (str, str.rstrip, str.strip)
"""How lines are compared, the strictest way first."""


def hunks(lines: Iterable[str]) -> Iterator[Pair]:
    """The old and the new text of each hunk, its lines of context in both."""
    old: list[str] = []
    new: list[str] = []
    for line in [*lines, "@@"]:
        if line.startswith("@@"):
            if old != new:
                yield "".join(f"{one}\n" for one in old), "".join(f"{one}\n" for one in new), False
            old, new = [], []
        elif line.startswith("+"):
            new.append(line[1:])
        elif line.startswith("-"):
            old.append(line[1:])
        elif not line.startswith("\\"):
            old.append(line[1:])
            new.append(line[1:])


def added_lines(lines: Iterable[str]) -> list[str]:
    """What a diff adds, without its marks; file headers are none of it."""
    return [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++ ")]
