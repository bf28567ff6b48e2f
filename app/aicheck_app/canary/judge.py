"""Judging an answer without running it: its end, its code block, aicheck's rules, and what the task asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.markdown import code_blocks
from aicheck_checks.engine import check
from aicheck_checks.settings import Settings
from aicheck_checks.source import Source

if TYPE_CHECKING:
    from aicheck_app.canary.tasks import Task
    from aicheck_checks.finding import Finding

GOOD_STOPS = ("end_turn", "stop_sequence")
_NAMES = {"typescript": ("typescript", "ts", "tsx"), "python": ("python", "py", "python3"), "go": ("go", "golang"),
          "rust": ("rust", "rs"), "java": ("java",), "javascript": ("javascript", "js")}  # fmt: skip


class Judgement(NamedTuple):
    """What is wrong with an answer: nothing, or the reasons; and the code that was judged."""

    reasons: tuple[str, ...]
    code: str
    findings: tuple[Finding, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.reasons


def judge(task: Task, text: str, stop_reason: str) -> Judgement:
    """Judge one answer. The same text gives the same judgement."""
    reasons = [] if stop_reason in GOOD_STOPS else [f"stopped by {stop_reason or 'nothing'}"]
    code = _code(task, text)
    if code is None:
        refusals = [f.code for f in check(Source(text, language=task.language)).findings if f.code.startswith("REF")]
        return Judgement((*reasons, *refusals, "no code"), "")
    source = Source(code, language=task.language, stop_reason=stop_reason or None, last_of_message=True)
    result = check(source, Settings())
    reasons += dict.fromkeys(f.code for f in result.findings if f.suspect)
    if result.unchecked is not None:
        reasons.append(f"unchecked: {result.unchecked}")
    reasons += [f"lacks {name}" for name in task.defines if not _holds(source, name)]
    lines = sum(bool(line.strip()) for line in source.lines)
    if lines < task.min_lines:
        reasons.append(f"{lines} of at least {task.min_lines} lines")
    reasons += [f"does not match {p}" for p in task.includes if not re.search(p, code, re.MULTILINE)]
    reasons += [f"matches {p}" for p in task.excludes if re.search(p, code, re.MULTILINE)]
    return Judgement(tuple(reasons), code, result.findings)


def _code(task: Task, text: str) -> str | None:
    """The longest code block in the task's language, or without a name."""
    names = ("", *_NAMES.get(task.language, (task.language,)))
    return max((code for name, code in code_blocks(text) if name.lower() in names), key=len, default=None)


def _holds(source: Source, name: str) -> bool:
    """Whether a name stands in the code, outside comments and strings."""
    return any(source.region(match.start()) == "code" for match in re.finditer(rf"\b{re.escape(name)}\b", source.text))
