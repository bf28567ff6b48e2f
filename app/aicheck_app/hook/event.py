"""What a hook's payload says, under all the names that agents give it.

Sources: https://docs.claude.com/en/docs/claude-code/hooks, https://developers.openai.com/codex/hooks,
https://geminicli.com/docs/hooks, https://cursor.com/docs/agent/hooks, https://docs.github.com/copilot
(hooks), https://docs.cline.bot/features/hooks, https://docs.windsurf.com (Cascade hooks).
"""

from __future__ import annotations

import json
import os
from typing import Any, Literal, NamedTuple

from aicheck_app import faults
from aicheck_app.capture.agents import by_place

Name = Literal[
    "edit", "before", "failure", "batch", "reply", "prompt", "stop", "subagent stop", "stop failure", "error", "start", "end",
    "switch", "compact", "other",
]  # fmt: skip

_NAMES: dict[str, Name] = {
    "posttooluse": "edit", "aftertool": "edit", "afterfileedit": "edit", "post_write_code": "edit",
    "posttoolusefailure": "failure", "posttoolbatch": "batch",
    "userpromptsubmit": "prompt", "userpromptsubmitted": "prompt", "beforeagent": "prompt", "beforesubmitprompt": "prompt",
    "pre_user_prompt": "prompt",
    "stop": "stop", "afteragent": "stop", "agentstop": "stop", "taskcomplete": "stop", "subagentstop": "subagent stop", "stopfailure": "stop failure",
    "sessionstart": "start", "sessionend": "end", "promptsubmit": "prompt", "aftertabfileedit": "edit",
    "pretooluse": "before", "beforetool": "before", "beforeshellexecution": "before", "erroroccurred": "error",
    "tool_result": "edit", "tool_call": "before", "prompt_submit": "prompt", "agent_end": "stop", "agent_error": "error",
    "session_shutdown": "end", "sessionshutdown": "end", "taskerror": "error",
    "postmodelswitch": "switch", "postcompact": "compact", "afteragentresponse": "reply",
}  # fmt: skip
_GEMINI = ("beforetool", "aftertool", "beforeagent", "afteragent", "beforemodel", "aftermodel", "beforetoolselection")


class Event(NamedTuple):
    """One payload; what an agent does not tell is empty. ``said`` is the event's name in the agent's own words."""

    agent: str
    name: Name
    said: str
    session: str = ""
    tool: str = ""
    given: Any = None
    response: Any = None
    tool_use: str = ""
    cwd: str = ""
    transcript: str = ""
    model: str = ""
    version: str = ""
    side_chain: str = ""
    failed: bool = False
    raw: dict[str, Any] = {}  # noqa: RUF012 - never changed


def parse(data: bytes, cwd: str, hint: str = "") -> Event | None:
    """A payload as an event; None for what is none. ``hint`` names the agent where the payload does not tell."""
    try:
        text = data.decode("utf-8-sig", "replace")
        raw = json.loads(text, strict=False, parse_int=_number)  # Windsurf leaves control characters in
    except (ValueError, RecursionError) as error:
        faults.note("hook: a payload that can't be read", error)
        return None
    if not isinstance(raw, dict):
        return None
    said = _text(raw, "hook_event_name", "hookEventName", "hookName", "agent_action_name", "eventName")
    cline: Any = next((raw[name] for name in ("postToolUse", "preToolUse") if isinstance(raw.get(name), dict)), {})
    tool = _text(raw, "tool_name", "toolName") or _text(cline, "toolName", "tool")
    name = _NAMES.get(said.lower(), "other") if said else _unnamed(raw, tool)
    given = _first(raw, "tool_input", "toolArgs", "toolInput", "tool_info") or cline.get("parameters")
    if name == "edit" and given is None and "file_path" in raw:
        given, tool = raw, tool or said
    if isinstance(given, str) and given.lstrip().startswith("{"):
        given = _json(given)
    response = _first(raw, "tool_response", "tool_result", "toolResult")
    roots = _first(raw, "workspace_roots", "workspaceRoots")
    model = raw.get("model")
    return Event(
        _caller(raw, said, hint), name, said,
        session=_text(raw, "session_id", "sessionId", "conversation_id", "taskId", "trajectory_id"),
        tool=tool, given=given, response=response,
        tool_use=_text(raw, "tool_use_id", "toolUseId", "toolCallId", "tool_call_id", "execution_id"),
        cwd=_text(raw, "cwd", "workingDirectory") or (str(roots[0]) if isinstance(roots, list) and roots else "") or cwd,
        transcript=expanded(_text(raw, "transcript_path", "transcriptPath")),
        model=_text(model, "slug", "id") if isinstance(model, dict) else model if isinstance(model, str) else "",
        version=_text(raw, "cursor_version", "clineVersion"),
        side_chain=_text(raw, "agent_id") if raw.get("parent_agent_id", "unknown") else "",
        failed=_failed(response, cline), raw=raw,
    )  # fmt: skip


