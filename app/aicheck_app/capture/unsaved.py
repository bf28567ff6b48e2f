"""Edits of a session that no commit of it holds, and the commands that overwrote them, took them back or removed them.

They are told by the words of the commands alone: what a script or a variable names is not seen.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.capture.commands import started_by
from aicheck_app.capture.git_command import git_command, operands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicheck_app.capture.commands import Effects
    from aicheck_app.capture.shell import Command


class Unsaved:
    """The places of the files that the session has edited since its last commit."""

    def __init__(self) -> None:
        self._places: set[str] = set()

    def edited(self, place: str) -> None:
        """A file was edited; ``place`` is where it is, by its absolute path if the folder is known."""
        if place:
            self._places.add(place)

    def lost_by(self, ran: Effects, cwd: str) -> int:
        """How many of the files a line of commands that ran in a folder has overwritten, taken back or removed.

        A file whose new text stands in the line is written anew by the agent, and not lost.
        """
        lost = 0
        if self._places:
            own = {path for path, _ in ran.written}
            for command in ran.commands:
                if _commits(command):
                    self._places.clear()
                elif command.folder is not None:
                    gone = self._at_or_below(_taken(command, own), os.path.join(cwd, command.folder))
                    self._places -= gone
                    lost += len(gone)
        return lost

    def _at_or_below(self, names: Iterable[str], folder: str) -> set[str]:
        gone: set[str] = set()
        for name in filter(None, names):
            at = os.path.normpath(os.path.join(folder, name))
            gone |= {place for place in self._places if place == at or place.startswith(at + os.sep)}
        return gone


def _commits(command: Command) -> bool:
    words = started_by(command)
    return words[:1] == ("git",) and git_command(words[1:]).verb == "commit"


def _taken(command: Command, own: set[str]) -> Iterator[str]:
    """The files and folders that a command overwrites, takes back or removes, as it names them."""
    for redirect in command.redirects:
        if redirect.path and not redirect.appends and os.path.join(command.folder or "", redirect.path) not in own:
            yield redirect.path
    words = started_by(command)
    if words[:1] in (("rm",), ("unlink",)):
        yield from operands(words[1:])
    elif words[:1] == ("git",):
        found = git_command(words[1:])
        if found.danger in ("git_checkout", "git_restore"):
            yield from (os.path.join(found.folder, name) for name in found.files or (".",))
        elif found.danger == "git_reset_hard":
            yield found.folder or "."
