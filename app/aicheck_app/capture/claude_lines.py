"""The members of a line of Claude Code's transcripts that matter here.

Source: the Agent SDK's published types, and https://docs.claude.com/en/docs/claude-code/hooks.
"""

from __future__ import annotations

import msgspec


class Details(msgspec.Struct):
    """Of the output tokens, those spent on thinking."""

    thinking_tokens: int | None = 0


class Usage(msgspec.Struct):
    """Token counts of a message."""

    input_tokens: int | None = 0
    output_tokens: int | None = 0
    cache_read: int | None = msgspec.field(default=0, name="cache_read_input_tokens")
    cache_written: int | None = msgspec.field(default=0, name="cache_creation_input_tokens")
    speed: str | None = ""
    details: Details | None = msgspec.field(default=None, name="output_tokens_details")


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
    signature: str | None = None


class Stop(msgspec.Struct):
    """What a service says of why it stopped."""

    type: str | None = None
    category: str | None = None


class Message(msgspec.Struct):
    """A message as the service returned it, or as the client sent it."""

    id: str | None = None
    model: str | None = None
    content: str | list[Block] | None = None
    stop_reason: str | None = None
    stop_details: Stop | None = None
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
    meta: bool | None = msgspec.field(default=None, name="isMeta")
    summary: bool | None = msgspec.field(default=None, name="isCompactSummary")
    effort: str | None = None
    permission_mode: str | None = msgspec.field(default=None, name="permissionMode")
    entry: str | None = msgspec.field(default=None, name="entrypoint")
    milliseconds: int | None = msgspec.field(default=None, name="durationMs")
    model_from: str | None = msgspec.field(default=None, name="originalModel")
    model_to: str | None = msgspec.field(default=None, name="fallbackModel")
    category: str | None = msgspec.field(default=None, name="apiRefusalCategory")
    trigger: str | None = None
    agent: str | None = msgspec.field(default=None, name="agentId")
    data: msgspec.Raw = msgspec.Raw(b"null")
    attachment: msgspec.Raw = msgspec.Raw(b"null")


class Told(msgspec.Struct):
    """What a line tells besides: of an agent that was started, or a prompt that waited while the model was at work."""

    type: str | None = None
    message: msgspec.Raw = msgspec.Raw(b"null")
    agent: str | None = msgspec.field(default=None, name="agentId")
    mode: str | None = msgspec.field(default=None, name="commandMode")
    prompt: msgspec.Raw = msgspec.Raw(b"null")


decode_told = msgspec.json.Decoder(Told).decode
decode_line = msgspec.json.Decoder(Line).decode