def _unnamed(raw: dict[str, Any], tool: str) -> Name:
    """Which event a payload without a name tells of: Copilot CLI's, by the fields that each has alone (its published types)."""
    if tool:
        is_after = "toolResult" in raw or "tool_result" in raw or "tool_response" in raw or "tool_use_id" in raw
        return (
            "edit"
            if is_after
            else "failure"
            if isinstance(raw.get("error"), str)
            else "before"
            if "toolArgs" in raw
            else "edit"
        )
    if isinstance(raw.get("error"), dict):
        return "error"
    if "stopReason" in raw:
        return "subagent stop" if "agentName" in raw else "stop"
    return "prompt" if "prompt" in raw else "end" if "reason" in raw else "start" if "source" in raw else "other"


def expanded(path: str) -> str:
    """A path with the home folder for its tilde; nothing for what no file can be called."""
    return os.path.expanduser(path) if "\0" not in path else ""


def _number(digits: str) -> int:
    """An integer, which Python reads up to 4,300 digits of; 0 for one that nobody means."""
    return int(digits) if len(digits) < 30 else 0


def _caller(raw: dict[str, Any], said: str, hint: str) -> str:
    """Who is calling: several clients run the hooks of Claude Code's settings, so the payload says more than the command."""
    transcript = _text(raw, "transcript_path", "transcriptPath").replace("\\", "/").lower()
    result = raw.get("tool_result")
    if "cursor_version" in raw or "/.cursor/" in transcript:
        return "cursor"
    if "github.copilot" in transcript or "workspacestorage" in transcript or "hookEventName" in raw:
        return "vscode"
    if "clineVersion" in raw:
        return "cline"
    if "agent_action_name" in raw:
        return "windsurf"
    if said.lower() in _GEMINI or "/.gemini/" in transcript:
        return "gemini"
    if ("turn_id" in raw and "model" in raw) or "/.codex/" in transcript:
        return "codex"
    if (
        ("sessionId" in raw and not said)
        or ("toolName" in raw and "sessionId" in raw)
        or (isinstance(result, dict) and "text_result_for_llm" in result)
    ):
        return "copilot-cli"
    config = os.environ.get("CLAUDE_CONFIG_DIR", "").replace("\\", "/").lower()
    if "session_id" in raw and (known := by_place(transcript)):
        return known
    if "session_id" in raw and config and transcript.startswith(config):
        return "claude-code"
    return hint or ("copilot-cli" if said[:1].isupper() and not transcript else "unknown")


def _failed(response: Any, cline: dict[str, Any]) -> bool:
    if cline.get("success") is False:
        return True
    if not isinstance(response, dict):
        return False
    kind = response.get("resultType") or response.get("result_type")
    return bool(response.get("error")) or (isinstance(kind, str) and kind != "success")


def _first(raw: dict[str, Any], *names: str) -> Any:
    return next((raw[name] for name in names if raw.get(name) is not None), None)


def _text(raw: Any, *names: str) -> str:
    return next((raw[n] for n in names if isinstance(raw.get(n), str)), "") if isinstance(raw, dict) else ""


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None
