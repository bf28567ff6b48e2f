"""What gateways and tracing services keep of models: an answer a line, of many sessions in one file.

An answer has the shape of OpenAI's or Anthropic's API, or is a text. What became of a call of a tool is not told there: an edit
that was asked for counts as made. Signals of sessions are not counted, since nobody knows what a session did between its answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, text, value
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.tool_calls import edits_by
from aicheck_app.log.chain import identity

if TYPE_CHECKING:
    from aicheck_app.origin import Origin

_STOPS = {
    "stop": "end_turn",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "length": "max_tokens",
    "content_filter": "refusal",
}
"""The reasons of OpenAI's API (Chat Completions, ``finish_reason``) in the words of all vendors."""
_DEPTH = 3


class Call(NamedTuple):
    """A call of a tool in an answer."""

    key: str
    name: str
    given: Any


class Answer(NamedTuple):
    """An answer of a model: its words, its calls, why it ended, in the words of all vendors."""

    said: str
    calls: list[Call]
    stop_reason: str = ""
    thoughts: int = 0


def answer_of(found: Any, depth: int = _DEPTH) -> Answer:
    """What an answer says, of whichever shape; one that is JSON in a string is read as well."""
    if isinstance(found, str):
        inner = value(found.encode("utf-8", "replace")) if found[:1] in ("{", "[") and depth else None
        return answer_of(inner, depth - 1) if isinstance(inner, dict | list) else Answer(found, [])
    if isinstance(found, list):
        return _blocks(found) if any(isinstance(one, dict) and "type" in one for one in found) else _last(found, depth)
    known = members(found)
    choices = known.get("choices")
    if isinstance(choices, list) and choices:
        first = members(choices[0])
        stop = text(first.get("finish_reason"))
        return answer_of(first.get("message"), depth)._replace(stop_reason=_STOPS.get(stop, stop))
    if isinstance(known.get("message"), dict) and depth:
        return answer_of(known["message"], depth - 1)
    return _message(known)


def _last(found: list[Any], depth: int) -> Answer:
    return answer_of(found[-1], depth - 1) if found and depth else Answer("", [])


def _message(known: dict[str, Any]) -> Answer:
    content = known.get("content")
    stop = text(known.get("stop_reason"))
    answer = (
        _blocks(content) if isinstance(content, list) else Answer(text(content) or text(known.get("completion")), [])
    )
    calls = [_call(one) for one in known.get("tool_calls") or () if isinstance(one, dict)]
    thought = answer.thoughts or int(bool(known.get("reasoning_content") or known.get("thinking_blocks")))
    return answer._replace(calls=answer.calls + calls, stop_reason=stop, thoughts=thought)


def _call(one: dict[str, Any]) -> Call:
    function = members(one.get("function")) or one
    given = function.get("arguments", function.get("input"))
    parsed = value(given.encode("utf-8", "replace")) if isinstance(given, str) else given
    return Call(text(one.get("id")), text(function.get("name")), parsed)


def _blocks(found: list[Any]) -> Answer:
    """Blocks of Anthropic's API, or parts of a message of OpenAI's."""
    blocks = [one for one in found if isinstance(one, dict)]
    said = "".join(text(one.get("text")) for one in blocks if one.get("type") in ("text", "output_text"))
    calls = [_call(one) for one in blocks if one.get("type") in ("tool_use", "function_call")]
    thoughts = sum(one.get("type") in ("thinking", "redacted_thinking") for one in blocks)
    return Answer(said, calls, "", thoughts)


class Session(session.Session):
    """Reads a file of answers; ``answered`` takes in one."""

    def answered(self, found: Any, origin: Origin, identifier: str, **told: Any) -> None:
        """An answer that ``identifier`` names; ``told`` is what else its message's record says."""
        answer = answer_of(found)
        self.files.forget_all()  # another session's files may have the same names
        origin = origin._replace(
            message=identifier, stop_reason=answer.stop_reason or origin.stop_reason, attribution="api"
        )
        self.tokens += origin.tokens
        self.add(
            message_record(
                origin, identifier, calls=len(answer.calls), characters=len(answer.said) + sum(len(str(one.given)) for one in answer.calls),
                thinking_blocks=answer.thoughts, **told,
            )
        )  # fmt: skip
        if answer.said:
            self.reply(answer.said, identifier, origin)
        for call in answer.calls:
            self.calls[call.name] += 1
            for number, edit in enumerate(edits_by(call.name, call.given)):
                key = call.key or identity(identifier, call.name)
                place = origin._replace(tool_use=call.key)
                self.applied[call.name] += 1
                self.emit(edit.output(f"{key}:{number}" if number else key, call.name, place))
        if answer.stop_reason == "refusal":
            self.origin = origin
            self.event("refusal", identifier)
        self.origin = self.origin._replace(session="")  # so that no session's counts are made of many sessions' answers
