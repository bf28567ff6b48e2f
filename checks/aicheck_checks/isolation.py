"""Checking in a process of its own, which ends over a text that takes too long or crashes a grammar.

Nothing in Python ends a pattern or a parser in its midst, and a grammar is C: only the end of the process does both.
The kernel ends it by its computing time (setitimer(2), ITIMER_PROF), so that a loaded machine changes no verdict.
"""

from __future__ import annotations

import os
import signal
import sys
from functools import lru_cache
from operator import itemgetter
from time import process_time
from typing import TYPE_CHECKING, NoReturn

from aicheck_checks.engine import MAX_SECONDS, TOO_LONG, Result, check_all, check_each
from aicheck_checks.settings import DEFAULT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_checks.source import Source
    from aicheck_checks.worker import Worker

SHORT = 10_000
"""Code points: a text of no more can't keep the rules busy."""
HALVES = 2
"""Parts of what is left where a process ended: each text is begun anew only so often as a list can be halved."""
GRACE_SECONDS = 0.25
"""A text that takes too long should end by the engine's own look at the time, which costs no process."""
CRASHED = "its grammar crashes on it"
ENDED = "checking it takes too long, or crashes"
FAILED = "checking it failed in aicheck itself"
NOT_ASKED = (TOO_LONG, CRASHED, ENDED, FAILED)
"""Why a text is unchecked that ought to have been checked: whoever waits for the verdict is told."""


def check_isolated(
    sources: Sequence[Source], settings: Settings = DEFAULT, *, threads: int | None = None, processes: int = 1
) -> list[Result]:
    """As ``check_all``; a text that takes too long or crashes a grammar is unchecked, and costs no other.

    Forks ``processes`` times at once where a text is long: to be called where no other thread runs. Where there is no fork, a process is kept for it.
    """
    if all(len(s.text) + len(s.previous or "") <= SHORT for s in sources):
        return check_all(sources, settings, threads=threads)
    if not hasattr(os, "fork"):
        return _kept().check_all(sources, settings)
    found: dict[int, Result] = {}
    shares = _parts(range(len(sources)), processes)
    while shares:
        at_once, shares = shares[:processes], shares[processes:]
        children = [_Child([sources[number] for number in share], settings, threads) for share in at_once]
        for share, child in zip(at_once, children, strict=True):
            found.update((share[at], result) for at, result in child.results())
            if child.reason:
                found[share[child.at]] = Result(unchecked=child.reason)
            shares += _parts([number for number in share if number not in found], HALVES)
    return [found[number] for number in range(len(sources))]


def _parts(numbers: Sequence[int], count: int) -> list[Sequence[int]]:
    """The numbers in so many parts, in their order: neighbours stay together, for one is often the version before of the next."""
    size = -(-len(numbers) // count)
    return [numbers[at : at + size] for at in range(0, len(numbers), size)] if size else []


@lru_cache(maxsize=1)
def _kept() -> Worker:
    """The process of this one; it ends with its standard input."""
    from aicheck_checks.worker import Worker

    return Worker()


def check_or_end(sources: Sequence[Source], settings: Settings = DEFAULT) -> list[Result]:
    """As ``check_all``, in this very process, which the kernel ends over a text that takes too long.

    For a process that serves one question: whoever has asked hears no answer, and asks somebody else.
    """
    budget = Budget()
    results = sorted(check_each(sources, settings, begin=budget.begin), key=itemgetter(0))
    budget.end()
    return [result for _, result in results]


def give_up(sources: Sequence[Source], settings: Settings = DEFAULT) -> list[Result]:
    """What to say where a process has ended already, over one of these."""
    return [Result(unchecked=ENDED)] if len(sources) == 1 else check_isolated(sources, settings)


class Budget:
    """The computing time of each source of a run, held by the kernel: the process ends when one has used up its own."""

    def __init__(self) -> None:
        if sys.platform != "win32":
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
        self._spent: dict[int, float] = {}
        self._number = -1
        self._since = 0.0

    def begin(self, number: int) -> None:
        """The time from now on is this source's."""
        if sys.platform == "win32":  # which has no such timer: there the one that waits for the answer gives up
            return
        now = process_time()
        self._spent[self._number] = self._spent.get(self._number, 0.0) + now - self._since
        self._number, self._since = number, now
        left = MAX_SECONDS + GRACE_SECONDS - self._spent.get(number, 0.0)
        signal.setitimer(signal.ITIMER_PROF, max(left, 0.001))

    def end(self) -> None:
        """Nothing is computed for any source now."""
        self._spent.clear()
        self._number = -1
        if sys.platform != "win32":
            signal.setitimer(signal.ITIMER_PROF, 0)


class _Child:
    """A forked process that checks some sources; ``at`` is the source it ended over, if it did, and ``reason`` why."""

    def __init__(self, sources: Sequence[Source], settings: Settings, threads: int | None) -> None:
        self.at = 0
        self.reason = ""
        assert hasattr(os, "fork")
        self._reader, writer = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            _check_in_child(writer, sources, settings, threads)
        os.close(writer)

    def results(self) -> Iterator[tuple[int, Result]]:
        """Numbers and results as they come."""
        import pickle

        with open(self._reader, "rb") as stream:
            while True:
                try:
                    number, result = pickle.load(stream)  # of our own process, over a pipe that nobody else has
                except (EOFError, pickle.UnpicklingError):
                    break
                self.at = number
                if result is not None:
                    yield number, result
        _, status = os.waitpid(self._process, 0)
        self.reason = reason_of(os.waitstatus_to_exitcode(status))


def reason_of(code: int) -> str:
    """Why a process ended, by its exit code, which is the negative number of a signal; nothing for 0.

    On Windows the code of a crash is that of its exception (NTSTATUS, whose two highest bits say that it is an error).
    """
    if code == -getattr(signal, "SIGPROF", 0):
        return TOO_LONG
    return CRASHED if code < 0 or code >= 0xC0000000 else FAILED if code else ""


def _check_in_child(writer: int, sources: Sequence[Source], settings: Settings, threads: int | None) -> NoReturn:
    import gc
    import pickle

    gc.freeze()  # to look through all that the parent holds, and to copy it, would cost the texts their time
    code = 1
    try:
        budget = Budget()
        with open(writer, "wb") as stream:

            def tell(number: int, result: Result | None = None) -> None:
                budget.begin(number)
                pickle.dump((number, result), stream)
                stream.flush()

            for number, result in check_each(sources, settings, threads=threads, begin=tell):
                tell(number, result)
        code = 0
    finally:
        os._exit(code)
