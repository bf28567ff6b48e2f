"""The calls of tools in SpecStory's histories: which of them wrote a file, and what.

A block holds the call and its result alike. Of Claude Code's ``Write`` the first fence is the text and the result names the
file; Codex' ``apply_patch`` has a fence for each file below its name; Cursor and opencode show diffs below a summary that
names the file. An ``Edit`` of Claude Code shows its result alone: what it wrote is not there.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.edits import Edit, of_patch
from aicheck_app.capture.patch import file_patches, hunks
from aicheck_app.capture.tool_calls import EDITS, SHELLS
from aicheck_checks.analysis.prose import FENCE, fence_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.capture.context import Outcome

_BEGINS = re.compile(r"<(?P<what>tool-use|think)\b(?P<more>[^>\n]{0,400}+)>")
_NAME = re.compile(r'data-tool-name="([^"\n]{0,200}+)"')
_STATUS = re.compile(r'data-edit-status="(\w{0,20}+)"')
_SUMMARY = re.compile(r"<summary>(?P<words>[^\n]{0,4000}+)")
_NAMED = re.compile(r"Edit file: (?P<path>[^\n<]*[^\s<])")
_SECTION = re.compile(r"^\*\*(?P<verb>Add|Update|Modify): `(?P<path>[^`\n]{1,1000}+)`\*\*[ \t]*$")
_RESULT = re.compile(r"(?:File created successfully at: |The file )(?P<path>[^\n]{1,1000}+)")
_RESULT_ENDS = re.compile(r" has been (?:updated|created|written)| \(file state is ")
_FAILED = re.compile(r"^(?:\*\*Error:\*\*|Error: |<tool_use_error>)", re.MULTILINE)
_REJECTED = re.compile(r"^The user doesn't want to proceed|^Tool execution aborted", re.MULTILINE)
_OF_A_TOOL = re.compile(r"\s*(?:```|~~~|<|### Rule: |Read file: )")
_WHOLE = frozenset(("write", "write_file", "create_file", "create"))
_MORE_WRITES = frozenset(("search_replace", "edit", "edit_file", "multiedit", "multi_edit"))


class Fence(NamedTuple):
    """A code block: its language, its lines without the last line break, and the line above it that says anything."""

    kind: str
    text: str
    above: str = ""


class Tool(NamedTuple):
    """A call with its result, as the history shows them."""

    name: str
    summary: str
    body: str
    fences: list[Fence]
    status: str = ""

    @property
    def writes(self) -> bool:
        """Whether the tool is one that edits files."""
        return self.name.lower() in EDITS or self.name.lower() in _MORE_WRITES

    @property
    def is_shell(self) -> bool:
        """Whether it ran a command."""
        return self.name.lower() in SHELLS

    @property
    def line(self) -> str:
        """The command that a shell ran: in the first fence, or between backticks on a line of its own."""
        block = next((fence.text for fence in self.fences if fence.kind in ("bash", "sh")), "")
        single = re.search(r"^`(?P<line>[^`\n]+)`$", f"{self.body}\n{self.summary}", re.MULTILINE)
        return block or (single["line"] if single else "")

    @property
    def outcome(self) -> Outcome:
        """How the call ended; what says nothing of it has ended well."""
        if self.status == "rejected" or _REJECTED.search(self.body):
            return "rejected"
        return "failed" if _FAILED.search(self.body) else "ok"

    def edits(self) -> Iterator[Edit]:
        """What the call wrote to each file."""
        if not self.writes:
            return
        named = _NAMED.search(self.summary)
        path = html.unescape(named["path"]).replace("</summary>", "") if named else ""
        diffs = [fence for fence in self.fences if fence.kind == "diff"]
        if diffs:
            yield from self._of_diffs(path, diffs)
        elif self.name.lower() in _WHOLE and self.fences:
            path = path or _result_path(self.fences[1:], self.body)
            if path:
                yield Edit(path, self.fences[0].text, after=self.fences[0].text)

    def _of_diffs(self, path: str, diffs: list[Fence]) -> Iterator[Edit]:
        if any("*** Begin Patch" in fence.text for fence in diffs):
            for fence in diffs:
                yield from map(of_patch, file_patches(fence.text))
        elif any(_SECTION.match(fence.above) for fence in diffs):
            yield from filter(None, map(_of_section, diffs))
        elif path:
            edit = _of_chunks(path, diffs, whole=self.name.lower() in _WHOLE)
            if edit is not None:
                yield edit


def apart(said: str) -> tuple[str, list[Tool]]:
    """What the model said, and its calls; thoughts are neither. A tag inside a code block is text."""
    prose: list[str] = []
    tools: list[Tool] = []
    lines = said.split("\n")
    at, closes = 0, ""
    while at < len(lines):
        begins = None if closes else _BEGINS.match(lines[at])
        if begins is None:
            closes = fence_after(lines[at], closes)
            prose.append(lines[at])
            at += 1
            continue
        end = _end_of(lines, at, f"</{begins['what']}>", fenced=begins["what"] == "tool-use")
        if begins["what"] == "tool-use":
            tools.append(_tool(begins["more"], lines[at:end]))
        prose.append("")
        at = end
    return "\n".join(prose), tools


def own_words(said: str) -> tuple[str, int]:
    """The model's own text of an older history, and how many edits stand there without the name of their file.

    Between two rules stands either what was said, or one tool: its command and output, its diffs, the rule or file it read.
    """
    sections = re.split(r"^---[ \t]*$", said, flags=re.MULTILINE)
    words = [part for part in sections if not _OF_A_TOOL.match(part)]
    edits = [part for part in sections if re.match(r"\s*```diff\b", part)]
    return "\n\n".join(words), len(edits)


def _end_of(lines: list[str], start: int, tag: str, *, fenced: bool) -> int:
    """The line after a block: behind its closing tag outside of fences, else the last closing tag, else the end of all."""
    closes, last = "", len(lines)
    for at in range(start, len(lines)):
        closes = fence_after(lines[at], closes) if fenced and at > start else ""
        if tag in lines[at] and lines[at].rstrip().endswith(tag):
            last = at + 1
            if not closes:
                return last
        elif at > start and _BEGINS.match(lines[at]) and last <= at:
            return last
    return last


def _tool(attributes: str, lines: list[str]) -> Tool:
    body = "\n".join(lines)
    name, status, summary = _NAME.search(attributes), _STATUS.search(attributes), _SUMMARY.search(body)
    return Tool(
        name[1] if name else "",
        summary["words"] if summary else "",
        body,
        list(_fences(lines)),
        status[1] if status else "",
    )


def _fences(lines: list[str]) -> Iterator[Fence]:
    closes = kind = above = last = ""
    text: list[str] = []
    for line in lines:
        was, closes = closes, fence_after(line, closes)
        if not was and closes:
            opens = FENCE.match(line)
            kind, above, text = opens["kind"] if opens else "", last, []
        elif was and not closes:
            yield Fence(kind, "\n".join(text), above)
        elif was:
            text.append(line)
        elif line.strip():
            last = line


def _result_path(results: list[Fence], body: str) -> str:
    """The file that the result names; what was written may say the like, so the result is what is asked."""
    said = "\n".join(fence.text for fence in results) or body.rpartition("```")[2]
    found = _RESULT.search(said)
    return _RESULT_ENDS.split(found["path"])[0].strip() if found else ""


def _of_section(fence: Fence) -> Edit | None:
    """One file of a patch."""
    section = _SECTION.match(fence.above)
    if section is None:
        return None
    lines = fence.text.split("\n")
    written = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
    if section["verb"] == "Add":
        return Edit(section["path"], written, after=written)
    return Edit(section["path"], written, tuple(hunks(lines)))


def _of_chunks(path: str, diffs: list[Fence], *, whole: bool) -> Edit | None:
    """An edit shown as diffs, each a hunk or more."""
    lines = [line for fence in diffs for line in ["@@", *_plain(fence.text)]]
    written = "".join(f"{line[1:]}\n" for line in lines if line.startswith("+"))
    pairs = tuple(hunks(lines))
    if not written.strip():
        return None
    new = all(not old.strip() for old, _, _ in pairs)
    return Edit(path, written, after=written) if whole and new else Edit(path, written, pairs)


def _plain(diff: str) -> list[str]:
    """The lines of a diff with one letter before the text; Cursor's have two there, and their text is escaped for HTML."""
    lines = [line for line in diff.split("\n") if not line.startswith(("+++ ", "--- "))]
    body = [line for line in lines if not line.startswith("@@")]
    if all(line[:2] in ("+ ", "- ", "  ", "+", "-", " ", "") for line in body):
        return [line if line.startswith("@@") else html.unescape(line[:1] + line[2:]) for line in lines]
    return lines
