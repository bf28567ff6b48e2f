"""Limits of computing time, which a loaded machine does not move."""

from __future__ import annotations

from time import monotonic, thread_time


class Deadline:
    """So many seconds of this thread's computing time from now on.

    No thread computes longer than the clock on the wall goes, and that is the cheaper one to look at.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._computed = thread_time()
        self._wall = monotonic() + seconds

    def passed(self) -> bool:
        """Whether the time is used up."""
        return monotonic() > self._wall and self.spent() > self._seconds

    def spent(self) -> float:
        """Seconds computed since."""
        return thread_time() - self._computed
