"""A call of Claude Code and its result: as a step of the session's signals, and what its diff shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from aicheck_app.capture.context import Step
from aicheck_app.capture.known_files import Hunk
from aicheck_app.capture.session import hash_of

if TYPE_CHECKING:
    from aicheck_app.capture.context import Action, Outcome
    from aicheck_app.capture.edits import Edit

_ACTIONS: dict[str, Action] = {
    "Read": "read", "NotebookRead": "read", "Write": "write", "Edit": "edit", "MultiEdit": "edit", "NotebookEdit": "edit",
}  # fmt: skip


class Pending(msgspec.Struct):
    """A call that was made and whose result has not come yet."""

    name: str
    input: bytes
    uuid: str
    message: str
    number: int
    last: bool = True


def step_of(
    pending: Pending, given: Any, facts: dict[str, Any], edits: list[Edit], outcome: Outcome, said: str
) -> Step:
    """The step that a call was, from what was given to it, what the client says of it, and its edits, if there are any."""
    named = given if isinstance(given, dict) else {}
    path = edits[0].path if edits else str(named.get("file_path") or named.get("notebook_path") or "")
    edit = edits[0] if edits else None
    pair = edit.pairs[0] if edit is not None and len(edit.pairs) == 1 else ("", "", False)
    return Step(
        pending.number, _ACTIONS.get(pending.name, "other"), outcome, path,
        call=hash_of(pending.name) + hash_of(pending.input.decode("utf-8", "replace")),
        why=said if outcome == "failed" else "", ranged=f"{named.get('offset')}:{named.get('limit')}:{named.get('pages')}",
        created=facts.get("type") == "create",
        before=_hash(edit.before if edit else None), after=_hash(edit.after if edit else None),
        old=_hash(pair[0]), new=_hash(pair[1]), command=pending.name == "Bash",
    )  # fmt: skip


def hunks_of(facts: dict[str, Any]) -> list[Hunk]:
    """What the client's diff shows of a file before an edit."""
    found = []
    for each in facts.get("structuredPatch") or ():
        if isinstance(each, dict) and isinstance(each.get("oldStart"), int) and isinstance(each.get("lines"), list):
            lines = [line[1:] for line in each["lines"] if isinstance(line, str) and line[:1] in (" ", "-")]
            found.append(Hunk(each["oldStart"], tuple(lines)))
    return found


def _hash(known: str | None) -> str:
    return hash_of(known) if known else ""
