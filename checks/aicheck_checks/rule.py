"""What a rule is: metadata, page, cases and function, all in the rule's own file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Kind, Session, Source

When = Literal["any", "parses", "broken"]
Tier = Literal["instant", "quality", "deep"]

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
}


class Case(NamedTuple):
    """A text with its context, and for a bad one the line of the finding (from 1)."""

    text: str
    line: int = 0
    says: str = ""
    previous: str | None = None
    stop_reason: str | None = None
    kind: Kind = "file"
    language: str = "python"
    session: Session | None = None


class Rule(NamedTuple):
    """One thing that can be wrong.

    ``page`` is the module's docstring. ``when`` spares a rule the texts that
    cannot concern it: ``broken`` means texts that do not parse. ``yields_to``
    names rules (or families) whose finding is the cause of this one: where one
    of them fired, this one is silent, so that one cause makes one finding.
    ``languages`` holds names of languages or of their groups; empty means all.
    ``tier`` is ``quality`` for what is only information and ``deep`` for rules that
    take seconds: both run only when asked for.
    """

    code: str
    name: str
    summary: str
    page: str
    check: Callable[[Source], Iterable[Finding]]
    good: tuple[Case, ...]
    bad: tuple[Case, ...]
    when: When = "any"
    kinds: tuple[Kind, ...] = ("file",)
    languages: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    tier: Tier = "instant"
    since: str = "0.1.0"

    @property
    def family(self) -> str:
        """The family's name, such as ``truncation``."""
        return FAMILIES[self.code[:3]]

    def applies(self, source: Source) -> bool:
        """Whether the rule concerns this source at all."""
        if source.kind not in self.kinds:
            return False
        language = source.language
        if self.languages and (language is None or not {language.name, language.group} & set(self.languages)):
            return False
        return self.when == "any" or (self.when == "parses") == source.parses
