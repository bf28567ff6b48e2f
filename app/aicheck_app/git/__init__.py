"""What git knows: files, versions before, changed paths. Read only."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.errors import AicheckError
from aicheck_app.git.diff import added_lines
from aicheck_app.git.run import blobs, git, unfiltered
from aicheck_checks.files import read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_BLOB = 20_000_000
"""Bytes read of a version that git keeps; a longer one is no text to check."""
_PATCH = (
    "--text", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--no-prefix", "-M", "--patch",
)  # fmt: skip
_RAW = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=all")
_UNREAD = re.compile(r"warning: could not open directory '(?P<name>.*?)/?': (?P<reason>.*)")
_REGULAR = (b"100644", b"100755")


class Change(NamedTuple):
    """A file that differs: its path relative to the root, and the ids of its versions before and now.

    An id is empty where there is no such version, or where it is only on disk. ``gone`` says that the change took the file away.
    """

    path: str
    before: str = ""
    now: str = ""
    gone: bool = False


def top(folder: str) -> str | None:
    """The root of the work tree round a folder, or None."""
    try:
        return os.fsdecode(git("rev-parse", "--show-toplevel", cwd=folder).rstrip(b"\n"))
    except AicheckError:
        return None


def root(folder: str) -> str | None:
    """The root of the work tree round a folder, or None; found without running git."""
    while True:
        inside = os.path.join(folder, ".git")
        if os.path.isdir(inside) or os.path.isfile(inside):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def metadata(folder: str) -> str | None:
    """The folder where git keeps what it knows of the work tree round a folder, found without running git."""
    found = root(folder)
    if found is None:
        return None
    inside = os.path.join(found, ".git")
    if os.path.isdir(inside):
        return inside
    return os.path.normpath(os.path.join(found, read(inside, 4096).removeprefix("gitdir:").strip()))


def files(folder: str) -> tuple[list[str], list[tuple[str, str]]]:
    """Files below a folder that git tracks or would track, as absolute paths, and what it could not look into, and why."""
    warned: list[str] = []
    out = git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=folder, warned=warned)
    unread = [
        (os.path.join(folder, found["name"]), f"can't be read: {found['reason']}")
        for found in filter(None, map(_UNREAD.match, warned))
    ]
    return [os.path.join(folder, name.replace("/", os.sep)) for name in dict.fromkeys(_paths(out))], unread


def tracked(root: str) -> list[Change]:
    """The files of HEAD."""
    rows = (row.partition(b"\t") for row in git("ls-tree", "-r", "-z", "HEAD", cwd=root).split(b"\0") if row)
    entries = ((head.split(b" "), os.fsdecode(name)) for head, _, name in rows)
    return [Change(name, "", head[2].decode()) for head, name in entries if head[0] in _REGULAR]


def head(root: str) -> str:
    """The id of the commit that is checked out."""
    return git("rev-parse", "HEAD", cwd=root).decode("ascii").strip()


def remote(root: str) -> str:
    """The address of the repository that a work tree was cloned from, as its settings have it; empty where there is none."""
    try:
        return git("config", "--get", "remote.origin.url", cwd=root).decode("utf-8", "replace").strip()
    except AicheckError:
        return ""


def note(root: str, words: str) -> None:
    """Write a note about the commit that is checked out (refs/notes/aicheck), in place of one that is there."""
    git("notes", "--ref=aicheck", "add", "-f", "-m", words, "HEAD", cwd=root)


def staged(root: str, paths: Sequence[str] = ()) -> list[Change]:
    """What is staged against HEAD, or against nothing before the first commit, below these pathspecs; what is gone, too."""
    return _changes(git("diff-index", "--cached", *_RAW, base(root), "--", *paths, cwd=root))


def staged_lines(root: str) -> dict[str, set[int]]:
    """The numbers (from 1, in the staged text) of the lines that are new or changed, by path."""
    return added_lines(git("diff-index", "--cached", *_PATCH, base(root), "--", cwd=root))


def changed(root: str, revision: str, paths: Sequence[str] = ()) -> list[Change]:
    """What differs between a revision and the work tree, and what git does not know yet, below these pathspecs.

    git compares times and sizes alone: a file that was only touched is in the list too.
    """
    id_ = commit_of(root, revision)
    found = _changes(git("diff-index", *_RAW, id_, "--", *paths, cwd=root, variables=unfiltered(root)))
    return found + untracked(root, paths)


def commit_of(root: str, revision: str) -> str:
    """The id of the commit that a revision names. Raises AicheckError for one that git does not know."""
    try:
        commit = git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", cwd=root)
    except AicheckError as error:
        raise AicheckError(
            f"git knows no revision '{revision}' here ({error}); 'git branch --all' and 'git tag' list what it knows,"
            " and 'git fetch' brings what only the other side has"
        ) from error
    return commit.decode("ascii").split()[-1]


def parted(root: str, revision: str) -> str:
    """The id of the commit where HEAD and a revision parted, or of the revision's own where git can't tell (a shallow clone).

    What the other side got since then was not taken away here. Raises AicheckError for a revision that git does not know.
    """
    id_ = commit_of(root, revision)
    try:
        return git("merge-base", id_, "HEAD", cwd=root).decode("ascii").strip()
    except AicheckError:
        return id_


def untracked(root: str, paths: Sequence[str] = ()) -> list[Change]:
    """Files that git neither tracks nor ignores, below these pathspecs."""
    out = git("ls-files", "-z", "--others", "--exclude-standard", "--", *paths, cwd=root)
    return [Change(path) for path in _paths(out)]


def contents(root: str, ids: Iterable[str]) -> list[bytes | None]:
    """The blobs with these ids, at most ``MAX_BLOB`` bytes of each; None for an empty id, and for what is not here."""
    wanted = list(ids)
    asked = [id_ for id_ in dict.fromkeys(wanted) if id_]
    found = dict(zip(asked, blobs(root, asked, MAX_BLOB), strict=True)) if asked else {}
    return [found.get(id_) for id_ in wanted]


class Commit(NamedTuple):
    """A commit: its id, author, time (ISO 8601 with zone), message, and git-ai's note of it."""

    id: str
    author: str
    address: str
    time: str
    message: str
    note: str = ""


