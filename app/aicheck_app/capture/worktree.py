"""What commands did to work that could be lost, told by their words: signals of a session (docs/signals.md).

Sources: git-commit(1), githooks(5), rm(1); git_command.py.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_app.capture.commands import started_by
from aicheck_app.capture.git_command import git_command

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicheck_app.capture.git_command import GitCommand
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


def signals_of(line: str, commands: Iterable[Command]) -> Counter[str]:
    """The signals of a command line, by name."""
    found: Counter[str] = Counter()
    for command in commands:
        words = started_by(command)
        if words[:1] == ("git",):
            found.update(_git(git_command(words[1:]), words))
        elif words[:1] in (("rm",), ("unlink",)):
            found.update(_removed(words[1:]))
    if _SKIPS.search(line):
        found["hooks_disabled"] += 1
    return found


def count_tests(text: str) -> int:
    """How many tests a text seems to define, told by the words that begin one."""
    return len(_TESTS.findall(text))


def _git(command: GitCommand, words: tuple[str, ...]) -> Iterable[str]:
    options = command.options
    if "core.hooksPath" in " ".join(words):
        yield "hooks_disabled"
    if command.verb in ("commit", "push", "merge") and (
        "--no-verify" in options or (command.verb == "commit" and "n" in options)
    ):
        yield "no_verify"
    if command.verb == "rm":
        yield from _removed(tuple(word for word in command.rest if word != "--cached"))
    if danger := command.danger:
        yield danger


def is_recursive(words: Iterable[str]) -> bool:
    """Whether ``rm`` with these words removes folders with all that is in them."""
    return any(word == "--recursive" or re.fullmatch(r"-\w*[rR]\w*", word) for word in words)


def _removed(words: tuple[str, ...]) -> Iterable[str]:
    if is_recursive(words):
        yield "rm_recursive"
    yield from ("tests_deleted" for word in words if not word.startswith("-") and TEST_FILE.search(word))
