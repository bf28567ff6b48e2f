"""Checking on all cores: a kept pool of processes, in which a text that crashes or hangs costs itself alone.

The engine ends texts that take too long by their computing time. What is here is the last net: for a process that the
system kills, and for one that waits for something that never comes. Its limits are wide, for a loaded machine changes no
verdict; and what a process ended over is checked again, file by file, so that what it held besides is not lost.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from pebble import ProcessExpired, ProcessPool

from aicheck_checks.isolation import CRASHED, ENDED
from aicheck_checks.surroundings import Disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pebble import ProcessFuture

Item = TypeVar("Item")
Answer = TypeVar("Answer")
ALONE_SECONDS = 60.0
"""For one file; the engine allows its text 2 s of computing."""
CHUNK_SECONDS = 120.0
MAX_WORKERS = 61
"""Windows waits for no more processes at once (WaitForMultipleObjects, less what Python needs)."""


def on_all_cores(
    chunks: Sequence[Sequence[Item]],
    check: Callable[[Sequence[Item]], Answer],
    lost: Callable[[Item, str], Answer],
    slack: float = 0.0,
) -> Iterator[Answer]:
    """What ``check`` says of each chunk, in order; of one that a process ended over, what it says of each item alone.

    ``lost`` makes the answer for an item that ends its process, given the reason. ``slack`` is what an item may take
    longer than usual, in seconds. Both functions have to be those of a module: they are sent to the processes.
    """
    with kept(min(os.cpu_count() or 1, len(chunks), MAX_WORKERS)) as pool:
        yield from answers(pool, chunks, check, lost, slack)


@contextmanager
def kept(workers: int, begin: Callable[[], None] | None = None, tasks: int = 0) -> Iterator[ProcessPool]:
    """Processes that stay warm from one question to the next; each calls ``begin`` first, and after so many ``tasks`` another one
    takes its place (0: none does).
    """
    with ProcessPool(workers, tasks, initializer=begin) as pool:
        try:
            yield pool
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def answers(
    pool: ProcessPool,
    chunks: Sequence[Sequence[Item]],
    check: Callable[[Sequence[Item]], Answer],
    lost: Callable[[Item, str], Answer],
    slack: float = 0.0,
) -> Iterator[Answer]:
    """As ``on_all_cores``, by the processes of a pool."""
    asked = [pool.schedule(check, (chunk,), timeout=CHUNK_SECONDS + slack * len(chunk)) for chunk in chunks]
    for chunk, future in zip(chunks, asked, strict=True):
        answer = _answer(future)
        if not isinstance(answer, _Ended):
            yield answer
            continue
        alone = [pool.schedule(check, ([item],), timeout=ALONE_SECONDS + slack) for item in chunk]
        for item, own in zip(chunk, alone, strict=True):
            said = _answer(own)
            yield lost(item, said.reason) if isinstance(said, _Ended) else said


@lru_cache(maxsize=1)
def own_disk() -> Disk:
    """The disk as a process of the pool knows it; the process ends with the run."""
    return Disk()


class _Ended:
    """A process that ended over what it was given."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def _answer(future: ProcessFuture[Answer]) -> Answer | _Ended:
    try:
        return future.result()
    except ProcessExpired:
        return _Ended(CRASHED)
    except TimeoutError:
        return _Ended(ENDED)
