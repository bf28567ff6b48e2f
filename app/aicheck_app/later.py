"""What is found of an output later: by a second look at its file, when a build, a commit or the turn's end puts it to use.

A part of a file may use what the next edit imports. What still holds when the file is put to use counts for good, as a
record of its own that names the output; the output's record stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing
from aicheck_app.log import records
from aicheck_app.log.chain import identity
from aicheck_checks import RULESET

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from aicheck_app.origin import Look, Output
    from aicheck_checks.engine import Result
    from aicheck_checks.finding import Finding


class Told(NamedTuple):
    """A finding of a second look, and the output that it is a finding of."""

    finding: Finding
    output: Output


def unsettled(result: Result) -> tuple[Finding, ...]:
    """The findings that can't be counted before an edit's file is put to use."""
    from aicheck_checks.registry import BY_CODE

    return tuple(found for found in result.findings if BY_CODE[found.code].settles == "turn")


def is_judged(look: Look, ids: Collection[str]) -> bool:
    """Whether a look asks nothing but what its one edit, which has one of these identities, is asked anyway."""
    return len(look.edits) == 1 and look.file.session is None and look.edits[0].identity in ids


def told_by(
    look: Look, result: Result, known: Mapping[str, Result], check: Callable[[Sequence[Output]], list[Result]]
) -> list[Told]:
    """What a look found, each with the edit that brought it; ``known`` are results of outputs by their identity."""
    found = unsettled(result)
    if not found or len(look.edits) == 1:
        return [Told(one, look.edits[-1]) for one in found]
    missing = [edit for edit in look.edits[:-1] if edit.identity not in known]
    results = {**known, **{edit.identity: one for edit, one in zip(missing, check(missing), strict=True)}}
    said = [(edit, {_words(one) for one in results[edit.identity].findings}) for edit in look.edits[:-1]]
    return [Told(one, next((edit for edit, words in said if _words(one) in words), look.edits[-1])) for one in found]


def record(look: Look, told: Told, finding: records.Finding) -> records.Later:
    """The record of what was told; its id is the same whenever and by whatever door it is found, so that it counts once."""
    target = told.output.identity
    return records.Later(
        id=identity("later", target, finding.code, told.finding.name or finding.message),
        time=look.file.origin.time,
        target=target,
        when=look.when,
        session=told.output.origin.session,
        verdict="suspect" if finding.suspect else "clean",
        findings=[finding],
        file_sha256=hashing.of_text(look.file.text),
        ruleset=RULESET,
    )


def _words(found: Finding) -> tuple[str, str]:
    return found.code, found.message
