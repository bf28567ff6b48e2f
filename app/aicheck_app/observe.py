"""The one path of every output: checks, then the log, then the verdict.

Records are handed over as they are: the log takes secrets and home folders out of them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing, later
from aicheck_app.attribution.logged import hashes
from aicheck_app.checking import note_failures
from aicheck_app.excluded import REASON as EXCLUDED
from aicheck_app.log import fields, records
from aicheck_app.log.excerpts import Excerpts
from aicheck_app.log.paths import shown
from aicheck_checks import RULESET
from aicheck_checks.engine import Result
from aicheck_checks.files import place
from aicheck_checks.isolation import check_isolated
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aicheck_app.config import Config
    from aicheck_app.log.records import Record
    from aicheck_app.log.store import Log
    from aicheck_app.origin import Look, Output
    from aicheck_checks.finding import Finding
    from aicheck_checks.settings import Settings
    from aicheck_checks.surroundings import Disk
    from aicheck_checks.tools.ruff_server import RuffServer

MAX_FINDINGS = 200
"""Findings kept of one output; how many more there were is kept as a number."""


class Observed(NamedTuple):
    """An output as it was checked, what was found, its record, and whether that is new."""

    output: Output
    source: Source
    result: Result
    record: records.Output
    """As it was made; the log keeps it without secrets and home folders. A look's is kept nowhere."""
    new: bool
    is_look: bool = False
    later: tuple[records.Later, ...] = ()
    """What a look found of outputs; once it is logged, what of it was not known."""


def observe(
    outputs: Sequence[Output],
    log: Log,
    config: Config,
    *,
    looks: Sequence[Look] = (),
    extra: Sequence[Record] = (),
    disk: Disk | None = None,
    ruff: RuffServer | None = None,
    check: Callable[[Sequence[Source], Settings], list[Result]] = check_isolated,
    quotes: bool = True,
) -> list[Observed]:
    """Check the outputs and log them; says of each what was made of it, and then of each of the ``looks``.

    A look is no output: what it finds is logged as a later finding of the edit that brought it. It is ``new`` where it found
    something that was not known.

    What is only information (LOG, EFF) is always logged: rates of it are KPIs. So is what the settings exclude, as unchecked:
    whoever reads the log sees that it was there.

    With a ``disk``, what stands round the outputs' files on it is asked too: for outputs that were written just now, where they
    were written. What an output of yesterday had round it nobody can tell.
    A warm ``ruff`` saves starting one; ``check`` is how texts are checked, by default in a forked process where that matters:
    whoever has several threads brings a worker's. ``extra`` records go into the same transaction. Without ``quotes`` the records
    are the sooner ready: what they take from the text is missing, and ``whole`` puts it in. Checks first: a log from
    ``open_log`` never stops the results; ``Log`` raises AicheckError if it can't be written.
    """
    found = examine(outputs, log, config, looks=looks, disk=disk, ruff=ruff, check=check, quotes=quotes)
    added = iter(log.append([*recorded(found), *extra]))
    return [
        _looked(one, [record for record in one.later if next(added)]) if one.is_look else one._replace(new=next(added))
        for one in found
    ]


def whole(one: Observed, log: Log, config: Config) -> records.Output:
    """The record of an output with all that it takes from the text: messages, excerpts, hashes of lines."""
    return _record(one.output, one.source, one.result, log, config)


def recorded(found: Sequence[Observed]) -> list[Record]:
    """The records of what was examined: an output's own, and those of what looks found."""
    return [record for one in found for record in (one.later if one.is_look else (one.record,))]


