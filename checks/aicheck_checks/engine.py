"""``check(source) -> findings``: the only way into the checks.

Hostile input is answered with a reason, never with an exception: what cannot
be judged is ``unchecked``.
"""

from __future__ import annotations

from functools import lru_cache
from time import monotonic
from typing import TYPE_CHECKING, Literal, NamedTuple

from aicheck_checks.settings import DEFAULT, Settings
from aicheck_checks.source import Source
from aicheck_checks.suppression import suppressed
from aicheck_checks.tools import ruff

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_checks.finding import Finding
    from aicheck_checks.languages.embedded import Part
    from aicheck_checks.rule import Rule

MAX_SECONDS = 2.0
"""A text that takes longer is hostile, or data."""
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
    reason = _unchecked(source, settings)
    return _run(source, settings, only) if reason is None else Result((), reason)


def check_all(sources: Sequence[Source], settings: Settings = DEFAULT, *, threads: int | None = None) -> list[Result]:
    """Check many sources with one run of ruff (on ``threads`` threads, None for all).

    Where the version before is known, only what the new text brought is
    reported: a finding that the version before has too is left out.
    """
    results = _judge(sources, settings, threads)
    inherited: list[tuple[int, Source]] = []
    for number, source in enumerate(sources):
        if source.previous and results[number].findings and not settings.all_lines:
            before = Source(
                source.previous, path=source.path, kind=source.kind, project=source.project,
                language=source.language.name if source.language else None,
            )  # fmt: skip
            inherited.append((number, before))
    known = _judge([before for _, before in inherited], settings, threads)
    for (number, before), result in zip(inherited, known, strict=True):
        fresh = _without(sources[number], results[number].findings, before, result.findings)
        results[number] = Result(tuple(fresh))
    return results


def _judge(sources: Sequence[Source], settings: Settings, threads: int | None) -> list[Result]:
    """The results of whole texts, those of the texts embedded in them included."""
    reasons = [_unchecked(source, settings) for source in sources]
    inside = [
        _embedded(source) if reason is None and source.language and source.language.embeds else []
        for source, reason in zip(sources, reasons, strict=True)
    ]
    judged = [s for s, reason in zip(sources, reasons, strict=True) if reason is None]
    _consult_ruff([*judged, *(child for children in inside for child, _ in children)], settings, threads)
    if settings.asks and any(rule.tier == "deep" for rule in _enabled(settings)):
        from aicheck_checks.tools import pylint

        pylint.check(s for s in judged if s.kind == "file" and s.language and s.language.name == "python" and s.parses)
    results = []
    for source, reason, children in zip(sources, reasons, inside, strict=True):
        result = _run(source, settings) if reason is None else Result((), reason)
        if children and result.unchecked is None:
            found = [*result.findings]
            for child, part in children:
                found += [
                    f._replace(start=part.place(f.start), end=part.place(f.end), fix=None)
                    for f in _run(child, settings).findings
                ]
            found.sort(key=lambda f: (f.start, f.code))
            result = Result(tuple(found))
        results.append(result)
    return results


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


def _consult_ruff(sources: Sequence[Source], settings: Settings, threads: int | None) -> None:
    quality = settings.asks and any(rule.tier == "quality" for rule in _enabled(settings))
    python = [s for s in sources if s.kind == "file" and s.language and s.language.name == "python"]
    python = [s for s in python if s.diagnostics is None]  # an editor has asked a warm ruff already
    run = ruff.Run(python, threads=threads, quality=quality)
    for source in python:
        _ = source.tree  # parsed while ruff works
    _rules(settings)
    run.collect()


def _unchecked(source: Source, settings: Settings) -> str | None:
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
    late = monotonic() + MAX_SECONDS
    for rule in _enabled(settings, only):
        try:
            found += [(rule, f) for f in _fire(rule, source)]
        except Exception as error:  # noqa: BLE001 - a bug of ours must cost neither the editor nor the commit
            return Result((), f"rule {rule.code} failed: {type(error).__name__}: {error}")
        if monotonic() > late:
            return Result((), f"checking takes longer than {MAX_SECONDS:g} s")
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
    inherited = [_identity(before, f) for f in known]
    for finding in found:
        identity = _identity(source, finding)
        if identity in inherited:
            inherited.remove(identity)
        else:
            yield finding


def _identity(source: Source, finding: Finding) -> tuple[str, str, str]:
    line = source.lines[source.position(finding.start).line - 1]
    return finding.code, finding.message, line.strip()
