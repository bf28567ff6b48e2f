"""What silences a rule: the setting ``per-file-ignores``, and comments: ``aicheck: ignore[CODE]``, in the file's language.

On a line with code it speaks for that line, on a line of its own for the next
line; ``aicheck: ignore-file[CODE]`` anywhere speaks for the file.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_checks.finding import Finding
    from aicheck_checks.settings import FileIgnores
    from aicheck_checks.source import Source

_COMMENT = lazy(r"aicheck:\s*ignore(-file)?(?:\[([\w\s,]*)\])?")


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
        if source.region(match.start()) == "string":
            continue
        codes = {c.strip() for c in (match[2] or "").split(",") if c.strip()} or {""}
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


def _begins(source: Source, offset: int) -> bool:
    """Whether nothing but the mark of a comment stands before an offset on its line."""
    return not source.text[source.line_starts[source.position(offset).line - 1] : offset].strip(" \t#/-*;%<!")
