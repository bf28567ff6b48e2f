"""A command of git by its words: what it is given, and whether it may take back work that no commit holds.

Sources: git(1), git-checkout(1), git-restore(1), git-reset(1), git-clean(1), git-stash(1), git-push(1).
"""

from __future__ import annotations

import os
import re
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.capture.commands import GIT_VALUED, without_options

if TYPE_CHECKING:
    from collections.abc import Callable

_TAKE_THE_REST = {"commit": "mFCct", "checkout": "bB", "clean": "e", "push": "o", "restore": "s"}
"""Letters, by verb, behind which the rest of a word is their value."""
_OF_BRANCHES = re.compile(r"-[bBtd]|--(?:orphan|track|detach)$")
"""Options of a checkout that is given no files."""
_FILE = re.compile(r"[^/]\.(?:[A-Za-z]\w{1,9}|[cdhmrv])$|^\.{1,2}/?$")
"""Names that are files' or folders', where a branch may stand as well."""


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
        return told(self) if told is not None else ""

    @property
    def files(self) -> tuple[str, ...]:
        """The files and folders that a checkout, restore or removal is given."""
        if "--" in self.rest:
            return self.rest[self.rest.index("--") + 1 :]
        if self.verb != "checkout":
            return operands(self.rest)
        branches = any(_OF_BRANCHES.match(word) for word in self.rest)
        return () if branches else tuple(word for word in operands(self.rest) if _FILE.search(word))


def git_command(words: tuple[str, ...]) -> GitCommand:
    """The command that the words behind ``git`` are."""
    own = without_options(words, GIT_VALUED)
    before = words[: len(words) - len(own)]
    folders = [folder for option, folder in pairwise(before) if option == "-C"]
    return GitCommand(own[0] if own else "", own[1:], os.path.join("", *folders))


def operands(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that are no options."""
    return tuple(word for word in words if not word.startswith("-"))


def _checkout(command: GitCommand) -> str:
    return "git_checkout" if command.files or command.options & {"f", "--force"} else ""


def _restore(command: GitCommand) -> str:
    reaches = command.options & {"W", "--worktree"} or not command.options & {"S", "--staged"}
    return "git_restore" if reaches else ""


def _reset(command: GitCommand) -> str:
    return "git_reset_hard" if "--hard" in command.options else ""


def _clean(command: GitCommand) -> str:
    tries = command.options & {"n", "--dry-run"}
    return "git_clean" if command.options & {"f", "--force"} and not tries else ""


def _stash(command: GitCommand) -> str:
    return "git_stash_drop" if command.rest[:1] in (("drop",), ("clear",)) else ""


def _push(command: GitCommand) -> str:
    if command.options & {"f", "--force"} or any(word.startswith("+") for word in command.rest):
        return "git_push_force"  # which no lease holds back
    leased = any(option.startswith("--force-with-lease") for option in command.options)
    return "git_push_force_with_lease" if leased else ""


_DANGERS: dict[str, Callable[[GitCommand], str]] = {
    "checkout": _checkout, "restore": _restore, "reset": _reset, "clean": _clean, "stash": _stash, "push": _push,
}  # fmt: skip
