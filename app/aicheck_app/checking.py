"""Checking files: which ones, their texts, and many at once on all cores.

Nothing here prints; nothing is imported that checking one file does not need,
because start-up is most of the time that one file takes.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import NotRegularError, read, read_bytes, relative
from aicheck_checks.isolation import CRASHED, check_isolated
from aicheck_checks.languages import language_of
from aicheck_checks.source import Position, Source
from aicheck_checks.surroundings import Disk, Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicheck_checks.diagnostic import Diagnostic
    from aicheck_checks.engine import Result
    from aicheck_checks.finding import Finding
    from aicheck_checks.rule import Rule
    from aicheck_checks.settings import Settings

CHUNK = 64
"""Files a worker checks with one run of ruff."""
MAX_PROCESSES = 61
"""Windows waits for no more at once (WaitForMultipleObjects); ``ProcessPoolExecutor`` refuses a larger number there."""
MAX_PATTERNS = 2_000
"""Patterns taken of one .gitignore."""
MAX_PATTERN = 500
MAX_STARS = 2
"""In one part of a pattern; one with more is left out, so that files are checked that might be ignored."""
_ENCODINGS = (
    "ascii", "big5", "cp", "euc", "gb", "hz", "iso", "johab", "koi8", "kz1048", "latin", "l1", "mac", "ptcp154", "shift", "sjis",
    "tis", "us-ascii", "utf-8", "utf-16", "utf-32", "windows",
)  # fmt: skip
"""How the names of encodings for text files begin; others (punycode, idna) take time by the square of the length."""
_SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "venv", "env", "dist", "build"})


class Target(NamedTuple):
    """A text to check: a path to show, its text and previous text where they are not on disk, what tools say of it."""

    path: str
    text: bytes | None = None
    previous: bytes | None = None
    read_from: str = ""
    reported: tuple[Diagnostic, ...] = ()

    @property
    def file(self) -> str:
        """Where the text's file is on disk."""
        return self.read_from or self.path


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


class Report(NamedTuple):
    """What checking some files gave."""

    files: int
    findings: list[Located]
    unchecked: list[tuple[str, str]]

    @property
    def suspect(self) -> bool:
        """Whether any finding makes its file suspect."""
        return any(located.finding.suspect for located in self.findings)


def files_of(paths: Sequence[str]) -> Iterator[Target]:
    """The files named, and those below the folders named that aicheck can check."""
    for path in paths:
        if os.path.isdir(path):
            inside = os.path.realpath(path) + os.sep
            for file in sorted(_below(path)):
                if checkable(file) and _is_there(file, inside):
                    yield Target(relative(file) if not os.path.isabs(path) else file)
        else:
            yield Target(path)


def _is_there(file: str, inside: str) -> bool:
    """Whether a name that was found leads to something to check: a link out of the folder leads to files of the user's own."""
    if os.path.islink(file) and not os.path.realpath(file).startswith(inside):
        return False
    return os.path.isfile(file)


def checkable(path: str) -> bool:
    """Whether there are checks for a file of this name; others are passed over where nobody named them."""
    return language_of(path) is not None


def _below(folder: str) -> list[str]:
    absolute = os.path.abspath(folder)
    if _in_git(absolute):
        from aicheck_app import git
        from aicheck_app.errors import AicheckError

        try:
            return git.files(absolute)
        except AicheckError:
            pass
    return list(_walk(absolute))


def _in_git(folder: str) -> bool:
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return True
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above


def _walk(folder: str) -> Iterator[str]:
    """Files below a folder outside git; .gitignore files are honoured there too."""
    ignored: dict[str, object] = {}
    for base, folders, files in os.walk(folder):
        if ".gitignore" in files:
            import pathspec

            lines = filter(_is_quick, read(os.path.join(base, ".gitignore")).split("\n")[:MAX_PATTERNS])
            ignored[base] = pathspec.GitIgnoreSpec.from_lines(lines)
        folders[:] = [
            f for f in folders
            if not f.startswith(".") and f not in _SKIPPED and not _is_ignored(ignored, os.path.join(base, f) + "/")
        ]  # fmt: skip
        yield from (p for f in files if not _is_ignored(ignored, p := os.path.join(base, f)))


def _is_quick(pattern: str) -> bool:
    """Whether a pattern of .gitignore is matched in a time worth taking: each star more multiplies it by the length of a name."""
    parts = pattern.split("/")
    return len(pattern) < MAX_PATTERN and parts.count("**") <= MAX_STARS and all(
        part == "**" or part.count("*") <= MAX_STARS for part in parts
    )  # fmt: skip


def _is_ignored(ignored: dict[str, object], path: str) -> bool:
    for base, spec in ignored.items():
        if path.startswith(base + os.sep) and spec.match_file(os.path.relpath(path, base) + "/" * path.endswith("/")):  # type: ignore[attr-defined]
            return True
    return False


