"""Failures of our own, where nobody can be told at once: a line each in ``faults.log`` of the home."""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from aicheck_app.home import home

MAX_BYTES = 1_000_000
"""Of the file; a full one is begun anew, and the one before is kept beside it."""
MAX_LINE = 500
"""Code points kept of what is said of a failure."""
MAX_READ = 8 * MAX_LINE
"""Code points looked at: a secret is taken out before a line is cut, for half of one is not recognised."""


def path() -> str:
    """The file."""
    return os.path.join(home(), "faults.log")


def note(where: str, error: BaseException | str) -> None:
    """Write down that something failed, without any secret that its words may hold; never raises."""
    with suppress(Exception):
        from aicheck_app.clock import now
        from aicheck_app.log.paths import without_home
        from aicheck_app.redaction import redact

        said = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
        safe = without_home(redact(f"{where}: {said}"[:MAX_READ]))[:MAX_LINE]
        line = safe.encode("unicode_escape").decode("ascii")
        os.makedirs(home(), mode=0o700, exist_ok=True)
        if os.path.exists(path()) and os.path.getsize(path()) > MAX_BYTES:
            with suppress(OSError):  # on Windows, as long as another process writes into it
                os.replace(path(), f"{path()}.1")
        if os.path.lexists(path()) and not stat.S_ISREG(os.lstat(path()).st_mode):
            return  # opening a pipe would wait for its other end
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with open(os.open(path(), flags, 0o600), "a", encoding="ascii") as file:
            file.write(f"{now()} {line}\n")


def count() -> int:
    """How many failures are written down; 0 where there is no such file."""
    from aicheck_checks.files import read

    return read(path(), 2 * MAX_BYTES).count("\n")
