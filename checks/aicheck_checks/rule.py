"""What a rule is: metadata, page, cases and function, all in the rule's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicheck_checks.finding import Found
    from aicheck_checks.source import Kind, Session, Source

When = Literal["any", "parses", "broken"]
Tier = Literal["instant", "quality", "deep"]
Need = Literal["text", "tree", "linter", "surroundings", "previous", "session", "inferred", "tools"]
"""What a rule goes by: the text, its syntax tree, ruff's word on Python, what stands on disk round the text, the version
before, the session's other files, pylint's inference, the project's own tools."""
Settles = Literal["now", "text", "turn"]
"""When a rule can be sure: at once, when the text has its end, when all edits of the turn are made."""

FAMILIES = {
    "SYN": "syntax",
    "TRU": "truncation",
    "ELI": "elision",
    "IMP": "imports",
    "COR": "corruption",
    "REF": "refusal",
    "REP": "repetition",
    "API": "calls",
    "LOG": "logic",
    "EFF": "efficiency",
    "CTX": "context",
    "TST": "tests",
}


class Case(NamedTuple):
    """A text with its context, and for a bad one the line of the finding (from 1).

    ``files`` are those round it, by their path from the folder of the text, whose own name there is ``path``.
    ``symptom`` says what is seen in such a text, in the words in which somebody would search for it.
    """

    text: str
    line: int = 0
    says: str = ""
    previous: str | None = None
    stop_reason: str | None = None
    kind: Kind = "file"
    language: str = "python"
    session: Session | None = None
    files: tuple[tuple[str, str], ...] = ()
    path: str = "module.py"
    symptom: str = ""


class Rule(NamedTuple):
    """One thing that can be wrong.

    ``page`` is the module's docstring. ``needs`` is what the rule goes by. ``when`` spares a rule the texts that
    cannot concern it: ``broken`` means texts that do not parse. ``yields_to``
    names rules (or families) whose finding is the cause of this one: where one
    of them fired, this one is silent, so that one cause makes one finding.
    ``languages`` holds names of languages or of their groups; empty means all.
    ``around`` names the languages in which it needs the surroundings, where these are not all of its own.
    ``settles`` says when it can be sure. A rule ``of_change`` tells what a change lost: its findings may stand outside
    the new text. ``info`` is only information, never suspect, and shown when asked for; ``unnecessary`` is about code that does nothing.
    """

    code: str
    name: str
    summary: str
    page: str
    check: Callable[[Source], Iterable[Found]]
    good: tuple[Case, ...]
    bad: tuple[Case, ...]
    needs: tuple[Need, ...] = ("text",)
    when: When = "any"
    kinds: tuple[Kind, ...] = ("file",)
    languages: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    settles: Settles = "now"
    of_change: bool = False
    info: bool = False
    unnecessary: bool = False
    since: str = "0.1.0"

    @property
    def family(self) -> str:
        """The family's name, such as ``truncation``."""
        return FAMILIES[self.code[:3]]

    @property
    def tier(self) -> Tier:
        """What has to be asked for: ``deep`` rules start programs that take seconds, those of ``quality`` are information."""
        if "inferred" in self.needs or ("tools" in self.needs and not self.info):
            return "deep"
        return "quality" if self.info else "instant"

    def fits(self, within: frozenset[Need]) -> bool:
        """Whether the rule can be asked with no more than that; before the linter has spoken, only of what is wrong at once."""
        return within.issuperset(self.needs) and ("linter" in within or self.when == "broken" or self.settles == "now")

    def looks_around(self, source: Source) -> bool:
        """Whether the rule says more of a source where its surroundings are known."""
        if "surroundings" not in self.needs or not self.applies(source):
            return False
        if "previous" in self.needs and source.previous is None:
            return False
        return not self.around or (source.language is not None and source.language.name in self.around)

    def applies(self, source: Source) -> bool:
        """Whether the rule concerns this source at all."""
        if source.kind not in self.kinds:
            return False
        language = source.language
        if self.languages and (language is None or not {language.name, language.group} & set(self.languages)):
            return False
        return self.when == "any" or (self.when == "parses") == source.parses
