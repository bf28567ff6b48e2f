"""Starting programs where a stranger's files may lie in the working folder.

A checked repository names its files as it likes: ``json.py``, ``ruff``, ``git.exe``. So no program is
looked for in the working folder, and no Python that is started imports from it
(https://docs.python.org/3/using/cmdline.html#cmdoption-P).
"""

from __future__ import annotations

import os
import sys


def python(module: str) -> list[str]:
    """The command that runs a module of ours in a Python of its own."""
    return [sys.executable, "-P", "-m", module]


def environment(**more: str) -> dict[str, str]:
    """The environment for a program: without relative entries in the paths that programs and modules are found by."""
    found = {**os.environ, "PYTHONSAFEPATH": "1", **more}
    for name in ("PATH", "PYTHONPATH"):
        if name in found:
            found[name] = os.pathsep.join(filter(os.path.isabs, found[name].split(os.pathsep)))
            if not found[name]:
                del found[name]
    return found


def find(name: str, folder: str | None = None) -> str | None:
    """The absolute path of a program: in ``folder`` if one is named, else on the PATH; never in the working folder."""
    path = folder if folder is not None else environment().get("PATH", os.defpath)
    endings = os.environ.get("PATHEXT", ".EXE").split(";") if os.name == "nt" else [""]
    for place in filter(os.path.isabs, path.split(os.pathsep)):
        for ending in endings:
            program = os.path.join(place, name if name.lower().endswith(ending.lower()) else name + ending)
            if os.path.isfile(program) and os.access(program, os.X_OK):
                return program
    return None
