"""Which files are checked: those that are named, and those below the folders that are named which nothing excludes.

What can't be looked into is a target as well, with its problem: nothing is passed over in silence.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.excluded import Excludes
from aicheck_checks.files import relative
from aicheck_checks.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.excluded import Below
    from aicheck_checks.diagnostic import Diagnostic


class Target(NamedTuple):
    """A text to check: a path to show, its text and previous text where they are not on disk, what tools say of it.

    ``problem`` says why it can't be checked, where that is known already. ``found`` is true of what nobody has named.
    ``name`` is what git calls the file: its path from the root of the work tree, with slashes. ``gone`` says that a change took it away,
    ``code_went`` that the same change took lines away from code that is no test.
    """

    path: str
    text: bytes | None = None
    previous: bytes | None = None
    read_from: str = ""
    reported: tuple[Diagnostic, ...] = ()
    problem: str = ""
    found: bool = False
    name: str = ""
    gone: bool = False
    code_went: bool = False

    @property
    def file(self) -> str:
        """Where the text's file is on disk."""
        return self.read_from or self.path


def checkable(path: str) -> bool:
    """Whether there are checks for a file of this name; others are passed over where nobody named them."""
    return language_of(path) is not None


def files_of(paths: Sequence[str], excludes: Excludes | None = None, *, force: bool = False) -> Iterator[Target]:
    """The files named, and those below the folders named that aicheck can check and that nothing excludes.

    What is named is checked though it is excluded, unless ``force`` says that excludes hold for that too.
    """
    chosen = Excludes() if excludes is None else excludes
    for path in paths:
        folder = os.path.isdir(path)
        if force and chosen.has(os.path.abspath(path), os.getcwd(), folder=folder):
            continue
        if folder:
            yield from sorted(_below(path, chosen), key=lambda target: target.path)
        else:
            yield Target(path)


def _below(folder: str, excludes: Excludes) -> Iterator[Target]:
    inside = os.path.realpath(folder) + os.sep
    absolute = os.path.abspath(folder)
    excluded = excludes.below(absolute)
    for name, unread in _listed(absolute, excluded):
        problem = unread or (_problem(name, inside) if checkable(name) else None)
        if problem is not None and not excluded.has(name):
            yield Target(name if os.path.isabs(folder) else relative(name), problem=problem, found=True)


def _problem(file: str, inside: str) -> str | None:
    """Why a file that was found can't be checked, nothing if it can; None for what is not there, as git lists what was deleted.

    A link out of the folder leads to files of the user's own.
    """
    if os.path.isfile(file) and (not os.path.islink(file) or os.path.realpath(file).startswith(inside)):
        return ""
    if os.path.islink(file):
        return "a link out of the folder" if os.path.exists(file) else "a link that leads nowhere"
    return None if os.path.isdir(file) or not os.path.lexists(file) else "not a regular file"


def _listed(folder: str, excluded: Below) -> Iterator[tuple[str, str]]:
    """The files below a folder, and what can't be looked into with the reason."""
    if not _in_git(folder):
        yield from _walk(folder, excluded)
        return
    from aicheck_app import git
    from aicheck_app.errors import AicheckError

    try:
        found, unread = git.files(folder)
    except AicheckError as error:
        yield folder, f"git can't list it, so hidden folders were passed over: {error}"
        yield from _walk(folder, excluded)
        return
    yield from ((file, "") for file in found)
    yield from unread


def _in_git(folder: str) -> bool:
    while True:
        if os.path.exists(os.path.join(folder, ".git")):
            return True
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above


def _walk(folder: str, excluded: Below) -> Iterator[tuple[str, str]]:
    """Files below a folder outside git; .gitignore files are honoured there too."""
    from aicheck_app.ignored import Ignored

    unread: list[OSError] = []
    ignored = Ignored(folder)
    for base, folders, files in os.walk(folder, onerror=unread.append):
        if ".gitignore" in files:
            ignored.read(base)
        folders[:] = [
            name for name in folders
            if not name.startswith(".") and not excluded.has(path := os.path.join(base, name), folder=True)
            and not ignored.has(path, folder=True)
        ]  # fmt: skip
        paths = (os.path.join(base, name) for name in files)
        yield from ((path, "") for path in paths if not ignored.has(path, folder=False))
    yield from ((str(error.filename), f"can't be read: {error.strerror}") for error in unread)
