"""Comments that silence a rule: ``aicheck: ignore[CODE]`` in a comment of the file's language.

On a line with code it speaks for that line, on a line of its own for the next
line; ``aicheck: ignore-file[CODE]`` anywhere speaks for the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source

_COMMENT = lazy(r"aicheck:\s*ignore(-file)?(?:\[([\w\s,]*)\])?")


def suppressed(source: Source, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that no comment silences."""
    if not findings or "aicheck:" not in source.text:
        return list(findings)
    whole: set[str] = set()
    by_line: dict[int, set[str]] = {}
    for match in _COMMENT.finditer(source.text):
        if source.region(match.start()) == "string":
            continue
        codes = {c.strip() for c in (match[2] or "").split(",") if c.strip()} or {""}
        if match[1]:
            whole |= codes
            continue
        line = source.position(match.start()).line
        alone = not source.lines[line - 1][: _column(source, match.start())].strip(" \t#/-*;%<!")
        by_line.setdefault(line + 1 if alone else line, set()).update(codes)
    return [
        f
        for f in findings
        if not any(f.code.startswith(code) for code in whole | by_line.get(source.position(f.start).line, set()))
    ]


def _column(source: Source, offset: int) -> int:
    return source.position(offset).column - 1
