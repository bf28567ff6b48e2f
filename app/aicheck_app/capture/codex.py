"""Codex CLI rollouts: JSON lines of ``{timestamp, type, payload}``.

Source: https://github.com/openai/codex, codex-rs/protocol (RolloutItem, EventMsg). A patch that
was applied is told by the event ``patch_apply_end`` with the diff of each file; older
rollouts have only the call of ``apply_patch`` and its output. Token counts are cumulative.
"""

from __future__ import annotations

import os
from typing import Any

from aicheck_app.capture import session
from aicheck_app.capture.context import Step
from aicheck_app.capture.edits import Edit, edits_of
from aicheck_app.capture.patch import added_lines, hunks
from aicheck_app.capture.session import Format, hash_of, text, value, words

AGENT = "codex"
_OLD = "functions."
_READ = frozenset(
    """message user_message token_count custom_tool_call function_call function_call_output custom_tool_call_output
    patch_apply_end turn_aborted error stream_error""".split()
)
"""The kinds of payload that are read."""


class Session(session.Session):
    """Reads the lines of one rollout."""

    def __init__(self) -> None:
        super().__init__(AGENT, "openai")
        self._calls: dict[str, tuple[str, Any]] = {}
        self._told: set[str] = set()

    def read(self, data: bytes) -> None:
        """Read one line."""
        line = value(data)
        payload = line.get("payload") if isinstance(line, dict) else None
        if not isinstance(payload, dict):
            self.skip(data)
            return
        kind, inner = text(line.get("type")), text(payload.get("type"))
        self.records[f"{kind}/{inner}" if inner else kind or "no type"] += 1
        self.origin = self.origin._replace(time=text(line.get("timestamp")) or self.origin.time)
        if kind in ("session_meta", "turn_context"):
            self._about(payload)
        elif kind == "compacted":
            self.events["compact boundary"] += 1
        elif kind in ("response_item", "event_msg"):
            if inner in _READ:
                getattr(self, f"_{inner}")(payload)

    def _about(self, payload: dict[str, Any]) -> None:
        known = self.origin
        self.origin = known._replace(
            session=known.session or text(payload.get("session_id")) or text(payload.get("id")),
            agent_version=text(payload.get("cli_version")) or known.agent_version,
            model=text(payload.get("model")) or known.model,
            provider=text(payload.get("model_provider")) or known.provider,
            cwd=text(payload.get("cwd")) or known.cwd,
        )

    def _message(self, payload: dict[str, Any]) -> None:
        if payload.get("role") != "assistant":
            return
        self.origin = self.origin._replace(turn=self.origin.turn + 1)
        self.context.count("messages")
        said = words([{"text": text(b.get("text"))} for b in payload.get("content") or [] if isinstance(b, dict)])
        identifier = text(payload.get("id")) or f"{self.origin.session}:{self.origin.time}"
        self.reply(said, identifier, self.origin._replace(message=text(payload.get("id"))))

    def _user_message(self, _: dict[str, Any]) -> None:
        self.context.count("prompts")

    def _token_count(self, payload: dict[str, Any]) -> None:
        usage = payload.get("info") or {}
        total = usage.get("total_token_usage") or {} if isinstance(usage, dict) else {}
        for name, counted in (
            ("output_tokens", self.tokens),
            ("reasoning_output_tokens", self.context.counts["thinking_tokens"]),
        ):
            number = total.get(name)
            if isinstance(number, int) and number > counted:
                if name == "output_tokens":
                    self.tokens = number
                else:
                    self.context.count("thinking_tokens", number - counted)

    def _custom_tool_call(self, payload: dict[str, Any]) -> None:
        self._called(payload, payload.get("input"))

    def _function_call(self, payload: dict[str, Any]) -> None:
        arguments = text(payload.get("arguments"))
        given = value(arguments.encode()) if arguments else None
        if isinstance(given, dict) and isinstance(given.get("command"), list):
            given["command"] = "\n".join(map(str, given["command"]))
        self._called(payload, given)

    def _called(self, payload: dict[str, Any], given: Any) -> None:
        name = text(payload.get("name")).removeprefix(_OLD)
        self.calls[name] += 1
        self._calls[text(payload.get("call_id"))] = (name, given)

    def _function_call_output(self, payload: dict[str, Any]) -> None:
        """A call has ended; an edit that no event told of is taken from its input."""
        identifier = text(payload.get("call_id"))
        name, given = self._calls.pop(identifier, ("", None))
        if not name:
            return
        output = payload.get("output")
        said = words(output) if isinstance(output, list) else text(output)
        digest = hash_of(name) + hash_of(str(given))
        edits = edits_of(given) if identifier not in self._told and name in ("apply_patch", "shell") else []
        failed = "verification failed" in said or "Failed to find" in said
        if not edits or failed:
            if edits:
                self.failed["apply_patch"] += 1
            why = "could not find the string" if edits and failed else said
            action = "edit" if edits else "other"
            self.context.see(Step(self.origin.turn, action, "failed" if failed else "ok", call=digest, why=why))  # type: ignore[arg-type]
            return
        self._apply(identifier, edits)

    _custom_tool_call_output = _function_call_output

    def _patch_apply_end(self, payload: dict[str, Any]) -> None:
        identifier = text(payload.get("call_id"))
        self._told.add(identifier)
        if payload.get("success") is False:
            self.failed["apply_patch"] += 1
            why = text(payload.get("stderr"))
            self.context.see(Step(self.origin.turn, "edit", "failed", call=identifier, why=why))
            return
        changes = payload.get("changes")
        edits = [_change(path, change) for path, change in changes.items()] if isinstance(changes, dict) else []
        self._apply(identifier, [edit for edit in edits if edit is not None])

    def _apply(self, identifier: str, edits: list[Edit]) -> None:
        self.applied["apply_patch"] += 1
        for number, edit in enumerate(edits):
            origin = self.origin._replace(tool_use=identifier)
            key = identifier if len(edits) == 1 else f"{identifier}:{number}:{edit.path}"
            self.emit(edit.output(key, "apply_patch", origin))
            old, new = (hash_of("".join(pair[at] for pair in edit.pairs)) for at in (0, 1))  # type: ignore[misc]
            created = not edit.pairs
            step = Step(self.origin.turn, "edit", "ok", edit.path, identifier, created=created, old=old, new=new)
            self.context.see(step)

    def _turn_aborted(self, _: dict[str, Any]) -> None:
        self.context.count("interrupts")

    def _error(self, _: dict[str, Any]) -> None:
        self.events["api error"] += 1
        self.context.count("api_incidents")

    _stream_error = _error


def _change(path: str, change: Any) -> Edit | None:
    if not isinstance(change, dict):
        return None
    if change.get("type") == "add":
        content = text(change.get("content"))
        return Edit(path, content, after=content)
    lines = text(change.get("unified_diff")).split("\n")
    added = added_lines(lines)
    moved = text(change.get("move_path")) or path
    return (
        Edit(moved, "\n".join(added) + "\n", tuple(hunks(lines[:-1] if lines[-1:] == [""] else lines)))
        if added
        else None
    )


def _recognises(head: bytes, name: str) -> bool:
    return name.startswith("rollout-") or (b'"session_meta"' in head and b'"payload"' in head)


def _folders() -> list[str]:
    home = os.environ.get("CODEX_HOME") or os.path.join(os.path.expanduser("~"), ".codex")
    return [os.path.join(home, "sessions"), os.path.join(home, "archived_sessions")]


FORMAT = Format(AGENT, Session, _recognises, _folders, (".jsonl", ".jsonl.gz"))
