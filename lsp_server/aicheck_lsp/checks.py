"""The tiers of checks, as plain functions for worker threads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Tree

    from aicheck_app.config import Config
    from aicheck_checks.engine import Result
    from aicheck_checks.source import Source
    from aicheck_checks.tools.ruff_server import RuffServer

INSTANT = ("SYN", "TRU001", "TRU002", "TRU003", "TRU009", "COR")
"""What the syntax tree and the text say by themselves, within milliseconds."""
BY_RUFF = ("IMP001", "IMP002")
"""What a warm ruff knows at once after that."""


class Snapshot(NamedTuple):
    """A version of a document, or a ``cell`` of one whose other cells may define its names; the tree is that of an earlier version, told of the edits since."""

    path: str
    cell: bool
    language: str
    text: str
    tree: Tree | None
    baseline: str | None
    config: Config


def instant(snapshot: Snapshot) -> tuple[Result, Tree | None]:
    """The instant tier, and the tree of this version."""
    from aicheck_checks.engine import Result, check_alone
    from aicheck_checks.languages.embedded import has_magic

    if snapshot.cell and has_magic(snapshot.text):
        return Result((), "holds commands of IPython"), None
    source = _source(snapshot)
    tree = None
    if source.language is not None and not source.language.missing and not source.language.hopeless(snapshot.text):
        tree = source.language.parse(source.data, snapshot.tree)
        source.tree = tree
    return check_alone(source, snapshot.config.checks, only=INSTANT), tree


def by_ruff(snapshot: Snapshot, ruff: RuffServer) -> Result | None:
    """The instant tier again with what ruff knows, or None where it can't judge; the snapshot's tree is of this version."""
    from aicheck_checks.engine import check_alone

    source = _source(snapshot)
    if source.language is None or source.language.name != "python" or snapshot.cell:
        return None
    source.diagnostics = ruff.diagnose(source)
    if source.diagnostics is None:
        return None
    source.tree = snapshot.tree
    return check_alone(source, snapshot.config.checks, only=(*INSTANT, *BY_RUFF))


def _source(snapshot: Snapshot) -> Source:
    from aicheck_checks.source import Source

    return Source(snapshot.text, path=snapshot.path, language=snapshot.language or None)


def whole(snapshot: Snapshot, ruff: RuffServer, *, deep: bool = False) -> Result:
    """All rules that the settings want; the deep ones only if ``deep``."""
    from aicheck_checks.engine import check
    from aicheck_checks.project import project_of
    from aicheck_checks.source import Source

    settings = snapshot.config.checks
    if snapshot.cell:
        return instant(snapshot)[0]
    if not deep:
        settings = settings._replace(tiers=tuple(tier for tier in settings.tiers if tier != "deep"))
    path = snapshot.path
    folder = os.path.dirname(path) if path else None
    source = Source(
        snapshot.text, path=path, language=snapshot.language or None, previous=snapshot.baseline, folder=folder,
        project=project_of(path) if path else None,
    )  # fmt: skip
    if snapshot.tree is not None:
        source.tree = snapshot.tree
    if source.language is not None and source.language.name == "python":
        source.diagnostics = ruff.diagnose(source)
    return check(source, settings)
