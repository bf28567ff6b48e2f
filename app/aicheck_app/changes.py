"""What changed in git, as targets: each with its text before, named as git names it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aicheck_app import git
from aicheck_app.checking import same_on_disk
from aicheck_app.errors import AicheckError
from aicheck_app.excluded import Excludes
from aicheck_app.files import Target, checkable
from aicheck_app.git import paths as named
from aicheck_checks.analysis.tests import is_build_path, is_test_path
from aicheck_checks.files import read_bytes, relative
from aicheck_checks.languages import language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def changed_targets(
    paths: Sequence[str], revision: str | None, excludes: Excludes | None = None, *, force: bool = False
) -> list[Target]:
    """What is staged, or with a revision what came since HEAD parted from it, below these paths; everything without any.

    What is excluded is left out, but for files that are named, if ``force`` does not say that it holds for them too.

    Raises AicheckError outside a work tree, for a path that git does not know, and for a text that is not in this clone.
    """
    root = git.top(".")
    if root is None:
        raise AicheckError("not in a git work tree: --staged and --diff need one")
    specs = named.pathspecs(root, paths)
    parted = git.parted(root, revision) if revision else None
    changes = git.changed(root, parted, specs) if parted else git.staged(root, specs)
    _refuse_unknown(root, paths, specs, parted)
    left_out = _left_out(root, paths, excludes or Excludes(), force=force)
    files = ((change, os.path.join(root, change.path.replace("/", os.sep))) for change in changes)
    targets = _targets(root, [change for change, file in files if _is_looked_at(change, file) and not left_out(file)])
    if any(is_test_path(target.name) for target in targets) and any(map(_lost_code, targets)):
        targets = [target._replace(code_went=True) for target in targets]
    return [target for target in targets if not target.gone or is_test_path(target.name) or is_build_path(target.name)]


def _is_looked_at(change: git.Change, file: str) -> bool:
    """Whether there are checks for a file; of those that are gone, for code and what runs its checks."""
    return checkable(file) and (not change.gone or _is_code(file) or is_build_path(change.path))


def _is_code(path: str) -> bool:
    language = language_of(path)
    return language is not None and language.group == "code"


def _lost_code(target: Target) -> bool:
    """Whether a change took lines away from a file of code that is no test."""
    if target.previous is None or is_test_path(target.name) or not _is_code(target.file):
        return False
    now = target.text
    if now is None:
        try:
            now = read_bytes(target.file, len(target.previous) * 2)
        except OSError:
            return True
    return not {line.strip() for line in target.previous.splitlines()} <= {line.strip() for line in now.splitlines()}


def _left_out(root: str, paths: Sequence[str], excludes: Excludes, *, force: bool) -> Callable[[str], bool]:
    """Whether a file is excluded below each of the paths that it was met by."""
    named = [os.path.realpath(path) for path in paths]
    if force or not named:
        return lambda file: excludes.has(file, root)
    looks = [excludes.below(path) for path in named if os.path.isdir(path)]

    def left_out(file: str) -> bool:
        met = [look for look in looks if look.holds(file)]
        return file not in named and bool(met) and all(look.has(file) for look in met)

    return left_out


def _refuse_unknown(root: str, paths: Sequence[str], specs: Sequence[str], revision: str | None) -> None:
    base = revision or git.base(root)
    unknown = named.unknown(root, specs, revision=base, untracked=revision is not None)
    if not unknown:
        return
    listed = ", ".join(f"'{paths[number]}'" for number in unknown)
    real = [relative(os.path.realpath(paths[number])) for number in unknown]
    meant = [
        f"'{place}'" for place, number in zip(real, unknown, strict=True) if place != os.path.normpath(paths[number])
    ]
    hint = f"name {', '.join(meant)}, where that leads" if meant else "see 'git status' for its name"
    add = "" if revision else ", or stage it with 'git add'"
    raise AicheckError(f"git knows nothing at {listed}, so nothing was checked: {hint}{add}")


def _targets(root: str, changes: Sequence[git.Change]) -> list[Target]:
    texts = git.contents(root, [id_ for change in changes for id_ in (change.now, change.before)])
    targets = []
    for change, now, before in zip(changes, texts[::2], texts[1::2], strict=True):
        if (change.now and now is None) or (change.before and before is None):
            raise AicheckError(f"git has no copy of {change.path} here: this clone is partial; fetch it with git first")
        file = os.path.join(root, change.path.replace("/", os.sep))
        if change.gone:
            if os.path.lexists(file):
                continue  # git alone has let it go, or it has another name that this system takes for the same
            targets.append(Target(relative(file), b"", before, file, name=change.path, found=True, gone=True))
        elif before is None or now is not None or not same_on_disk(file, before):
            targets.append(Target(relative(file), now, before, file, name=change.path, found=True))
    return targets
