"""Telling AI-written insertions from a person's edits, by their shape and speed alone.

Marked as heuristic wherever it is used. What counts: three or more lines that come
at once, or in a run of chunks faster than anyone types. What does not: text that was
here before (undo, redo), that another open document has or had (moving, pasting one's
own), that only looks different (formatting, sorted imports), or that git brought.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import TYPE_CHECKING, NamedTuple, Protocol

from aicheck_lsp.spans import Range

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicheck_lsp.text import Change

MIN_LINES = 3
"""Lines with something on them; shorter insertions are as often a person's."""
TYPING = 40.0
"""Code points a second that no one types; fast typists reach 15, completion popups 25."""
PAUSE_SECONDS = 1.0
"""A run of chunks ends where nothing came for this long."""
SETTLE_SECONDS = 0.6
"""An insertion is judged when it has not grown for this long."""
RAPID_SECONDS = 0.03
"""Changes closer together than this are a machine's, or a key held down."""
HOT = 20
"""Code points after which a run's speed says something."""
MIN_CHUNKS = 3
"""Fewer are a paste or an accepted word, whose speed says nothing."""
_STATES = 2_000
_RECENT = 50
_LAYOUT = str.maketrans("", "", " \t\r\n\f'\"`(),;")
"""What formatters add, take away or exchange."""


class Surroundings(Protocol):
    """What the recogniser asks of the world."""

    def has_text(self, text: str) -> bool:
        """Whether another open document holds this text."""

    def git_moved(self) -> bool:
        """Whether git has just changed the work tree."""


class Insertion(NamedTuple):
    """A settled insertion: where it is now, the text before it, and why it is taken for AI-written.

    Without a reason it is one only if the log knows it: an agent's edits may be short, or what another file has.
    """

    start: int
    end: int
    baseline: str
    why: str


class _Run(Range):
    def __init__(self, change: Change, baseline: str, now: float) -> None:
        super().__init__(change.start, change.new_end)
        self.baseline = baseline
        self.began = self.last = now
        self.written = len(change.text)
        self.chunks = 1
        self.gap = PAUSE_SECONDS
        self.at_once = 0

    def goes_on(self, change: Change, now: float) -> bool:
        """Whether a change goes on where this run stands; streams may also rewrite their last line."""
        return now - self.last <= PAUSE_SECONDS and self.start <= change.start <= self.end and change.end <= self.end

    def add(self, change: Change, now: float) -> None:
        self.end += len(change.text) - (change.end - change.start)
        self.gap, self.last = now - self.last, now
        self.written += len(change.text)
        self.chunks += 1

    @property
    def speed(self) -> float:
        """Code points a second, after the first chunk."""
        return self.written / max(self.last - self.began, 0.05)

    @property
    def hot(self) -> bool:
        if self.at_once >= MIN_LINES:
            return True
        return self.written >= HOT and self.chunks >= MIN_CHUNKS and self.speed > TYPING


