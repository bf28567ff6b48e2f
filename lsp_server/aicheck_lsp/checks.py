"""The tiers of checks, as plain functions for worker threads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Tree

    from aicheck_app.config import Config
    from aicheck_checks.engine import Result

INSTANT = ("SYN", "TRU001", "TRU002", "TRU003", "TRU009", "COR")
"""What the syntax tree and the text say by themselves, within milliseconds."""


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
    from aicheck_checks.source import Source

    if snapshot.cell and has_magic(snapshot.text):
        return Result((), "holds commands of IPython"), None
    source = Source(snapshot.text, path=snapshot.path, language=snapshot.language or None)
    tree = None
    if source.language is not None and not source.language.missing and not source.language.hopeless(snapshot.text):
        tree = source.language.parse(source.data, snapshot.tree)
        source.tree = tree
    chosen = snapshot.config.checks
    return check_alone(source, chosen._replace(select=INSTANT) if not chosen.select else chosen), tree


def whole(snapshot: Snapshot, *, deep: bool = False) -> Result:
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
    return check(source, settings)
