"""How an extra is added to this installation: the one command that works here, whichever installer was used."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from importlib.util import find_spec

from aicheck_app.init.origin import recorded


def wanted(extra: str) -> str:
    """What to do to have an extra as well; what is installed already stays."""
    noted = recorded()
    if not noted.url:
        return f"install aicheck with its extra '{extra}', from where it came"
    program = [sys.executable, "-m", "pip", "install"]
    if find_spec("pip") is None:  # uv makes environments without pip
        program = ["uv", "pip", "install", "--python", sys.executable]
    editable = ["--editable"] if noted.editable else []
    return "to have it, run: " + _line([*program, *editable, noted.with_extra(extra)])


def _line(words: list[str]) -> str:
    """A command as it is typed into this system's shell."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
