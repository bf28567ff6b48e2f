"""Repairing files by the fixes that findings carry, and only where the repaired text is shown to be better.

A repair is tried on the text, and the text is checked again: it is kept if what it repairs is gone and nothing has come
instead. So it goes on until there is nothing left to repair. Nothing is written here but by ``write``.
"""

from __future__ import annotations

import codecs
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.checking import check_targets, same_on_disk
from aicheck_app.errors import AicheckError
from aicheck_app.writing import replace
from aicheck_checks.encodings import decode
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.checking import Report
    from aicheck_app.files import Target
    from aicheck_checks.finding import Edit, Finding
    from aicheck_checks.settings import Settings

MAX_ROUNDS = 20
"""Times that one file is repaired and checked again."""


class Repaired(NamedTuple):
    """A file's bytes and text as they were, its text as it is repaired, and what was done."""

    target: Target
    data: bytes
    before: str
    after: str
    done: tuple[str, ...]


def repaired(targets: Sequence[Target], report: Report, settings: Settings) -> Iterator[Repaired]:
    """The files of a report that can be repaired; nothing is written. Raises AicheckError for one that can't be read."""
    fixable = {located.path for located in report.findings if _is_offered(located.finding)}
    for target in targets:
        if target.path in fixable and (target.text is None or same_on_disk(target.file, target.text)):
            one = _repaired(target, settings)
            if one is not None:
                yield one


def write(one: Repaired) -> None:
    """Put the repaired text in the file's place in one step. Raises AicheckError if it was changed since, or can't be written."""
    try:
        replace(one.target.file, _mark(one.data) + one.after, expected=one.data)
    except OSError as error:
        raise AicheckError(f"{one.target.path} can't be written: {error.strerror}") from error


def _repaired(target: Target, settings: Settings) -> Repaired | None:
    try:
        data = read_bytes(target.file, settings.max_bytes + 1)
    except OSError as error:
        raise AicheckError(f"{target.path} can't be read: {error.strerror}") from error
    before = decode(data)
    if before is None or (_mark(data) + before).encode("utf-8", "replace") != data:
        return None  # in another encoding, which writing might not give back
    text, done = before, []
    findings = _findings(target, text, settings)
    for _ in range(MAX_ROUNDS):
        step = next(filter(None, (_better(target, text, findings, some, settings) for some in _steps(findings))), None)
        if step is None:
            break
        text, findings, titles = step
        done += titles
    return Repaired(target, data, before, text, tuple(done)) if done else None


def _mark(data: bytes) -> str:
    """The byte order mark that some bytes begin with, or nothing."""
    return "\ufeff" if data.startswith(codecs.BOM_UTF8) else ""


def _findings(target: Target, text: str, settings: Settings) -> list[Finding]:
    report = check_targets([target._replace(text=text.encode("utf-8"))], settings)
    return [located.finding for located in report.findings]


def _is_offered(finding: Finding) -> bool:
    return finding.fix is not None and not finding.note


def _steps(findings: Sequence[Finding]) -> Iterator[list[Finding]]:
    """All repairs at once, then each of them alone, in case that one of them does harm."""
    offered = [finding for finding in findings if _is_offered(finding)]
    if len(offered) > 1:
        yield offered
    yield from ([finding] for finding in offered)


def _better(
    target: Target, text: str, findings: Sequence[Finding], chosen: Sequence[Finding], settings: Settings
) -> tuple[str, list[Finding], list[str]] | None:
    """The text repaired, what is found in it, and what was done; None if that is no better."""
    new = applied(text, [edit for finding in chosen if finding.fix is not None for edit in finding.fix.edits])
    if new == text:
        return None
    left = _findings(target, new, settings)
    had, has = Counter(map(_words, findings)), Counter(map(_words, left))
    gone = [finding for finding in chosen if has[_words(finding)] < had[_words(finding)]]
    parsed = not any(finding.broken_syntax or finding.code.startswith("SYN") for finding in findings)
    came = has - had
    if not gone or (came if parsed else any(code[:3] in ("SYN", "TRU") for code, _ in came)):
        return None
    return new, left, list(dict.fromkeys(finding.fix.title for finding in gone if finding.fix is not None))


def _words(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.message


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A text with edits made, those left out that fall into an earlier one; line breaks are those of the text."""
    crlf = "\r\n" in text and text.count("\r\n") == text.count("\n")
    pieces, at = [], 0
    for edit in sorted(set(edits)):
        if edit.start < at:
            continue
        pieces += [text[at : edit.start], edit.text.replace("\n", "\r\n") if crlf else edit.text]
        at = edit.end
    return "".join([*pieces, text[at:]])
