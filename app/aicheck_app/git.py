"""What git knows: files, versions before, changed paths. Read only; git is run, never its hooks."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

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


def staged(root: str) -> list[str]:
    """Staged paths (added, copied, modified, renamed), relative to the root."""
    return _paths(_git("diff", "--cached", "--name-only", "-z", "--diff-filter=ACMR", cwd=root))


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
