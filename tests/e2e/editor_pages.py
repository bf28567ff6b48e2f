"""The settings on the pages of docs/editors: what is tried is what a user pastes."""

from __future__ import annotations

import re
from pathlib import Path

PAGES = Path(__file__).parents[2] / "docs" / "editors"


def blocks(page: str, language: str = "") -> list[str]:
    """The code blocks of a page in a language; without one, those that name none."""
    text = (PAGES / f"{page}.md").read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