class Recogniser:
    """Watches one document."""

    def __init__(self, text: str) -> None:
        self._states: OrderedDict[int, None] = OrderedDict({hash(text): None})
        self._removed: list[str] = []
        self._run: _Run | None = None
        self._message: _Run | None = None

    @property
    def streaming(self) -> bool:
        """Whether text is coming in that is no person's typing, and has not settled."""
        return self._run is not None and self._run.hot

    @property
    def growing(self) -> bool:
        """Whether the last change went on where the one before ended, faster than anyone types."""
        return self._run is not None and self._run.gap < RAPID_SECONDS

    @property
    def may_be_logged(self) -> bool:
        """Whether what is to settle can be an output at all: a person who types and saves is not looked up."""
        return self._message is not None or self.streaming

    @property
    def settles_at(self) -> float | None:
        """When the present run, or what came at once, will have settled, on the clock of ``see``."""
        waiting = self._run or self._message
        return waiting.last + SETTLE_SECONDS if waiting is not None else None

    def see(self, changes: Sequence[Change], before: str, after: str, now: float, around: Surroundings) -> None:
        """Take note of one message of changes."""
        known = hash(after) in self._states
        self._states[hash(after)] = None
        if len(self._states) > _STATES:
            self._states.popitem(last=False)
        removed = [change.removed for change in changes if len(change.removed) > 1]
        if known or (not self._streams_on(changes, now) and self._is_own(changes, before, after, around)):
            self._run = None
        else:
            for change in changes:
                self._add(change, before, now)
        self._message = None if known else _at_once(changes, before, now)
        self._removed = [*self._removed, *removed][-_RECENT:]

    def run_over(self, start: int, end: int) -> str | None:
        """The text before the present run, if that run lies in these code points."""
        run = self._run
        return run.baseline if run is not None and run.start <= end and start <= run.end else None

    def drop(self) -> None:
        """Forget the present run: somebody who knows has said what it was."""
        self._run = self._message = None

    def settled(self, after: str, now: float) -> Insertion | None:
        """The insertion that has just settled, if it was none of a person's."""
        settles_at = self.settles_at
        if settles_at is None or now < settles_at:
            return None
        run, message = self._run, self._message
        self._run = self._message = None
        if run is not None and (found := self._by_shape(run, after)) is not None:
            return found
        return Insertion(message.start, message.end, message.baseline, "") if message is not None else None

    def _by_shape(self, run: _Run, after: str) -> Insertion | None:
        lines = lines_in(after[run.start : run.end])
        if run.at_once >= MIN_LINES:
            return Insertion(run.start, run.end, run.baseline, f"{run.at_once} lines came at once")
        if run.hot and lines >= MIN_LINES:
            return Insertion(
                run.start, run.end, run.baseline, f"{lines} lines came at {run.speed:.0f} characters a second"
            )
        return None

    def _streams_on(self, changes: Sequence[Change], now: float) -> bool:
        """Whether a stream goes on: its chunks are none of a person's, even if such lines were there before."""
        run = self._run
        return run is not None and run.hot and all(run.goes_on(change, now) for change in changes)

    def _add(self, change: Change, before: str, now: float) -> None:
        run = self._run
        if run is not None and run.goes_on(change, now):
            run.add(change, now)
        elif change.text:
            self._run = run = _Run(change, before, now)
        elif run is not None:
            run.move(change)
            return
        if run is not None:
            run.at_once = max(run.at_once, lines_in(_news(change)))

    def _is_own(self, changes: Sequence[Change], before: str, after: str, around: Surroundings) -> bool:
        """Whether a change of several lines is a person's: moved, pasted, formatted, sorted, or git's."""
        text = "".join(change.text for change in changes)
        if lines_in(text) < MIN_LINES:
            return False
        removed = Counter(_lines(change.removed for change in changes))
        if removed and Counter(_lines(change.text for change in changes)) <= removed:
            return True
        if changes[0].removed and before.translate(_LAYOUT) == after.translate(_LAYOUT):
            return True
        news = text.strip()
        if (news in before and not removed) or any(news in old for old in self._removed) or around.has_text(news):
            return True
        return around.git_moved()


def _at_once(changes: Sequence[Change], before: str, now: float) -> _Run | None:
    """All of one message's changes together, unless it is a key."""
    if sum(len(change.text) for change in changes) < 2:
        return None
    whole = _Run(changes[0], before, now)
    for change in changes[1:]:
        whole.move(change)
        whole.start, whole.end = min(whole.start, change.start), max(whole.end, change.new_end)
    return whole


def lines_in(text: str) -> int:
    """How many lines of a text have something on them."""
    return sum(not line.isspace() for line in text.split("\n") if line)


def _lines(texts: Iterable[str]) -> list[str]:
    return [line.strip() for text in texts for line in text.split("\n") if line.strip()]


def _news(change: Change) -> str:
    """The lines of a change that the removed text did not have."""
    if not change.removed:
        return change.text
    old = set(_lines([change.removed]))
    return "\n".join(line for line in change.text.split("\n") if line.strip() not in old)
