"""The rules' pages as files that an editor can open: written once, beside the log, in the version that runs."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=256)
def page(code: str) -> str:
    """A rule's page in Markdown; empty for an unknown code."""
    from aicheck_app.report.rule_page import render
    from aicheck_checks.registry import BY_CODE

    rule = BY_CODE.get(code)
    return render(rule) if rule is not None else ""


def page_uri(code: str) -> str:
    """Where a rule's page can be opened, as soon as ``write_pages`` has been there."""
    return _path(code).as_uri()


def write_pages() -> None:
    """Put the pages of all rules beside the log; those that are there already stay. Where that can't be, links lead nowhere."""
    from aicheck_checks.registry import BY_CODE

    for code in BY_CODE:
        path, text = _path(code), page(code)
        with suppress(OSError):
            if not path.is_file() or path.read_text("utf-8") != text:
                os.makedirs(path.parent, mode=0o700, exist_ok=True)
                path.write_text(text, "utf-8")


def _path(code: str) -> Path:
    from aicheck_app.home import home

    return Path(home()) / "rules" / f"{code}.md"