def examine(
    outputs: Sequence[Output],
    log: Log,
    config: Config,
    *,
    looks: Sequence[Look] = (),
    disk: Disk | None = None,
    ruff: RuffServer | None = None,
    check: Callable[[Sequence[Source], Settings], list[Result]] = check_isolated,
    quotes: bool = True,
) -> list[Observed]:
    """What ``observe`` makes of outputs and looks, without logging it; the log only lends its key."""
    ids = {output.identity for output in outputs}
    asked = [*outputs, *(look.file for look in looks if not later.is_judged(look, ids))]
    sources = [_source(output, disk) for output in asked]
    if ruff is not None:
        for source in filter(_is_python, sources):
            source.diagnostics = ruff.diagnose(source)
    results = _checked(asked, sources, config, check)
    note_failures(results)
    known = {output.identity: result for output, result in zip(outputs, results, strict=False)}
    found = [
        Observed(
            output,
            source,
            (settled := _settled(output, result)),
            _record(output, source, settled, log, config, quotes=quotes),
            False,
        )
        for output, source, result in zip(outputs, sources, results, strict=False)
    ]
    rest = iter(results[len(outputs) :])

    def checked(edits: Sequence[Output]) -> list[Result]:
        return _checked(edits, [_source(edit, disk) for edit in edits], config, check)

    for look in looks:
        result = known[look.edits[0].identity] if later.is_judged(look, ids) else next(rest)
        result = result._replace(findings=later.unsettled(result)[:MAX_FINDINGS])
        source = _source(look.file, disk)
        record = _record(look.file, source, result, log, config) if result.findings else records.Output()
        one = Observed(look.file, source, result, record, False, is_look=True)
        found.append(one._replace(later=_told(look, one, known, checked)))
    return found


def _is_python(source: Source) -> bool:
    return source.kind == "file" and source.language is not None and source.language.name == "python"


def _told(
    look: Look, one: Observed, known: Mapping[str, Result], check: Callable[[Sequence[Output]], list[Result]]
) -> tuple[records.Later, ...]:
    """The records of what a look found."""
    told = later.told_by(look, one.result, known, check)
    return tuple(later.record(look, each, found) for each, found in zip(told, one.record.findings, strict=False))


def _looked(one: Observed, fresh: Sequence[records.Later]) -> Observed:
    """A look with what it found for the first time."""
    found = tuple(found for found, record in zip(one.result.findings, one.later, strict=False) if record in fresh)
    one.record.findings = [finding for record in fresh for finding in record.findings]
    return one._replace(result=one.result._replace(findings=found), new=bool(fresh), later=tuple(fresh))


def _checked(
    outputs: Sequence[Output],
    sources: Sequence[Source],
    config: Config,
    check: Callable[[Sequence[Source], Settings], list[Result]],
) -> list[Result]:
    """What is found in each output; those in files that the settings leave out are not looked at."""
    left_out = [os.path.isabs(o.path) and config.excludes.has(os.path.normpath(o.path), o.origin.cwd) for o in outputs]
    parts = [
        [] if out else _parts(output, source) for output, source, out in zip(outputs, sources, left_out, strict=True)
    ]
    settings = config.checks._replace(tiers=(*config.checks.tiers, "quality"))
    found = iter(check([part for each in parts for part in each], settings))
    return [
        Result(unchecked=EXCLUDED) if out else _joined(each, [next(found) for _ in each])
        for each, out in zip(parts, left_out, strict=True)
    ]


def _parts(output: Output, source: Source) -> list[Source]:
    """What is checked by itself of an output: all of it, or each of its pieces."""
    if not output.pieces:
        return [source]
    return [_source(output._replace(text=piece, pieces=()), None) for piece in output.pieces]


def _joined(parts: Sequence[Source], results: Sequence[Result]) -> Result:
    """The result of an output from those of its parts, which stand on lines below each other."""
    if len(results) == 1:
        return results[0]
    found: list[Finding] = []
    start = 0
    for part, result in zip(parts, results, strict=True):
        found += [one._replace(start=one.start + start, end=one.end + start, fix=None) for one in result.findings]
        start += len(part.text) + 1
    unchecked = next((result.unchecked for result in results if result.unchecked is not None), None)
    skipped = tuple(dict.fromkeys(one for result in results for one in result.skipped))
    return Result(tuple(found), skipped, unchecked)


def _source(output: Output, disk: Disk | None) -> Source:
    around = (
        Surroundings(os.path.dirname(output.path), disk) if disk is not None and os.path.isabs(output.path) else None
    )
    return Source(
        output.text,
        path=output.path,
        language=output.language,
        kind=output.kind,
        previous=output.previous,
        stop_reason=output.origin.stop_reason or None,
        last_of_message=output.last_of_message,
        surroundings=around,
        reported=output.reported,
        session=output.session,
    )


