"""Evidence as Markdown for an issue: under GitHub's limit of 65,536 characters, for a person to post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app import hashing
from aicheck_app.redaction import count as redactions
from aicheck_app.report.evidence import wording
from aicheck_app.report.evidence.collect import MAX_MESSAGES
from aicheck_app.report.evidence.counts import together
from aicheck_app.report.sinks.markdown import block, cell, code, text
from aicheck_app.report.trend.figures import rate, smallest, state

if TYPE_CHECKING:
    from aicheck_app.log.records import Body
    from aicheck_app.report.evidence.change import Change
    from aicheck_app.report.evidence.collect import Evidence
    from aicheck_app.report.evidence.counts import Counts

LIMIT = 60_000
SWITCHES = 8
UNMOVED = 12
"""Measures that did not change, with what would have shown."""
ROWS = 20
"""Rows of a table; the smaller groups are added up in a last row."""


def render(evidence: Evidence) -> str:
    """The report; its last line carries the SHA-256 of all lines before it."""
    parts = [
        "# Evidence of AI code quality\n",
        *_damage(evidence),
        f"**{wording.claim(evidence, text)}**\n",
        *_sureness(evidence),
        (
            f"Period: {text(wording.period(evidence))}. {wording.counted(evidence.sessions, 'session')},"
            f" {wording.counted(evidence.total.total, 'output')}:"
            f" {evidence.total.clean:,} clean, {evidence.total.suspect:,} suspect,"
            f" {evidence.total.unchecked:,} unchecked. Made {evidence.made[:16].replace('T', ' ')} UTC.\n"
        ),
        f"{_words()}\n",
        *_change(evidence),
        _rates(evidence),
        _measures(evidence),
        _findings(evidence),
        _exhibits(evidence),
        _counter_evidence(evidence),
        _environment(evidence),
    ]
    body = "\n".join(parts)
    if len(body) > LIMIT - 2_000:
        body = body[: LIMIT - 2_000].rpartition("\n")[0] + "\n\n(cut to fit an issue; `--format json` has all)\n"
    return _with_integrity(evidence, body)


def _words() -> str:
    return " ".join(f"*{word.capitalize()}*: {meaning}." for word, meaning in wording.DEFINITIONS)


def _damage(evidence: Evidence) -> list[str]:
    words = wording.damaged(evidence)
    return [f"**{text(words)}.**\n"] if words else []


def _sureness(evidence: Evidence) -> list[str]:
    found = evidence.monitored.change
    return [f"{wording.sureness(found)}\n"] if found is not None else []


def _change(evidence: Evidence) -> list[str]:
    """What switched when the rate changed."""
    found = evidence.monitored.change
    if found is None:
        return []
    rows = [
        f"| {one.day} | {one.dimension} | {cell(one.value)} | {wording.switch(found.kpi, one)} |"
        for one in found.switches[:SWITCHES]
    ]
    versions = (
        f"Last good version: {code(found.last_good)}. First bad version: {code(found.first_bad)}.\n"
        if found.first_bad
        else ""
    )
    table = (
        ["| first seen | what | value | rates |", "| --- | --- | --- | --- |", *rows]
        if rows
        else ["No switch is known of that time."]
    )
    too = (
        [f"\nChanged too: {'; '.join(wording.changed_too(evidence)[:SWITCHES])}."] if evidence.monitored.others else []
    )
    tested = sum(one.p is not None for one in found.switches)
    told = (
        f"{tested} of {len(found.switches)} switches could be tested, on sessions from after the alarm alone; p is corrected for all of"
        " them. What came together need not be cause and effect."
        if rows
        else ""
    )
    return [
        "## What switched at that time\n",
        *([versions] if versions else []),
        "\n".join([*table, *too, *(["", told] if told else []), *_carried(found)]),
        "",
    ]


def _carried(found: Change) -> list[str]:
    """Who or what a change in a team's log is carried by."""
    rows = [
        f"| {dimension} | {cell(one.value)} | {rate(found.kpi, one.before)} | {rate(found.kpi, one.after)} | {one.sessions[0]:,} and {one.sessions[1]:,} |"
        for dimension, parts in found.carried
        for one in parts
    ]
    return (
        [
            "",
            "The greatest parts in it, by what is counted beyond the rate before:",
            "",
            "| | who or what | before | since | sessions |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
        if rows
        else []
    )


def _rates(evidence: Evidence) -> str:
    return (
        f"## Rates\n\nSuspect among checked outputs, with 95 % intervals; {wording.worth(evidence.total)}.\n\n"
        + "\n".join(
            _table(wording.TITLES[name], groups[::-1] if name == "day" else groups, evidence.total)
            for name, groups in evidence.by.items()
        )
        + _cross(evidence)
    )


def _cross(evidence: Evidence) -> str:
    """Model and client version together."""
    if len(evidence.cross) < 2:
        return ""
    rows = ["", "| Model | Client version | checked | suspect | rate |", "| --- | --- | ---: | ---: | --- |"]
    shown = [(cell(model), cell(client), c) for model, client, c in evidence.cross[:ROWS]]
    if rest := evidence.cross[ROWS:]:
        shown.append((f"{len(rest):,} more", "", together((c for *_, c in rest), evidence.total.alike)))
    rows += [
        f"| {model} | {client} | {c.checked:,} | {c.suspect:,} | {wording.rate_of(c)} |" for model, client, c in shown
    ]
    return "\n".join(rows) + "\n"


def _table(title: str, groups: list[tuple[str, Counts]], total: Counts) -> str:
    rows = [
        f"| {title} | outputs | unchecked | checked | suspect | rate |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    shown = groups[:ROWS]
    if len(groups) > ROWS:
        rest = groups[ROWS:]
        shown = [*shown, (f"{len(rest):,} more", together((c for _, c in rest), total.alike))]
    rows += [_row(cell(value), counts) for value, counts in shown]
    return "\n".join([*rows, _row("**all**", total)]) + "\n"


def _row(name: str, c: Counts) -> str:
    return f"| {name} | {c.total:,} | {c.unchecked:,} | {c.checked:,} | {c.suspect:,} | {wording.rate_of(c)} |"


def _measures(evidence: Evidence) -> str:
    """The KPIs of which something can be told."""
    told = [row for row in evidence.monitored.rows if row.now.rate is not None]
    if not told:
        return ""
    rows = ["| measure | last 28 days (95 %) | unit | state | would have seen |", "| --- | --- | --- | --- | --- |"]
    rows += [
        f"| {row.kpi.title} | {rate(row.kpi, row.now.rate)} | {row.kpi.unit} | {state(row)} | {smallest(row) if row.state == 'quiet' else ''} |"
        for row in told
    ]
    left = len(evidence.monitored.rows) - len(told)
    rest = f"\n\nToo little was counted to tell anything of {left} others." if left else ""
    return "## Measures\n\n" + "\n".join(rows) + rest + "\n"


def _findings(evidence: Evidence) -> str:
    if not evidence.codes:
        return "## Findings\n\nNone.\n"
    rows = ["| rule | name | outputs |", "| --- | --- | ---: |"]
    rows += [f"| {cell(rule)} | {cell(name)} | {n:,} |" for rule, name, n in evidence.codes]
    return "## Findings\n\nSuspect outputs by rule; an output can have several.\n\n" + "\n".join(rows) + "\n"


def _exhibits(evidence: Evidence) -> str:
    if not evidence.exhibits:
        gone = evidence.total.suspect > 0 and evidence.integrity["pruned"]
        return f"## Exhibits\n\n{'None: the records were pruned.' if gone else 'None.'}\n"
    shown = "\n".join(_exhibit(n, r) for n, r in enumerate(evidence.exhibits, 1))
    return f"## Exhibits\n\n{len(evidence.exhibits)} of {evidence.total.suspect:,} suspect outputs.\n\n{shown}"


def _exhibit(number: int, record: Body) -> str:
    facts = [
        f"{name} {code(str(record[key]))}"
        for name, key in (
            ("time", "time"), ("model", "model"), ("client", "agent_version"), ("session", "session"),
            ("request", "request"), ("message", "message"), ("tool use", "tool_use"), ("file", "path"),
            ("stop reason", "stop_reason"), ("log record", "id"),
        )
        if record.get(key)
    ]  # fmt: skip
    lines = [
        f"### {number}. {text(record['findings'][0]['code'])} in {text(str(record.get('tool', 'text')), 60)}\n",
        ", ".join(facts) + ".",
        "",
    ]
    for finding in record["findings"][:3]:
        lines.append(
            f"- line {text(str(finding['line']))}: {text(finding['message'])} ({text(finding['severity'])}, {text(finding['confidence'])} confidence)"
        )
    excerpt = next((f["excerpt"] for f in record["findings"] if f.get("excerpt")), "")
    if excerpt:
        lines += ["", *block(excerpt, str(record.get("language", "")))]
    lines += ["", "Feedback id, if you have one (run `/feedback` in that session): ____", ""]
    return "\n".join(lines)


def _counter_evidence(evidence: Evidence) -> str:
    clean = [
        f"{wording.TITLES[d].lower()} {text(value)} (0 of {c.checked:,})"
        for d in ("model", "client", "language")
        for value, c in evidence.by[d]
        if c.checked and not c.suspect
    ]
    lines = ["## Counter-evidence\n"]
    if clean:
        lines.append(f"- Without a single suspect output: {', '.join(clean[:10])}.")
    elif evidence.total.checked:
        lines.append("- No group is free of suspect outputs.")
    if controls := wording.controls(evidence):
        lines.append(f"- {controls}.")
    lines += [f"- Not changed: {line}." for line in wording.unmoved(evidence)[:UNMOVED]]
    if guessed := wording.guessed(evidence):
        lines.append(f"- {guessed}.")
    if judged := wording.judged(evidence):
        lines.append(f"- {judged}.")
    if evidence.unchecked:
        why = "; ".join(f"{text(reason)}: {n:,}" for reason, n in evidence.unchecked)
        lines.append(f"- Not checked, so neither for nor against: {why}.")
    if evidence.events:
        events = ", ".join(f"{text(name)} {n:,}" for name, n in list(evidence.events.items())[:ROWS])
        lines.append(f"- Counted apart, not in the rates: {events}.")
    lines += [f"- {limit}" for limit in wording.LIMITS]
    return "\n".join(lines) + "\n"


def _environment(evidence: Evidence) -> str:
    e = evidence.environment
    filters = ", ".join(f"{k} {text(v)}" for k, v in evidence.filters._asdict().items() if v) or "none"
    seen = "".join(
        f"{title.capitalize()}: {', '.join(f'{text(value)} ({n:,})' for value, n in values)}. "
        for title, values in evidence.seen.items()
    )
    seen += f"These count messages, of the newest {MAX_MESSAGES:,}. " if seen else ""
    return (
        "## Environment\n\n"
        f"{seen}The report was made by aicheck {e['aicheck']} (rule set {e['ruleset']}), Python {e['python']}, {e['system']}. Filters: {filters}."
        " Changes of the project's own files for agents are among the switches above where they are known. Reproduction: not run.\n"
    )


def _with_integrity(evidence: Evidence, body: str) -> str:
    i = evidence.integrity
    told = "".join(f"- {text(each)}.\n" for each in i["prunings"])
    told += "\n" if told else ""
    state = (
        f"verified{' but for what was pruned' if told else ''}"
        if i["verified"]
        else "**damaged**: " + "; ".join(text(f) for f in i["faults"])
    )
    if i["checked"] + i["pruned"] < i["records"]:
        state += f" for the newest {i['checked']:,} (`aicheck log verify` reads all)"
    if i["imported"]:
        state += f"; {i['imported']:,} of them came from the exports of other logs, on their word"
    whole = (
        f"{body}\n## Integrity\n\nLog: {i['records']:,} records, {state}, chain head {wording.head(evidence, code)}."
        f" Redactions in this report: {redactions(body)}. Check with `aicheck log verify`.\n\n{told}"
    )
    digest = hashing.of_text(whole)
    return f"{whole}SHA-256 of everything above this line: `{digest}`\n"
