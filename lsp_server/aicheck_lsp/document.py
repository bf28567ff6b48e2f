"""An open document: its text, what of it is AI-written, and what the checks last said of it."""

from __future__ import annotations

import os
import time
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from pygls.uris import to_fs_path

from aicheck_app import git
from aicheck_lsp.program_files import written_by_programs
from aicheck_lsp.recogniser import Recogniser
from aicheck_lsp.spans import Range, Span
from aicheck_lsp.text import Change, Text, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from aicheck_app.config import Config
    from aicheck_checks.finding import Finding
    from aicheck_checks.languages import Language
    from aicheck_lsp.options import Options
    from aicheck_lsp.text import Encoding

FRESH_SECONDS = 5.0
"""A file on disk that is older has not just been written."""
GIT_SECONDS = 2.0
"""git touches its index within this time of the files that it writes."""


class Shown(Range):
    """A finding that is on show, following the text; in code points of the newest text."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.start, finding.end)
        self.finding = finding


class Dismissed(Range):
    """Where a finding was that somebody dismissed, following the text."""

    def __init__(self, shown: Shown) -> None:
        super().__init__(shown.start, shown.end)
        self.code = shown.finding.code

    def is_of(self, finding: Finding) -> bool:
        """Whether a finding is the one that was dismissed: of the same rule, at the same place, which may be empty."""
        overlap = finding.start < max(self.end, self.start + 1) and self.start < max(finding.end, finding.start + 1)
        return overlap and self.code == finding.code


class Document:
    """One open document.

    ``config`` and ``options`` are the settings of its folder, ``root`` is the folder of the workspace that it is in, if it
    is in one. ``shown_whole`` says that the user asked for all that is found in it, whatever the scope.
    """

    def __init__(
        self,
        uri: str,
        language_id: str,
        version: int,
        text: str,
        encoding: Encoding,
        config: Config,
        options: Options,
        root: str = "",
    ) -> None:
        self.uri = uri
        self.path = to_fs_path(uri) or ""
        self.language_id = language_id
        self.version = version
        self.cell = False
        self.text = Text(text, encoding)
        self.opened_with = text
        self.config = config
        self.options = options
        self.root = root
        self.shown_whole = False
        self.told_of_hidden = False
        self.spans: list[Span] = []
        self.shown: list[Shown] = []
        self.unchecked = ""
        self.recogniser = Recogniser(text)
        self.others: Collection[Document] = ()
        self.own: Collection[str] = ()
        self.ai_came_last = False
        self.dismissed: list[Dismissed] = []

    @property
    def on_show(self) -> list[Shown]:
        """The findings that are shown: those of low confidence only where the settings ask for them."""
        return [one for one in self.shown if self.config.notes or not one.finding.note]

    @property
    def folder(self) -> str:
        """Where the document's file stands; empty for one that has none."""
        return os.path.dirname(self.path)

    @property
    def language(self) -> Language | None:
        """By the editor's name for it, else by the path."""
        from aicheck_checks.languages import language_of

        return language_of(self.path, self.language_id, self.text.text) or language_of(self.path, None, self.text.text)

    @property
    def wholly_ai(self) -> bool:
        """Whether the settings say that this file is AI-written as a whole."""
        return any(
            fnmatch(self.path, pattern) or fnmatch(os.path.basename(self.path), pattern)
            for pattern in self.options.ai_files
        )

    @property
    def baseline(self) -> str | None:
        """The text before that a check compares with, if any."""
        if self.shown_whole:
            return None
        if self.options.scope == "changed":
            return self.opened_with
        return next((span.baseline for span in self.spans if not span.gone), None)

    def edited(self, changes: Sequence[Change], before: str, version: int, now: float) -> None:
        """Follow changes that were just made to ``text``."""
        self.version = version
        for change in changes:
            self.ai_came_last &= any(s.start <= change.start and change.end <= s.end for s in self.spans)
            for following in (*self.spans, *self.shown, *self.dismissed):
                following.move(change)
        self.shown = [one for one in self.shown if not one.touched and not one.gone]
        self.recogniser.see(changes, before, self.text.text, now, self)

    def reopened(self, language_id: str, version: int, text: str, now: float) -> None:
        """Follow an editor that reloaded the file."""
        self.language_id, self.version = language_id, version
        before = self.text.text
        if text != before:
            self.edited([plain(self.text.replace(text), before)], before, version, now)

    def has_text(self, text: str) -> bool:
        """Whether another open document holds a text, or the user copied it."""
        return any(text in own for own in self.own) or any(
            text in other.text.text for other in self.others if other is not self
        )

    def just_written(self) -> bool:
        """Whether the file on disk is new and as long as the buffer: something has written it."""
        try:
            status = os.stat(self.path)
        except (OSError, ValueError):
            return False
        text = self.text.text
        size = len(text) if self.text.ascii else len(text.encode("utf-8", "surrogatepass"))
        return abs(time.time() - status.st_mtime) < FRESH_SECONDS and status.st_size == size

    def git_moved(self) -> bool:
        """Whether git has just written this file: its index is as new as the file, which is as the buffer."""
        try:
            written = os.stat(self.path).st_mtime
            if abs(time.time() - written) > FRESH_SECONDS:
                return False
            folder = git.metadata(self.folder)
            return folder is not None and abs(os.stat(os.path.join(folder, "index")).st_mtime - written) < GIT_SECONDS
        except OSError:
            return False

    @property
    def written_by_programs(self) -> bool:
        """Whether editors, package managers and the like write this file: lines that come at once say nothing then."""
        return written_by_programs(self.path)

    def concerns(self, finding: Finding) -> bool:
        """Whether a finding is to be shown in this document's scope."""
        if any(one.is_of(finding) for one in self.dismissed):
            return False
        if self.options.scope != "ai" or self.wholly_ai or self.shown_whole:
            return True
        from aicheck_checks.registry import BY_CODE

        live = [span for span in self.spans if not span.gone]
        rule = BY_CODE[finding.code]
        if rule.of_change or (self.ai_came_last and rule.settles == "text"):
            return bool(live)
        return any(finding.start <= span.end and span.start <= finding.end for span in live)
