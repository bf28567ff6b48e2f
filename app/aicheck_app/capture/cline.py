"""Cline, Roo Code and Kilo Code: ``tasks/TASK/api_conversation_history.json`` in the editor's global storage.

A list of messages as the Anthropic API has them. Older tasks have calls as tags in the model's words
(``<write_to_file><path>...</path><content>...``), newer ones as ``tool_use`` blocks; the result of a call stands in the
person's next message. Sources: https://github.com/cline/cline and https://github.com/RooCodeInc/Roo-Code.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, text, value, words
from aicheck_app.capture.session import Format, hash_of
from aicheck_app.capture.tool_calls import ToolCall, take
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

AGENT = "cline"
_EXTENSIONS = {
    "saoudrizwan.claude-dev": "cline",
    "rooveterinaryinc.roo-cline": "roo-code",
    "kilocode.kilo-code": "kilo-code",
}
_TOOLS = re.compile(
    r"<(write_to_file|replace_in_file|apply_diff|insert_content|search_and_replace|execute_command|read_file)>"
)
_MEMBERS = re.compile(r"<(path|content|diff|command|search|replace)>")
_REFUSED = re.compile(r"The user denied this operation|user rejected", re.IGNORECASE)
_ERROR = re.compile(r"<error>|The tool execution failed|Error (?:writing|executing|applying|reading)")


class Session(session.Session):
    """Reads one task."""

    def __init__(self) -> None:
        super().__init__(AGENT)

    def read(self, data: bytes) -> None:
        """Read the whole file."""
        found = value(data)
        if not isinstance(found, list):
            self.skip(data)
            return
        place = self.place.replace("\\", "/")
        agent = next((name for folder, name in _EXTENSIONS.items() if f"/{folder}/" in place.lower()), AGENT)
        task = os.path.basename(os.path.dirname(self.place)) or hash_of(str(found)[:400])
        self.origin = self.origin._replace(agent=agent, session=f"{agent}-{task}")
        messages = [message for message in found if isinstance(message, dict)]
        for message, answer in zip(messages, [*messages[1:], {}], strict=True):
            self.each([(message, answer)], lambda pair: self._message(*pair))

    def _message(self, message: dict[str, Any], answer: dict[str, Any]) -> None:
        role = text(message.get("role"))
        self.records[role or "no role"] += 1
        when = message.get("ts")
        if isinstance(when, int):
            self.origin = self.origin._replace(time=of_milliseconds(when))
        content = message.get("content")
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content or []
        if role == "user":
            self._person(blocks)
        if role != "assistant":
            return
        info = members(message.get("modelInfo"))
        model = text(info.get("modelId")) or self.origin.model
        provider = text(info.get("providerId")) or self.origin.provider
        self.origin = self.origin._replace(turn=self.origin.turn + 1, model=model, asked=model, provider=provider)
        self.begin_message(self.origin.time)
        results = _results(answer)
        for number, block in enumerate(block for block in blocks if isinstance(block, dict)):
            key = f"{self.origin.session}:{self.origin.turn}:{number}"
            if block.get("type") == "tool_use":
                identifier = text(block.get("id")) or key
                self._call(
                    identifier,
                    text(block.get("name")),
                    block.get("input"),
                    results.get(identifier, results.get("", "")),
                )
            elif block.get("type") == "text":
                self._words(text(block.get("text")), key, results.get("", ""))

    def _person(self, blocks: list[Any]) -> None:
        said = words([block for block in blocks if isinstance(block, dict) and block.get("type") == "text"])
        if "<task>" in said or "<feedback>" in said or "<user_message>" in said:
            self.prompted()

    def _words(self, said: str, key: str, result: str) -> None:
        """What the model said, and the calls in it."""
        calls = list(_tagged(said, _TOOLS))
        first = said.find(f"<{calls[0][0]}>") if calls else len(said)
        self.reply(said[:first], key, self.origin)
        for number, (tool, body) in enumerate(calls):
            given = {name: inner.removeprefix("\n").removesuffix("\n") for name, inner in _tagged(body, _MEMBERS)}
            self._call(f"{key}:{number}", tool, given, result)

    def _call(self, key: str, tool: str, given: Any, result: str) -> None:
        outcome = "rejected" if _REFUSED.search(result) else "failed" if _ERROR.search(result[:2000]) else "ok"
        take(self, ToolCall(key, tool, given, outcome, result), self.origin)  # type: ignore[arg-type]


def _tagged(said: str, tags: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """What stands between each opening tag and its closing one, in order; what has no closing tag is left out."""
    at = 0
    unclosed: set[str] = set()
    for match in tags.finditer(said):
        name = match[1]
        if match.start() < at or name in unclosed:
            continue
        end = said.find(f"</{name}>", match.end())
        if end < 0:
            unclosed.add(name)
            continue
        yield name, said[match.end() : end]
        at = end


def _results(answer: dict[str, Any]) -> dict[str, str]:
    """What the next message says of calls: by their ids, and without one for all."""
    content = answer.get("content") if answer.get("role") == "user" else None
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    found = {
        text(block.get("tool_use_id")): words(block.get("content"))
        for block in blocks
        if block.get("type") == "tool_result"
    }
    return {"": content if isinstance(content, str) else words(blocks), **found}


def _recognises(head: bytes, name: str) -> bool:
    return name == "api_conversation_history.json"


def _folders() -> list[str]:
    home = os.path.expanduser("~")
    places = {"darwin": ("Library", "Application Support"), "win32": ("AppData", "Roaming")}
    base = os.environ.get("APPDATA") or os.path.join(home, *places.get(sys.platform, (".config",)))
    found = [os.path.join(home, ".cline", "data", "tasks")]
    for extension in ("saoudrizwan.claude-dev", "rooveterinaryinc.roo-cline", "kilocode.kilo-code"):
        found += sorted(glob.glob(os.path.join(base, "*", "User", "globalStorage", extension, "tasks")))
    return found


FORMAT = Format(AGENT, Session, _recognises, _folders, ("api_conversation_history.json",), whole=True)
