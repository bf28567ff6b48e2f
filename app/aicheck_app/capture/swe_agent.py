"""SWE-agent and mini-swe-agent: trajectories, a JSON file a run.

Both hold messages as they went to the service: calls with JSON arguments, or a command in a fenced block, and the results behind
them. Source: SWE-agent/SWE-agent, docs/usage/trajectories.md; what mini-swe-agent 2.4.6 wrote.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from typing import TYPE_CHECKING, Any

from aicheck_app.capture import session
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.markdown import code_blocks
from aicheck_app.capture.message_record import message_record
from aicheck_app.capture.session import Format, hash_of
from aicheck_app.capture.tool_calls import ToolCall, take
from aicheck_app.clock import of_milliseconds

if TYPE_CHECKING:
    from aicheck_app.capture.context import Outcome

AGENT = "swe-agent"
MINI = "mini-swe-agent"
_EDITOR = "str_replace_editor"
_CODE = re.compile(r"<returncode>\s{0,9}(-?\d{1,9})|^\s{0,9}\{\s{0,9}\"returncode\": (-?\d{1,9})")
_FAILED = re.compile(
    r"No replacement was performed|^(?:Your command|Your proposed edit|ERROR|Error|The path .{1,400} does not exist|usage:)",
    re.MULTILINE,
)
_WINDOW = re.compile(r"edit(?: \d{1,7}:\d{1,7})?[ \t]*+\n(?P<text>.*?)\n?end_of_edit", re.DOTALL)
"""How the first versions' editor was told to replace lines of the file that was open."""
_OPEN = re.compile(
    r"^(?:\[File: (?P<shown>[^\n]{1,400}?) \(\d{1,9} lines total\)\]|\(Open file: (?P<open>[^\n)]{1,400})\))",
    re.MULTILINE,
)
MAX_OUTPUT = 20_000
"""Code points of the end of a result that the name of the open file is looked for in."""
_STOPS = {"stop": "end_turn", "tool_calls": "tool_use", "length": "max_tokens", "content_filter": "content_filter"}


