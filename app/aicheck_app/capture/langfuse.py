"""Langfuse: observations as its export to a bucket writes them, or its API hands them out, a line each.

Source: https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields (``observations`` and
``observations_v2``), and the observations of its public API. Only those of the type GENERATION are answers of a model.
"""

from __future__ import annotations

from typing import Any

from aicheck_app.capture import gateway
from aicheck_app.capture.context import seconds_between
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.session import Format

AGENT = "langfuse"


class Session(gateway.Session):
    """Reads the lines of one file."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        if not isinstance(line, dict) or not isinstance(line.get("type"), str) or not _get(line, "trace_id"):
            self.skip(data)
            return
        kind = line["type"].upper()
        self.records[kind] += 1
        if kind != "GENERATION":
            return
        used = members(_get(line, "usage_details")) or members(line.get("usage"))
        start, served = (
            _time(_get(line, "start_time")),
            text(_get(line, "provided_model_name")) or text(line.get("model")),
        )
        self.origin = self.origin._replace(
            session=text(_get(line, "session_id")) or text(_get(line, "trace_id")), time=start, model=served, asked=served,
            tokens=number(used.get("output")), stop_reason="", message="", request=text(line.get("id")),
        )  # fmt: skip
        identifier = text(line.get("id"))
        if text(line.get("level")).upper() == "ERROR":
            self.event("api error", identifier, reason=text(_get(line, "status_message"))[:2_000])
            return
        self.answered(
            line.get("output"), self.origin, identifier, input_tokens=number(used.get("input")),
            cache_read=number(used.get("input_cached_tokens") or used.get("cache_read_input_tokens")),
            cache_written=number(used.get("cache_creation_input_tokens")),
            thinking_tokens=number(used.get("output_reasoning_tokens")),
            first_token=_milliseconds(start, _get(line, "completion_start_time")),
            milliseconds=_milliseconds(start, _get(line, "end_time")),
        )  # fmt: skip


def _get(line: dict[str, Any], name: str) -> Any:
    """A member under the name that exports give it, or the one of the API."""
    first, *rest = name.split("_")
    return line.get(name, line.get(first + "".join(part.capitalize() for part in rest)))


def _time(found: Any) -> str:
    """A time in ISO 8601; exports write a blank between day and hour, and mean UTC."""
    said = text(found).replace(" ", "T", 1)
    return said if not said or said.endswith("Z") or "+" in said else f"{said}Z"


def _milliseconds(start: str, found: Any) -> int:
    return number(round(max(seconds_between(start, _time(found)), 0) * 1000))


def _recognises(head: bytes, name: str) -> bool:
    return (b'"trace_id"' in head or b'"traceId"' in head) and (b'"usage_details"' in head or b'"usageDetails"' in head)


FORMAT = Format(AGENT, Session, _recognises, list, (".jsonl", ".json", ".jsonl.gz"))
