"""The finding that a person calls a false alarm, with the text that it is in: of a file, or of an output in the log."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import hashing
from aicheck_app.checking import load
from aicheck_app.errors import AicheckError
from aicheck_app.files import Target
from aicheck_app.log import queries, records
from aicheck_app.reduction.case import Case
from aicheck_checks.files import relative
from aicheck_checks.isolation import check_isolated
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Disk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_app.config import Config
    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log
    from aicheck_checks.finding import Finding
    from aicheck_checks.source import Kind

_NAMED = 8
"""Findings that are named where several are meant."""


class Alarm(NamedTuple):
    """A finding in a case."""

    case: Case
    finding: Finding


def of_file(path: str, config: Config, *, line: int = 0, code: str = "", revision: str | None = None) -> Alarm:
    """The one finding in a file, on this line and of this rule or family where they are told.

    With a ``revision`` the file is compared with that version of it. Raises AicheckError where nothing is found, or too much.
    """
    target = Target(path)
    if revision is not None:
        from aicheck_app.changes import changed_targets

        changed = changed_targets([path], revision)
        if len(changed) != 1:
            raise AicheckError(f"{path} is no file that differs from {revision}: name one that does")
        target = changed[0]
    source = load(target, config.checks, Disk())
    if isinstance(source, str):
        raise AicheckError(f"{path}: {source}")
    return _chosen(source, config, line, code, relative(path))


def of_output(log: Log, body: Body, config: Config, *, line: int = 0, code: str = "") -> Alarm:
    """The one finding of an output in the log; its text is what the log keeps, or the file as it still is on disk.

    Raises AicheckError where there is no such finding, and where the text is kept nowhere, with what to do then.
    """
    if body["kind"] != "output":
        raise AicheckError(f"{body['id']} is a record of kind '{body['kind']}': findings belong to outputs")
    record = queries.whole(log, body).record
    known = {
        (found.code, found.line) for found in record.findings if found.code.startswith(code) and line in (0, found.line)
    }
    if len(known) != 1:
        _refuse(sorted(known), record.id)
    ((code, line),) = known
    kept = record.text and not record.more_text
    source = _kept(record) if kept else _on_disk(record, log, body, config)
    return _chosen(source, config, line, code, f"the text of {record.id}")


def _kept(record: records.Output) -> Source:
    kind: Kind = "fragment" if record.unit == "fragment" else "reply" if record.unit == "reply" else "file"
    return Source(record.text, path=record.path, language=record.language or None, kind=kind)


def _on_disk(record: records.Output, log: Log, body: Body, config: Config) -> Source:
    """The output's file, if it is below this folder and still what it was when it was checked."""
    name = f"'aicheck report --false-alarm {record.path or 'FILE'}'"
    if not record.path or not os.path.isfile(record.path):
        raise AicheckError(
            f"the log keeps no text of {record.id} (setting 'excerpt'), and {record.path or 'its file'} is not below this folder: "
            f"run this where the agent worked, or name the file as it is here: {name}"
        )
    source = load(Target(record.path), config.checks, Disk())
    if isinstance(source, str):
        raise AicheckError(f"{record.path}: {source}")
    if hashing.of_text(source.text) not in _hashes(record, log, body):
        raise AicheckError(
            f"the log keeps no text of {record.id} (setting 'excerpt'), and {record.path} was changed since: if the finding is "
            f"still there, name the file ({name}); else bring back that version first, from git or your editor's history"
        )
    return source


def _hashes(record: records.Output, log: Log, body: Body) -> set[str]:
    """Of the whole files that the output's findings were made in."""
    own = record.file_sha256 or (record.sha256 if record.unit == "file" else "")
    return {own, *queries.later_files(log, body)} - {""}


def _chosen(source: Source, config: Config, line: int, code: str, where: str) -> Alarm:
    """The one finding that is meant in a text."""
    settings = config.checks._replace(tiers=tuple(dict.fromkeys((*config.checks.tiers, "quality"))))
    found = check_isolated([source], settings)[0]
    if found.unchecked is not None:
        raise AicheckError(f"{where} is unchecked: {found.unchecked}")
    among = [
        one for one in found.findings
        if one.code.startswith(code) and line in (0, source.position(one.start).line) and (code or line or one.suspect)
    ]  # fmt: skip
    if len(among) != 1:
        _refuse([(one.code, source.position(one.start).line) for one in among], where)
    language = source.language.name if source.language is not None else None
    case = Case(source.text, source.path, source.previous, language, source.kind, settings, source.whereabouts)
    return Alarm(case, among[0])


def _refuse(found: Sequence[tuple[str, int]], where: str) -> None:
    if not found:
        raise AicheckError(f"no such finding in {where}: see 'aicheck check FILE', or 'aicheck log show ID'")
    some = ", ".join(f"{code} on line {line}" for code, line in found[:_NAMED])
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    raise AicheckError(
        f"{len(found)} findings in {where}: {some}{more}; say which by its line (:{found[0][1]}) or by --finding CODE"
    )
