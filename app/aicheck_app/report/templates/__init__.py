"""Evidence in the words of a vendor's issue form, for a person to complete and post; nothing is posted."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from aicheck_app.hashing import as_bytes
from aicheck_app.report.evidence import wording
from aicheck_app.report.sinks.markdown import code, text
from aicheck_app.report.templates.answers import VENDORS, answers, form_name
from aicheck_app.report.templates.facts import facts
from aicheck_app.report.templates.form import Form, form

if TYPE_CHECKING:
    from aicheck_app.report.evidence.collect import Evidence

__all__ = ("VENDORS", "filled")
LONGEST_LINK = 6_000
"""Bytes of a link; servers refuse some 8,000."""
LONGEST_BODY = 60_000
_TITLE = 90
NOTHING = "There is nothing to report, so no form was filled in: no change was found, and no output was suspect."
_SHORT = 300
"""Answers up to so many code points go into the link."""
_COMMANDS = {"claude-code": "run `/feedback` in it and paste the id", "codex": "run `/feedback` in it and paste the thread id", "gemini": "run `/about` and paste what it says, without your address"}  # fmt: skip


def filled(evidence: Evidence, vendor: str) -> str:
    """The form's answers as GitHub shows a filed form, with what is left for the person in front, and a link that prefills it.

    Where nothing is claimed it says that alone.
    """
    damage = wording.damaged(evidence)
    warning = [f"**{text(damage)}. Do not post this.**", ""] if damage else []
    if not wording.title(evidence):
        return "\n".join([*warning, NOTHING, "", wording.claim(evidence, text)]) + "\n"
    known = facts(evidence, vendor)
    found = form(form_name(vendor, known))
    told = answers(found.name, known)
    body = "\n".join(
        _block(field.label, told.get(field.id, ""), field.type, required=field.required) for field in found.fields
    )
    lines = [
        *warning,
        *_before(found, vendor, known.sessions, told),
        _link(found, told, wording.title(evidence)),
        "",
        "---",
        "",
        body[:LONGEST_BODY],
    ]
    return "\n".join(lines) + "\n"


def _before(found: Form, vendor: str, sessions: list[str], told: dict[str, str]) -> list[str]:
    """What the person does before posting."""
    asked = _COMMANDS.get(vendor, "add the request id that the client shows")
    left = [field.label for field in found.fields if field.required and field.id not in told]
    return [
        f"Before you post ({found.template}, as it was read on {found.read}; it may have changed since):",
        "",
        "- [ ] search for a report of the same cause, and comment there if there is one: one cause an issue",
        *(f"- [ ] session {code(session)}: {asked}" for session in sessions),
        *([f"- [ ] answer yourself: {', '.join(left)}"] if left else []),
        "- [ ] read every line: it leaves your machine only if you post it",
        "- [ ] answer questions within a week: issues without an answer are closed",
        "",
    ]


def _block(label: str, answer: str, kind: str, *, required: bool) -> str:
    if kind == "checkboxes":
        return f"### {label}\n\n(yours to tick in the form)\n"
    return f"### {label}\n\n{answer or ('(yours to answer)' if required else '_No response_')}\n"


def _link(found: Form, told: dict[str, str], claimed: str) -> str:
    """A link that prefills the short fields; the long ones are in the body."""
    if not found.repository:
        return "The form is in the vendor's forum; it can't be filled in by a link."
    title = f"{found.title}{textwrap.shorten(claimed, _TITLE, placeholder=' ...')}"
    query = {"template": found.template, "title": title}
    for field in found.fields:
        answer = told.get(field.id, "")
        longer = _query({**query, field.id: answer})
        if answer and len(answer) <= _SHORT and field.type != "checkboxes" and len(longer) <= LONGEST_LINK:
            query[field.id] = answer
    return f"<https://github.com/{found.repository}/issues/new?{_query(query)}>"


def _query(values: dict[str, str]) -> str:
    """The query of an address (RFC 3986, 2.1 and 3.4)."""
    return "&".join(f"{_escaped(name)}={_escaped(value)}" for name, value in values.items())


def _escaped(text: str) -> str:
    plain = "-._~"
    return "".join(
        chr(byte) if (chr(byte).isalnum() and byte < 128) or chr(byte) in plain else f"%{byte:02X}"
        for byte in as_bytes(text)
    )
