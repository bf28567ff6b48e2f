"""The session formats that are known, in the order in which a file is tried."""

from __future__ import annotations

from aicheck_app.capture import (
    aider,
    claude_code,
    cline,
    codex,
    copilot_cli,
    cursor,
    gemini,
    opencode,
    pi,
    qwen,
    specstory,
    vscode_chat,
)

FORMATS = (
    codex.FORMAT, copilot_cli.FORMAT, pi.FORMAT, qwen.FORMAT, cline.FORMAT, gemini.FORMAT, vscode_chat.FORMAT, opencode.FORMAT, aider.FORMAT, specstory.FORMAT, cursor.FORMAT,
    claude_code.FORMAT,
)  # fmt: skip
