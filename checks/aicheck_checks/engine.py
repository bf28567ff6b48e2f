"""``check(source) -> findings``: the only way into the checks.

Hostile input is answered with a reason, never with an exception: what cannot
be judged is ``unchecked``.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_checks.computing import Deadline
from aicheck_checks.finding import Finding
from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.suppression import not_ignored, suppressed
from aicheck_checks.tools import ruff
from aicheck_checks.trees import Recent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aicheck_checks.languages.embedded import Part
    from aicheck_checks.rule import Need, Rule
    from aicheck_checks.source import Source

MAX_SECONDS = 2.0
"""Computing time for one text; one that takes longer is hostile, or data."""
TOO_LONG = f"checking takes longer than {MAX_SECONDS:g} s"
MOST_NULS = 50
"""A program in which more than one in so many code points is a NUL is none."""
_NO_NULS = frozenset({"python", "go"})
"""Languages that take a NUL nowhere, not even in a string or a comment."""
NOWHERE = "no folder is known round the text"
Verdict = Literal["clean", "suspect", "unchecked"]
ALONE: frozenset[Need] = frozenset({"text", "tree", "linter", "surroundings", "previous", "session"})
"""What can be had without starting a program for it; the linter's word only where it is known already."""


class Skipped(NamedTuple):
    """What could say nothing of a source: a rule's code or a tool's name, and why.

    ``failed`` says that it was asked and did not answer; otherwise there was nothing to ask it with.
    """

    name: str
    reason: str
    failed: bool = True


