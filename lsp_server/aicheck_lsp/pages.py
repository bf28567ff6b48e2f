"""The rules' pages as files that an editor can open: written once, beside the log, in the version that runs."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=256)
def page(code: str) -> str:
    """A rule's page in Markdown; empty for an unknown code."""
    from aicheck_app.report.rule_page import render
    from aicheck_checks.registry import BY_CODE

    rule = BY_CODE.get(code)
    return render(rule) if rule is not None else ""


@lru_cache(maxsize=256)
def page_uri(code: str) -> str | None:
    """Where a rule's page can be opened; None if it can't be written."""
    from aicheck_app.home import home

    path = Path(home()) / "rules" / f"{code}.md"
    text = page(code)
    try:
        if not path.is_file() or path.read_text("utf-8") != text:
            os.makedirs(path.parent, mode=0o700, exist_ok=True)
            path.write_text(text, "utf-8")
    except OSError:
        return None
    return path.as_uri()
