"""Claude Code sessions: folders of JSONL transcripts.

The format is internal to the client and changes; it is read tolerantly and what
is not understood is counted by reason. One line holds one content block, so
lines of one message share ``message.id``; an edit counts once its tool result
says that it was applied. Sources: the Agent SDK's published types and
https://docs.claude.com/en/docs/claude-code/hooks.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import msgspec

from aicheck_app.capture import session
from aicheck_app.capture.agents import PROVIDERS, by_place
from aicheck_app.capture.claude_backups import Backups
from aicheck_app.capture.claude_helpers import Helpers, waiting_prompt
from aicheck_app.capture.claude_lines import decode_line
from aicheck_app.capture.claude_messages import Messages
from aicheck_app.capture.claude_steps import Pending, hunks_of, step_of
from aicheck_app.capture.claude_todo import Todo
from aicheck_app.capture.edits import edits_of
from aicheck_app.capture.json_values import number, text, value, words
from aicheck_app.capture.session import Format
from aicheck_app.capture.tool_calls import MAX_OPEN, edits_by
from aicheck_app.log import fields
from aicheck_app.log.records import Message

if TYPE_CHECKING:
    from aicheck_app.capture import claude_lines
    from aicheck_app.capture.claude_lines import Block, Line
    from aicheck_app.capture.context import Outcome
    from aicheck_app.capture.edits import Edit
    from aicheck_app.origin import Origin

AGENT = "claude-code"
EDIT_TOOLS = frozenset({"Write", "Edit", "MultiEdit", "NotebookEdit"})
_INTERRUPTED = "[Request interrupted"
_COMMANDS = (
    "<command-", "<local-command-", "<bash-", "<task-notification", "<system-reminder", "<user-prompt-submit-hook",
    "<teammate-message",
)  # fmt: skip
"""What the client writes as the user's text."""
_OWN_COMMAND = "<command-message>"
"""How the client writes a command of the person's own, which is a prompt; its own commands begin with their name."""
_SWITCH = re.compile(r"<local-command-stdout>[^<]{0,40}?[Ss]et model to (?:\x1b\[1m)?(?P<model>[^\x1b<(\n]{1,100})")
_FALLBACKS = frozenset(
    {"model_refusal_fallback", "model_refusal_no_fallback", "model_consent_fallback", "model_fallback"}
)
_REJECTED = ("The user doesn't want", "Error: The user doesn't want", "User rejected", "[Request interrupted")

_MAX_EARLY = 256
"""Results kept until their call's line comes: calls made side by side are written as they end."""


def folders() -> list[str]:
    """Where the client keeps its sessions."""
    home = os.environ.get("CLAUDE_CONFIG_DIR") or os.path.join(os.path.expanduser("~"), ".claude")
    return [os.path.join(home, "projects")]


def recognises(head: bytes, name: str) -> bool:
    """Whether the beginning of a file looks like one of these transcripts."""
    if name.endswith(".json") or b'"parts"' in head:
        return False
    lines = (
        (b'"isSidechain"' in head and b'"message"' in head)
        or b'"file-history-snapshot"' in head
        or b'"leafUuid"' in head
    )
    return lines or (b'"sessionId"' in head and b'"role"' in head and b'"content"' in head)


