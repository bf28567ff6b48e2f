"""Findings of ``aicheck check`` in each format: ``render(report, view) -> str``."""

from __future__ import annotations

import os
from typing import NamedTuple

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit")
COMPLETE = ("json", "sarif")
"""Formats that hold notes whether or not they are asked for: each finding tells its confidence there."""


class View(NamedTuple):
    """How much is to be seen: ``verbose`` names each file that was not checked, ``quiet`` shows findings alone."""

    verbose: bool = False
    quiet: bool = False
    colour: bool = False


def in_repository(path: str) -> str:
    """A path as CI servers know the files of a repository: with ``/`` on every system."""
    return path.replace(os.sep, "/")