class Result(NamedTuple):
    """What was found of one source in the order of its text, what could not be asked, or why nothing was checked."""

    findings: tuple[Finding, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    unchecked: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Suspect if any finding is an error of at least medium confidence; clean only if all that was asked has answered."""
        if any(f.suspect for f in self.findings):
            return "suspect"
        return "unchecked" if self.reason else "clean"

    @property
    def reason(self) -> str:
        """Why the source can't be called clean where nothing suspect was found; empty if it can."""
        if self.unchecked is not None:
            return self.unchecked
        return "; ".join(f"{one.name}: {one.reason}" for one in self.skipped if one.failed)


def check(source: Source, settings: Settings = DEFAULT) -> Result:
    """Check one source."""
    return check_all([source], settings)[0]


def check_alone(source: Source, settings: Settings = DEFAULT, *, within: frozenset[Need] = ALONE) -> Result:
    """As ``check``, without asking any other process: within milliseconds.

    Of the rules that the settings want, only those run that need nothing but what is ``within`` reach.
    """
    reason = why_unchecked(source, settings)
    return _run(source, settings, within) if reason is None else Result(unchecked=reason)


def wanted(result: Result, settings: Settings) -> Result:
    """A result with no more findings than the settings want: where more was asked for than is to be shown."""
    from aicheck_checks.registry import BY_CODE

    return result._replace(findings=tuple(f for f in result.findings if settings.wants(f.code, BY_CODE[f.code].tier)))


def check_all(sources: Sequence[Source], settings: Settings = DEFAULT, *, threads: int | None = None) -> list[Result]:
    """Check many sources with one run of ruff (on ``threads`` threads, None for all).

    Where the version before is known, only what the new text brought is
    reported: a finding that the version before has too is left out.
    """
    return [result for _, result in sorted(check_each(sources, settings, threads=threads), key=itemgetter(0))]


def check_each(
    sources: Sequence[Source],
    settings: Settings = DEFAULT,
    *,
    threads: int | None = None,
    begin: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[int, Result]]:
    """As ``check_all``: each source's number and result, as soon as it is final.

    ``begin`` is told the number of the source that is computed for from now on.
    """
    inherited: list[tuple[int, Source, Result]] = []
    for number, result in enumerate(_judge(sources, settings, threads, begin)):
        source = sources[number]
        if source.previous and result.findings and not settings.all_lines:
            assert source.before is not None
            inherited.append((number, source.before, result))
        else:
            yield number, result
    texts = [before for _, before, _ in inherited]
    numbers = [number for number, _, _ in inherited]
    for (number, before, found), known in zip(
        inherited, _judge(texts, settings, threads, lambda at: begin(numbers[at])), strict=True
    ):
        yield number, found._replace(findings=tuple(_without(sources[number], found.findings, before, known.findings)))


def _judge(
    sources: Sequence[Source], settings: Settings, threads: int | None, begin: Callable[[int], None]
) -> Iterator[Result]:
    """The results of whole texts, those of the texts embedded in them included."""
    reasons = [why_unchecked(source, settings) for source in sources]
    inside: list[list[tuple[Source, Part]]] = []
    for number, (source, reason) in enumerate(zip(sources, reasons, strict=True)):
        begin(number)
        inside.append(_embedded(source) if reason is None and source.language and source.language.embeds else [])
    judged = [(n, s) for n, (s, reason) in enumerate(zip(sources, reasons, strict=True)) if reason is None]
    children = [(n, child) for n, found in enumerate(inside) for child, _ in found]
    _consult_ruff([*judged, *children], settings, threads, begin)
    if settings.asks and any(rule.tier == "deep" for rule in _enabled(settings)):
        from aicheck_checks.tools import pylint

        python = (s for _, s in judged if s.kind == "file" and s.language and s.language.name == "python")
        pylint.check(s for s in python if s.parses)
    recent = Recent()
    for number, (source, reason) in enumerate(zip(sources, reasons, strict=True)):
        begin(number)
        if reason is None:
            recent.prepare(source)
            recent.add(source)
        result = _run(source, settings) if reason is None else Result(unchecked=reason)
        yield _with_parts(source, result, inside[number], settings) if result.unchecked is None else result


def _with_parts(source: Source, result: Result, parts: Sequence[tuple[Source, Part]], settings: Settings) -> Result:
    """A result with what is found in the texts embedded in its source.

    What a new notebook neither defines nor imports, or a module that it imports, may have come from a cell that was run and is
    gone: that is only a note.
    """
    doubtful = source.language is not None and source.language.name == "notebook" and source.previous is None
    found, skipped = [*result.findings], dict.fromkeys(result.skipped)
    for child, part in parts:
        inner = _run(child, settings)
        placed = (f._replace(start=part.place(f.start), end=part.place(f.end), fix=None) for f in inner.findings)
        found += [f._replace(confidence="low") if doubtful and f.code.startswith("IMP") else f for f in placed]
        skipped |= dict.fromkeys(inner.skipped)
    found.sort(key=lambda f: (f.start, f.code))
    return Result(tuple(found), tuple(skipped))


def _embedded(source: Source) -> list[tuple[Source, Part]]:
    from aicheck_checks.languages.embedded import parts

    found = []
    for part in parts(source):
        child = source.part(part.text, part.language, part.kind)
        if child.language is not None and child.language.missing is None:
            found.append((child, part))
    return found


def _consult_ruff(
    sources: Sequence[tuple[int, Source]], settings: Settings, threads: int | None, begin: Callable[[int], None]
) -> None:
    quality = settings.asks and any(rule.tier == "quality" for rule in _enabled(settings))
    python = [(n, s) for n, s in sources if s.kind == "file" and s.language and s.language.name == "python"]
    python = [(n, s) for n, s in python if s.diagnostics is None]  # an editor has asked a warm ruff already
    run = ruff.Run([source for _, source in python], threads=threads, quality=quality)
    for number, source in python:
        begin(number)
        _ = source.tree  # parsed while ruff works
    _rules(settings)
    run.collect()


def _is_binary(source: Source) -> bool:
    """Whether NULs are of the text's kind: a few in a program are damage, as are those that the version before had not."""
    if source.previous and "\0" not in source.previous:
        return False
    refused = source.language is not None and source.language.name in _NO_NULS
    return not refused or source.text.count("\0") * MOST_NULS > len(source.text) or "\0" in (source.previous or "")


def why_unchecked(source: Source, settings: Settings) -> str | None:
    """Why a source cannot be judged, or None."""
    if len(source.text) > settings.max_bytes or len(source.data) > settings.max_bytes:
        return f"larger than {settings.max_bytes:,} bytes (setting max-bytes)"
    if "\0" in source.text and _is_binary(source):
        return "binary: contains NUL characters"
    if source.kind == "prose":  # words, in whatever language
        return None
    if source.language is None:
        return "language not recognised"
    return source.language.missing


def _run(source: Source, settings: Settings, within: frozenset[Need] | None = None) -> Result:
    """What the rules say that the settings want and that need nothing but what is ``within`` reach, or all of them."""
    if source.language is not None and (reason := source.language.refuses(source)) is not None:
        return _run_plainly(source, settings, within, reason)
    source.index_folder = settings.index_folder
    found: list[tuple[Rule, Finding]] = []
    skipped = [Skipped(tool, reason) for tool, reason in source.unanswered.items()]
    late = Deadline(MAX_SECONDS)
    for rule in _enabled(settings, within):
        try:
            found += _fire(rule, source)
        except Exception as error:  # noqa: BLE001 - a bug of ours must cost neither the editor nor the commit
            skipped.append(Skipped(rule.code, f"failed: {type(error).__name__}: {error}"))
            continue
        if late.passed():
            return Result(unchecked=TOO_LONG)
    if source.is_blind:
        blind = (rule for rule in _enabled(settings, within) if rule.looks_around(source))
        skipped += [Skipped(rule.code, NOWHERE, failed=False) for rule in blind]
    codes, suspect = {f.code for _, f in found}, {f.code for _, f in found if f.suspect}
    broken = min((f.start for _, f in found if f.broken_syntax), default=None)
    reported = [f for rule, f in found if not _consequence(rule, suspect if f.suspect else codes, broken)] or _causes(
        found
    )
    kept = suppressed(source, not_ignored(source, reported, settings.per_file_ignores))
    kept.sort(key=lambda f: (f.start, f.code))
    return Result(tuple(_weighed(source, kept)), tuple(skipped))


def _run_plainly(source: Source, settings: Settings, within: frozenset[Need] | None, reason: str) -> Result:
    """What rules that need no grammar find in a text that its own does not take; without a finding it stays unchecked."""
    assert source.language is not None
    if source.tree is None or not source.language.takes_otherwise(source):
        return Result(unchecked=reason)
    found = _run(source.plain(), settings, within)
    if not any(finding.suspect for finding in found.findings):
        return Result(unchecked=reason)
    return found._replace(skipped=(*found.skipped, Skipped("grammar", reason, failed=False)))


def _weighed(source: Source, found: Sequence[Finding]) -> Sequence[Finding]:
    """The findings; those in a new file that tests read are only notes, for such files are often broken on purpose.

    A change that breaks one is none the less a fault, but for names and repetitions, which such files need not get right.
    """
    if not any(f.suspect for f in found):
        return found
    from aicheck_checks.analysis.test_data import is_test_data

    if not is_test_data(source):
        return found
    new = source.previous is None
    return [f._replace(confidence="low") if new or f.code.startswith(("IMP", "REP")) else f for f in found]


def _rules(settings: Settings) -> tuple[Rule, ...]:
    """The rules that may run; imported late, so that ruff is at work already."""
    if settings.asks:
        from aicheck_checks.registry import RULES

        return RULES
    from aicheck_checks.instant import INSTANT

    return INSTANT


@lru_cache(maxsize=16)
def _enabled(settings: Settings, within: frozenset[Need] | None = None) -> tuple[Rule, ...]:
    wanted = (rule for rule in _rules(settings) if settings.wants(rule.code, rule.tier))
    return tuple(rule for rule in wanted if within is None or rule.fits(within))


def _fire(rule: Rule, source: Source) -> list[tuple[Rule, Finding]]:
    return [(rule, Finding(rule.code, *found)) for found in rule.check(source)] if rule.applies(source) else []


def _consequence(rule: Rule, codes: set[str], broken: int | None) -> bool:
    if broken is not None and rule.when == "broken" and "broken" in rule.yields_to:
        return True
    return any(code.startswith(cause) for cause in rule.yields_to for code in codes - {rule.code})


def _causes(found: Sequence[tuple[Rule, Finding]]) -> list[Finding]:
    """What is left where rules yield to one another in a ring: each goes only as long as one is there to which it yields."""
    left = list(found)
    for rule, finding in reversed(found):
        others = [(other, one) for other, one in left if other is not rule]
        broken = min((one.start for _, one in others if one.broken_syntax), default=None)
        if others and _consequence(rule, {one.code for _, one in others}, broken):
            left.remove((rule, finding))
    return [finding for _, finding in left]


def _without(source: Source, found: Sequence[Finding], before: Source, known: Sequence[Finding]) -> Iterator[Finding]:
    """The findings that the version before does not have too (same rule, same words, same line)."""
    inherited = Counter(_identity(before, finding) for finding in known)
    for finding in found:
        identity = _identity(source, finding)
        if inherited[identity]:
            inherited[identity] -= 1
        else:
            yield finding


def _identity(source: Source, finding: Finding) -> tuple[str, str, str]:
    line = source.lines[source.position(finding.start).line - 1]
    return finding.code, finding.message, line.strip()
