"""What an error of Codex says: of which kind it is, whether the service refused, and the request's id.

Source: https://github.com/openai/codex, codex-rs/protocol (ErrorEvent, CodexErrorInfo), and the words of the client 0.171.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from aicheck_app.capture.json_values import text

_REQUEST = re.compile(r"\brequest id: (?P<id>[\w-]{1,100})", re.IGNORECASE)
_REASON = re.compile(r"Incomplete response returned, reason: (?P<kind>\w{1,50})")
_REFUSED = re.compile(r"content_filter|(?:cyber|bio|content|misalignment)_policy(?:_violation)?")


class Failure(NamedTuple):
    """An error's kind in the client's own word, whether the service refused to answer, and the request's id."""

    kind: str
    refused: bool
    request: str


def failure_of(payload: dict[str, Any]) -> Failure:
    """What an error event, or the error of a turn, says."""
    said, info = text(payload.get("message")), payload.get("codex_error_info")
    kind = next(iter(info), "") if isinstance(info, dict) else text(info)
    reason, request = _REASON.search(said), _REQUEST.search(said)
    if reason is not None:
        kind = reason["kind"]
    return Failure(kind, bool(_REFUSED.fullmatch(kind)), request["id"] if request else "")
