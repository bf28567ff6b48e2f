"""Whether a smaller text still brings the finding, and nothing that the whole text did not bring.

A text that is merely damaged brings findings too, so "the rule fires" is not enough: nothing else may be found that was not
found before, the parser may not stumble more often, and each way in which the finding's name is mentioned stays, since one
of them may be what makes it a false alarm.
"""

from __future__ import annotations

from collections import Counter
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.isolation import check_isolated

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_app.reduction.case import Case
    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Source
    from aicheck_checks.tools.ruff_server import RuffServer

_BESIDE = 60
"""Code points on each side of a name that are looked at for how it is mentioned."""


class Sought(NamedTuple):
    """The finding that is to stay: its rule, how sure that is, the name that it is about, the evidence, the line that it stands on."""

    code: str
    severity: str
    confidence: str
    name: str
    reasons: frozenset[str]
    line: str

    @classmethod
    def of(cls, finding: Finding, source: Source) -> Sought:
        """What is to stay of a finding."""
        line = source.lines[source.position(finding.start).line - 1].strip()
        reasons = frozenset(finding.reasons)
        return cls(finding.code, finding.severity, finding.confidence, name_of(finding, source), reasons, line)

    def is_like(self, finding: Finding, source: Source, *, on_line: bool = True) -> bool:
        """Whether a finding is this one, by no evidence that is new; ``on_line``: on a line of the same words."""
        other = Sought.of(finding, source)
        is_same = other[:4] == self[:4] and other.reasons <= self.reasons
        return is_same and (not on_line or other.line == self.line)


def name_of(finding: Finding, source: Source) -> str:
    """The name that a finding is about; empty where it is about none."""
    word = source.text[finding.start : finding.end]
    return finding.name or (word if word.isidentifier() else "")


class Question:
    """Asks the checks, ``tries`` times and for ``seconds`` at most; after that the answer is no, and it is ``spent``."""

    def __init__(self, ruff: RuffServer, tries: int, seconds: float) -> None:
        self._ruff = ruff
        self.tries = 0
        self.spent = False
        self._seen: dict[tuple[str, str | None, bool, str | None], bool] = {}
        self.allow(tries, seconds)

    def allow(self, tries: int, seconds: float) -> None:
        """So many tries and so much time more, from now on."""
        self._most, self._until = self.tries + tries, monotonic() + seconds

    def found(self, case: Case) -> tuple[Source, tuple[Finding, ...]]:
        """What is found in a case."""
        source = case.source(self._ruff)
        return source, check_isolated([source], case.settings)[0].findings

    def finding(self, case: Case, sought: Sought, *, on_line: bool = True) -> Finding | None:
        """The finding that is sought, where a case still brings it."""
        source, found = self.found(case)
        return next((one for one in found if sought.is_like(one, source, on_line=on_line)), None)

    def begin(self, case: Case, sought: Sought) -> None:
        """From now on, ask whether a case brings what this one does, which is known to bring what is sought."""
        source, found = self.found(case)
        self._sought = next(Sought.of(one, source) for one in found if sought.is_like(one, source, on_line=False))
        self._others = _others(found, source)
        self._stumbles = _stumbles(source)
        self._mentions = set(mentions(case.text, sought.name))
        self._seen = {}

    def begin_anew(self, case: Case) -> None:
        """The same with a case that holds."""
        self.begin(case, self._sought)

    def holds(self, case: Case, *, on_line: bool = False, name: str | None = None) -> bool:
        """Whether a case brings the finding that ``begin`` was told of, and nothing new.

        ``on_line``: on a line of the same words. ``name`` is what its name is called now, where words were renamed.
        """
        key = (case.text, case.previous, on_line, name)
        if key not in self._seen:
            if not self.goes_on():
                return False
            self.tries += 1
            self._seen[key] = self._asked(case, on_line, name)
        return self._seen[key]

    def goes_on(self) -> bool:
        """Whether there are tries and time left."""
        ended = self.tries >= self._most or monotonic() > self._until
        self.spent |= ended
        return not ended

    def _asked(self, case: Case, on_line: bool, name: str | None) -> bool:
        sought = self._sought if name is None else self._sought._replace(name=name)
        if name is None and not self._mentions <= set(mentions(case.text, sought.name)):
            return False
        source, found = self.found(case)
        if any(now > known for now, known in zip(_stumbles(source), self._stumbles, strict=True)):
            return False
        others = _others(found, source)
        known = self._others if name is None else _by_code(self._others)
        return (others if name is None else _by_code(others)) <= known and any(
            sought.is_like(one, source, on_line=on_line) for one in found
        )


def _others(found: Iterable[Finding], source: Source) -> Counter[tuple[str, str]]:
    """What is found, by rule and name."""
    return Counter((one.code, name_of(one, source)) for one in found)


def _stumbles(source: Source) -> tuple[int, int]:
    """How often the parser stumbles over the text, and over the version before."""
    return len(source.syntax_errors), len(source.before.syntax_errors) if source.before is not None else 0


def _by_code(found: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    return Counter((code, "") for code, _ in found.elements())


def mentions(text: str, name: str) -> Iterator[tuple[str, str]]:
    """What stands before and behind each mention of a name: a word, or a mark."""
    at = text.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        if not (_in_word(text[at - 1 : at]) or _in_word(text[end : end + 1])):
            yield _last(text[max(at - _BESIDE, 0) : at].rstrip()), text[end : end + _BESIDE].lstrip()[:1]
        at = text.find(name, end)


def _in_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def _last(before: str) -> str:
    """The last word, or the last mark."""
    start = len(before)
    while start and _in_word(before[start - 1]):
        start -= 1
    return before[start:] or before[-1:]
