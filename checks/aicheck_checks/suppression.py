"""What silences a rule: the setting ``per-file-ignores``, and comments: ``aicheck: ignore[CODE]``, in the file's language.

On a line with code it speaks for that line, on a line of its own for the next
line; ``aicheck: ignore-file[CODE]`` anywhere speaks for the file.
"""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_checks.finding import Finding
    from aicheck_checks.settings import FileIgnores
    from aicheck_checks.source import Source

LONG = 2_000
"""Code points before a comment's words in which its mark is looked for."""
_COMMENT = lazy(r"aicheck:\s*ignore(-file)?(?![\w-])(\[[^\]\n]{0,1000}\]?)?")
_CODES = lazy(r"\[\s*+([A-Z]{1,3}\d{0,3}(?:\s*+,\s*+[A-Z]{1,3}\d{0,3})*+)\s*+(?:,\s*+)?\]")


def not_ignored(
    source: Source, findings: Sequence[Finding], per_file_ignores: Sequence[FileIgnores]
) -> Sequence[Finding]:
    """The findings that the settings let be reported in the source's file."""
    if not findings or not per_file_ignores or not source.path:
        return findings
    try:
        path = os.path.abspath(source.path)
    except OSError:  # the working folder is gone
        return findings
    codes = tuple(code for each in per_file_ignores if each.silences(path) for code in each.codes)
    return [finding for finding in findings if not finding.code.startswith(codes)]


def suppressed(source: Source, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that no comment silences."""
    if not findings or "aicheck:" not in source.text:
        return list(findings)
    whole: set[str] = set()
    seen: set[int] = set()
    by_line: dict[int, set[str]] = {}
    for match in _COMMENT.finditer(source.text):
        codes = _codes(match[2])
        if not codes or not _is_comment(source, match.start()):
            continue
        if match[1]:
            whole |= codes
            continue
        line = source.position(match.start()).line
        alone = line not in seen and _begins(source, match.start())
        seen.add(line)
        by_line.setdefault(line + 1 if alone else line, set()).update(codes)
    kept = []
    for finding in findings:
        here = by_line.get(source.position(finding.start).line, ())
        prefixes = [finding.code[:size] for size in range(len(finding.code) + 1)]
        if not any(code in whole or code in here for code in prefixes):
            kept.append(finding)
    return kept


def _codes(brackets: str | None) -> set[str]:
    """The codes that a comment names: all without brackets, none where they hold anything else."""
    if brackets is None:
        return {""}
    named = _CODES.fullmatch(brackets)
    return {code.strip() for code in named[1].split(",")} if named is not None else set()


def _is_comment(source: Source, at: int) -> bool:
    """Whether a place stands in a comment; where no grammar tells, by the marks before it."""
    language = source.language
    if language is None:
        return False
    if source.tree is None:
        return _is_marked(source, at)
    if language.name == "markdown":
        return _is_remark(source, at)
    region = source.region(at)
    if source.parses or region == "string":
        return region == "comment"
    return not _in_open_string(source, at) and (region == "comment" or _is_marked(source, at))


def _in_open_string(source: Source, at: int) -> bool:
    """Whether a string that a broken text never closes begins before a place."""
    from aicheck_checks.analysis.cut import cut

    stopped = cut(source)
    return stopped is not None and stopped.string is not None and stopped.string[1] < at


def _is_remark(source: Source, at: int) -> bool:
    """Whether a place of a document stands in ``<!-- -->``, and not in a block of code."""
    opened = source.text.rfind("<!--", max(at - LONG, 0), at)
    if opened < 0 or "-->" in source.text[opened:at]:
        return False
    starts, ends, _ = source.regions
    block = bisect_right(starts, opened) - 1
    inside = block >= 0 and opened < ends[block]
    return not inside or source.text[starts[block] : opened + 1].lstrip().startswith("<")


def _is_marked(source: Source, at: int) -> bool:
    """Whether the mark of a comment stands before a place in its line, outside quotes."""
    assert source.language is not None
    line = source.text[source.line_starts[source.position(at).line - 1] : at][-LONG:]
    marks = (source.language.line_comment, (source.language.block_comment or ("",))[0])
    first = min((line.find(mark) for mark in marks if mark and mark in line), default=-1)
    return first >= 0 and not any(line.count(quote, 0, first) % 2 for quote in "\"'")


def _begins(source: Source, offset: int) -> bool:
    """Whether nothing but the mark of a comment stands before an offset on its line."""
    return not source.text[source.line_starts[source.position(offset).line - 1] : offset].strip(" \t#/-*;%<!")
