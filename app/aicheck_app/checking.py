"""Checking files: their texts, and many at once on all cores.

Nothing here prints; nothing is imported that checking one file does not need,
because start-up is most of the time that one file takes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import faults
from aicheck_checks.encodings import decode_change
from aicheck_checks.files import NotRegularError, read_bytes
from aicheck_checks.isolation import FAILED, check_isolated
from aicheck_checks.source import Position, Source
from aicheck_checks.surroundings import Disk, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicheck_app.files import Target
    from aicheck_checks.engine import Result
    from aicheck_checks.finding import Finding
    from aicheck_checks.rule import Rule
    from aicheck_checks.settings import Settings
    from aicheck_checks.source import Kind

CHUNK = 64
"""Files a worker checks with one run of ruff."""
DEEP_SECONDS = 25.0
"""What a file may take longer where libraries are read for it."""
OUTPUTS = 16
"""How many times as large a notebook may be as its sources."""
_UNREADABLE = "can't be read"
_UNREAD = ("no such file", "not a regular file", _UNREADABLE)
"""How the reasons begin why a file could not be read."""


class Located(NamedTuple):
    """A finding with its place in lines and columns (from 1), and the lines round it."""

    path: str
    language: str
    finding: Finding
    start: Position
    end: Position
    context: tuple[str, ...]
    context_line: int

    @property
    def name(self) -> str:
        """The rule's name."""
        return _rule(self.finding.code).name

    @property
    def family(self) -> str:
        """The rule's family."""
        return _rule(self.finding.code).family


def _rule(code: str) -> Rule:
    from aicheck_checks.registry import BY_CODE

    return BY_CODE[code]


class Skip(NamedTuple):
    """A rule or tool that did not answer about some files.

    ``name`` is a rule's code or a tool's name. ``failed`` says that it was asked and gave no answer, otherwise there was
    nothing to ask it with. ``files`` is how many files that touches, ``first`` the first of them.
    """

    name: str
    reason: str
    failed: bool
    files: int
    first: str

    @property
    def words(self) -> str:
        """The reason, and which files it touches."""
        others = f" and {self.files - 1:,} more" if self.files > 1 else ""
        return f"{self.reason} ({self.first}{others})"


class Report(NamedTuple):
    """What checking some files gave.

    ``failed`` are those of the unchecked that should have been checked: somebody has named them, they can't be read, or
    aicheck itself failed. ``hidden_notes`` and ``known`` count findings that are not in ``findings``: those of low confidence
    that nobody asked for, and those that a baseline holds.
    """

    files: int
    findings: list[Located]
    unchecked: list[tuple[str, str]]
    skipped: list[Skip] = []  # noqa: RUF012 - never changed
    failed: list[tuple[str, str]] = []  # noqa: RUF012 - never changed
    hidden_notes: int = 0
    known: int = 0

    def without_notes(self) -> Report:
        """Without the findings of low confidence, which are counted."""
        shown = [located for located in self.findings if not located.finding.note]
        return self._replace(findings=shown, hidden_notes=len(self.findings) - len(shown))

    @property
    def suspect(self) -> bool:
        """Whether any finding makes its file suspect."""
        return any(located.finding.suspect for located in self.findings)

    @property
    def whole(self) -> bool:
        """Whether all that was asked could answer: only then is silence worth something."""
        return not self.failed and not any(skip.failed for skip in self.skipped)


def _read(file: str, most: int) -> bytes:
    """A file's content, at most one byte more than ``most``; a notebook counts without what its cells put out. Raises OSError."""
    data = read_bytes(file, most + 1)
    if len(data) <= most or not file.endswith(".ipynb"):
        return data
    from aicheck_checks.languages.notebook import without_outputs

    return without_outputs(read_bytes(file, most * OUTPUTS).decode("utf-8", "replace")).encode()[: most + 1]


