"""A command of git by its words: what it is given, and whether it may take back work that no commit holds.

Sources: git(1), git-checkout(1), git-restore(1), git-reset(1), git-clean(1), git-stash(1), git-push(1).
"""

from __future__ import annotations

import os
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.commands import without_options

if TYPE_CHECKING:
    from collections.abc import Callable

_VALUED = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace"})
"""Options of git that take the next word."""
_TAKE_THE_REST = {"commit": "mFCct", "checkout": "bB", "clean": "e", "push": "o", "restore": "s"}
"""Letters, by verb, behind which the rest of a word is their value."""


class GitCommand(NamedTuple):
    """Its verb, the words behind the verb, and the folder that options before it lead to, relative to where it runs."""

    verb: str
    rest: tuple[str, ...]
    folder: str = ""

    @property
    def options(self) -> frozenset[str]:
        """The options: short ones by their letters, one each, long ones as they stand."""
        takes = _TAKE_THE_REST.get(self.verb, "")
        found = set()
        for word in self.rest:
            if word.startswith("--"):
                found.add(word)
            elif word.startswith("-"):
                found.update(takewhile(lambda letter: letter not in takes, word[1:]))
        return frozenset(found)

    @property
    def danger(self) -> str:
        """The signal of what it may lose (docs/signals.md); empty where it loses nothing."""
        told = _DANGERS.get(self.verb)
        return told(self.rest, self.options) if told is not None else ""


def git_command(words: tuple[str, ...]) -> GitCommand:
    """The command that the words behind ``git`` are."""
    own = without_options(words, _VALUED)
    before = words[: len(words) - len(own)]
    folders = [folder for option, folder in pairwise(before) if option == "-C"]
    return GitCommand(own[0] if own else "", own[1:], os.path.join("", *folders))


def _checkout(rest: tuple[str, ...], options: frozenset[str]) -> str:
    files = "--" in rest[:-1] or "." in rest or "./" in rest
    return "git_checkout" if files or options & {"f", "--force"} else ""


def _restore(_: tuple[str, ...], options: frozenset[str]) -> str:
    return "git_restore" if options & {"W", "--worktree"} or not options & {"S", "--staged"} else ""


def _reset(_: tuple[str, ...], options: frozenset[str]) -> str:
    return "git_reset_hard" if "--hard" in options else ""


def _clean(_: tuple[str, ...], options: frozenset[str]) -> str:
    return "git_clean" if options & {"f", "--force"} and not options & {"n", "--dry-run"} else ""


def _stash(rest: tuple[str, ...], _: frozenset[str]) -> str:
    return "git_stash_drop" if rest[:1] in (("drop",), ("clear",)) else ""


def _push(rest: tuple[str, ...], options: frozenset[str]) -> str:
    if options & {"f", "--force"} or any(word.startswith("+") for word in rest):
        return "git_push_force"  # which no lease holds back
    leased = any(option.startswith("--force-with-lease") for option in options)
    return "git_push_force_with_lease" if leased else ""


_DANGERS: dict[str, Callable[[tuple[str, ...], frozenset[str]], str]] = {
    "checkout": _checkout, "restore": _restore, "reset": _reset, "clean": _clean, "stash": _stash, "push": _push,
}  # fmt: skip
