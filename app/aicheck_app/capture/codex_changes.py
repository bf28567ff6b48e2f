"""The edits of Codex's patches: as a call gives them, and as an event or an item tells what they came to."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture.code_mode import calls_of
from aicheck_app.capture.commands import effects
from aicheck_app.capture.edits import Edit, edits_of
from aicheck_app.capture.json_values import text
from aicheck_app.capture.known_files import Hunk
from aicheck_app.capture.patch import added_lines, hunks

if TYPE_CHECKING:
    from collections.abc import Iterator

_HUNK = re.compile(r"@@ -(?P<start>\d{1,9})(?:,\d+)? \+")
_ADDS = re.compile(r"^\*\*\* (?:Add|Update) File: [^\n]+\n(?:@@[^\n]*+\n)?+(?:[ -][^\n]*+\n)*+\+", re.MULTILINE)
_FOLDERS = 100
"""Parts of a path that are looked at."""
_COMMANDS = ("cmd", "command", "input", "patch")


class Change(NamedTuple):
    """An edit, and the lines that a diff shows of the file before, where there is one."""

    edit: Edit
    hunks: tuple[Hunk, ...] = ()


def patched(tool: str, given: Any) -> list[Change]:
    """The edits of all patches that a call of a tool holds, however it hands them on."""
    return [Change(edit) for patch in _patches(tool, given) for edit in edits_of({"patch": patch})]


def holds_patch(tool: str, given: Any) -> bool:
    """Whether a call, in which no patch could be read, does seem to apply one: its script makes it up as it runs."""
    if tool == "exec" and isinstance(given, str):
        return any(call.tool == "apply_patch" and not call.given for call in calls_of(given))
    lines = [given] if isinstance(given, str) else list(given.values()) if isinstance(given, dict) else []
    words = [word for line in lines for word in (line if isinstance(line, list) else [line]) if isinstance(word, str)]
    return any("apply_patch" in f"{tool} {word}" and _ADDS.search(word) for word in words)


def _patches(tool: str, given: Any) -> list[str]:
    if isinstance(given, str):
        if tool != "exec":
            return [given] if "*** Begin Patch" in given else []
        return [patch for call in calls_of(given) for patch in _patches_in(call.tool, call.given)]
    return _patches_in(tool, given) if isinstance(given, dict) else []


def _patches_in(tool: str, given: dict[str, Any]) -> list[str]:
    """Patches in the members of a call's input: given to ``apply_patch`` itself, or to it by a shell."""
    found: list[str] = []
    for name in ("", *_COMMANDS):
        one = given.get(name)
        if isinstance(one, list) and len(one) == 2 and one[0] == "apply_patch":
            one = one[1]
            found += [one] if isinstance(one, str) else []
        elif isinstance(one, list) and one:
            found += effects(str(one[-1])).patches
        elif isinstance(one, str) and "*** Begin Patch" in one:
            found += [one] if tool == "apply_patch" else effects(one).patches
    return found


def keys_of(identifier: str, paths: list[str], named: list[str]) -> list[str]:
    """The keys of the edits of a patch's files, as a hook forms them from the patch alone, which has the paths ``named``.

    Events tell of the files in any order, and by their whole paths; a file that the patch does not name has its own path.
    """
    places: dict[str, int] = {}
    for place, name in enumerate(named):
        places.setdefault(posixpath.normpath(name), place)
    found = []
    ordered = sorted(range(len(paths)), key=paths.__getitem__)
    for number, path in enumerate(paths):
        at = next((places.pop(end) for end in _ends(path) if end in places), None)
        several = len(named if at is not None else paths) > 1
        own = f"{at}:{named[at]}" if at is not None else f"{ordered.index(number)}:{path}"
        found.append(f"{identifier}:{own}" if several else identifier)
    return found


def _ends(path: str) -> Iterator[str]:
    """The path, and what it ends in below each of its folders, the longest first."""
    yield path
    parts = path.split("/")[-_FOLDERS:]
    for first in range(len(parts)):
        yield "/".join(parts[first:])


def edit_of(path: str, change: Any) -> Change | None:
    """The change of one file as the client tells it: its new text, or a unified diff."""
    if not isinstance(change, dict):
        return None
    kind = text(change.get("type")) or next((name for name in ("add", "update") if name in change), "")
    inner = change.get(kind)
    facts: dict[str, Any] = inner if isinstance(inner, dict) else change
    if kind == "add":
        content = text(facts.get("content"))
        return Change(Edit(path, content, after=content))
    lines = text(facts.get("unified_diff")).split("\n")
    added = added_lines(lines)
    body = lines[:-1] if lines[-1:] == [""] else lines
    pairs = tuple(hunks(body)) if kind == "update" else ()
    if not pairs:
        return None
    moved = text(facts.get("move_path")) or path
    return Change(Edit(moved, "".join(f"{line}\n" for line in added), pairs), tuple(_hunks(body)))


def _hunks(lines: list[str]) -> list[Hunk]:
    """The lines before the change, with the number of each hunk's first."""
    found: list[Hunk] = []
    for line in lines:
        if match := _HUNK.match(line):
            found.append(Hunk(max(int(match["start"]), 1), (), ()))
        elif found and line[:1] in (" ", "-", "+"):
            start, old, new = found[-1]
            found[-1] = Hunk(
                start, (*old, line[1:]) if line[0] != "+" else old, (*(new or ()), line[1:]) if line[0] != "-" else new
            )
    return found
