"""Who wrote a line, and on what evidence."""

from __future__ import annotations

from typing import Literal, NamedTuple

Level = Literal["log", "git-ai", "agent-trace", "environment", "trailer"]
LEVELS: tuple[Level, ...] = ("log", "git-ai", "agent-trace", "environment", "trailer")
"""Best first: what was seen being written, what tools noted line by line, who ran the commit, what its message says."""


class Author(NamedTuple):
    """An agent, and the kind of evidence that names it; unknown facts are empty."""

    level: Level
    agent: str = ""
    model: str = ""
    session: str = ""
