"""Paths that a person typed, as git understands them: literally, from the working folder, through links as git follows them.

gitglossary(7), "pathspec". git itself makes names whole on macOS (core.precomposeunicode) and turns Windows' separators.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app.errors import AicheckError
from aicheck_app.git.run import git

if TYPE_CHECKING:
    from collections.abc import Sequence


def pathspecs(root: str, paths: Sequence[str]) -> list[str]:
    """The pathspecs for these paths; none where one of them is the whole work tree."""
    if any(os.path.isdir(path) and os.path.samefile(path, root) for path in paths):
        return []
    magic = ":(literal,icase)" if _ignores_case(root) else ":(literal)"
    return [magic + os.path.join(os.getcwd(), path) for path in paths]


def unknown(root: str, specs: Sequence[str], *, revision: str, untracked: bool) -> list[int]:
    """The numbers of the pathspecs under which git knows no file, in the index or the revision, or untracked if that counts.

    Raises AicheckError for a path outside the work tree.
    """
    others = ("--others", "--exclude-standard") if untracked else ()
    listed = ("ls-files", "-z", "--cached", *others)
    if specs and _all_match(root, listed, specs):
        return []
    return [
        number for number, spec in enumerate(specs)
        if not git(*listed, "--", spec, cwd=root)
        and not git("diff-index", "--cached", "--name-only", "-z", revision, "--", spec, cwd=root)
    ]  # fmt: skip


def _all_match(root: str, listed: Sequence[str], specs: Sequence[str]) -> bool:
    try:
        git(*listed, "--error-unmatch", "--", *specs, cwd=root)
    except AicheckError:
        return False
    return True


def _ignores_case(root: str) -> bool:
    try:
        return git("config", "--type=bool", "core.ignorecase", cwd=root).strip() == b"true"
    except AicheckError:  # exit code 1: it is not set
        return False
