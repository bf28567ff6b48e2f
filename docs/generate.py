"""Write docs/rules/ from the rules' own files: ``python docs/generate.py``; a test holds them together."""

from __future__ import annotations

from pathlib import Path

from aicheck_app.report.rule_page import render
from aicheck_checks.registry import RULES

FOLDER = Path(__file__).parent / "rules"


def index() -> str:
    """The table of all rules."""
    rows = ["# Rules\n", "| code | name | family | says |", "| --- | --- | --- | --- |"]
    rows += [f"| [{r.code}]({r.code}.md) | {r.name} | {r.family} | {r.summary} |" for r in RULES]
    return "\n".join(rows) + "\n"


def main() -> None:
    """Write every page anew, and remove pages of rules that are gone."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.md"):
        old.unlink()
    (FOLDER / "index.md").write_text(index(), encoding="utf-8")
    for rule in RULES:
        (FOLDER / f"{rule.code}.md").write_text(render(rule), encoding="utf-8")


if __name__ == "__main__":
    main()
