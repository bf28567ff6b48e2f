"""Failures of our own: a line each in ``faults.log`` of the home, whoever else is told.

The one boundary: the command line (``cli/fault.py``), the hook and its helper, ``watch`` and the language server all
write here, and ``aicheck doctor`` reads it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.home import home

if TYPE_CHECKING:
    from types import TracebackType

MAX_BYTES = 1_000_000
"""Of the file; a full one is begun anew, and the one before is kept beside it."""
MAX_LINE = 500
"""Code points kept of what is said of a failure."""
MAX_READ = 8 * MAX_LINE
"""Code points looked at: a secret is taken out before a line is cut, for half of one is not recognised."""
MAX_FRAMES = 6
"""Places kept of the way that led to a failure, the innermost first."""
NEWEST = 3
"""Entries that are shown."""


class Faults(NamedTuple):
    """What is written down: how many failures, and the newest ones, oldest first."""

    total: int
    newest: list[str]


def path() -> str:
    """The file."""
    return os.path.join(home(), "faults.log")


def note(where: str, error: BaseException | str) -> bool:
    """Write down that something failed, without any secret that its words may hold; never raises.

    Says whether it could be written.
    """
    with suppress(Exception):
        from aicheck_app.clock import now
        from aicheck_app.log.paths import without_home
        from aicheck_app.redaction import redact

        said = error if isinstance(error, str) else described(error)
        safe = without_home(redact(f"{where}: {said}"[:MAX_READ]))[:MAX_LINE]
        places = "" if isinstance(error, str) else way(error.__traceback__)
        line = f"{safe}{f' ({places})' * bool(places)}".encode("unicode_escape").decode("ascii")
        return _append(f"{now()} {line}\n")
    return False


def described(error: BaseException) -> str:
    """What kind of exception it is, and what it says."""
    return f"{type(error).__name__}: {error}"


def way(trace: TracebackType | None) -> str:
    """The lines of code that led to a failure, the innermost first; of files their names alone."""
    places = []
    while trace is not None:
        places.append(f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(places[: -MAX_FRAMES - 1 : -1])


def recorded() -> Faults:
    """What is written down, in this file and the one before; nothing where there is none."""
    from aicheck_checks.files import read

    lines = [*read(f"{path()}.1", 2 * MAX_BYTES).splitlines(), *read(path(), 2 * MAX_BYTES).splitlines()]
    return Faults(len(lines), lines[-NEWEST:])


def _append(line: str) -> bool:
    os.makedirs(home(), mode=0o700, exist_ok=True)
    if os.path.exists(path()) and os.path.getsize(path()) > MAX_BYTES:
        with suppress(OSError):  # on Windows, as long as another process writes into it
            os.replace(path(), f"{path()}.1")
    if os.path.lexists(path()) and not stat.S_ISREG(os.lstat(path()).st_mode):
        return False  # opening a pipe would wait for its other end
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(os.open(path(), flags, 0o600), "a", encoding="ascii") as file:
        file.write(line)
    return True
