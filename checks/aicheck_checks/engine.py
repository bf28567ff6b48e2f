"""``check(source) -> findings``: the only way into the checks.

Hostile input is answered with a reason, never with an exception: what cannot
be judged is ``unchecked``.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from operator import itemgetter
from time import thread_time
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.source import Source
from aicheck_checks.suppression import suppressed
from aicheck_checks.tools import ruff

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aicheck_checks.finding import Finding
    from aicheck_checks.languages.embedded import Part
    from aicheck_checks.rule import Rule

MAX_SECONDS = 2.0
"""Computing time for one text; one that takes longer is hostile, or data."""
TOO_LONG = f"checking takes longer than {MAX_SECONDS:g} s"
Verdict = Literal["clean", "suspect", "unchecked"]


class Result(NamedTuple):
    """The findings of one source in the order of its text, or why it was not checked."""

    findings: tuple[Finding, ...]
    unchecked: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Suspect if any finding is an error of at least medium confidence."""
        if self.unchecked is not None:
            return "unchecked"
        return "suspect" if any(f.suspect for f in self.findings) else "clean"


def check(source: Source, settings: Settings = DEFAULT) -> Result:
    """Check one source."""
    return check_all([source], settings)[0]


def check_alone(source: Source, settings: Settings = DEFAULT, *, only: tuple[str, ...] = ("",)) -> Result:
    """As ``check``, without asking any other process: within milliseconds, and without what ruff alone knows.

    Of the rules that the settings want, only those whose codes begin like one of ``only`` run.
    """
    reason = why_unchecked(source, settings)
    return _run(source, settings, only) if reason is None else Result((), reason)


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
            before = Source(
                source.previous, path=source.path, kind=source.kind, project=source.project,
                language=source.language.name if source.language else None,
            )  # fmt: skip
            inherited.append((number, before, result))
        else:
            yield number, result
    texts = [before for _, before, _ in inherited]
    numbers = [number for number, _, _ in inherited]
    for (number, before, found), known in zip(
        inherited, _judge(texts, settings, threads, lambda at: begin(numbers[at])), strict=True
    ):
        yield number, Result(tuple(_without(sources[number], found.findings, before, known.findings)))


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
    for number, (source, reason) in enumerate(zip(sources, reasons, strict=True)):
        begin(number)
        result = _run(source, settings) if reason is None else Result((), reason)
        if inside[number] and result.unchecked is None:
            found = [*result.findings]
            for child, part in inside[number]:
                found += [
                    f._replace(start=part.place(f.start), end=part.place(f.end), fix=None)
                    for f in _run(child, settings).findings
                ]
            found.sort(key=lambda f: (f.start, f.code))
            result = Result(tuple(found))
        yield result


def _embedded(source: Source) -> list[tuple[Source, Part]]:
    from aicheck_checks.languages.embedded import parts

    found = []
    for part in parts(source):
        child = Source(
            part.text, path=source.path, language=part.language, kind=part.kind, project=source.project,
            folder=source.folder,
        )  # fmt: skip
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


def why_unchecked(source: Source, settings: Settings) -> str | None:
    """Why a source cannot be judged, or None."""
    if len(source.text) > settings.max_bytes or len(source.data) > settings.max_bytes:
        return f"larger than {settings.max_bytes:,} bytes (setting max-bytes)"
    if "\0" in source.text:
        return "binary: contains NUL characters"
    if source.language is None:
        return "language not recognised"
    return source.language.missing


def _run(source: Source, settings: Settings, only: tuple[str, ...] = ("",)) -> Result:
    if source.language is not None and (reason := source.language.refuses(source)) is not None:
        return Result((), reason)
    source.index_folder = settings.index_folder
    found: list[tuple[Rule, Finding]] = []
    late = thread_time() + MAX_SECONDS
    for rule in _enabled(settings, only):
        try:
            found += [(rule, f) for f in _fire(rule, source)]
        except Exception as error:  # noqa: BLE001 - a bug of ours must cost neither the editor nor the commit
            return Result((), f"rule {rule.code} failed: {type(error).__name__}: {error}")
        if thread_time() > late:
            return Result((), TOO_LONG)
    codes = {f.code for _, f in found}
    broken = min((f.start for _, f in found if f.broken_syntax), default=None)
    kept = [f for rule, f in found if not _consequence(rule, codes, broken)]
    kept = suppressed(source, kept)
    kept.sort(key=lambda f: (f.start, f.code))
    return Result(tuple(kept))


def _rules(settings: Settings) -> tuple[Rule, ...]:
    """The rules that may run; imported late, so that ruff is at work already."""
    if settings.asks:
        from aicheck_checks.registry import RULES

        return RULES
    from aicheck_checks.instant import INSTANT

    return INSTANT


@lru_cache(maxsize=16)
def _enabled(settings: Settings, only: tuple[str, ...] = ("",)) -> tuple[Rule, ...]:
    wanted = (rule for rule in _rules(settings) if settings.wants(rule.code, rule.tier))
    return tuple(rule for rule in wanted if rule.code.startswith(only))


def _fire(rule: Rule, source: Source) -> Iterator[Finding]:
    if rule.applies(source):
        yield from rule.check(source)


def _consequence(rule: Rule, codes: set[str], broken: int | None) -> bool:
    if broken is not None and rule.when == "broken" and "broken" in rule.yields_to:
        return True
    return any(code.startswith(cause) for cause in rule.yields_to for code in codes - {rule.code})


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
