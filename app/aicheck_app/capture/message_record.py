"""The record of one message of a model, from what is known of where it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicheck_app.log import records
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.origin import Origin

_KNOWN = frozenset(records.Message.__struct_fields__)


def message_record(origin: Origin, *key: str, **told: Any) -> records.Message:
    """A message that ``key`` tells from all others of its agent; ``told`` is what the client says of it besides, or instead."""
    known = {name: value for name, value in origin._asdict().items() if name in _KNOWN}
    return records.Message(id=identity("message", origin.agent, *key), **{**known, **told})
