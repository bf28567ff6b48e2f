"""Patches as agents write them: the ``apply_patch`` format of Codex, and unified diffs.

Source of the format: https://github.com/openai/codex, codex-rs/apply-patch (its grammar in
apply_patch_tool_instructions.md): ``*** Add File``, ``*** Update File``, ``*** Delete File``,
``*** Move to``, hunks that begin with ``@@``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.*[^ \t\n])[ \t]*$")
_MOVE = "*** Move to: "

Pair = tuple[str, str, bool]
"""Old text, new text, and whether all places are replaced."""


def file_patches(patch: str) -> Iterator[tuple[str, str, tuple[Pair, ...]]]:
    """Each file's path, the text that was written and the hunks; no hunks where the file is new."""
    verb = path = ""
    body: list[str] = []
    for line in [*patch.replace("\r\n", "\n").split("\n"), "*** End Patch"]:
        header = _FILE.match(line)
        if header or line.startswith("*** End Patch"):
            if verb in ("Add", "Update"):
                yield _one(verb, path, body)
            verb, path, body = (header[1], header[2], []) if header else ("", "", [])
        elif line.startswith(_MOVE):
            path = line[len(_MOVE) :].strip()
        elif verb and not line.startswith("*** End of File"):
            body.append(line)


def _one(verb: str, path: str, body: list[str]) -> tuple[str, str, tuple[Pair, ...]]:
    if verb == "Add":
        return path, "".join(f"{line[1:]}\n" for line in body if line.startswith("+")), ()
    pairs = tuple(hunks(body))
    added = "".join(f"{line[1:]}\n" for line in body if line.startswith("+"))
    return path, added, pairs


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