class Session(session.Session):
    """Reads the lines of one transcript."""

    def __init__(self) -> None:
        super().__init__(AGENT, "anthropic")
        self.pending: dict[str, Pending] = {}
        self._early: dict[str, tuple[Block, Line]] = {}
        self._messages: dict[str, Origin] = {}
        self._blocks: set[tuple[str, str]] = set()
        self._thinking: dict[str, int] = {}
        self._backups = Backups()
        self._incident = False
        self._open_messages = Messages()
        self._todo = Todo()
        self._helpers = Helpers(self._helper)
        self._model = ""
        """The model that served last."""
        self._asked = ""
        """The model that was asked for, while another one serves in its place."""
        self._switched = False
        """Whether a person or the client has just changed it."""

    def read(self, data: bytes) -> None:
        """Read one line."""
        try:
            line = decode_line(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            self.skip(data)
            return
        self.records[line.type or "no type"] += 1
        self.take(line)
        if line.type in ("file-history-snapshot", "file-history-delta"):
            self._backups.see(value(data), self)

    def take(self, line: Line) -> None:
        """Take in a line."""
        self._context(line)
        if line.type == "assistant":
            self._assistant(line)
        elif line.type == "user":
            self._user(line)
        elif line.type == "system":
            self._system(line)
        elif line.type == "attachment" and waiting_prompt(line):
            self.context.count("prompts")
        elif line.type == "progress" and (helper := self._helpers.read(line)) is not None:
            self._take_over(helper)

    @property
    def helps(self) -> bool:
        """Whether it is of an agent that another one started; older clients wrote what these did into the same file."""
        return bool(self.part)

    def finish_session(self) -> None:
        """The session is over: so is the message that was being written."""
        for message in self._open_messages.rest():
            self.add(message)
        for helper in self._helpers.rest():
            self._take_over(helper)
        super().finish_session()

    def _take_over(self, helper: session.Session) -> None:
        """The outputs and messages of an agent that this one started; its turns and signals are not this session's."""
        for output in helper.finish():
            self._outputs.append((output, ""))
            self.emitted += 1
        self._looks += [(look, "") for look in helper.looks()]
        self._add_all([fact for fact in helper.facts() if isinstance(fact, Message)])

    def _helper(self) -> Session:
        """A session that reads what an agent did which this one started: with the same files, and counts of its own."""
        helper = Session()
        helper.files, helper._unsaved, helper.committed, helper.place = (
            self.files,
            self._unsaved,
            self.committed,
            self.place,
        )
        return helper

    def _context(self, line: Line) -> None:
        if not self.origin.session:
            agent = by_place(self.place) or AGENT
            self.origin = self.origin._replace(agent=agent, provider=PROVIDERS.get(agent, ""))
        known = self.origin
        self.part = line.agent or self.part
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
            self._not_answered(line)
            return
        self._incident = False
        self.lineage = self.lineage or message.id or line.uuid or ""  # which a branch's copies of the lines keep
        self.withdraw(*([line.supersedes] if isinstance(line.supersedes, str) else line.supersedes or ()))
        identifier = message.id or line.uuid or ""
        origin = self._merge(identifier, line, message)
        self._record(line, message, identifier, origin)
        for block in message.content if isinstance(message.content, list) else []:
            if block.type == "tool_use":
                self._tool_use(block, line, identifier)
            elif block.type == "text":
                self.reply(block.text, identifier, origin, line.uuid or "")
        if isinstance(message.content, str):
            self.reply(message.content, identifier, origin, line.uuid or "")

    def _merge(self, identifier: str, line: Line, message: claude_lines.Message) -> Origin:
        """What is known of a message: its lines repeat the usage, and the last has the stop reason."""
        before = self._messages.get(identifier)
        tokens = number(message.usage.output_tokens) if message.usage else 0
        if before is None:
            turn = self.origin.turn + 1
            self.origin = self.origin._replace(turn=turn)
        known = before or self.origin
        self.tokens += max(tokens - (before.tokens if before else 0), 0)
        self._signals(identifier, before, message, line.effort or "")
        merged = known._replace(
            model=message.model or known.model,
            asked=self._asked or message.model or known.model,
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

    def _record(self, line: Line, message: claude_lines.Message, identifier: str, origin: Origin) -> None:
        """Record the message, and whether another model wrote it than the one before."""
        mark = line.uuid or ""
        self._served(origin, mark)
        for done in self._open_messages.see(line, identifier, origin):
            self.add(done)
        if message.stop_reason == "refusal":
            category = (message.stop_details.category if message.stop_details is not None else "") or ""
            self.event("refusal", identifier, request=origin.request, category=category)

    def _served(self, origin: Origin, mark: str) -> None:
        if origin.side_chain or not origin.model:
            return
        if self._model and origin.model != self._model and not self._switched:
            self.event("model change", mark, model_from=self._model, model_to=origin.model)
        if origin.model == self._asked:
            self._asked = ""
        self._model, self._switched = origin.model, False

    def _signals(self, identifier: str, before: Origin | None, message: claude_lines.Message, effort: str) -> None:
        """Count what belongs to a message: it comes in several lines, the reason of its end in the last."""
        context = self.context
        if before is None:
            self.begin_message(self.origin.time, effort, identifier)
        self.turn.stop_reason = message.stop_reason or self.turn.stop_reason
        if message.stop_reason and (before is None or before.stop_reason != message.stop_reason):
            context.count(f"stop_{fields.name(message.stop_reason)}")
        thinking = number(message.usage.details.thinking_tokens) if message.usage and message.usage.details else 0
        context.count("thinking_tokens", max(thinking - self._thinking.get(identifier, 0), 0))
        self._thinking[identifier] = max(thinking, self._thinking.get(identifier, 0))

    def _tool_use(self, block: Block, line: Line, message: str) -> None:
        if (message, block.id) in self._blocks:
            return
        self._blocks.add((message, block.id))
        self.calls[block.name] += 1
        for other in self.pending.values():
            if other.message == message:
                other.last = False
        while len(self.pending) >= MAX_OPEN:
            del self.pending[next(iter(self.pending))]
            self.skipped["call without a result"] += 1
        pending = Pending(block.name, bytes(block.input), line.uuid or "", message, self.origin.turn)
        early = self._early.pop(block.id, None)
        if early is None:
            self.pending[block.id] = pending
        else:
            self._ended(pending, *early)

    def _user(self, line: Line) -> None:
        content = line.message.content if line.message is not None else None
        blocks = content if isinstance(content, list) else []
        self._prompt(line, content if isinstance(content, str) else words([{"text": b.text} for b in blocks]).strip())
        for block in blocks:
            if block.type != "tool_result":
                continue
            pending = self.pending.pop(block.tool_use_id, None)
            if pending is not None:
                self._ended(pending, block, line)
            else:
                self._early[block.tool_use_id] = (block, line)
                if len(self._early) > _MAX_EARLY:
                    del self._early[next(iter(self._early))]

    def _prompt(self, line: Line, said: str) -> None:
        if line.meta or line.summary or line.side_chain or not said:
            return
        self._open_messages.mode(line)
        interrupted = said.startswith(_INTERRUPTED)
        self.end_turn("interrupted" if interrupted else "prompt")
        if interrupted:
            self.context.count("interrupts")
        elif not said.startswith(_COMMANDS) or said.startswith(_OWN_COMMAND):
            self.context.count("prompts")
        elif switch := _SWITCH.search(said):
            self._asked, self._switched = "", True
            self.event("model switch", line.uuid or "", model_from=self._model, model_to=switch["model"].strip())

    def _ended(self, pending: Pending, block: Block, line: Line) -> None:
        """A call's result is here."""
        result = value(line.result)
        said = result if isinstance(result, str) else words(value(block.content))
        facts = result if isinstance(result, dict) else {}
        outcome: Outcome = "ok"
        if block.is_error or (pending.name in EDIT_TOOLS and isinstance(result, str) and result.startswith("Error")):
            outcome = (
                "rejected"
                if words(value(block.content)).startswith(_REJECTED) or said.startswith(_REJECTED)
                else "failed"
            )
        elif facts.get("staged") or (pending.name in EDIT_TOOLS and facts.get("error")):
            outcome = "failed"
        given = value(pending.input)
        edits = edits_of(given, {} if facts.get("userModified") else facts) if pending.name in EDIT_TOOLS else []
        origin = self._messages.get(pending.message, self.origin)._replace(
            tool_use=block.tool_use_id, cwd=line.cwd or self.origin.cwd
        )
        if edits and outcome == "ok":
            key, hunks = block.tool_use_id, hunks_of(facts)
            edits = [self.apply(edits[0], key, pending.name, origin, pending.uuid, hunks=hunks, last=pending.last)]
        self.context.see(step_of(pending, given, facts, edits, outcome, f"{words(value(block.content))} {said}"))
        if pending.name in EDIT_TOOLS:
            self._edited(pending, edits, outcome, facts)
        elif pending.name == "Bash" and outcome != "rejected" and isinstance(given, dict):
            shown = text(facts.get("stdout"))
            found = self.command(text(given.get("command")), failed=outcome == "failed", said=shown)
            self.showed(found, shown)
            self.wrote(found, block.tool_use_id, "Bash", origin, pending.uuid)
        else:
            self.turn.call("other", outcome == "failed")
            if pending.name == "Read" and outcome == "ok":
                self._shown(facts.get("file"))
            for number, edit in enumerate(edits_by(pending.name, given) if outcome == "ok" else ()):
                self.applied[pending.name] += 1
                self.apply(
                    edit,
                    f"{block.tool_use_id}:{number}" if number else block.tool_use_id,
                    pending.name,
                    origin,
                    pending.uuid,
                )
            self.turn.todo = self._todo.left(pending.name, given, facts)

    def _edited(self, pending: Pending, edits: list[Edit], outcome: Outcome, facts: dict[str, Any]) -> None:
        counts = {"ok": self.applied, "rejected": self.rejected, "failed": self.failed}[outcome]
        counts[pending.name] += 1
        if outcome != "ok":
            self.turn.call("edit", failed=True)
        if outcome == "ok" and not edits:
            self.events[f"{pending.name} without text"] += 1
        if outcome == "ok" and edits and facts.get("userModified"):
            self.files.forget(self._place(edits[0].path, self.origin.cwd))  # a person changed what the model proposed

    def _shown(self, file: Any) -> None:
        """A file was read, or a part of it."""
        if isinstance(file, dict) and isinstance(file.get("content"), str):
            start, total = file.get("startLine"), file.get("totalLines")
            if isinstance(start, int) and isinstance(total, int):
                self.has_read(text(file.get("filePath")), start, file["content"].split("\n"), total)

    def _not_answered(self, line: Line) -> None:
        """The client speaks in the model's place."""
        if line.api_error:
            self._failed(line.uuid or "")
        else:
            self.events["synthetic message"] += 1

    def _failed(self, mark: str) -> None:
        """The service failed: one line an attempt, up to ten an incident."""
        if self._incident:
            self.events["api error"] += 1
            return
        self._incident = True
        self.event("api error", mark)
        self.context.count("api_incidents")

    def _system(self, line: Line) -> None:
        name, mark = (line.subtype or "").replace("_", " "), line.uuid or ""
        if line.subtype in _FALLBACKS:
            self.event(
                name, mark, model_from=line.model_from or "", model_to=line.model_to or "", category=line.category or "",
                reason=line.trigger or "", request=line.request or "",
            )  # fmt: skip
            self._asked, self._switched = line.model_from or self._model, True
        elif line.subtype == "compact_boundary":
            self.event(name, mark)
        elif line.subtype == "turn_duration":
            self.turn.milliseconds += number(line.milliseconds)
        elif line.subtype == "api_error":
            self._failed(mark)
        self.withdraw(*(line.retracted or ()))


FORMAT = Format(AGENT, Session, recognises, folders, (".jsonl", ".jsonl.gz"))
