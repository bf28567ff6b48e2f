"""Codex CLI rollouts: JSON lines of ``{timestamp, type, payload}``.

Source: https://github.com/openai/codex, codex-rs/protocol (RolloutItem, EventMsg, TurnItem), and the names in the client
0.171. A patch comes by a call of ``apply_patch``, by a shell command that gives it to ``apply_patch``, or by a script of code
mode; that it was applied is told by the event ``patch_apply_end``, by an item ``FileChange`` where the history is paginated,
or by the call's output alone. One edit is counted once, by whatever it is told first. Token counts are cumulative. A session
that was forked begins with a copy of the history of the one it comes from.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app.capture import session
from aicheck_app.capture.code_mode import calls_of
from aicheck_app.capture.codex_changes import edit_of, holds_patch, keys_of, patched
from aicheck_app.capture.codex_failure import failure_of
from aicheck_app.capture.codex_usage import Usage
from aicheck_app.capture.context import Step
from aicheck_app.capture.json_values import members, number, text, value, words
from aicheck_app.capture.session import Format, hash_of
from aicheck_app.capture.tool_calls import command_line

if TYPE_CHECKING:
    from aicheck_app.capture.codex_changes import Change

AGENT = "codex"
_OLD = "functions."
_SHELLS = ("shell", "shell_command", "exec_command", "local_shell", "container.exec")
_READ = frozenset(
    """message user_message token_count custom_tool_call function_call local_shell_call function_call_output
    custom_tool_call_output patch_apply_end task_complete turn_aborted error stream_error model_reroute
    item_completed reasoning""".split()
)
"""The kinds of payload that are read."""
_FAILED = re.compile(
    r"verification failed|Failed to find|[Ss]cript (?:failed|error)|invalid patch|Process exited with code [1-9]|^Exit code: [1-9]|\"exit_code\":[1-9]"
)
_OUTPUT = re.compile(
    r"\A(?:(?:Command|Chunk ID|Wall time|Process exited|Original token count|Exit code|Total output)[^\n]*\n)+(?:Output:\n)?"
)


class _Called(NamedTuple):
    """A call whose output has not come yet: the tool, what was given to it, and its folder."""

    tool: str
    given: Any
    folder: str = ""


def _waits(called: _Called) -> bool:
    """Whether a call only waits for a command that runs: asked again and again, it repeats nothing."""
    given = called.given if isinstance(called.given, dict) else {}
    return called.tool == "wait" or (called.tool == "write_stdin" and not given.get("chars"))


class Session(session.Session):
    """Reads the lines of one rollout."""

    def __init__(self) -> None:
        super().__init__(AGENT, "openai")
        self._calls: dict[str, _Called] = {}
        self._told: set[str] = set()
        """Calls, events and items whose edits are known."""
        self._named: set[str] = set()
        """The calls so far."""
        self._by_event: list[str] = []
        """Edits that were told by events of calls which no line names, as those inside a script are."""
        self._by_script: list[str] = []
        """Edits that were taken from a script, and that no event has told."""
        self._usage = Usage()
        self._thread = ""
        """The id of the file's own thread: an agent that another one started shares the session's id, but not this one."""
        self._parent: Session | None = None
        """Reads the copy of another session's history, while it lasts."""

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        payload = line.get("payload") if isinstance(line, dict) else None
        if not isinstance(payload, dict):
            self.skip(data)
        elif not self._is_copy(payload, text(line.get("type"))):
            self._read(line, payload)
        elif self._parent is not None:
            self.records["copied from another session"] += 1
            self._parent._read(line, payload)
            self._take_over(self._parent)

    def _is_copy(self, payload: dict[str, Any], kind: str) -> bool:
        """Whether a line is of another session: from its ``session_meta`` to the first turn of this one.

        The ids of sessions and turns are UUIDs of version 7, whose order is that of time.
        """
        own = self._thread
        if kind == "session_meta" and own and self._parent is None and text(payload.get("id")) not in ("", own):
            self._parent = Session()
            self._parent.files, self._parent._open = self.files, self._open
            self._parent.place, self._parent.committed = self.place, self.committed
        begins = kind == "turn_context" or payload.get("type") == "task_started"
        if self._parent is not None and begins and not "" < text(payload.get("turn_id")) < own:
            self._parent.end_turn()
            self._take_over(self._parent)
            self._usage.go_on_from(self._parent._usage)
            self._parent = None
        return self._parent is not None

    def _take_over(self, parent: Session) -> None:
        """The edits of a copy are outputs, of the session that made them; its other records are in that one's own file."""
        self._outputs += [(output, "") for output in parent.finish()]
        self._looks += [(look, "") for look in parent.looks()]
        parent.facts()

    def _read(self, line: dict[str, Any], payload: dict[str, Any]) -> None:
        kind, inner = text(line.get("type")), text(payload.get("type"))
        self.records[f"{kind}/{inner}" if inner else kind or "no type"] += 1
        self.origin = self.origin._replace(time=text(line.get("timestamp")) or self.origin.time)
        if kind in ("session_meta", "turn_context"):
            self._about(payload)
            self._whose(payload)
        elif kind == "compacted":
            self.event("compact boundary", self.origin.time)
        elif kind in ("response_item", "event_msg"):
            if inner in _READ:
                getattr(self, f"_{inner}")(payload)

    def _about(self, payload: dict[str, Any]) -> None:
        known = self.origin
        model = text(payload.get("model")) or known.model
        if known.model and model != known.model:
            self.event(
                "model switch", text(payload.get("turn_id")) or known.time, model_from=known.model, model_to=model
            )
        self._usage.effort = text(payload.get("effort")) or self._usage.effort
        self.origin = known._replace(
            session=known.session or text(payload.get("session_id")) or text(payload.get("id")),
            agent_version=text(payload.get("cli_version")) or known.agent_version,
            model=model,
            asked=model,
            provider=text(payload.get("model_provider")) or known.provider,
            cwd=text(payload.get("cwd")) or known.cwd,
        )

    def _whose(self, payload: dict[str, Any]) -> None:
        """Whether the thread is the person's own, or that of an agent which reviews, guards or helps another one."""
        self._thread = self._thread or text(payload.get("id"))
        if "subagent" in members(payload.get("source")):
            self.part = self._thread
            self.origin = self.origin._replace(side_chain=True)

    def _reasoning(self, _: dict[str, Any]) -> None:
        self._usage.thoughts += 1

    def _message(self, payload: dict[str, Any]) -> None:
        if payload.get("role") == "assistant":
            said = words([{"text": text(b.get("text"))} for b in payload.get("content") or [] if isinstance(b, dict)])
            self._said(text(payload.get("id")), said)

    def _said(self, identifier: str, said: str) -> None:
        """The model said something; items and messages tell of the same words."""
        key = hash_of(said)
        if key == self._usage.last_said:
            return
        self._usage.last_said, self._usage.last_prompt = key, ""
        self._usage.characters += len(said)
        self.origin = self.origin._replace(turn=self.origin.turn + 1)
        self.begin_message(self.origin.time, self._usage.effort)
        self.reply(
            said,
            identifier or f"{self._thread or self.origin.session}:{self.origin.time}",
            self.origin._replace(message=identifier),
        )

    def _user_message(self, payload: dict[str, Any]) -> None:
        self._prompted(text(payload.get("message")))

    def _prompted(self, said: str) -> None:
        """A person said something; items and events tell of the same words."""
        key = hash_of(said)
        if key == self._usage.last_prompt:
            return
        self.prompted()
        self._usage.last_said, self._usage.last_prompt, self._usage.last_error = "", key, ""

    def _item_completed(self, payload: dict[str, Any]) -> None:
        """An item of a paginated history."""
        item = payload.get("item")
        if not isinstance(item, dict):
            return
        kind, identifier = text(item.get("type")).lower().replace("_", ""), text(item.get("id"))
        if kind == "agentmessage":
            parts = item.get("content")
            self._said(identifier, words(parts) if isinstance(parts, list) else text(item.get("text")))
        elif kind == "usermessage":
            self._prompted(words(item.get("content")))
        elif kind == "filechange":
            self._changed(identifier, item, failed=text(item.get("status")).lower() in ("failed", "declined"))

    def _token_count(self, payload: dict[str, Any]) -> None:
        message = self._usage.message(payload, self.origin, self.part or self.origin.session)
        if message is None:
            return
        self.tokens += message.tokens
        self.context.count("thinking_tokens", message.thinking_tokens)
        self.add(message)

    def _custom_tool_call(self, payload: dict[str, Any]) -> None:
        self._called(payload, payload.get("input"))

    def _function_call(self, payload: dict[str, Any]) -> None:
        arguments = text(payload.get("arguments"))
        self._called(payload, value(arguments.encode()) if arguments else None)

    def _local_shell_call(self, payload: dict[str, Any]) -> None:
        self._called({**payload, "name": "local_shell"}, payload.get("action"))

    def _called(self, payload: dict[str, Any], given: Any) -> None:
        name = text(payload.get("name")).removeprefix(_OLD)
        self.calls[name] += 1
        self._usage.calls += 1
        self._usage.characters += len(str(given))
        folder = (text(given.get("workdir")) or text(given.get("working_directory"))) if isinstance(given, dict) else ""
        identifier = text(payload.get("call_id"))
        self._named.add(identifier)
        self._calls[identifier] = _Called(name, given, folder)

    def _function_call_output(self, payload: dict[str, Any]) -> None:
        """A call has ended; edits that no event told of are taken from its input."""
        identifier = text(payload.get("call_id"))
        called = self._calls.pop(identifier, None)
        if called is None:
            return
        output = payload.get("output")
        said = words(output) if isinstance(output, list) else text(output)
        failed = bool(_FAILED.search(said[:2_000]))
        changes = patched(called.tool, called.given)
        lines = _command_lines(called)
        fresh = [] if identifier in self._told else changes
        told = identifier in self._told or bool(self._by_event)
        if not changes and not told and not failed and holds_patch(called.tool, called.given):
            self.skipped["patch whose text is not stated"] += 1
        if called.tool == "exec":
            fresh = [change for change in fresh if not _taken(self._by_event, change)]
            self._by_event, self._by_script = [], [] if failed else list(map(_mark, fresh))
        self._step(called, said, failed=failed, edited=bool(fresh), other=not changes)
        if changes and not fresh:
            return
        if fresh and failed:
            self.failed["apply_patch"] += 1
        elif fresh:
            self._apply(identifier, fresh, [change.edit.path for change in changes])
        for at, line in enumerate(lines if not changes else ()):
            self._ran(f"{identifier}:{at}" if at else identifier, line, said, called.folder, failed=failed)

    _custom_tool_call_output = _function_call_output

    def _step(self, called: _Called, said: str, *, failed: bool, edited: bool, other: bool) -> None:
        """Count a call that was no edit, or failed to be one; edits that were applied count themselves."""
        if (not other and not (edited and failed)) or _waits(called):
            return
        digest = hash_of(called.tool) + hash_of(str(called.given))
        why = "could not find the string" if edited else said
        lost = "verification failed" in said or "Failed to find" in said
        command = not edited and bool(_command_lines(called))
        outcome = "failed" if (failed and (edited or command)) or lost else "ok"
        step = Step(self.origin.turn, "edit" if edited else "other", outcome, call=digest, why=why, command=command)  # type: ignore[arg-type]
        self.context.see(step)
        if edited:
            self.turn.call("edit", failed=True)
        elif called.tool not in _SHELLS and called.tool != "exec":
            self.turn.call("other", failed=False)

    def _ran(self, key: str, line: str, output: str, folder: str, *, failed: bool) -> None:
        """A shell command ran."""
        origin = self.origin._replace(tool_use=key, cwd=folder or self.origin.cwd)
        found = self.command(line, failed=failed, said=output)
        self.showed(found, _OUTPUT.sub("", output, count=1), origin.cwd)
        self.wrote(found._replace(patches=()), key, "exec_command", origin)

    def _patch_apply_end(self, payload: dict[str, Any]) -> None:
        self._changed(text(payload.get("call_id")), payload, failed=payload.get("success") is False)

    def _changed(self, identifier: str, payload: dict[str, Any], *, failed: bool) -> None:
        """An event or an item tells what a patch came to."""
        if failed:
            if identifier not in self._told:
                self._told.add(identifier)
                self.failed["apply_patch"] += 1
                why = text(payload.get("stderr"))
                self.context.see(Step(self.origin.turn, "edit", "failed", call=identifier, why=why))
                self.turn.call("edit", failed=True)
            return
        given = payload.get("changes")
        if identifier in self._told or not isinstance(given, dict):
            return
        fresh = [change for path, each in given.items() if (change := edit_of(path, each)) is not None]
        if given and not fresh:
            self.events["apply_patch without text"] += 1  # files that were removed or renamed
        called = self._calls.get(identifier)
        paths = [change.edit.path for change in patched(called.tool, called.given)] if called is not None else []
        if identifier not in self._named:
            fresh = [change for change in fresh if not _taken(self._by_script, change)]
            self._by_event += map(_mark, fresh)
        if fresh:
            self._apply(identifier, fresh, paths)
        self._told.add(identifier)

    def _apply(self, identifier: str, changes: list[Change], paths: list[str]) -> None:
        """Add the edits of a patch; ``paths`` are those that the patch itself names, in its order."""
        self.applied["apply_patch"] += 1
        self._told.add(identifier)
        keys = keys_of(identifier, [change.edit.path for change in changes], paths)
        for key, (edit, hunks) in zip(keys, changes, strict=True):
            origin = self.origin._replace(tool_use=identifier)
            known = self.apply(edit, key, "apply_patch", origin, hunks=hunks)
            old, new = (hash_of("".join(pair[at] for pair in known.pairs)) for at in (0, 1))  # type: ignore[misc]
            step = Step(self.origin.turn, "edit", "ok", edit.path, identifier, created=not edit.pairs, old=old, new=new)
            self.context.see(step)

    def _turn_aborted(self, payload: dict[str, Any]) -> None:
        interrupted = text(payload.get("reason")) in ("", "interrupted")
        if interrupted:
            self.context.count("interrupts")
        self._usage.last_prompt = ""
        self.turn.stop_reason = text(payload.get("reason"))
        self.turn.milliseconds += number(payload.get("duration_ms"))
        self.end_turn("interrupted" if interrupted else "aborted")

    def _task_complete(self, payload: dict[str, Any]) -> None:
        self._usage.last_prompt = ""
        self.turn.milliseconds += number(payload.get("duration_ms"))
        if isinstance(error := payload.get("error"), dict):
            self._error(error)

    def _error(self, payload: dict[str, Any]) -> None:
        """The service failed or refused; the end of a turn may tell it again."""
        reason = text(payload.get("message"))
        if reason and reason == self._usage.last_error:
            return
        self._usage.last_error = reason
        found = failure_of(payload)
        self.turn.stop_reason = found.kind
        if found.refused:
            self.event("refusal", self.origin.time, reason=reason, request=found.request, category=found.kind)
        else:
            self.event("api error", self.origin.time, reason=reason, request=found.request)
            self.context.count("api_incidents")

    def _model_reroute(self, payload: dict[str, Any]) -> None:
        before, after = text(payload.get("from_model")), text(payload.get("to_model"))
        self.event(
            "model switch", self.origin.time, reason=text(payload.get("reason")), model_from=before, model_to=after
        )
        self.origin = self.origin._replace(model=after or self.origin.model)

    _stream_error = _error


def _taken(marks: list[str], change: Change) -> bool:
    """Whether an edit is among these; it is taken from them, for it may be made again."""
    mark = _mark(change)
    if mark in marks:
        marks.remove(mark)
        return True
    return False


def _mark(change: Change) -> str:
    """A name for an edit by which a script's and an event's words for it are the same: an event's diff may show fewer lines."""
    return os.path.basename(change.edit.path)


def _command_lines(called: _Called) -> list[str]:
    """The shell's command lines that a call runs."""
    given = called.given
    if called.tool == "exec" and isinstance(given, str):
        lines = [command_line(call.given) for call in calls_of(given) if call.tool in _SHELLS]
    else:
        lines = [command_line(given)] if called.tool in _SHELLS and isinstance(given, dict) else []
    return [line for line in lines if line]


def _recognises(head: bytes, name: str) -> bool:
    return name.startswith("rollout-") or (b'"session_meta"' in head and b'"payload"' in head)


def _folders() -> list[str]:
    home = os.environ.get("CODEX_HOME") or os.path.join(os.path.expanduser("~"), ".codex")
    return [os.path.join(home, "sessions"), os.path.join(home, "archived_sessions")]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".jsonl", ".jsonl.gz", ".jsonl.zst"))
