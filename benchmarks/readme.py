"""Putting measured tables into benchmarks/README.md."""

from __future__ import annotations

from pathlib import Path


def write(section: str, text: str) -> None:
    """Replace what stands between the section's marks."""
    readme = Path(__file__).with_name("README.md")
    body = readme.read_text("utf-8")
    head, rest = body.split(f"<!-- {section} -->\n")[0], body.split(f"<!-- /{section} -->")[1]
    readme.write_text(f"{head}<!-- {section} -->\n{text}<!-- /{section} -->{rest}", "utf-8")
