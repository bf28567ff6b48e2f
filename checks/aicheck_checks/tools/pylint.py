"""pylint's inference about calls into installed libraries, asked of a worker that stays warm.

A request has a time limit and the worker a memory limit; one that fails, hangs
or dies is replaced, and its text is left unjudged.
"""

from __future__ import annotations

import atexit
import json
import subprocess
from contextlib import suppress
from threading import Lock, Timer
from typing import TYPE_CHECKING

from aicheck_checks.diagnostic import Diagnostic
from aicheck_checks.programs import environment, python
from aicheck_checks.surroundings import Disk
from aicheck_checks.surroundings.python import search_path
from aicheck_checks.surroundings.python_environment import site_packages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicheck_checks.source import Source

TIMEOUT_SECONDS = 20.0
"""The first text that uses a large library makes the worker read that library."""


class Worker:
    """One worker process, started when first asked."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()

    def ask(self, path: str, text: str, search: list[str]) -> list[Diagnostic]:
        """What pylint says of a Python text. Raises OSError where it fails or takes too long."""
        request = json.dumps({"path": path or "module.py", "text": text, "search": search}).encode() + b"\n"
        with self._lock:
            process = self._running()
            killer = Timer(TIMEOUT_SECONDS, process.kill)
            killer.start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(request)
                process.stdin.flush()
                answer = process.stdout.readline()
                rows = json.loads(answer)["messages"]
            except (OSError, ValueError) as error:
                self.stop()
                raise OSError(f"it ended, or took longer than {TIMEOUT_SECONDS:g} s") from error
            finally:
                killer.cancel()
        return [Diagnostic(*row) for row in rows]

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self.stop()
        if self._process is None:
            self._process = subprocess.Popen(
                python("aicheck_checks.tools.pylint_worker"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
        return self._process

    def stop(self) -> None:
        """End the process; the next request starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError), process:
                pass


_WORKER = Worker()
atexit.register(_WORKER.stop)


def check(sources: Iterable[Source]) -> None:
    """Ask about each source and set its ``inferred``, or why it is ``unanswered``."""
    for source in sources:
        try:
            source.inferred = _WORKER.ask(source.path, source.text, _search(source))
        except OSError as error:
            source.unanswered["pylint"] = str(error)


def _search(source: Source) -> list[str]:
    """Where the project's interpreter would look."""
    around = source.surroundings
    return around.ask(search_path) if around is not None else list(site_packages(Disk(), None))
