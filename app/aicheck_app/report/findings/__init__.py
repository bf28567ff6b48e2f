"""Findings of ``aicheck check`` in each format: ``render(report) -> str``."""

from __future__ import annotations

import os

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")


def in_repository(path: str) -> str:
    """A path as CI servers know the files of a repository: with ``/`` on every system."""
    return path.replace(os.sep, "/")
