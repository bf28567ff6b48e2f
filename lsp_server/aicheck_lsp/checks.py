"""The tiers of checks, as plain functions for the threads that wait for the processes at work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.excluded import REASON as EXCLUDED
from aicheck_checks.engine import Result
from aicheck_checks.languages.notebook import has_magic
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

if TYPE_CHECKING:
    from aicheck_app.config import Config
    from aicheck_checks.rule import Need
    from aicheck_checks.tools.ruff_server import RuffServer
    from aicheck_checks.worker import Worker

INSTANT: frozenset[Need] = frozenset({"text", "tree"})
"""What rules of the instant tier go by: they answer within milliseconds."""
BY_RUFF: frozenset[Need] = INSTANT | {"linter", "surroundings"}
"""What a warm ruff adds to that."""


class Snapshot(NamedTuple):
    """A version of a document, or a ``cell`` of one whose other cells may define its names."""

    path: str
    cell: bool
    language: str
    text: str
    baseline: str | None
    config: Config

    @property
    def excluded(self) -> bool:
        """Whether the settings leave the document's file out."""
        return bool(self.path) and self.config.excludes.has(self.path)


def instant(snapshot: Snapshot, worker: Worker) -> Result:
    """The instant tier."""
    if snapshot.excluded:
        return Result(unchecked=EXCLUDED)
    if snapshot.cell and has_magic(snapshot.text):
        return Result(unchecked="holds commands of IPython")
    return worker.check_alone(_source(snapshot), snapshot.config.checks, within=INSTANT)


def by_ruff(snapshot: Snapshot, worker: Worker, ruff: RuffServer) -> Result | None:
    """The instant tier again with what ruff knows, or None where it can't judge."""
    source = _source(snapshot)
    if source.language is None or source.language.name != "python" or snapshot.cell or snapshot.excluded:
        return None
    source.diagnostics = ruff.diagnose(source)
    if source.diagnostics is None:
        return None
    return worker.check_alone(source, snapshot.config.checks, within=BY_RUFF)


def whole(snapshot: Snapshot, worker: Worker, ruff: RuffServer, *, deep: bool = False) -> Result:
    """All rules that the settings want; the deep ones only if ``deep``."""
    settings = snapshot.config.checks
    if snapshot.cell or snapshot.excluded:
        return instant(snapshot, worker)
    if not deep:
        settings = settings._replace(tiers=tuple(tier for tier in settings.tiers if tier != "deep"))
    path = snapshot.path
    source = Source(
        snapshot.text, path=path, language=snapshot.language or None, previous=snapshot.baseline,
        surroundings=Surroundings(os.path.dirname(path)) if path else None,
    )  # fmt: skip
    if source.language is not None and source.language.name == "python":
        source.diagnostics = ruff.diagnose(source)
    return worker.check(source, settings)


def _source(snapshot: Snapshot) -> Source:
    around = Surroundings(os.path.dirname(snapshot.path)) if snapshot.path else None
    return Source(snapshot.text, path=snapshot.path, language=snapshot.language or None, surroundings=around)
