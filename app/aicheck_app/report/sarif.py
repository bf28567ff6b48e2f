"""SARIF 2.1.0 (OASIS): one run with its rules and results, within GitHub's limits.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/ and, for the limits,
https://docs.github.com/code-security/code-scanning (25,000 results a run).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import __version__, hashing
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.sarif import message, uri
from aicheck_checks.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
MAX_RESULTS = 25_000
KNOWN = frozenset(rule.code for rule in RULES)


class Result(NamedTuple):
    """One finding as SARIF needs it; lines and columns from 1, columns in code points."""

    code: str
    message: str
    path: str
    severity: str
    confidence: str
    line: int
    column: int
    end_line: int
    end_column: int
    context: str
    properties: dict[str, Any]


class Note(NamedTuple):
    """Something about the run: what was not looked at, and why. ``level`` is SARIF's: error, warning or note."""

    message: str
    path: str
    level: str


def render(results: list[Result], *, automation: str, notes: Sequence[Note] = (), whole: bool = True) -> str:
    """A SARIF log with one run; ``automation`` names the run for those who compare runs.

    ``whole`` says whether all that was asked could answer.
    """
    used = {r.code for r in results}
    rules = [rule for rule in RULES if rule.code in used]
    index = {rule.code: n for n, rule in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "aicheck",
                "semanticVersion": __version__,
                "rules": [
                    {
                        "id": rule.code,
                        "name": "".join(part.title() for part in rule.name.split("-")),
                        "shortDescription": {"text": rule.summary},
                        "fullDescription": {"text": rule.page.strip().partition("\n\n")[0]},
                        "help": {"text": rule.page.strip(), "markdown": f"# {rule.code} {rule.name}\n\n{rule.page}"},
                        "properties": {"tags": [rule.family]},
                    }
                    for rule in rules
                ],
            }
        },
        "automationDetails": {"id": automation},
        "invocations": [{"executionSuccessful": whole, "toolExecutionNotifications": [_note(note) for note in notes]}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(r, index) for r in results[:MAX_RESULTS]],
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _note(note: Note) -> dict[str, Any]:
    location = {"physicalLocation": {"artifactLocation": {"uri": uri(note.path)}}}
    return {
        "level": note.level,
        "message": {"text": message(note.message)},
        "locations": [location] if note.path else [],
    }


def _result(result: Result, index: dict[str, int]) -> dict[str, Any]:
    region = {
        "startLine": result.line, "startColumn": result.column,
        "endLine": result.end_line, "endColumn": result.end_column,
    }  # fmt: skip
    location = {"physicalLocation": {"artifactLocation": {"uri": uri(result.path)}, "region": region}}
    return {
        "ruleId": result.code,
        "ruleIndex": index[result.code],
        "level": LEVELS.get(result.severity, "note"),
        "message": {"text": message(result.message)},
        "locations": [location] if result.path else [],
        "partialFingerprints": {"aicheck/v1": _fingerprint(result)},
        "properties": {"confidence": result.confidence, **result.properties},
    }


def _fingerprint(result: Result) -> str:
    """Stable when lines move: the rule and the text round the finding, blanks folded, no line number."""
    folded = re.sub(r"\s+", " ", result.context).strip()
    return hashing.of_text(f"{result.code}\0{folded}", 32)