def commits(root: str, revisions: str) -> list[Commit]:
    """The commits of a range, oldest first, without merges."""
    import secrets

    mark = secrets.token_hex(16)  # a message may hold any separator that can be known
    form = f"--format={mark}%H%x00%an%x00%ae%x00%cI%x00%B%x00%N"
    options = ("--reverse", "--no-merges", "--no-color", "--no-show-signature", "--no-mailmap", "--notes=refs/notes/ai")
    out = git("log", *options, form, "--end-of-options", revisions, "--", cwd=root).decode("utf-8", "replace")
    rows = (row.rstrip("\n").split("\0", 5) for row in out.split(mark)[1:])
    return [Commit(*row) for row in rows if len(row) == 6 and re.fullmatch(r"[0-9a-f]{40,64}", row[0])]


def history(root: str, path: str) -> list[tuple[float, str]]:
    """The commits of all branches that changed a file, at most 200: their times in seconds, and their ids."""
    options = ("--all", "-n", "200", "--no-color", "--no-show-signature", "--no-mailmap", "--format=%ct %H")
    rows = git("log", *options, "--", f":(literal){path}", cwd=root).decode("ascii", "replace").split()
    return [(float(time), id_) for time, id_ in zip(rows[::2], rows[1::2], strict=False)]


def changes_of(root: str, commit: str) -> list[Change]:
    """What a commit, named by its id, added or changed."""
    found = _changes(git("diff-tree", "--root", "--no-commit-id", *_RAW, commit, "--", cwd=root))
    return [change for change in found if not change.gone]


def lines_changed_by(root: str, commit: str) -> dict[str, set[int]]:
    """The numbers (from 1, in the commit's texts) of the lines that a commit, named by its id, changed, by path."""
    return added_lines(git("diff-tree", "--root", "-r", "--no-commit-id", *_PATCH, commit, "--", cwd=root))


def base(root: str) -> str:
    """HEAD, or the empty tree before the first commit."""
    try:
        return head(root)
    except AicheckError:
        return git("hash-object", "-t", "tree", "--stdin", cwd=root).decode("ascii").strip()


def _paths(out: bytes) -> list[str]:
    return [os.fsdecode(name) for name in out.split(b"\0") if name]


def _changes(out: bytes) -> list[Change]:
    """Regular files in git's raw format (git-diff-index(1), "RAW OUTPUT FORMAT")."""
    words = out.split(b"\0")
    found = []
    for facts, name in zip(words[::2], words[1::2], strict=False):
        old_mode, mode, before, now, status = facts.removeprefix(b":").split(b" ")
        if mode in _REGULAR and status[:1] in b"AMT":
            known = before if old_mode in _REGULAR else b""
            found.append(Change(os.fsdecode(name), _id(known), _id(now)))
        elif old_mode in _REGULAR and status[:1] == b"D":
            found.append(Change(os.fsdecode(name), _id(before), gone=True))
    return found


def _id(text: bytes) -> str:
    return "" if set(text) <= {ord("0")} else text.decode("ascii")
