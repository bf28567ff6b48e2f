"""The session formats that are known, in the order in which a file is tried."""

from __future__ import annotations

from aicheck_app.capture import (
    aider,
    claude_code,
    cline,
    codex,
    copilot_cli,
    crush,
    cursor,
    gemini,
    goose,
    langfuse,
    litellm,
    opencode,
    openhands,
    otlp,
    pi,
    qwen,
    specstory,
    swe_agent,
    vscode_chat,
)

FORMATS = (
    otlp.FORMAT, litellm.FORMAT, langfuse.FORMAT, codex.FORMAT, copilot_cli.FORMAT, pi.FORMAT, qwen.FORMAT, cline.FORMAT, gemini.FORMAT, vscode_chat.FORMAT, opencode.FORMAT, crush.FORMAT, goose.FORMAT, openhands.FORMAT, swe_agent.FORMAT, aider.FORMAT, specstory.FORMAT, cursor.FORMAT,
    claude_code.FORMAT,
)  # fmt: skip
