"""Findings of ``aicheck check`` in each format: ``render(report) -> str``."""

from __future__ import annotations

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
