"""Events of an agent that are no edit, as records: what failed, which model took over, what was compacted, how it ended.

Where the transcript tells of the same, its record has another name (``compact boundary``, ``model change``), so that nothing is
counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.clock import now
from aicheck_app.log import records
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.hook.event import Event, Name

_NAMES: dict[Name, str] = {
    "failure": "tool failure", "stop failure": "stop failure", "error": "client error", "switch": "switched model",
    "compact": "compaction", "end": "session end",
}  # fmt: skip


def record_of(event: Event) -> records.Event | None:
    """The record of an event; None for one that leaves none."""
    name, raw = _NAMES.get(event.name), event.raw
    if name is None:
        return None
    before, after = _text(raw, "from_model", "fromModel"), _text(raw, "to_model", "toModel")
    if event.name == "switch" and before == after:
        return None
    time = now()
    return records.Event(
        id=identity("event", event.agent, event.session, name, event.tool_use or time), event=name, time=time, agent=event.agent,
        agent_version=event.version, session=event.session, reason=_reason(event), model_from=before, model_to=after,
        category=event.tool if event.name == "failure" else "",
    )  # fmt: skip


def _reason(event: Event) -> str:
    """Why, in the client's words: an error, a trigger or a source."""
    error = event.raw.get("error")
    if isinstance(error, dict):
        return _text(error, "message", "name", "code")
    return "interrupted" if event.raw.get("is_interrupt") else _text(event.raw, "error", "reason", "trigger", "source")


def _text(raw: dict[str, Any], *names: str) -> str:
    return next((raw[name] for name in names if isinstance(raw.get(name), str)), "")
