"""Messages of the Anthropic API from the bytes of a response: JSON, server-sent events, or a batch's results.

Source: https://docs.anthropic.com/en/api/messages-streaming and .../retrieving-message-batch-results.
"""

from __future__ import annotations

import json
from typing import Any

Message = dict[str, Any]


def of_body(body: bytes) -> list[Message]:
    """The message of a plain response; none of a batch's description or anything else."""
    found = _object(body)
    return [found] if found.get("type") == "message" else []


def of_batch(body: bytes) -> list[Message]:
    """The messages of a batch's results that succeeded."""
    found = []
    for line in body.split(b"\n"):
        result = _object(line).get("result")
        message = result.get("message") if isinstance(result, dict) and result.get("type") == "succeeded" else None
        if isinstance(message, dict):
            found.append(message)
    return found


def of_stream(body: bytes) -> tuple[Message | None, str]:
    """The message that the events of a stream come to, as far as they go, and the type of an error event."""
    message: Message | None = None
    pieces: dict[int, list[str]] = {}
    blocks: dict[int, Message] = {}
    fault = ""
    for event in body.replace(b"\r\n", b"\n").split(b"\n\n"):
        data = _object(b"\n".join(line[5:].lstrip() for line in event.split(b"\n") if line.startswith(b"data:")))
        kind, index = data.get("type"), data.get("index", -1)
        if kind == "message_start" and isinstance(data.get("message"), dict):
            message = {**data["message"], "content": []}
        elif kind == "content_block_start" and isinstance(data.get("content_block"), dict):
            blocks[index] = dict(data["content_block"])
            pieces[index] = [str(blocks[index].get("text", ""))]
        elif kind == "content_block_delta" and index in pieces and isinstance(data.get("delta"), dict):
            delta = data["delta"]
            pieces[index].append(str(delta.get("text") or delta.get("partial_json") or ""))
        elif kind == "message_delta" and message is not None:
            message.update(data["delta"] if isinstance(data.get("delta"), dict) else {})
            message["usage"] = {**(message.get("usage") or {}), **(data.get("usage") or {})}
        elif kind == "error":
            error = data.get("error")
            fault = str(error.get("type", "error")) if isinstance(error, dict) else "error"
    if message is not None:
        message["content"] = [_closed(blocks[index], _joined(pieces[index])) for index in sorted(blocks)]
    return message, fault


def _joined(pieces: list[str]) -> str:
    """The pieces of a text; one may end in the midst of a character that JSON writes as two (a surrogate pair)."""
    return "".join(pieces).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _closed(block: Message, written: str) -> Message:
    if block.get("type") == "tool_use":
        return {**block, "input": _object(written.encode())}
    return {**block, "text": written} if block.get("type") == "text" else block


def _object(data: bytes) -> Message:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