def load(target: Target, settings: Settings, disk: Disk) -> Source | str:
    """The source of a target, or why it can't be checked; ``disk`` is what its surroundings are asked of."""
    data = target.text
    file = target.file
    if data is None:
        try:
            data = read_bytes(file, settings.max_bytes + 1)
        except FileNotFoundError:
            return "no such file"
        except NotRegularError:
            return "not a regular file"
        except OSError as error:
            return f"can't be read: {error.strerror}"
    if len(data) > settings.max_bytes:
        return f"larger than {settings.max_bytes:,} bytes (setting max-bytes)"
    text = decode(data)
    if text is None:
        return "not text in a known encoding (UTF-8 or what its first lines declare)"
    previous = decode(target.previous) if target.previous is not None else None
    around = Surroundings(os.path.dirname(os.path.abspath(file)), disk)
    return Source(text, path=target.path, previous=previous, surroundings=around, reported=target.reported)


def decode(data: bytes) -> str | None:
    """Bytes as text: UTF-8, UTF-16 with a mark, or the encoding a PEP 263 comment declares."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding) if encoding.lower().startswith(_ENCODINGS) else None
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return None


def check_targets(
    targets: Sequence[Target], settings: Settings, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Check targets, on all cores where there are many; ``progress`` is told how many are done."""
    targets, failed = _ask_tools(targets, settings)
    if len(targets) <= CHUNK:
        report = _check_chunk(targets, settings, None)
        progress(len(targets))
        return joined([report, Report(0, [], failed)])
    chunks = [targets[at : at + CHUNK] for at in range(0, len(targets), CHUNK)]
    reports = []
    for report in _on_all_cores(chunks, settings):
        reports.append(report)
        progress(report.files + len(report.unchecked))
    return joined([*reports, Report(0, [], failed)])


def _ask_tools(targets: Sequence[Target], settings: Settings) -> tuple[Sequence[Target], list[tuple[str, str]]]:
    """The targets with what the project's own tools say of them, and which tools could not be asked."""
    if not settings.tools or not settings.asks:
        return targets, []
    from aicheck_checks.tools.project_tools import COMPILERS, ask

    wanted = [name for name in settings.tools if ("deep" if name in COMPILERS else "quality") in settings.tiers]
    files = {os.path.realpath(t.file): t for t in targets if t.text is None or same_on_disk(t.file, t.text)}
    asked = ask(wanted, files)
    return [t._replace(reported=asked.said.get(os.path.realpath(t.file), ())) for t in targets], asked.failed


def same_on_disk(file: str, data: bytes) -> bool:
    """Whether a file holds just these bytes."""
    try:
        return read_bytes(file, len(data) + 1) == data
    except OSError:
        return False


def _on_all_cores(chunks: Sequence[Sequence[Target]], settings: Settings) -> Iterator[Report]:
    """A report a chunk, in order; a file that kills its worker (grammars are C) is unchecked, no other is lost."""
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    with ProcessPoolExecutor(min(os.cpu_count() or 1, len(chunks), MAX_PROCESSES)) as pool:
        reports = [pool.submit(_check_chunk, chunk, settings, 1) for chunk in chunks]
        for chunk, report in zip(chunks, reports, strict=True):
            try:
                yield report.result()
            except BrokenProcessPool:
                yield _apart(chunk, settings, alone=len(chunks) == 1)


def _apart(chunk: Sequence[Target], settings: Settings, *, alone: bool) -> Report:
    """Check again what was in hand when a worker died: first in a worker of its own, then in halves."""
    if not alone:
        return next(_on_all_cores([chunk], settings))
    if len(chunk) == 1:
        return Report(0, [], [(chunk[0].path, CRASHED)])
    half = len(chunk) // 2
    return joined(next(_on_all_cores([part], settings)) for part in (chunk[:half], chunk[half:]))


def joined(reports: Iterable[Report]) -> Report:
    """Several reports as one."""
    total = Report(0, [], [])
    for report in reports:
        total.findings.extend(report.findings)
        total.unchecked.extend(report.unchecked)
        total = total._replace(files=total.files + report.files)
    return total


def _check_chunk(targets: Sequence[Target], settings: Settings, threads: int | None) -> Report:
    disk = Disk()
    loaded = [(target.path, load(target, settings, disk)) for target in targets]
    sources = [source for _, source in loaded if isinstance(source, Source)]
    unchecked = [(path, reason) for path, reason in loaded if isinstance(reason, str)]
    results = check_isolated(sources, settings, threads=threads)
    reports = (outcome(source.path, source, result) for source, result in zip(sources, results, strict=True))
    return joined([Report(0, [], unchecked), *reports])


def outcome(path: str, source: Source, result: Result) -> Report:
    """What checking one text gave, under the path that it is shown by."""
    if result.unchecked is not None:
        return Report(0, [], [(path, result.unchecked)])
    return Report(1, [located._replace(path=path) for located in locate(source, result)], [])


def locate(source: Source, result: Result) -> Iterator[Located]:
    """The findings of one source with their places."""
    language = source.language.name if source.language else ""
    for finding in result.findings:
        start, end = source.position(finding.start), source.position(max(finding.end, finding.start))
        first = max(start.line - 2, 1)
        context = tuple(line[:200] for line in source.lines[first - 1 : start.line + 1])
        yield Located(source.path, language, finding, start, end, context, first)
