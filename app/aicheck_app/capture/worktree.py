"""What commands did to work that could be lost, told by their words: signals of a session (docs/signals.md).

Sources: git-checkout(1), git-restore(1), git-reset(1), git-clean(1), git-stash(1), git-push(1), git-commit(1), githooks(5); rm(1).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_app.capture.commands import started_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicheck_app.capture.shell import Command

TEST_FILE = re.compile(
    r"(?:^|[/\\])(?:tests?|specs?|__tests__)[/\\]|(?:^|[/\\])test_[^/\\]*$|[._-](?:test|spec)s?\.\w+$|(?:Test|Tests|Spec)\.\w+$"
)
"""Names of files that hold tests, in the usual layouts."""
_TESTS = re.compile(
    r"\bdef test_|\bfunc Test|^[ \t]*+(?:it|test)(?:\.\w++)?+\(|@Test\b|#\[(?:tokio::)?test\]|\[(?:Fact|Test|TestMethod)\]",
    re.MULTILINE,
)
_SKIPS = re.compile(r"(?<![\w\"'.-])(?:HUSKY=0|SKIP=\w|PRE_COMMIT_ALLOW_NO_CONFIG=|LEFTHOOK=0)")
_VALUED = frozenset({"-C", "-c", "--git-dir", "--work-tree", "--namespace"})
"""Options of git that take the next word."""


def signals_of(line: str, commands: Iterable[Command]) -> Counter[str]:
    """The signals of a command line, by name."""
    found: Counter[str] = Counter()
    for command in commands:
        words = started_by(command)
        if words[:1] == ("git",):
            found.update(_git(without_options(words[1:]), words))
        elif words[:1] in (("rm",), ("unlink",)):
            found.update(_removed(words[1:]))
    if _SKIPS.search(line):
        found["hooks_disabled"] += 1
    return found


def count_tests(text: str) -> int:
    """How many tests a text seems to define, told by the words that begin one."""
    return len(_TESTS.findall(text))


def without_options(words: tuple[str, ...]) -> tuple[str, ...]:
    """The command of git with its own words: without the options that stand before it."""
    while words and words[0].startswith("-"):
        words = words[2:] if words[0] in _VALUED else words[1:]
    return words


def _git(words: tuple[str, ...], whole: tuple[str, ...]) -> Iterable[str]:
    name, rest = (words[0], words[1:]) if words else ("", ())
    options = {word for word in rest if word.startswith("-")}
    short = {letter for word in options if not word.startswith("--") for letter in word[1:]}
    if "core.hooksPath" in " ".join(whole):
        yield "hooks_disabled"
    if name in ("commit", "push", "merge") and ("--no-verify" in options or (name == "commit" and "n" in short)):
        yield "no_verify"
    if name == "rm":
        yield from _removed(tuple(word for word in rest if word != "--cached"))
    elif name in _DANGERS and (signal := _DANGERS[name](rest, options, short)):
        yield signal


def _checkout(rest: tuple[str, ...], options: set[str], short: set[str]) -> str:
    return "git_checkout" if "--" in rest or "." in rest or "f" in short or "--force" in options else ""


def _restore(rest: tuple[str, ...], options: set[str], short: set[str]) -> str:
    staged, worktree = "--staged" in options or "S" in short, "--worktree" in options or "W" in short
    return "git_restore" if worktree or not staged else ""


def _reset(rest: tuple[str, ...], options: set[str], short: set[str]) -> str:
    return "git_reset_hard" if "--hard" in options else ""


def _clean(rest: tuple[str, ...], options: set[str], short: set[str]) -> str:
    tried = "n" in short or "--dry-run" in options
    return "git_clean" if not tried and ("f" in short or "--force" in options) else ""


def _stash(rest: tuple[str, ...], options: set[str], short: set[str]) -> str:
    return "git_stash_drop" if rest[:1] in (("drop",), ("clear",)) else ""


def _push(rest: tuple[str, ...], options: set[str], short: set[str]) -> str:
    if any(word.startswith("--force-with-lease") for word in options):
        return "git_push_force_with_lease"
    return (
        "git_push_force" if "f" in short or "--force" in options or any(word.startswith("+") for word in rest) else ""
    )


_DANGERS: dict[str, Callable[[tuple[str, ...], set[str], set[str]], str]] = {
    "checkout": _checkout, "restore": _restore, "reset": _reset, "clean": _clean, "stash": _stash, "push": _push,
}  # fmt: skip


def _removed(words: tuple[str, ...]) -> Iterable[str]:
    if any(
        word == "--recursive" or (re.fullmatch(r"-\w*[rR]\w*", word) and not word.startswith("--")) for word in words
    ):
        yield "rm_recursive"
    yield from ("tests_deleted" for word in words if not word.startswith("-") and TEST_FILE.search(word))
