"""Judging a session's steps by its project's rules: each step that a rule is about keeps it or breaks it."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_app.capture.commands import started_by
from aicheck_app.capture.git_command import git_command
from aicheck_app.capture.shell import commands_of
from aicheck_app.errors import AicheckError
from aicheck_app.log.chain import identity
from aicheck_app.log.records import Broken
from aicheck_checks.globs import compiled, name_below

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aicheck_app.capture.edits import Edit
    from aicheck_app.capture.shell import Command
    from aicheck_app.origin import Origin
    from aicheck_app.project_rules.rules import Rule

MAX_BROKEN = 200
"""Places that are kept of a session; all are counted."""
MAX_TEXT = 1_000_000
"""Code points of an edit that are looked through."""
_IMPORTS = (
    re.compile(r"^[ \t]*+from[ \t]++([\w.]++)[ \t]++import\b", re.MULTILINE),
    re.compile(r"^[ \t]*+import[ \t]++(?:static[ \t]++)?+([\w.]++)", re.MULTILINE),
    re.compile(r"^[ \t]*+(?:pub[ \t]++)?+use[ \t]++([\w:]++)", re.MULTILINE),
    re.compile(r"^[ \t]*+using[ \t]++([\w.]++)[ \t]*+;", re.MULTILINE),
    re.compile(r"^[ \t]*+#[ \t]*+include[ \t]*+[<\"]([^>\"\n]++)", re.MULTILINE),
    re.compile(r"\b(?:from|import|require)\b[ \t]*+\(?+[ \t]*+[\"']([^\"'\n]++)[\"']"),
)
_IMPORT_LIST = re.compile(r"^[ \t]*+import[ \t]++([\w., \t]++)$", re.MULTILINE)
_GO_IMPORT = re.compile(r"^[ \t]*+(?:import[ \t]++)?(?:[\w.]++[ \t]++)?\"([^\"\n]++)\"[ \t]*+$", re.MULTILINE)


class Judge:
    """Judges one session; ``find`` gives the rules of the folder in which it works."""

    def __init__(self, find: Callable[[str], Sequence[Rule]] | None = None) -> None:
        self.kept: Counter[str] = Counter()
        self.broken: Counter[str] = Counter()
        self.trouble = ""
        """Why the project's rules can't be read."""
        self._find = find
        self._rules: Sequence[Rule] = ()
        self._edited = False
        self._ran: set[Rule] = set()
        self._steps = 0

    def ran(self, commands: Sequence[Command], line: str, origin: Origin) -> list[Broken]:
        """A command line ran."""
        self._steps += 1
        found: list[Broken] = []
        for rule in self._of(origin, "command", "before-done"):
            matches = any(_is(command, rule.text) for command in commands)
            if rule.kind == "command":
                found += self._count(rule, origin, broken=matches, words=line)
            elif matches:
                self._ran.add(rule)
        return found

    def edited(self, edit: Edit, place: str, origin: Origin) -> list[Broken]:
        """A file was edited; ``place`` is its absolute path."""
        self._steps += 1
        self._edited = True
        self._ran.clear()
        found: list[Broken] = []
        for rule in self._of(origin, "path", "import", "word"):
            found += self._count(rule, origin, broken=_breaks(rule, edit, place), path=edit.path)
        return found

    def ended(self, origin: Origin, *, done: bool) -> list[Broken]:
        """A turn is over; ``done`` says that the model ended it."""
        found: list[Broken] = []
        if done and self._edited:
            for rule in self._of(origin, "before-done"):
                found += self._count(rule, origin, broken=rule not in self._ran)
        self._edited = False
        self._ran.clear()
        return found

    def _of(self, origin: Origin, *kinds: str) -> list[Rule]:
        if self._find is not None and origin.cwd:
            find, self._find = self._find, None
            try:
                self._rules = find(origin.cwd)
            except AicheckError as error:
                self.trouble = str(error)
        return [rule for rule in self._rules if rule.kind in kinds]

    def _count(self, rule: Rule, origin: Origin, *, broken: bool, path: str = "", words: str = "") -> list[Broken]:
        if not broken:
            self.kept[rule.name] += 1
            return []
        self.broken[rule.name] += 1
        if self.broken.total() > MAX_BROKEN:
            return []
        key = identity("broken", origin.agent, origin.session, rule.name, str(self._steps), origin.message)
        return [
            Broken(
                id=key, time=origin.time, agent=origin.agent, agent_version=origin.agent_version, model=origin.model,
                session=origin.session, rule=rule.name, step=self._steps, path=path, words=words[:500],
            )
        ]  # fmt: skip


def imported(text: str, path: str = "") -> Iterator[str]:
    """The names of the modules that a text imports, in the ways of the usual languages."""
    for pattern in (*_IMPORTS, *((_GO_IMPORT,) if path.endswith(".go") else ())):
        yield from (match[1] for match in pattern.finditer(text))
    for match in _IMPORT_LIST.finditer(text):
        yield from (part.split()[0] for part in match[1].split(",") if part.strip())


def _is(command: Command, text: str) -> bool:
    """Whether a command is the one that a rule names: its words come first, its options are among those given."""
    wanted = next(iter(commands_of(text)), None)
    if wanted is None or not wanted.words:
        return False
    whole = (command.name, *(word or "" for word in command.words[1:]))
    return any(_begins(words, _plain(wanted.words)) for words in (whole, started_by(command)))


def _plain(words: Sequence[str | None]) -> tuple[str, ...]:
    return tuple(word or "" for word in words)


def _begins(words: Sequence[str], wanted: Sequence[str]) -> bool:
    given = tuple(words)
    if given[:1] == ("git",):
        command = git_command(given[1:])
        given = ("git", command.verb, *command.rest)
    plain = [word for word in given if not word.startswith("-")]
    first = [word for word in wanted if not word.startswith("-")]
    options = {word.partition("=")[0] for word in given if word.startswith("-")} | set(given)
    return plain[: len(first)] == first and all(word in options for word in wanted if word.startswith("-"))


def _breaks(rule: Rule, edit: Edit, place: str) -> bool:
    if rule.kind == "path":
        name = name_below(place, rule.root) if rule.root else edit.path
        return name is not None and compiled((rule.text,)).covers(name)
    count = _times_imported if rule.kind == "import" else _times_written
    old, new = _texts(edit)
    return count(rule.text, new, edit.path) > count(rule.text, old, edit.path)


def _texts(edit: Edit) -> tuple[str, str]:
    """What an edit took away and what it wrote, as much as is looked through."""
    if edit.pairs:
        return "\n".join(old for old, _, _ in edit.pairs)[:MAX_TEXT], edit.written[:MAX_TEXT]
    return (edit.before or "")[:MAX_TEXT], edit.written[:MAX_TEXT]


def _times_imported(name: str, text: str, path: str) -> int:
    return sum(
        module == name or module.startswith(tuple(name + end for end in "./:")) for module in set(imported(text, path))
    )


def _times_written(word: str, text: str, _path: str) -> int:
    """How often a word stands in a text, not as a part of a longer one."""
    found, at = 0, text.find(word)
    while at >= 0:
        end = at + len(word)
        joined_before = _joins(word[0]) and _joins(text[at - 1 : at])
        joined_after = _joins(word[-1]) and _joins(text[end : end + 1])
        found += not joined_before and not joined_after
        at = text.find(word, end)
    return found


def _joins(character: str) -> bool:
    return character.isalnum() or character == "_"
