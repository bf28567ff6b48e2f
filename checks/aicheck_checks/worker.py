"""A process that checks for one with several threads, where forking is unsafe: it stays warm, and ends over a text as in ``isolation``.

A request and its answers are pickled over the process's standard input and output: both ends are ours, and nobody else has the pipes.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import time
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.engine import Result, why_unchecked
from aicheck_checks.isolation import ENDED, FAILED, Budget, reason_of
from aicheck_checks.programs import environment, python

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_checks.rule import Need
    from aicheck_checks.settings import Settings
    from aicheck_checks.source import Source

PATIENCE_SECONDS = 30.0
"""A process that computes nothing and does not answer either waits for something that does not come."""
LOOK_SECONDS = 0.5
MAX_UNHEARD = 2
"""A request that so many processes did not even take is given up."""


class Request(NamedTuple):
    """Sources to check; ``within`` reach, the one source alone, as ``check_alone`` does."""

    sources: list[Source]
    settings: Settings
    within: frozenset[Need] | None = None


class Worker:
    """One process, started when first asked; any thread may ask, one request is answered after the other."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._late = 0.0
        self._watched = False
        self._given_up = False

    def check(self, source: Source, settings: Settings) -> Result:
        """As ``engine.check``."""
        return self.check_all([source], settings)[0]

    def check_alone(self, source: Source, settings: Settings, *, within: frozenset[Need]) -> Result:
        """As ``engine.check_alone``."""
        return self._answered(Request([source], settings, within))[0]

    def check_all(self, sources: Sequence[Source], settings: Settings) -> list[Result]:
        """As ``engine.check_all``; a text that the process ends over is unchecked, and costs no other."""
        return self._answered(Request(list(sources), settings))

    def start(self) -> None:
        """Start the process, if it does not run: the first answer then comes sooner."""
        with self._lock:
            self._running()

    def close(self) -> None:
        """End the process, in the midst of a request or not; the next request starts another."""
        process = self._process
        if process is not None:
            process.kill()

    def _answered(self, request: Request) -> list[Result]:
        reasons = enumerate(why_unchecked(source, request.settings) for source in request.sources)
        found = {number: Result(unchecked=reason) for number, reason in reasons if reason is not None}
        unheard = 0
        with self._lock:
            while len(found) < len(request.sources):
                left = [number for number in range(len(request.sources)) if number not in found]
                part = request._replace(sources=[request.sources[number] for number in left])
                at, reason = self._ask(part, left, found)
                unheard += at is None  # it ended before it took the request: not over a text
                if at is not None and reason:
                    found[left[at]] = Result(unchecked=reason)
                elif unheard > MAX_UNHEARD:
                    found.update((number, Result(unchecked=reason)) for number in left)
        return [found[number] for number in range(len(request.sources))]

    def _ask(self, request: Request, numbers: list[int], found: dict[int, Result]) -> tuple[int | None, str]:
        """Put the answers that come into ``found``, by the numbers that the sources have there.

        Says over which of the request's sources the process ended, None where it took none, and why; no reason if it did not end.
        """
        process, at = self._running(), None
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            self._late = time.monotonic() + self._patience
            pickle.dump(request, process.stdin, pickle.HIGHEST_PROTOCOL)
            process.stdin.flush()
            while len(request.sources) and (answer := pickle.load(process.stdout)) is not None:
                at, result = answer
                self._late = time.monotonic() + self._patience
                if result is not None:
                    found[numbers[at]] = result
            return at, ""
        except (OSError, EOFError, pickle.PickleError):
            pass
        finally:
            self._late = 0.0
        return at, self._ended() or FAILED

    def _ended(self) -> str:
        """Take leave of a process that has ended; says why it did."""
        process, self._process = self._process, None
        if process is None:
            return ""
        process.kill()
        with suppress(OSError), process:
            pass
        given_up, self._given_up = self._given_up, False
        return ENDED if given_up else reason_of(process.returncode)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is not None:
            self._ended()
        if self._process is None:
            self._process = subprocess.Popen(
                python("aicheck_checks.worker"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=environment(),
            )  # fmt: skip
        if not self._watched:
            self._watched = True
            Thread(target=self._watch, daemon=True, name="aicheck-worker").start()
        return self._process

    def _watch(self) -> None:
        while True:
            time.sleep(LOOK_SECONDS)
            if self._late and time.monotonic() > self._late:
                self._given_up = True
                self.close()


def main() -> None:
    """Answer requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all: the one that asks decides
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    from aicheck_checks.engine import check_alone, check_each
    from aicheck_checks.surroundings import Disk
    from aicheck_checks.trees import Trees

    budget, trees, disk = Budget(), Trees(), Disk()

    def tell(number: int, result: Result | None = None) -> None:
        budget.begin(number)
        pickle.dump((number, result), answers)
        answers.flush()

    with suppress(EOFError):
        while True:
            request: Request = pickle.load(requests)
            tell(0)
            disk.renew()
            for source in request.sources:
                source.look_at(disk)
            if len(request.sources) == 1:
                trees.give(request.sources[0], exact=request.within is None)
            if request.within is not None:
                tell(0, check_alone(request.sources[0], request.settings, within=request.within))
            else:
                for number, result in check_each(request.sources, request.settings, begin=tell):
                    tell(number, result)
            budget.end()
            pickle.dump(None, answers)
            answers.flush()


if __name__ == "__main__":
    main()
