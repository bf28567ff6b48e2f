"""Which agent a session is of, where several write the same format: told by the folder in which the client keeps it."""

from __future__ import annotations

_FOLDERS = {
    ".claude": "claude-code", ".iflow": "iflow", ".factory": "droid", ".letta": "letta", ".augment": "auggie", ".qwen": "qwen-code",
    ".codex": "codex", ".gemini": "gemini", ".openclaw": "openclaw", ".cursor": "cursor", ".pi": "pi", ".omp": "oh-my-pi",
}  # fmt: skip
"""The folders below a person's home, with the agent that keeps its files there."""
PROVIDERS = {
    "claude-code": "anthropic", "codex": "openai", "gemini": "google", "qwen-code": "alibaba", "iflow": "iflow", "droid": "factory",
    "auggie": "augment", "letta": "letta", "copilot-cli": "github",
}  # fmt: skip
"""Who makes an agent: the model's vendor where the agent uses its maker's models alone, as far as that is known."""


def by_place(path: str) -> str:
    """The agent whose folder a file lies in; empty where it lies in none that is known."""
    return next((_FOLDERS[part] for part in reversed(path.replace("\\", "/").split("/")[:-1]) if part in _FOLDERS), "")
