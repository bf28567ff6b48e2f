"""What git knows: files, versions before, changed paths. Read only; git is run, never its hooks."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.errors import AicheckError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def _git(*arguments: str, cwd: str, data: bytes | None = None) -> bytes:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=cwd, input=data, capture_output=True, check=True,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        )  # fmt: skip
    except FileNotFoundError as error:
        raise AicheckError("git is not installed, and this needs it") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip().splitlines()
        raise AicheckError(f"git {arguments[0]}: {said[-1] if said else 'failed'}") from error
    return done.stdout


def _paths(out: bytes) -> list[str]:
    return [os.fsdecode(name) for name in out.split(b"\0") if name]


def top(folder: str) -> str | None:
    """The root of the work tree round a folder, or None."""
    try:
        return os.fsdecode(_git("rev-parse", "--show-toplevel", cwd=folder).rstrip(b"\n"))
    except AicheckError:
        return None


def metadata(folder: str) -> str | None:
    """The folder where git keeps what it knows of the work tree round a folder, found without running git."""
    while True:
        inside = os.path.join(folder, ".git")
        if os.path.isdir(inside):
            return inside
        if os.path.isfile(inside):
            with open(inside, encoding="utf-8", errors="replace") as file:
                return os.path.normpath(os.path.join(folder, file.read().removeprefix("gitdir:").strip()))
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def files(folder: str) -> list[str]:
    """Files below a folder that git tracks or would track, as absolute paths."""
    out = _git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=folder)
    return [os.path.join(folder, name) for name in dict.fromkeys(_paths(out))]


def tracked(root: str) -> list[str]:
    """The paths of HEAD, relative to the root."""
    return _paths(_git("ls-tree", "-r", "--name-only", "-z", "HEAD", cwd=root))


def head(root: str) -> str:
    """The id of the commit that is checked out."""
    return _git("rev-parse", "HEAD", cwd=root).decode("ascii").strip()


def staged(root: str) -> list[str]:
    """Staged paths (added, copied, modified, renamed), relative to the root."""
    return _paths(_git("diff", "--cached", "--name-only", "-z", "--diff-filter=ACMR", cwd=root))


def staged_lines(root: str) -> dict[str, set[int]]:
    """The numbers (from 1, in the staged text) of the lines that are new or changed, by path."""
    diff = _git(
        "diff", "--cached", "--unified=0", "--no-color", "--no-ext-diff", "--no-prefix", "-M", "--patch", cwd=root
    )
    return _added(diff)


def _added(diff: bytes) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    lines: set[int] = set()
    old = new = 0
    for line in diff.split(b"\n"):
        if old or new:  # inside a hunk, where any line may look like a header
            old -= line.startswith(b"-")
            new -= line.startswith(b"+")
        elif line.startswith(b"+++ "):
            name = line[4:].rstrip(b"\t")
            lines = found.setdefault(os.fsdecode(_unquoted(name)), set())
        elif line.startswith(b"@@ -"):
            removed, added = (part[1:].split(b",") for part in line.split(b" ")[1:3])
            old = int(removed[1]) if len(removed) > 1 else 1
            new = int(added[1]) if len(added) > 1 else 1
            lines.update(range(int(added[0]), int(added[0]) + new))
    return found


def _unquoted(name: bytes) -> bytes:
    """A path as git quotes it: in quotes, with C's escapes."""
    if not name.startswith(b'"'):
        return name
    import re

    escapes = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
    pattern = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
    return pattern.sub(lambda m: bytes([int(m[1], 8)]) if len(m[1]) == 3 else escapes.get(m[1], m[1]), name[1:-1])


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
    form = "--format=%H%x1f%an%x1f%ae%x1f%cI%x1f%B%x1f%N%x1e"
    out = _git("log", "--reverse", "--no-merges", "--notes=refs/notes/ai", form, revisions, "--", cwd=root)
    found = []
    for row in out.decode("utf-8", "replace").split("\x1e"):
        fields = row.lstrip("\n").split("\x1f")
        if len(fields) == 6:
            found.append(Commit(*fields))
    return found


def changed_by(root: str, commit: str) -> list[str]:
    """The paths that a commit added or changed."""
    out = _git(
        "diff-tree", "--root", "-r", "--no-commit-id", "--name-only", "--diff-filter=ACMR", "-M", "-z", commit, cwd=root
    )
    return _paths(out)


def lines_changed_by(root: str, commit: str) -> dict[str, set[int]]:
    """The numbers (from 1, in the commit's texts) of the lines that a commit added or changed, by path."""
    options = (
        "--root",
        "-r",
        "--no-commit-id",
        "--unified=0",
        "--no-color",
        "--no-ext-diff",
        "--no-prefix",
        "-M",
        "--patch",
    )
    return _added(_git("diff-tree", *options, commit, cwd=root))


def changed(root: str, revision: str) -> list[str]:
    """Paths that differ between a revision and the work tree, and untracked ones."""
    _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", cwd=root)
    names = _paths(_git("diff", "--name-only", "-z", "--diff-filter=ACMR", revision, "--", cwd=root))
    return names + untracked(root)


def untracked(root: str) -> list[str]:
    """Paths that git neither tracks nor ignores, relative to the root."""
    return _paths(_git("ls-files", "-z", "--others", "--exclude-standard", cwd=root))


def contents(root: str, specifications: Iterable[str]) -> Iterator[bytes | None]:
    """The blobs named ``REV:path`` (``:path`` for the index), None where there is none."""
    wanted = list(specifications)
    usable = [s for s in wanted if "\n" not in s]
    out = _git("cat-file", "--batch", cwd=root, data=os.fsencode("".join(f"{s}\n" for s in usable)))
    found: dict[str, bytes | None] = {}
    at = 0
    for name in usable:
        end = out.index(b"\n", at)
        head = out[at:end].split(b" ")
        at = end + 1
        if head[-1] == b"missing" or len(head) < 3 or not head[-1].isdigit():
            found[name] = None
            continue
        size = int(head[-1])
        found[name] = out[at : at + size] if head[-2] == b"blob" else None
        at += size + 1
    return iter([found.get(name) for name in wanted])
