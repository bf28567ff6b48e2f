"""Claude Code sessions: folders of JSONL transcripts.

The format is internal to the client and changes; it is read tolerantly and what
is not understood is counted by reason. One line holds one content block, so
lines of one message share ``message.id``; an edit counts once its tool result
says that it was applied. Sources: the Agent SDK's published types and
https://docs.claude.com/en/docs/claude-code/hooks.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from typing import Any

import msgspec

from aicheck_app.origin import Origin, Output

AGENT = "claude-code"
EDIT_TOOLS = frozenset({"Write", "Edit", "MultiEdit", "NotebookEdit"})
_REJECTED = ("The user doesn't want", "Error: The user doesn't want", "User rejected", "[Request interrupted")
_FENCE = re.compile(
    r"^(?P<fence>```+|~~~+)[ \t]*(?P<language>[\w+#.-]*)[^\n]*\n(?P<code>.*?)(?:^(?P=fence)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Usage(msgspec.Struct):
    """Token counts of a message."""

    input_tokens: int | None = 0
    output_tokens: int | None = 0


class Block(msgspec.Struct):
    """One content block of a message."""

    type: str = ""
    text: str = ""
    id: str = ""
    name: str = ""
    input: msgspec.Raw = msgspec.Raw(b"null")
    tool_use_id: str = ""
    is_error: bool | None = None
    content: msgspec.Raw = msgspec.Raw(b"null")


class Message(msgspec.Struct):
    """A message as the service returned it, or as the client sent it."""

    id: str | None = None
    model: str | None = None
    content: str | list[Block] | None = None
    stop_reason: str | None = None
    usage: Usage | None = None


class Line(msgspec.Struct):
    """The members of a transcript line that matter here."""

    type: str | None = None
    subtype: str | None = None
    uuid: str | None = None
    session: str | None = msgspec.field(default=None, name="sessionId")
    time: str | None = msgspec.field(default=None, name="timestamp")
    cwd: str | None = None
    version: str | None = None
    side_chain: bool | None = msgspec.field(default=None, name="isSidechain")
    request: str | None = msgspec.field(default=None, name="requestId")
    api_error: bool | None = msgspec.field(default=None, name="isApiErrorMessage")
    message: Message | None = None
    result: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"null"), name="toolUseResult")
    retracted: list[str] | None = msgspec.field(default=None, name="retractedMessageUuids")
    supersedes: str | list[str] | None = None


class Pending(msgspec.Struct):
    """An edit that was proposed and whose result has not come yet."""

    name: str
    input: bytes
    uuid: str
    message: str
    last: bool = True


_decode_line = msgspec.json.Decoder(Line).decode
_decode_any = msgspec.json.Decoder().decode


def default_folder() -> str:
    """Where the client keeps its sessions."""
    home = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    return os.path.join(home, "projects")


def recognises(head: bytes) -> bool:
    """Whether the beginning of a file looks like one of these transcripts."""
    return any(
        mark in head
        for mark in (b'"sessionId"', b'"parentUuid"', b'"file-history-snapshot"', b'"isSidechain"', b'"leafUuid"')
    )


class Session:
    """Reads the lines of one transcript; ``outputs`` fills as edits are applied and replies come.

    Counters: ``records`` by line type, ``skipped`` by reason, ``calls`` by tool,
    ``applied``, ``rejected`` and ``failed`` edits by tool, ``events`` for API
    errors, refusals and compactions. Each line is in ``records`` or ``skipped``.
    """

    def __init__(self) -> None:
        self.outputs: list[Output] = []
        self.records: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.applied: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.tokens = 0
        self.origin = Origin(agent=AGENT, provider="anthropic")
        self.pending: dict[str, Pending] = {}
        self._messages: dict[str, Origin] = {}
        self._blocks: set[tuple[str, str]] = set()
        self._withdrawn: set[str] = set()
        self._uuids: list[str] = []
        self._seen_text: set[str] = set()

    def read(self, data: bytes) -> None:
        """Read one line."""
        try:
            line = _decode_line(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._skip(data)
            return
        self.records[line.type or "no type"] += 1
        self._context(line)
        if line.type == "assistant":
            self._assistant(line)
        elif line.type == "user":
            self._user(line)
        elif line.type == "system":
            self._system(line)

    def finish(self) -> list[Output]:
        """The outputs so far, less those that the service took back; the list starts anew."""
        kept = [o for o, uuid in zip(self.outputs, self._uuids, strict=True) if uuid not in self._withdrawn]
        self.events["withdrawn"] += len(self.outputs) - len(kept)
        self.outputs, self._uuids = [], []
        return kept

    def _skip(self, data: bytes) -> None:
        text = data.strip()
        if not text:
            self.skipped["empty line"] += 1
        elif text.startswith((b"//", b"#")):
            self.skipped["comment"] += 1
        else:
            try:
                value = _decode_any(text)
            except (msgspec.DecodeError, UnicodeDecodeError):
                self.skipped["not valid JSON"] += 1
                return
            if isinstance(value, dict):
                self.skipped[f"unknown shape of '{str(value.get('type'))[:30]}'"] += 1
            else:
                self.skipped["not a JSON object"] += 1

    def _context(self, line: Line) -> None:
        known = self.origin
        self.origin = known._replace(
            session=line.session or known.session,
            agent_version=line.version or known.agent_version,
            cwd=line.cwd or known.cwd,
            time=line.time or known.time,
            side_chain=bool(line.side_chain),
        )

    def _assistant(self, line: Line) -> None:
        message = line.message
        if message is None:
            return
        if line.api_error or message.model == "<synthetic>":
            self.events["api error" if line.api_error else "synthetic message"] += 1
            return
        if line.supersedes:
            self._withdrawn.update([line.supersedes] if isinstance(line.supersedes, str) else line.supersedes)
        identifier = message.id or line.uuid or ""
        origin = self._merge(identifier, line, message)
        if message.stop_reason == "refusal":
            self.events["refusal"] += 1
        for block in message.content if isinstance(message.content, list) else []:
            if block.type == "tool_use":
                self._tool_use(block, line, identifier)
            elif block.type == "text":
                self._reply(block.text, line, identifier, origin)
        if isinstance(message.content, str):
            self._reply(message.content, line, identifier, origin)

    def _merge(self, identifier: str, line: Line, message: Message) -> Origin:
        """What is known of a message: its lines repeat the usage, and the last has the stop reason."""
        before = self._messages.get(identifier)
        tokens = (message.usage.output_tokens or 0) if message.usage else 0
        if before is None:
            turn = self.origin.turn + 1
            self.origin = self.origin._replace(turn=turn)
        known = before or self.origin
        self.tokens += max(tokens - (before.tokens if before else 0), 0)
        merged = known._replace(
            model=message.model or known.model,
            message=message.id or "",
            request=line.request or known.request,
            stop_reason=message.stop_reason or known.stop_reason,
            tokens=max(tokens, known.tokens if before else 0),
            time=line.time or known.time,
            side_chain=bool(line.side_chain),
        )
        if before is None and len(self._messages) > 512:
            self._messages.pop(next(iter(self._messages)))
        self._messages[identifier] = merged
        return merged

    def _tool_use(self, block: Block, line: Line, message: str) -> None:
        if (message, block.id) in self._blocks:
            return
        self._blocks.add((message, block.id))
        self.calls[block.name] += 1
        for other in self.pending.values():
            if other.message == message:
                other.last = False
        if block.name in EDIT_TOOLS:
            self.pending[block.id] = Pending(block.name, bytes(block.input), line.uuid or "", message)

    def _reply(self, text: str, line: Line, message: str, origin: Origin) -> None:
        if "```" not in text and "~~~" not in text:
            return
        for match in _FENCE.finditer(text):
            code = match["code"]
            key = f"{message}:{hash_of(code)}"
            if not code.strip() or key in self._seen_text:
                continue
            self._seen_text.add(key)
            last = not text[match.end() :].strip()
            self._emit(
                Output(key, "reply", code, code, "reply", "", origin, match["language"] or "text", None, last),
                line.uuid or "",
            )

    def _user(self, line: Line) -> None:
        content = line.message.content if line.message is not None else None
        for block in content if isinstance(content, list) else []:
            pending = self.pending.pop(block.tool_use_id, None) if block.type == "tool_result" else None
            if pending is None:
                continue
            result = _value(line.result)
            said = result if isinstance(result, str) else _words(_value(block.content))
            if block.is_error or (isinstance(result, str) and result.startswith("Error")):
                rejected = said.startswith(_REJECTED)
                (self.rejected if rejected else self.failed)[pending.name] += 1
                continue
            facts = result if isinstance(result, dict) else {}
            if facts.get("staged") or facts.get("error"):
                self.failed[pending.name] += 1
                continue
            self.applied[pending.name] += 1
            origin = self._messages.get(pending.message, self.origin)._replace(
                tool_use=block.tool_use_id, cwd=line.cwd or self.origin.cwd
            )
            output = applied_edit(pending.name, block.tool_use_id, _value(pending.input), facts, origin)
            if output is None:
                self.events[f"{pending.name} without text"] += 1
            else:
                self._emit(output._replace(last_of_message=pending.last), pending.uuid)

    def _system(self, line: Line) -> None:
        if line.subtype in ("api_error", "compact_boundary", "model_refusal_fallback", "model_refusal_no_fallback"):
            self.events[line.subtype.replace("_", " ")] += 1
        self._withdrawn.update(line.retracted or ())

    def _emit(self, output: Output, uuid: str) -> None:
        self.outputs.append(output)
        self._uuids.append(uuid)


def applied_edit(tool: str, identifier: str, given: Any, result: dict[str, Any], origin: Origin) -> Output | None:
    """The output of an edit that was applied: the tool's input, its result, and where it came from."""
    if not isinstance(given, dict):
        return None
    path = _text(result.get("filePath")) or _text(given.get("file_path")) or _text(given.get("notebook_path"))
    before = result.get("originalFile", result.get("originalFileContents"))
    previous = before if isinstance(before, str) else None
    if tool == "Write":
        content = _text(given.get("content"))
        return Output(identifier, tool, content, content, "file", path, origin, None, previous)
    if tool == "NotebookEdit":
        content = _text(given.get("new_source"))
        language = "markdown" if given.get("cell_type") == "markdown" else "python"
        return Output(identifier, tool, content, content, "fragment", path, origin, language) if content else None
    edits = given.get("edits") if tool == "MultiEdit" else [given]
    pairs = [
        (_text(e.get("old_string")), _text(e.get("new_string")), bool(e.get("replace_all")))
        for e in (edits if isinstance(edits, list) else [])
        if isinstance(e, dict)
    ]
    written = "\n".join(new for _, new, _ in pairs)
    after = _apply(previous, pairs) if previous is not None else None
    if after is None:
        return Output(identifier, tool, written, written, "fragment", path, origin)
    return Output(identifier, tool, written, after, "file", path, origin, None, previous)


def _apply(text: str, pairs: list[tuple[str, str, bool]]) -> str | None:
    for old, new, everywhere in pairs:
        if old not in text:
            return None
        text = text.replace(old, new) if everywhere else text.replace(old, new, 1)
    return text


def hash_of(text: str) -> str:
    """A short stable hash of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _value(raw: msgspec.Raw | bytes) -> Any:
    try:
        return _decode_any(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _words(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_text(item.get("text")) for item in value if isinstance(item, dict))
    return _text(value)
