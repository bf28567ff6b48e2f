"""LiteLLM: its standard logging payload, an object a line or a file, as its loggers for buckets and files write it.

Source: https://docs.litellm.ai/docs/proxy/logging_spec, and payloads made by litellm 1.8x itself.
"""

from __future__ import annotations

from typing import Any

from aicheck_app.capture import gateway
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.session import Format
from aicheck_app.clock import of_milliseconds

AGENT = "litellm"


class Session(gateway.Session):
    """Reads the lines of one file."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        if not isinstance(line, dict) or "call_type" not in line or "startTime" not in line:
            self.skip(data)
            return
        self.records[text(line.get("call_type")) or "no type"] += 1
        about = members(line.get("metadata"))
        used = members(about.get("usage_object"))
        cached = number(members(used.get("prompt_tokens_details")).get("cached_tokens"))
        thought = number(members(used.get("completion_tokens_details")).get("reasoning_tokens"))
        answer = members(line.get("response"))
        self.origin = self.origin._replace(
            session=text(line.get("session_id")) or text(line.get("trace_id")), time=_time(line.get("startTime")),
            model=text(answer.get("model")) or text(line.get("model")), asked=text(line.get("model_group")) or text(line.get("model")),
            provider=text(line.get("custom_llm_provider")), agent_version="", request=text(line.get("litellm_call_id")),
            tokens=number(line.get("completion_tokens")), stop_reason="", message="",
        )  # fmt: skip
        identifier = text(line.get("id"))
        if line.get("status") == "failure":
            self.event("api error", identifier, reason=text(line.get("error_str"))[:2_000], request=self.origin.request)
            return
        self.answered(
            line.get("response"), self.origin, identifier, input_tokens=max(number(line.get("prompt_tokens")) - cached, 0),
            cache_read=cached, thinking_tokens=thought, first_token=_between(line, "completionStartTime"),
            milliseconds=_between(line, "endTime"),
        )  # fmt: skip


def _time(seconds: Any) -> str:
    """Seconds since 1970 as a time in ISO 8601."""
    try:
        return of_milliseconds(int(seconds * 1000)) if number(seconds) else ""
    except OverflowError:
        return ""


def _between(line: dict[str, Any], until: str) -> int:
    """Milliseconds from the start of a call."""
    first, last = line.get("startTime"), line.get(until)
    if not number(first) or not number(last):
        return 0
    return number(round((float(last) - float(first)) * 1000))  # type: ignore[arg-type]


def _recognises(head: bytes, name: str) -> bool:
    return b'"call_type"' in head and b'"startTime"' in head and b'"response"' in head


FORMAT = Format(AGENT, Session, _recognises, list, (".jsonl", ".json", ".jsonl.gz", ".json.gz"))
