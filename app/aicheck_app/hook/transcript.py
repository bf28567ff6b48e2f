"""Which model wrote an edit: a hook's payload does not say, the transcript's message does."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from aicheck_checks.files import open_regular

if TYPE_CHECKING:
    from aicheck_app.hook.event import Event
    from aicheck_app.origin import Origin

TAIL = 400_000
"""Bytes of a transcript's end that are looked through; the message of a running call is near it."""
LAG_SECONDS = 0.3
"""Clients write the message that made a call shortly after they run the call's hooks, or before."""


def told(event: Event, origin: Origin) -> Origin:
    """The origin with what the transcript says of the message that made the call, or else of the newest one."""
    return _of_lines(_lines_from_the_end(_path(event)), event, origin)


def lags(event: Event) -> bool:
    """Whether the transcript does not hold the call yet, and is one that will."""
    path, call = _path(event), event.tool_use.encode("utf-8", "surrogatepass")
    kept = path.endswith(".jsonl") and os.path.isdir(os.path.dirname(os.path.dirname(path)))
    return kept and bool(call) and not any(call in line for line in _lines_from_the_end(path))


def awaited(event: Event, origin: Origin) -> Origin:
    """As ``told``, as soon as the transcript holds the call, or when it has lagged for long enough."""
    late = monotonic() + LAG_SECONDS
    while lags(event) and monotonic() < late:
        sleep(LAG_SECONDS / 10)
    return told(event, origin)


def _of_lines(lines: list[bytes], event: Event, origin: Origin) -> Origin:
    newest = None
    for line in lines:
        if b'"assistant"' not in line:
            continue
        found = _message(line)
        if found is None:
            continue
        if event.tool_use and event.tool_use.encode("utf-8", "surrogatepass") in line:
            return _filled(origin, found, exact=True)
        newest = newest or found
    return _filled(origin, newest, exact=False) if newest else origin


def _path(event: Event) -> str:
    """The transcript of the subagent that called, where one did."""
    if event.side_chain:
        folder = os.path.join(event.transcript.removesuffix(".jsonl"), "subagents")
        own = os.path.join(folder, f"agent-{event.side_chain}.jsonl")
        if os.path.isfile(own):
            return own
    return event.transcript


def _lines_from_the_end(path: str) -> list[bytes]:
    if not path.endswith(".jsonl"):
        return []
    try:
        with open_regular(path) as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(file.tell() - TAIL, 0))
            return file.read().split(b"\n")[::-1]
    except OSError:
        return []


def _message(line: bytes) -> dict[str, Any] | None:
    """The whole line of a message of the model's; None for any other."""
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
        if isinstance(found, dict) and found.get("type") == "assistant" and isinstance(found.get("message"), dict):
            model = found["message"].get("model")
            if isinstance(model, str) and model != "<synthetic>":
                return found
    return None


def _filled(origin: Origin, found: dict[str, Any], *, exact: bool) -> Origin:
    message = found["message"]
    known = origin._replace(model=message["model"], agent_version=_text(found.get("version")) or origin.agent_version)
    if not exact:
        return known
    return known._replace(message=_text(message.get("id")), request=_text(found.get("requestId")))


def _text(found: object) -> str:
    return found if isinstance(found, str) else ""
