"""The signals of a session: how an agent reads and edits. Definitions with formulas: docs/signals.md.

A signal counts what happened, never how it looked: it is derived from the calls of tools,
their results and the order of both, so that anyone can count it again from the transcript.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Literal, NamedTuple

from aicheck_app.capture.tally import Tally

Action = Literal["read", "edit", "write", "other"]
Outcome = Literal["ok", "failed", "rejected"]

AWAY_SECONDS = 3_600
"""A person who comes back after so long meets a cold cache."""
CONTEXT_SIZES = (50, 100, 200)
"""Thousands of tokens up to which contexts are counted together."""
REWORK_MESSAGES = 3
"""An edit of a file that was edited in one of this many of the model's messages before is rework."""
_REASONS = (
    ("cascade", re.compile(r"sibling (?:(?!sibling ).)*?errored", re.IGNORECASE)),
    (
        "not_found",
        re.compile(
            r"String to replace not found|could not find (?:the string|oldString)|0 occurrences found|old_string not found"
            r"|No match found for|No replacement was performed, old_str",
            re.IGNORECASE,
        ),
    ),
    (
        "ambiguous",
        re.compile(r"Found \d+ matches|multiple (?:matches|occurrences)|expected 1 occurrence", re.IGNORECASE),
    ),
    ("stale", re.compile(r"modified since|unexpectedly modified", re.IGNORECASE)),
    ("unread", re.compile(r"has not been read yet", re.IGNORECASE)),
    ("missing_file", re.compile(r"(?:File|Path) does not exist|no such file|File not found", re.IGNORECASE)),
)


class Step(NamedTuple):
    """A call of a tool and how it ended.

    ``message`` numbers the model's messages from 1; ``call`` identifies tool and input;
    ``ranged`` is what part of a file was read. ``before`` and ``after`` identify the file's
    texts round an edit, ``old`` and ``new`` the replaced ones; empty where unknown.
    """

    message: int
    action: Action
    outcome: Outcome = "ok"
    path: str = ""
    call: str = ""
    why: str = ""
    ranged: str = ""
    created: bool = False
    before: str = ""
    after: str = ""
    old: str = ""
    new: str = ""
    command: bool = False
    """Whether it is a command of a shell."""


class Context:
    """Counts the signals of one session as its steps come."""

    def __init__(self) -> None:
        self.counts = Tally()
        self._labels: set[str] = set()
        self._segments = Tally()
        self._settled: Counter[str] = Counter()
        self._known: set[str] = set()
        self._read: set[tuple[str, str]] = set()
        self._edited: dict[str, int] = {}
        self._texts: dict[str, set[str]] = {}
        self._swaps: dict[str, set[tuple[str, str]]] = {}
        self._called: set[str] = set()

    def enter(self, label: str, *, instead_of: str = "") -> None:
        """From now on what is counted is counted under a label as well, in place of those that begin with ``instead_of``."""
        if label not in self._labels:
            self._settle()
            if instead_of:
                self._labels = {one for one in self._labels if not one.startswith(instead_of)}
            self._labels.add(label)

    def leave(self, label: str) -> None:
        """What is counted is no longer counted under a label."""
        if label in self._labels:
            self._settle()
            self._labels.discard(label)

    def segments(self) -> Counter[str]:
        """The signals under each label, as ``label/signal``."""
        self._settle()
        return self._segments

    def _settle(self) -> None:
        """Add what was counted since the last change of labels to those that held."""
        new = self.counts - self._settled
        for label in self._labels:
            self._segments.update({f"{label}/{name}": number for name, number in new.items()})
        self._settled = Counter(self.counts)

    def see(self, step: Step) -> None:
        """Count a step."""
        if step.outcome == "rejected":
            self.counts["rejected"] += 1
            return
        reason = failure(step.why) if step.outcome == "failed" else ""
        if reason == "cascade":
            self.counts["cascades"] += 1
            return
        self._repetition(step)
        if step.command:
            self.counts["commands"] += 1
            self.counts["commands_failed"] += step.outcome == "failed"
        if reason:
            self._failed(step, reason)
        elif step.action == "read":
            self._reading(step)
        elif step.action in ("edit", "write"):
            self._editing(step)

    def count(self, signal: str, number: int = 1) -> None:
        """Add to a signal that needs no steps."""
        self.counts[signal] += number

    def _repetition(self, step: Step) -> None:
        if step.action in ("edit", "write") and step.outcome == "ok":
            self._called.clear()
        elif step.call in self._called:
            self.counts["repeated_calls"] += 1
        self._called.add(step.call)

    def _failed(self, step: Step, reason: str) -> None:
        if step.action == "read":
            self.counts["reads_missing" if reason == "missing_file" else "reads_failed"] += 1
        elif step.action != "other":
            self.counts[f"edits_{reason}"] += 1

    def _reading(self, step: Step) -> None:
        self.counts["reads"] += 1
        if (step.path, step.ranged) in self._read:
            self.counts["rereads"] += 1
        self._read.add((step.path, step.ranged))
        self._known.add(step.path)

    def _editing(self, step: Step) -> None:
        self.counts["edits"] += 1
        if step.created:
            self.counts["creates"] += 1
        elif step.action == "write":
            self.counts["rewrites"] += 1
        if not step.created and step.path not in self._known:
            self.counts["blind_edits"] += 1
        last = self._edited.get(step.path)
        if last is not None and 0 < step.message - last <= REWORK_MESSAGES:
            self.counts["rework"] += 1
        if self._undoes(step):
            self.counts["undone"] += 1
        self._edited[step.path] = step.message
        self._known.add(step.path)
        self._read = {(path, ranged) for path, ranged in self._read if path != step.path}

    def _undoes(self, step: Step) -> bool:
        """Whether the file is again as it was before one of the session's edits, or a replacement was turned round."""
        texts, swaps = self._texts.setdefault(step.path, set()), self._swaps.setdefault(step.path, set())
        undone = bool(step.after) and step.after != step.before and step.after in texts
        undone |= step.old != step.new and (step.new, step.old) in swaps
        if step.before:
            texts.add(step.before)
        if step.old or step.new:
            swaps.add((step.old, step.new))
        return undone


def failure(why: str) -> str:
    """The reason of a failed call, from what the client said of it."""
    return next((name for name, pattern in _REASONS if pattern.search(why[:400])), "other")


def size_label(tokens: int) -> str:
    """The label of a context of so many tokens."""
    return next(
        (f"context_to_{limit}k" for limit in CONTEXT_SIZES if tokens <= limit * 1000),
        f"context_over_{CONTEXT_SIZES[-1]}k",
    )


def seconds_between(first: str, then: str) -> float:
    """The time between two times in ISO 8601; 0 where one is none."""
    try:
        return (datetime.fromisoformat(then) - datetime.fromisoformat(first)).total_seconds()
    except (ValueError, TypeError):
        return 0.0
