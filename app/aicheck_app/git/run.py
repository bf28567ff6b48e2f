"""The one way in which git is run: nothing that a repository says is started, fetched or waited for.

A repository's own configuration may name programs (file system monitors, filters, text converters, hooks,
signature checkers, transports), and a bare repository in a subfolder survives a clone. The answers are in
git-config(1), ``safe.bareRepository`` and ``protocol.allow``; git(1), ``GIT_NO_LAZY_FETCH``; gitattributes(5), "filter".
"""

from __future__ import annotations

import os
import subprocess
from threading import Timer
from typing import IO, TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_checks.files import relative
from aicheck_checks.programs import environment, find

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SECONDS = 15.0
"""A git that takes longer is ended."""
PATIENCE = 1.0
"""After so many seconds it is looked whether git waits for a pipe that stands where it reads a file."""
_HARMLESS = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    "core.sshCommand=",
    "core.pager=cat",
    "diff.external=",
    "diff.ignoreSubmodules=all",
    "submodule.recurse=false",
    "log.showSignature=false",
    "log.mailmap=false",
    "maintenance.auto=false",
    "gc.auto=0",
    "protocol.allow=never",
    "safe.bareRepository=explicit",
)
_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


def git(
    *arguments: str,
    cwd: str,
    data: bytes = b"",
    variables: Mapping[str, str] | None = None,
    warned: list[str] | None = None,
) -> bytes:
    """What git prints; what it warns of goes into ``warned``. Raises AicheckError where it is missing, fails or takes too long."""
    process = _started(arguments, cwd, subprocess.PIPE, variables or {})
    try:
        try:
            out, errors = process.communicate(data, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            if pipe := _pipe(cwd):
                raise AicheckError(f"git {arguments[0]} waits for {pipe}, which is not a regular file") from None
            out, errors = process.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired as error:
        raise AicheckError(f"git {arguments[0]} takes longer than {SECONDS:g} s") from error
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    if process.returncode:
        raise AicheckError(f"git {arguments[0]}: {_reason(errors)}")
    if warned is not None:
        warned += os.fsdecode(errors).splitlines()
    return out


def blobs(cwd: str, ids: list[str], limit: int) -> Iterator[bytes | None]:
    """The beginnings of blobs, at most ``limit`` bytes of each, None for one that is not here. Raises AicheckError."""
    from tempfile import TemporaryFile

    with TemporaryFile() as asked:
        asked.write("".join(f"{one}\n" for one in ids).encode())
        asked.seek(0)
        process = _started(("cat-file", "--batch"), cwd, asked, {})
        killer = Timer(SECONDS, process.kill)
        killer.start()
        assert process.stdout is not None
        try:
            for _ in ids:
                yield _blob(process.stdout, limit)
        finally:
            killer.cancel()
            process.kill()
            process.communicate()


def _blob(stream: IO[bytes], limit: int) -> bytes | None:
    """The next answer of ``git cat-file --batch`` (git-cat-file(1), "BATCH OUTPUT")."""
    head = stream.readline().split()
    if len(head) != 3 or not head[2].isdigit():
        if not head:
            raise AicheckError("git cat-file: ended too early; some objects may be missing or damaged")
        return None
    size = int(head[2])
    data = stream.read(min(size, limit))
    left = size - len(data) + 1  # a line break follows
    while left > 0 and (piece := stream.read(min(left, 1 << 20))):
        left -= len(piece)
    return data if head[1] == b"blob" else None


def unfiltered(cwd: str) -> dict[str, str]:
    """Variables that take the programs out of all filters that the configuration names.

    Where git compares a file on disk with a blob, it cleans the file first, by the filter that the file's attributes name.
    """
    variables: dict[str, str] = {}
    count = int(os.environ.get("GIT_CONFIG_COUNT") or 0)
    for name in _filters(cwd):
        for key, value in (("clean", ""), ("smudge", ""), ("process", ""), ("required", "false")):
            variables |= {f"GIT_CONFIG_KEY_{count}": f"filter.{name}.{key}", f"GIT_CONFIG_VALUE_{count}": value}
            count += 1
    return {**variables, "GIT_CONFIG_COUNT": str(count)} if variables else {}


def _filters(cwd: str) -> list[str]:
    try:
        keys = git("config", "-z", "--name-only", "--get-regexp", r"^filter\.", cwd=cwd).split(b"\0")
    except AicheckError:  # exit code 1: there are none
        return []
    return list(dict.fromkeys(os.fsdecode(key)[len("filter.") :].rpartition(".")[0] for key in keys if key))


def _started(
    arguments: tuple[str, ...], cwd: str, stdin: int | IO[bytes], variables: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    settings = [word for setting in _HARMLESS for word in ("-c", setting)]
    try:
        return subprocess.Popen(
            [_program(), "--no-pager", *settings, *arguments], cwd=cwd, stdin=stdin, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, env=environment(**_VARIABLES, **variables),
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise AicheckError(f"git can't be run in {cwd}: {getattr(error, 'strerror', None) or error}") from error


def _program() -> str:
    found = find("git")
    if found is None:
        raise AicheckError("git is not installed, and this needs it")
    return found


def _reason(errors: bytes) -> str:
    said = errors.decode("utf-8", "replace").strip().splitlines()
    return said[-1][:300] if said else "failed"


def _pipe(cwd: str) -> str:
    """Something that is no regular file where git looks for one of its own, from the work tree's root on; or nothing."""
    root = cwd
    while not os.path.lexists(os.path.join(root, ".git")) and os.path.dirname(root) != root:
        root = os.path.dirname(root)
    for base, folders, names in os.walk(root):
        inside = base.startswith(os.path.join(root, ".git"))
        if inside and os.path.basename(base) == "objects":
            folders[:] = [name for name in folders if name in ("info", "pack")]
        for name in names:
            path = os.path.join(base, name)
            if (inside or name.startswith((".git", ".mailmap"))) and os.path.exists(path) and not os.path.isfile(path):
                return relative(path, cwd)
    return ""