class Session(session.Session):
    """Reads one trajectory."""

    def __init__(self) -> None:
        super().__init__(AGENT)
        self._shown = ""
        """The file that the editor of the first versions has open."""

    def read(self, data: bytes) -> None:
        """Read the whole file."""
        found = value(data)
        if not isinstance(found, dict):
            self.skip(data)
            return
        info = members(found.get("info"))
        version = text(info.get("mini_version")) or text(info.get("swe_agent_version"))
        agent = MINI if "mini_version" in info else AGENT
        asked = text(members(members(info.get("config")).get("model")).get("model_name"))
        cwd = text(members(members(info.get("config")).get("environment")).get("cwd"))
        messages = found.get("messages") or found.get("history")
        messages = [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []
        self.origin = self.origin._replace(
            agent=agent, session=self._name(messages), agent_version=version, model=asked, asked=asked, cwd=cwd
        )
        self.each([*enumerate(messages, 1)], lambda one: self._message(one[1], _results(messages[one[0] :])))
        status = text(info.get("exit_status"))
        if status and status.lower() != "submitted":
            self.event("run ended", status, reason=status)
        if status:
            self.finish_session()

    def _name(self, messages: list[dict[str, Any]]) -> str:
        """A name for a run, which has none: that of its task, and what tells it from other runs of the task."""
        name = os.path.basename(self.place).partition(".traj")[0]
        first = next((at for at, one in enumerate(messages, 1) if one.get("role") == "assistant"), 0)
        return f"{name}:{hash_of(json.dumps(messages[:first]))}"

    def _message(self, message: dict[str, Any], results: list[dict[str, Any]]) -> None:
        role = text(message.get("role"))
        self.records[role or "no role"] += 1
        if role != "assistant":
            for match in _OPEN.finditer(words(message.get("content"))[-MAX_OUTPUT:]):
                self._shown = match["shown"] or match["open"]
        if role == "user" and not self.origin.turn and message.get("message_type") != "observation":
            self.prompted()  # all that comes after the first answer is what its commands showed
        elif role == "assistant" and not message.get("is_demo"):
            self._answer(message, results)

    def _answer(self, message: dict[str, Any], results: list[dict[str, Any]]) -> None:
        extra = members(message.get("extra"))
        response = members(extra.get("response"))
        used, choices = members(response.get("usage")), response.get("choices")
        choice = members(choices[0]) if isinstance(choices, list) and choices else {}
        when = extra.get("timestamp")
        finish = text(choice.get("finish_reason"))
        self.origin = self.origin._replace(
            turn=self.origin.turn + 1, model=text(response.get("model")) or self.origin.model,
            time=of_milliseconds(number(when) * 1000) if number(when) else self.origin.time,
        )  # fmt: skip
        identifier = f"{self.origin.session}:{self.origin.turn}"
        origin = self.origin._replace(
            message=identifier, request=text(response.get("id")), tokens=number(used.get("completion_tokens")),
            stop_reason=_STOPS.get(finish, finish),
        )  # fmt: skip
        self.tokens += origin.tokens
        self.begin_message(origin.time)
        self.turn.stop_reason = origin.stop_reason
        said = words(message.get("content"))
        calls = _calls(message)
        if calls and not message.get("tool_calls"):
            self.turn.say(said)  # whose block of code is the command itself
        else:
            self.reply(said, identifier, origin)
        details, prompt = members(used.get("completion_tokens_details")), members(used.get("prompt_tokens_details"))
        record = message_record(
            origin, identifier, input_tokens=max(number(used.get("prompt_tokens")) - number(prompt.get("cached_tokens")), 0),
            cache_read=number(prompt.get("cached_tokens")), thinking_tokens=number(details.get("reasoning_tokens")),
            characters=len(said), calls=len(calls),
        )  # fmt: skip
        self.add(record)
        for number_, (name, given) in enumerate(calls):
            result = results[number_] if number_ < len(results) else {}
            name, given = _windowed(name, given, self._shown)
            output, outcome = _ended(result, name)
            take(self, ToolCall(f"{identifier}:{number_}", name, given, outcome, output), origin)


def _calls(message: dict[str, Any]) -> list[tuple[str, Any]]:
    """The calls of a message: a tool's name with what it is given."""
    listed = message.get("tool_calls")
    found: list[tuple[str, Any]] = []
    for call in listed if isinstance(listed, list) else []:
        about = members(members(call).get("function"))
        given = value(text(about.get("arguments")).encode())
        found.append(_editor(text(about.get("name")), members(given)))
    if found:
        return found
    actions = members(message.get("extra")).get("actions")
    if isinstance(actions, list):
        lines = [text(members(one).get("command")) for one in actions]
    elif "action" in message:
        lines = [text(message["action"])]
    else:  # as mini-swe-agent 1 kept it
        lines = [code for language, code in code_blocks(words(message.get("content"))) if language == "bash"][:1]
    return [_typed(line) for line in lines if line.strip()]


def _typed(line: str) -> tuple[str, Any]:
    """A command line; one that starts SWE-agent's editor is a call of it."""
    words_ = _split(line) if line.startswith(_EDITOR) else []
    if len(words_) < 3:
        return "bash", {"command": line}
    options = {
        words_[at].lstrip("-"): words_[at + 1] for at in range(3, len(words_) - 1) if words_[at].startswith("--")
    }
    return _editor(_EDITOR, {"command": words_[1], "path": words_[2], **options})


def _windowed(name: str, given: Any, path: str) -> tuple[str, Any]:
    """A call of the editor of the first versions, which works on the file that is open; any other as it is."""
    edit = _WINDOW.match(text(given.get("command"))) if name == "bash" else None
    if edit is not None:
        return "edit", {"path": path, "new_str": edit["text"]}
    if name == "edit" and "search" in given:
        return name, {
            "path": path,
            "old_str": given.get("search"),
            "new_str": given.get("replace"),
            "replace_all": given.get("replace-all"),
        }
    if name == "insert":
        return "edit", {"path": path, "new_str": given.get("text")}
    return ("open", given) if name == "create" and "file_text" not in given else (name, given)


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return []


def _editor(name: str, given: dict[str, Any]) -> tuple[str, Any]:
    if name == _EDITOR and text(given.get("command")) in ("view", "undo_edit"):
        return text(given["command"]), given
    return name, given


def _results(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages behind one, up to the next of the model."""
    found = []
    for message in messages:
        if message.get("role") == "assistant":
            break
        found.append(message)
    return found


def _ended(result: dict[str, Any], name: str) -> tuple[str, Outcome]:
    """What a call's result says, and how the call ended; of one that was never run nothing came of it."""
    extra = members(result.get("extra"))
    said = text(extra.get("raw_output")) or words(result.get("content"))
    told = _CODE.search(words(result.get("content"))[:400])
    code = extra.get("returncode", int(told[1] or told[2]) if told else 0)
    if not result or extra.get("exception_info") or code:
        return said, "failed"
    return said, "failed" if name in (_EDITOR, "edit") and _FAILED.search(said[:2000]) else "ok"


def _recognises(head: bytes, name: str) -> bool:
    return name.endswith((".traj", ".traj.json")) and head.lstrip().startswith(b"{")


FORMAT = Format(AGENT, Session, _recognises, list, (".traj", ".traj.json", ".traj.gz", ".traj.json.gz"), whole=True)
