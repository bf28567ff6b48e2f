"""Starting programs where a stranger's files may lie in the working folder.

A checked repository names its files as it likes: ``json.py``, ``ruff``, ``git.exe``. So no program is
looked for in the working folder, and no Python that is started imports from it
(https://docs.python.org/3/using/cmdline.html#cmdoption-P).
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

_BATCH = (".cmd", ".bat")
_COMMAND_OF_ITS_OWN = frozenset('"%!\r\n\0')
"""What the command processor of Windows reads inside quotes too."""


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
    return next(iter(everywhere(name, folder)), None)


def everywhere(name: str, folder: str | None = None) -> list[str]:
    """The absolute paths of all programs of a name, as ``find`` looks for the first."""
    found = []
    places = [folder] if folder is not None else environment().get("PATH", os.defpath).split(os.pathsep)
    endings = os.environ.get("PATHEXT", ".EXE").split(";") if os.name == "nt" else [""]
    for place in filter(os.path.isabs, places):
        for ending in endings:
            program = os.path.join(place, name if name.lower().endswith(ending.lower()) else name + ending)
            if os.path.isfile(program) and os.access(program, os.X_OK):
                found.append(program)
    return found


def installed(name: str) -> str | None:
    """The absolute path of a program that was installed with this Python: beside it, or as Windows has it, in ``Scripts``."""
    folder = os.path.dirname(sys.executable)
    places = (folder, os.path.join(folder, "Scripts")) if os.name == "nt" else (folder,)
    return next((found for place in places if (found := find(name, place)) is not None), None)


def runnable(command: list[str]) -> list[str] | str:
    """A command as ``subprocess`` can start it: on Windows, scripts (``npm.cmd``) are read by the command processor.

    That takes ``&`` in an argument for the end of the command, and an argument may be the name of a stranger's file.
    In quotes only a few characters mean more than themselves: raises ValueError for a command that holds one.
    (https://docs.python.org/3/library/subprocess.html#security-considerations; Rust's standard library does the same.)
    """
    if os.name != "nt" or not command[0].lower().endswith(_BATCH):
        return command
    if any(not _COMMAND_OF_ITS_OWN.isdisjoint(word) for word in command):
        raise ValueError("a file's name holds what the command processor of Windows would take for its own")
    words = " ".join(f'"{_quotable(word)}"' for word in command)
    processor = os.environ.get("COMSPEC", r"C:\Windows\System32\cmd.exe")
    return f'"{processor}" /e:ON /v:OFF /d /s /c "{words}"'


def _quotable(word: str) -> str:
    """A backslash before the closing quote would make it part of the argument: at the end it is doubled."""
    return word + "\\" * (len(word) - len(word.rstrip("\\")))


def limit_computing(process: subprocess.Popen[bytes], seconds: int) -> None:
    """Have the kernel end a process that computes for longer, on all its threads together (prlimit(2)); only Linux can."""
    if sys.platform == "linux":
        import resource
        from contextlib import suppress

        with suppress(OSError, ValueError):  # it has ended already, or has a lower limit
            resource.prlimit(process.pid, resource.RLIMIT_CPU, (seconds, seconds))


def end_all(process: subprocess.Popen[str]) -> None:
    """End a process that leads a session of its own (``start_new_session``), with all that it has started.

    Windows knows no such groups: there ``taskkill`` follows the tree of processes.
    """
    import signal
    import subprocess
    from contextlib import suppress

    with suppress(OSError):
        if sys.platform == "win32":
            folder = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32")
            killer = [os.path.join(folder, "taskkill.exe"), "/T", "/F", "/PID", str(process.pid)]
            subprocess.run(killer, capture_output=True, check=False, env=environment())
        else:
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
    process.communicate()
