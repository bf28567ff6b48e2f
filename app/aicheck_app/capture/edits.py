"""What a tool call of an agent did to files, under all the names that agents give its arguments.

The names are those of the agents' published tools: Claude Code (file_path, old_string), VS Code
(filePath, oldString), Copilot CLI (path, old_str), Gemini CLI, Cursor, Cline (diff) and Codex (patches).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture.patch import Chunk, FilePatch, Pair, file_patches
from aicheck_app.origin import Output

if TYPE_CHECKING:
    from aicheck_app.origin import Origin

MAX_TEXT = 20_000_000
"""Code points of a file that replacements may come to; a few of them, each of all places, can make any length."""
MAX_WORK = 200_000_000
"""Code points that all replacements of an edit may go through."""
_PATHS = (
    "file_path", "filePath", "path", "notebook_path", "absolutePath", "absolute_path", "target_file", "relative_path",
    "TargetFile", "filename",
)  # fmt: skip
_OLD = ("old_string", "oldString", "old_str", "oldText", "TargetContent")
_NEW = ("new_string", "newString", "new_str", "newText", "ReplacementContent")
_CONTENT = ("content", "file_text", "contents", "new_source", "fileText", "CodeContent", "code")
_BEFORE = ("originalFile", "originalFileContents", "original_file", "original_content")
_AFTER = ("newContent",)
_SEARCH = re.compile(r"(?:-{7,}|<{7}) SEARCH>?[ \t]*")
_DIVIDES = re.compile(r"={7,}[ \t]*")
_REPLACE = re.compile(r"(?:\+{7,}|>{7}) REPLACE>?[ \t]*")


class Edit(NamedTuple):
    """What was done to one file.

    ``written`` is what the model wrote; ``pairs`` are its replacements, none where
    it wrote the whole file. ``before`` and ``after`` are the file's texts, where known; ``chunks`` say where a patch found
    its places.
    """

    path: str
    written: str
    pairs: tuple[Pair, ...] = ()
    before: str | None = None
    after: str | None = None
    language: str | None = None
    chunks: tuple[Chunk, ...] = ()

    def output(self, key: str, tool: str, origin: Origin) -> Output:
        """As an output: the whole file where its text is known, else a fragment."""
        if self.after is None:
            pieces = tuple(new for _, new, _ in self.pairs) if len(self.pairs) > 1 else ()
            text = "\n".join(pieces) if pieces else self.written
            return Output(
                key, tool, self.written, text, "fragment", self.path, origin, self.language, partial=True, pieces=pieces
            )
        whole = Output(key, tool, self.written, self.after, "file", self.path, origin, None, self.before)
        return whole._replace(partial=bool(self.pairs))

    def on(self, now: str) -> Edit:
        """The same with what the file's text ``now``, after the edit, says of both texts."""
        if not self.pairs:
            return self
        if any(new not in now for _, new, _ in self.pairs):
            return self  # changed again since, by a formatter perhaps
        before: str | None = now
        for old, new, everywhere in reversed(self.pairs):
            alone = before is not None and new and before.count(new) == 1
            known = before is not None and (alone or (everywhere and new))
            before = _replace(before, new, old, everywhere) if known and before is not None else None
        return self._replace(before=before, after=now)


def edits_of(given: Any, response: Any = None) -> list[Edit]:
    """The edits of a tool's input (and what its result says of the text before); none for other tools."""
    if isinstance(given, str):
        given = {"patch": given}
    if not isinstance(given, dict):
        return []
    for name in ("command", "input", "patch", "patchText", "diff"):
        patch = given.get(name)
        if isinstance(patch, str) and "*** Begin Patch" in patch:
            return [of_patch(piece) for piece in file_patches(patch)]
    facts = response if isinstance(response, dict) else {}
    path = _first(facts, ("filePath",)) or _first(given, _PATHS) or ""
    before = _first(facts, _BEFORE)
    if "new_source" in given:  # a notebook's cell
        cell = _first(given, ("new_source",)) or ""
        return (
            [Edit(path, cell, language="markdown" if given.get("cell_type") == "markdown" else "python")]
            if cell
            else []
        )
    pairs = _pairs(given)
    if pairs:
        written = "\n".join(new for _, new, _ in pairs)
        told = _first(facts, _AFTER)
        after = told if told is not None or before is None else replaced(before, pairs)
        return [Edit(path, written, pairs, before if after is not None else None, after)]
    content = _first(given, _CONTENT)
    if content is None or not path:
        return []
    return [Edit(path, content, before=before, after=content)]


def replaced(text: str | None, pairs: tuple[Pair, ...]) -> str | None:
    """A text with the replacements made, or None where one does not fit."""
    left = MAX_WORK
    for old, new, everywhere in pairs:
        left -= len(text or "")
        if left < 0 or text is None or old not in text or (text and not old):
            return None  # it is not told where a text without an old one goes
        text = _replace(text, old, new, everywhere)
    return text


def _replace(text: str, old: str, new: str, everywhere: bool) -> str | None:
    """A text with one replacement made, once or everywhere; None for one that would grow without measure."""
    times = text.count(old) if everywhere and old else 1
    if len(text) + times * (len(new) - len(old)) > MAX_TEXT:
        return None
    return text.replace(old, new, times)


def search_blocks(text: str) -> tuple[Pair, ...]:
    """The search and replace blocks that Cline and aider write."""
    pairs: list[Pair] = []
    old: list[str] | None = None
    new: list[str] | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        if old is None:
            old = [] if _SEARCH.fullmatch(line) else None
        elif new is None:
            if _DIVIDES.fullmatch(line):
                new = []
            else:
                old.append(f"{line}\n")
        elif _REPLACE.fullmatch(line):
            pairs.append(("".join(old), "".join(new), False))
            old = new = None
        else:
            new.append(f"{line}\n")
    return tuple(pairs)


def _pairs(given: dict[str, Any]) -> tuple[Pair, ...]:
    several = next(
        (given[n] for n in ("edits", "replacements", "ReplacementChunks") if isinstance(given.get(n), list)), None
    )
    found = []
    for one in [given] if several is None else several:
        if isinstance(one, dict):
            old, new = _first(one, _OLD), _first(one, _NEW)
            everywhere = bool(one.get("replace_all") or one.get("replaceAll") or one.get("AllowMultiple"))
            if new is not None:
                found.append((old or "", new, everywhere))
    diff = given.get("diff")
    return tuple(found) or (search_blocks(diff) if isinstance(diff, str) else ())


def of_patch(patch: FilePatch) -> Edit:
    """What a patch does to one file."""
    if not patch.pairs:
        return Edit(patch.path, patch.written, after=patch.written)
    return Edit(patch.path, patch.written, patch.pairs, chunks=patch.chunks)


def _first(given: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((given[name] for name in names if isinstance(given.get(name), str)), None)
