"""AI-attributed commits as outputs: history for a repository whose sessions are gone.

What is known of a commit's lines comes from git-ai's note of it, else from an Agent Trace record of it,
else from its trailers, which speak for the whole commit; the kind of evidence is kept with the record.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aicheck_app import git
from aicheck_app.attribution import agent_trace, git_ai, signs
from aicheck_app.files import checkable
from aicheck_app.origin import Origin, Output
from aicheck_checks.encodings import decode_change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aicheck_app.attribution.author import Author
    from aicheck_app.git import Commit


class History:
    """Reads a range of commits; ``skipped`` counts those without evidence, and files, by reason."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.commits = 0
        self.skipped: Counter[str] = Counter()
        self._traces = agent_trace.records_of(root)

    def outputs(self, revisions: str) -> Iterator[Output]:
        """The AI-written files of the commits. Raises AicheckError for a range that git does not know."""
        for commit in git.commits(self.root, revisions):
            self.commits += 1
            found = list(self._of(commit))
            if not found:
                self.skipped["commit without a sign of AI"] += 1
            yield from found

    def _of(self, commit: Commit) -> Iterator[Output]:
        noted = git_ai.parse(commit.note) if commit.note.strip() else {}
        signed = signs.of_commit(commit.author, commit.address, commit.message)
        if not noted and signed is None and not self._traces:
            return
        changed = git.lines_changed_by(self.root, commit.id)
        files = [c for c in git.changes_of(self.root, commit.id) if changed.get(c.path) and checkable(c.path)]
        authors = {c.path: self._authors(c.path, changed[c.path], noted, signed, commit) for c in files}
        known = [c for c in files if authors[c.path]]
        texts = git.contents(self.root, [id_ for c in known for id_ in (c.now, c.before)])
        for (path, *_), new, old in zip(known, texts[::2], texts[1::2], strict=True):
            text, previous = decode_change(new, old) if new is not None else (None, None)
            if text is None:
                self.skipped["file that is no text"] += 1
                continue
            yield self._output(commit, path, text, previous, authors[path])

    def _authors(
        self, path: str, lines: set[int], noted: Mapping[str, dict[int, Author]], signed: Author | None, commit: Commit
    ) -> dict[int, Author]:
        """Who wrote the changed lines of a file, by the best evidence for the commit; people's lines are left out."""
        if noted:
            told = noted.get(path, {})
        else:
            told = agent_trace.lines_of(self._traces, path, commit.id) if self._traces else {}
            if not told and signed is not None:
                told = dict.fromkeys(lines, signed)
        return {number: told[number] for number in sorted(lines) if number in told}

    def _output(self, commit: Commit, path: str, text: str, previous: str | None, authors: dict[int, Author]) -> Output:
        lines = text.split("\n")
        written = "\n".join(lines[number - 1] for number in authors if number <= len(lines))
        ((author, _),) = Counter(authors.values()).most_common(1)
        time = _time(commit.time)
        origin = Origin(
            agent=author.agent, model=author.model, session=author.session or commit.id, time=time, cwd=self.root,
            attribution="git", evidence=author.level,
        )  # fmt: skip
        full = os.path.join(self.root, path)
        return Output(f"git:{commit.id}:{path}", "commit", written, text, "file", full, origin, None, previous)


def _time(text: str) -> str:
    """A commit's time as the log writes it; empty for one that no calendar has."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    except (ValueError, OverflowError):
        return ""
