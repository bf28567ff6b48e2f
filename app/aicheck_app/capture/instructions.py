"""What a project tells agents in files of its own: a change of theirs is a change on the user's side."""

from __future__ import annotations

import os

from aicheck_checks.files import read

FILES = (
    "CLAUDE.md", ".claude/CLAUDE.md", ".claude/settings.json", "AGENTS.md", "GEMINI.md", ".cursorrules", ".windsurfrules",
    ".github/copilot-instructions.md", ".mcp.json", "opencode.json",
)  # fmt: skip


def instructions(folder: str) -> str:
    """The text of all these files of a folder together, each behind its name; empty where there is none."""
    found = [(name, read(os.path.join(folder, name))) for name in FILES]
    return "\0".join(f"{name}\0{text}" for name, text in found if text)
