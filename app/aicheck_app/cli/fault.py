"""The boundary of the command line: whatever a command raises becomes a line and an exit code, and never exit code 1.

Python would print what came from outside raw, and its exit code 1 would say that something suspect was found.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from collections.abc import Callable

FAILED = 2
"""The exit code of wrong use and of failures of our own."""
INTERRUPTED = 130


def bounded(run: Callable[[], int]) -> int:
    """What a command returns, or the exit code for what it raises."""
    try:
        return run()
    except AicheckError as error:
        _say(f"aicheck: {error}")
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads has seen enough
        from aicheck_app.report.sinks.terminal import hush

        for stream in filter(None, (sys.stdout, sys.stderr)):
            with suppress(OSError, ValueError):
                stream.flush()
                continue
            hush(stream)
        return 0
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        return failed(error)


def failed(error: Exception) -> int:
    """Tell of a failure of our own in one line, write it down, and return the exit code."""
    from aicheck_app import faults

    noted = faults.note("aicheck", error)
    where = f"details in {faults.path()}" if noted else f"at {faults.way(error.__traceback__)}"
    _say(f"aicheck failed: {faults.described(error)}; please report this ({where})")
    return FAILED


def _say(line: str) -> None:
    """On standard error, if there is one."""
    from aicheck_app.report.sinks.terminal import echo

    with suppress(OSError, ValueError):
        echo(line, err=True)