def _settled(output: Output, result: Result) -> Result:
    """Without what can't be said of an edit before its file is put to use."""
    held = later.unsettled(result) if output.partial else ()
    return result._replace(findings=tuple(one for one in result.findings if one not in held)) if held else result


def _record(
    output: Output, source: Source, result: Result, log: Log, config: Config, *, quotes: bool = True
) -> records.Output:
    origin, excerpts = output.origin, Excerpts(source) if quotes else None
    kept, names = _worst(result.findings), _hidden_names(output, log, config)
    record = records.Output(
        id=output.identity,
        tool=output.tool,
        unit=output.kind,
        language=source.language.name if source.language else "",
        verdict=result.verdict,
        reason=result.reason if result.verdict == "unchecked" else "",
        path=shown_path(output, log, config),
        project=log.keyed(origin.cwd) if origin.cwd else "",
        file=_file_of(output, log),
        sha256=hashing.of_text(output.written),
        bytes=len(hashing.as_bytes(output.written)),
        lines=output.written.count("\n") + 1,
        ruleset=RULESET,
        findings=[_finding(source, f, config, excerpts, names) for f in kept],
        more_findings=len(result.findings) - len(kept),
        skipped=[f"{one.name}: {one.reason}" for one in result.skipped if one.failed],
        not_asked=[one.name for one in result.skipped if not one.failed],
        **{k: v for k, v in origin._asdict().items() if k != "cwd"},
    )
    if output.kind == "file" and output.text != output.written:
        record.file_sha256 = hashing.of_text(output.text)
    if output.path and config.keeps_line_hashes and quotes:
        record.line_hashes = hashes(output.written, log)
    if config.excerpt == "full":
        record.text = output.written
        record.more_text = max(len(output.written) - records.LENGTH["text"], 0)
    return record


def _hidden_names(output: Output, log: Log, config: Config) -> dict[str, str]:
    """What stands for the names of the session's other files, which a message may quote, where no paths are kept."""
    if config.paths != "hash" or output.session is None:
        return {}
    paths = [path.replace("\\", "/") for path, _ in output.session.files]
    return {os.path.basename(path): _hashed(path, log) for path in paths}


def _finding(
    source: Source, finding: Finding, config: Config, excerpts: Excerpts | None, names: Mapping[str, str]
) -> records.Finding:
    start = source.position(finding.start)
    found = records.Finding(
        code=finding.code,
        line=start.line,
        column=start.column,
        severity=finding.severity,
        confidence=finding.confidence,
    )
    if excerpts is not None:
        found.message = excerpts.message(finding.message, start.line)
        for name, hidden in names.items():
            found.message = found.message.replace(name, hidden)
        found.excerpt = excerpts.around(start.line) if config.excerpt != "none" else ""
    return found


def _worst(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that a record keeps, in their order: all, or of a great many those that make it suspect first."""
    first = sorted(range(len(findings)), key=lambda at: not findings[at].suspect)[:MAX_FINDINGS]
    return [findings[at] for at in sorted(first)]


def file_of(path: str, log: Log) -> str:
    """A keyed hash of the place of a file that an output went into, the same by whatever link or name it is reached."""
    try:
        return log.keyed(place(path)) if path else ""
    except (OSError, ValueError):  # no file can have this name
        return log.keyed(path)


def _file_of(output: Output, log: Log) -> str:
    """As ``file_of``; a name that is relative is so to the folder of its session, wherever this process stands."""
    path = os.path.join(output.origin.cwd, output.path)
    if os.path.isabs(path):
        return file_of(path, log) if output.path else ""
    return log.keyed(path) if path else ""


def shown_path(output: Output, log: Log, config: Config) -> str:
    """How the log names an output's file."""
    return named(output.path, output.origin.cwd, log, config)


def named(path: str, cwd: str, log: Log, config: Config) -> str:
    """How the log names a file: relative to its project, or by a keyed hash; never with a home folder."""
    if not path:
        return ""
    if config.paths == "hash":
        return _hashed(path.replace("\\", "/"), log)
    return fields.path(shown(path, cwd))


def _hashed(path: str, log: Log) -> str:
    """A keyed hash of a path, with the ending that tells its language."""
    return log.keyed(path) + os.path.splitext(path)[1][:12]
