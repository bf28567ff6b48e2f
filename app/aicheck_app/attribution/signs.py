"""Weak evidence: the environment that a commit is made in, and what commit messages and authors say.

Environment variables are those that the agents document for the commands they run; trailers and bot
accounts are those that they sign commits with (docs/attribution.md names the sources).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_app.attribution.author import Author

if TYPE_CHECKING:
    from collections.abc import Mapping

ENVIRONMENT = {
    "CLAUDE_CODE_CHILD_SESSION": "claude-code", "CODEX_THREAD_ID": "codex", "CODEX_SANDBOX": "codex", "GEMINI_CLI": "gemini",
    "CURSOR_AGENT": "cursor", "OPENCODE": "opencode", "CLINE_ACTIVE": "cline", "GOOSE_TERMINAL": "goose",
}  # fmt: skip
"""Set for what an agent runs. CLAUDECODE is not among them: a person's terminal in an editor has it too."""
_ADDRESSES = {
    "noreply@anthropic.com": "claude-code", "noreply@openai.com": "codex", "cursoragent@cursor.com": "cursor",
    "223556219+copilot@users.noreply.github.com": "copilot", "amp@ampcode.com": "amp", "noreply@opencode.ai": "opencode",
    "noreply@aider.chat": "aider",
}  # fmt: skip
_BOTS = {
    "copilot-swe-agent[bot]": "copilot", "devin-ai-integration[bot]": "devin", "cursor[bot]": "cursor",
    "google-labs-jules[bot]": "jules",
}  # fmt: skip
_COAUTHOR = re.compile(r"^Co-Authored-By:(?P<name>[^<\n]*+)<(?P<address>[^>\n]+)>", re.IGNORECASE | re.MULTILINE)


def of_environment(environment: Mapping[str, str] = os.environ) -> Author | None:
    """The agent that runs this process, if one says so."""
    return next((Author("environment", agent) for name, agent in ENVIRONMENT.items() if environment.get(name)), None)


def of_commit(author: str, address: str, message: str) -> Author | None:
    """The agent that a commit's author or trailers name; its model too, where the trailer does."""
    if author in _BOTS:
        return Author("trailer", _BOTS[author])
    for match in _COAUTHOR.finditer(message):
        agent = _ADDRESSES.get(match["address"].lower())
        if agent:
            name = match["name"].strip()
            return Author(
                "trailer", agent, "" if name.lower() in ("", "claude", "codex", "cursor", "copilot") else name
            )
    if author.endswith("(aider)"):
        return Author("trailer", "aider")
    if address.lower() in _ADDRESSES:
        return Author("trailer", _ADDRESSES[address.lower()])
    return None
