"""What agents themselves export by OpenTelemetry: log records as OTLP JSON, an export a line, as a collector's file exporter writes it.

Source: https://code.claude.com/docs/en/monitoring-usage and exports of the client 2.1.197 itself; the documentation of telemetry of
Codex (``codex.*``) and of gemini-cli (``gemini_cli.*``). It holds no code, but tokens, times, errors, refusals and how calls of tools
ended: for whoever has it where no transcripts are kept. Read both of one session, and its messages count twice.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.agents import PROVIDERS
from aicheck_app.capture.json_values import members, number, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import SHELLS
from aicheck_app.clock import of_milliseconds
from aicheck_app.log import records
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.origin import Origin

AGENT = "otlp"
_AGENTS = {"claude_code": "claude-code", "codex": "codex", "gemini_cli": "gemini"}
"""The agent by what the names of its events begin with."""
_ANSWERS = ("api_request", "sse_event", "api_response")
_REFUSALS = ("api_refusal", "refusal")
_TOOLS = ("tool_result", "tool_call")
_PROMPTS = ("user_prompt",)
_HIDDEN = "<REDACTED>"
_NANOSECONDS = 1_000_000
"""Of a millisecond."""
Attributes = dict[str, Any]


class Session(session.Session):
    """Reads the lines of one file, each an export of many events, perhaps of several sessions."""

    def __init__(self) -> None:
        super().__init__(AGENT)
        self._signals: dict[str, Counter[str]] = {}
        self._origins: dict[str, Origin] = {}

    def read(self, data: bytes) -> None:
        """Read one export."""
        line = value(data)
        if not isinstance(line, dict) or not isinstance(line.get("resourceLogs"), list):
            self.skip(data)
            return
        self._signals, self._origins = {}, {}
        self.each(line["resourceLogs"], self._resource)
        for name, counts in self._signals.items():
            self._session(name, counts)
        self.origin = self.origin._replace(session="")  # counts of sessions are told by export, not by file

    def _resource(self, found: Any) -> None:
        about = _attributes(members(found.get("resource")).get("attributes"))
        version = text(about.get("service.version"))
        for scope in found.get("scopeLogs") or ():
            self.each(scope.get("logRecords"), lambda record: self._record(record, version))

    def _record(self, record: dict[str, Any], version: str) -> None:
        told = _attributes(record.get("attributes"))
        said = text(_plain(record.get("body"))) or text(record.get("eventName")) or text(told.get("event.name"))
        prefix, _, name = said.rpartition(".")
        agent = _AGENTS.get(prefix, "")
        self.records[said or "no name"] += 1
        if not agent:
            self.skipped["event of a client that is not known"] += 1
            return
        identifier = text(told.get("session.id")) or text(told.get("conversation.id"))
        model = text(told.get("model"))
        self.origin = self.origin._replace(
            agent=agent, agent_version=version or text(told.get("app.version")), provider=PROVIDERS.get(agent, ""), session=identifier,
            model=model, asked=model, time=_time(record, told), request=text(told.get("request_id")), tokens=0, message="", stop_reason="",
        )  # fmt: skip
        self._origins[identifier] = self.origin
        self._event(name, told, f"{identifier}:{told.get('event.sequence', '')}:{self.origin.time}")

    def _event(self, name: str, told: Attributes, key: str) -> None:
        signals = self._signals.setdefault(self.origin.session, Counter())
        if name in _ANSWERS:
            self._answer(told, key)
        elif name == "assistant_response":
            if (said := text(told.get("response"))) and said != _HIDDEN:
                self.reply(said, key, self.origin)
        elif name == "api_error":
            self.event("api error", key, reason=text(told.get("error"))[:2_000], request=self.origin.request)
        elif name in _REFUSALS:
            self.event("refusal", key, category=text(told.get("category")), request=self.origin.request)
        elif name in _PROMPTS:
            signals["prompts"] += 1
        elif name in _TOOLS:
            tool = text(told.get("tool_name")) or text(told.get("function_name"))
            self.calls[tool] += 1
            if tool.lower() in SHELLS:
                signals["commands"] += 1
                signals["commands_failed"] += str(told.get("success")).lower() == "false"
        elif name == "tool_decision" and text(told.get("decision")).startswith(("reject", "denied", "abort")):
            signals["rejected"] += 1

    def _answer(self, told: Attributes, key: str) -> None:
        tokens = _count(told, "output_tokens", "output_token_count")
        if not tokens:
            return
        thoughts = _count(told, "reasoning_token_count", "thoughts_token_count")
        cached = _count(told, "cache_read_tokens", "cached_token_count", "cached_content_token_count")
        whole = _count(told, "input_tokens", "input_token_count")
        origin = self.origin._replace(tokens=tokens + (thoughts if "thoughts_token_count" in told else 0))
        self.tokens += origin.tokens
        self.add(
            message_record(
                origin, "otlp", key, input_tokens=whole if "cache_read_tokens" in told else max(whole - cached, 0), cache_read=cached,
                cache_written=_count(told, "cache_creation_tokens"), thinking_tokens=thoughts, thinking_blocks=int(thoughts > 0),
                milliseconds=_count(told, "duration_ms"), first_token=_count(told, "ttft_ms", "time_to_first_token_ms"),
                effort=text(told.get("effort")), speed=text(told.get("speed")), entry=text(told.get("query_source")),
            )
        )  # fmt: skip

    def _session(self, name: str, counts: Counter[str]) -> None:
        """What an export counts of a session: each is read once, however often the file is."""
        counted = {signal: number for signal, number in counts.items() if number}
        origin = self._origins[name]
        if counted and name:
            self.add(
                records.Session(
                    id=identity("session", "otlp", origin.agent, name, origin.time, str(sorted(counted.items()))), session=name,
                    agent=origin.agent, agent_version=origin.agent_version, model=origin.model, time=origin.time, context=counted,
                )
            )  # fmt: skip


def _attributes(found: Any) -> Attributes:
    pairs = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
    return {text(one.get("key")): _plain(one.get("value")) for one in pairs}


def _plain(found: Any) -> Any:
    """A value of OTLP: in JSON whole numbers may be strings."""
    for kind, inner in members(found).items():
        return _whole(inner) if kind == "intValue" else inner
    return None


def _whole(found: Any) -> int:
    try:
        return int(found)
    except (TypeError, ValueError):
        return 0


def _count(told: Attributes, *names: str) -> int:
    found = next((told[name] for name in names if told.get(name)), 0)
    return number(_whole(found) if isinstance(found, str) else found)


def _time(record: dict[str, Any], told: Attributes) -> str:
    if said := text(told.get("event.timestamp")):
        return said
    nanoseconds = _whole(record.get("timeUnixNano"))
    try:
        return of_milliseconds(nanoseconds // _NANOSECONDS) if nanoseconds > 0 else ""
    except OverflowError:
        return ""


def _recognises(head: bytes, name: str) -> bool:
    return head.lstrip()[:40].startswith(b'{"resourceLogs"')


FORMAT = Format(AGENT, Session, _recognises, list, (".jsonl", ".json", ".jsonl.gz", ".json.gz"))
