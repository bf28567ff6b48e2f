"""Records of the log for people: a table of outputs, and one record by itself. What they hold is text, whatever it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aicheck_app.log.records import Body, Output
    from aicheck_app.log.verify import Fault

_HEADS = ("id", "time (UTC)", "verdict", "findings", "agent", "model", "tool", "path")
_WIDEST = 34
"""Characters of a column that does not come last."""
_FIRST = ("time", "path", "language", "tool", "agent", "agent_version", "model", "reason")
"""Members that a reader looks for."""
_APART = frozenset({"id", "kind", "verdict", "findings", "marks", "line_hashes", "text", "salt"})
"""Members with a place of their own, or of no use to a reader."""


def table(outputs: Sequence[Output], marks: Mapping[str, str]) -> list[str]:
    """Outputs on a line each below a header, with what a person said of them."""
    rows = [_HEADS, *(_row(one, marks.get(one.id, "")) for one in outputs)]
    widths = [min(max(len(row[n]) for row in rows), _WIDEST) for n in range(len(_HEADS) - 1)]
    return ["  ".join([*(f"{cell:{w}}" for cell, w in zip(row, widths, strict=False)), row[-1]]) for row in rows]


def _row(one: Output, said: str) -> tuple[str, ...]:
    codes = list(dict.fromkeys(finding.code for finding in one.findings))
    found = f"{','.join(codes[:3])}{f' +{len(codes) - 3}' if len(codes) > 3 else ''}" or "-"
    time = one.time[:19].replace("T", " ")
    path = f"{one.path or '-'}{f'  [{said}]' if said else ''}"
    return one.id, time or "-", one.verdict or "-", found, one.agent or "-", one.model or "-", one.tool or "-", path


def fault(found: Fault) -> str:
    """What verification found wrong: with a record, or where ``seq`` is 0 with the log as a whole."""
    if not found.seq:
        return found.reason
    return f"record {found.seq}{f' {found.id}' if found.id else ''}: {found.reason}"


def page(record: Body, marks: Iterable[Body]) -> list[str]:
    """One record: what it is, all that is known of it, what was found, and what was said of it since."""
    lines = [f"{record.get('kind', 'record')} {record.get('id', '')}: {record.get('verdict', 'logged')}"]
    known = members(record)
    width = max(map(len, known), default=0)
    lines += [f"  {name:{width}}  {value}" for name, value in known.items()]
    for finding in record.get("findings") or ():
        lines += _finding(finding) if isinstance(finding, dict) else [f"  {_words(finding)}"]
    for mark in marks:
        reason = f": {mark['reason']}" if mark.get("reason") else ""
        lines += ["", f"{mark.get('mark', 'judged')} {mark.get('time', '')}{reason}"]
    return lines


def members(record: Body) -> dict[str, str]:
    """What is known of a record, by name and in words: first what a reader looks for."""
    names = dict.fromkeys([*(name for name in _FIRST if name in record), *record])
    return {name.replace("_", " "): _words(record[name]) for name in names if name not in _APART}


def _finding(finding: Mapping[str, Any]) -> list[str]:
    sure = f"{finding.get('severity', '?')}, {finding.get('confidence', '?')} confidence"
    excerpt = str(finding.get("excerpt", "")).splitlines()
    place = f"line {finding.get('line', '?')}, column {finding.get('column', '?')}"
    return [
        "",
        f"{finding.get('code', '?')} at {place} ({sure})",
        f"  {finding.get('message', '')}",
        *(f"    | {line}" for line in excerpt),
    ]


def _words(value: object) -> str:
    """A member's value on one line."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {_words(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