def load(target: Target, settings: Settings, disk: Disk) -> Source | str:
    """The source of a target, or why it can't be checked; ``disk`` is what its surroundings are asked of."""
    if target.problem:
        return target.problem
    data = target.text
    file = target.file
    if data is None:
        try:
            data = _read(file, settings.max_bytes)
        except FileNotFoundError:
            return "gone since its folder was read" if target.found else "no such file"
        except NotRegularError:
            return "not a regular file"
        except OSError as error:
            return f"can't be read: {error.strerror}"
    if len(data) > settings.max_bytes:
        return f"larger than {settings.max_bytes:,} bytes (setting max-bytes)"
    text, previous = decode_change(data, target.previous)
    if text is None:
        return "not text in a known encoding (UTF-8, or what it declares at its beginning)"
    around = Surroundings(os.path.dirname(os.path.abspath(file)), disk)
    kind: Kind = "deleted" if target.gone else "file"
    return Source(
        text,
        path=target.path,
        kind=kind,
        previous=previous,
        surroundings=around,
        reported=target.reported,
        code_went=target.code_went,
    )


def check_targets(
    targets: Sequence[Target], settings: Settings, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Check targets, on all cores where there are many; ``progress`` is told how many are done."""
    targets, skipped = _ask_tools(targets, settings)
    reports = []
    for report in _reports(targets, settings):
        reports.append(report)
        progress(report.files + len(report.unchecked))
    return joined([*reports, Report(0, [], [], skipped)])


def check_one(
    target: Target, settings: Settings, check: Callable[[Sequence[Source], Settings], list[Result]]
) -> Report:
    """As ``check_targets`` of one, by whoever checks texts: for one with several threads, a worker."""
    (asked,), skipped = _ask_tools([target], settings)
    source = load(asked, settings, Disk())
    if isinstance(source, str):
        return joined([unread(asked, source), Report(0, [], [], skipped)])
    results = check([source], settings)
    note_failures(results)
    return joined([outcome(asked.path, source, results[0]), Report(0, [], [], skipped)])


def _reports(targets: Sequence[Target], settings: Settings) -> Iterator[Report]:
    if len(targets) <= CHUNK:
        yield _check_chunk(targets, settings, None)
        return
    from functools import partial

    from aicheck_app.pool import on_all_cores

    chunks = [targets[at : at + CHUNK] for at in range(0, len(targets), CHUNK)]
    slack = DEEP_SECONDS if "deep" in settings.tiers else 0.0
    yield from on_all_cores(chunks, partial(_check_in_pool, settings=settings), _lost, slack)


def _lost(target: Target, reason: str) -> Report:
    """What is said of a file that ended its process."""
    return Report(0, [], [(target.path, reason)])


def _ask_tools(targets: Sequence[Target], settings: Settings) -> tuple[Sequence[Target], list[Skip]]:
    """The targets with what the project's own tools say of them, and which tools could not be asked."""
    if not settings.tools or not settings.asks:
        return targets, []
    from aicheck_checks.languages import language_of
    from aicheck_checks.tools.project_tools import COMPILERS, TOOLS, ask

    wanted = [name for name in settings.tools if ("deep" if name in COMPILERS else "quality") in settings.tiers]
    files = {os.path.realpath(t.file): t for t in targets if t.text is None or same_on_disk(t.file, t.text)}
    asked = ask(wanted, files)
    skipped = []
    for name, reason in asked.failed:
        judged = [
            t.path for t in files.values() if (known := language_of(t.path)) and known.name in TOOLS[name].languages
        ]
        skipped.append(Skip(name, reason, True, len(judged), judged[0]))
    return [t._replace(reported=asked.said.get(os.path.realpath(t.file), ())) for t in targets], skipped


def same_on_disk(file: str, data: bytes) -> bool:
    """Whether a file holds just these bytes."""
    try:
        return read_bytes(file, len(data) + 1) == data
    except OSError:
        return False


def joined(reports: Iterable[Report]) -> Report:
    """Several reports as one."""
    total = Report(0, [], [], [], [])
    for report in reports:
        total.findings.extend(report.findings)
        total.unchecked.extend(report.unchecked)
        total.skipped.extend(report.skipped)
        total.failed.extend(report.failed)
        total = total._replace(files=total.files + report.files)
    return total._replace(skipped=_summed(total.skipped))


def _summed(skipped: Iterable[Skip]) -> list[Skip]:
    """One entry for what did not answer about many files for one reason."""
    found: dict[tuple[str, str, bool], Skip] = {}
    for skip in skipped:
        key = (skip.name, skip.reason, skip.failed)
        before = found.get(key)
        found[key] = before._replace(files=before.files + skip.files) if before else skip
    return list(found.values())


def _check_in_pool(targets: Sequence[Target], settings: Settings) -> Report:
    """As ``_check_chunk``; what stands round the files is looked at once in a run."""
    from aicheck_app.pool import own_disk

    return _check_chunk(targets, settings, 1, own_disk())


def _check_chunk(
    targets: Sequence[Target], settings: Settings, threads: int | None, disk: Disk | None = None
) -> Report:
    """Check files with one run of ruff; a failure of our own over one of them costs no other."""
    try:
        return _checked(targets, settings, threads, disk or Disk())
    except Exception as error:  # noqa: BLE001 - told in the report and the faults
        if len(targets) > 1:
            half = len(targets) // 2
            return joined(_check_chunk(part, settings, threads, disk) for part in (targets[:half], targets[half:]))
        faults.note("check", error)
        return Report(0, [], [(targets[0].path, FAILED)], failed=[(targets[0].path, FAILED)])


def _checked(targets: Sequence[Target], settings: Settings, threads: int | None, disk: Disk) -> Report:
    loaded = [(target, load(target, settings, disk)) for target in targets]
    sources = [(target, source) for target, source in loaded if isinstance(source, Source)]
    results = check_isolated([source for _, source in sources], settings, threads=threads)
    note_failures(results)
    return joined([
        *(unread(target, reason) for target, reason in loaded if isinstance(reason, str)),
        *(outcome(target.path, source, result) for (target, source), result in zip(sources, results, strict=True)),
    ])  # fmt: skip


def note_failures(results: Iterable[Result]) -> None:
    """Write down what was asked and did not answer: a log that lacks verdicts tells nobody why."""
    for name, reason in dict.fromkeys((s.name, s.reason) for result in results for s in result.skipped if s.failed):
        faults.note(f"check: {name}", reason)


def unread(target: Target, reason: str) -> Report:
    """What is said of a text that there was none of; if it can't be read, or somebody named it, that is a failure."""
    is_failure = reason.startswith(_UNREADABLE) or (not target.found and reason.startswith(_UNREAD))
    failed = [(target.path, reason)] if is_failure else []
    return Report(0, [], [(target.path, reason)], failed=failed)


def outcome(path: str, source: Source, result: Result) -> Report:
    """What checking one text gave, under the path that it is shown by."""
    skipped = [Skip(one.name, one.reason, one.failed, 1, path) for one in result.skipped]
    if result.unchecked is not None:
        failed = [(path, FAILED)] if result.unchecked == FAILED else []
        return Report(0, [], [(path, result.unchecked)], skipped, failed)
    return Report(1, [located._replace(path=path) for located in locate(source, result)], [], skipped)


def locate(source: Source, result: Result) -> Iterator[Located]:
    """The findings of one source with their places."""
    language = source.language.name if source.language else ""
    for finding in result.findings:
        start, end = source.position(finding.start), source.position(max(finding.end, finding.start))
        first = max(start.line - 2, 1)
        context = tuple(line[:200] for line in source.lines[first - 1 : start.line + 1])
        yield Located(source.path, language, finding, start, end, context, first)
