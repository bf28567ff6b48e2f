"""Where relative imports of JavaScript and TypeScript lead, and whether what they lead to has a name."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.made import is_ignored, named_in
from aicheck_checks.surroundings.node import project_of, relative_exists, repository_of
from aicheck_checks.surroundings.node_exports import exports

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

_CODE = (".ts", ".tsx", ".mts", ".cts", ".d.ts", ".d.mts", ".d.cts", ".js", ".jsx", ".mjs", ".cjs")
_SCRIPT = re.compile(r"\.[mc]?[jt]sx?$")
_MADE = lazy(
    r"(?i)(?:^|/)(?:\.(?!\.?/)[\w-]|(?:dist|build|out|lib|libs|es|esm|cjs|pkg|gen|generated|_?_?generated_?_?|target|vendor|output|"
    r"coverage|styled-system|node_modules|bundles?|release|public)(?:/|$))|generated|\$types|\+types|\.gen(?:\.|$)|-env(?:\.|$)|\{\{|<%"
)
"""Paths of what builds make, and of templates."""
_ASSET = lazy(r"\.(?!(?:[mc]?[jt]sx?|vue|svelte|json)$)[a-z0-9]{1,8}$")
"""Endings that a loader or `declare module '*.x'` gives a meaning."""
_NO_MODULE = frozenset({"test", "spec", "stories", "bench", "cy", "e2e", "snap", "module"})
_BUILDS = (
    "package.json", "turbo.json", "angular.json", "project.json", "Makefile", "rollup.config.js", "rollup.config.mjs",
    "vite.config.ts", "vite.config.js", "vite.config.mts", "webpack.config.js", "tsup.config.ts", "BUILD.bazel",
)  # fmt: skip
_ENDS = ("", ".ts", ".tsx", ".js", ".mjs", ".d.ts", "/index.ts", "/index.js", ".json")
_STARS = 8


def missing_file(disk: Disk, folder: str, specifier: str) -> bool | None:
    """Whether a relative specifier leads to nothing; None for can't tell, such as for what a build may make."""
    if disk.fact(relative_exists, folder, specifier):
        return False
    path = below(folder, specifier)
    top = disk.fact(repository_of, folder)
    if (
        "?" in specifier
        or "!" in specifier
        or _MADE.search(specifier)
        or _ASSET.search(specifier)
        or not disk.is_dir(folder)
    ):
        return None
    if _has_variant(disk, path) or top is None or not path.startswith(top):
        return None
    stem = _SCRIPT.sub("", path)
    if _MADE.search(os.path.relpath(path, top).replace(os.sep, "/")) or is_ignored(disk, top, stem, _ENDS):
        return None
    project = disk.fact(project_of, folder)
    roots = project.roots if project is not None else ()
    words = re.findall(r"\w+", os.path.basename(stem))
    if any(set(words) <= disk.fact(named_in, root, _BUILDS) for root in (*roots, top)):
        return None
    return None if any(disk.fact(_merges_folders, root) for root in (*roots, top)) else True


def _has_variant(disk: Disk, path: str) -> bool:
    """Whether a file stands there for some platform or tool (`x.ios.tsx`, `x.md`), or in another case."""
    stem = _SCRIPT.sub("", os.path.basename(path)).lower()
    for name in disk.listing(os.path.dirname(path)):
        rest = name.lower().removeprefix(stem)
        if rest != name.lower() and (not rest or rest[0] == ".") and _NO_MODULE.isdisjoint(rest.split(".")):
            return True
    return False


def _merges_folders(disk: Disk, root: str) -> bool:
    """Whether a configuration lets relative paths lead to several folders (tsconfig's `rootDirs`)."""
    return any(
        "rootDirs" in disk.read(os.path.join(root, name), 100_000) for name in ("tsconfig.json", "tsconfig.base.json")
    )


def missing_name(disk: Disk, folder: str, specifier: str, name: str) -> bool | None:
    """Whether a module that a relative specifier leads to has no such export; None for can't tell."""
    answer = _has(disk, folder, specifier, name, _STARS)
    return None if answer is None else not answer


def _has(disk: Disk, folder: str, specifier: str, name: str, stars: int) -> bool | None:
    files = disk.fact(_files, folder, specifier)
    answers = [_exports(disk, file, name, stars) for file in files]
    return True if True in answers else None if None in answers or not answers else False


def _exports(disk: Disk, file: str, name: str, stars: int) -> bool | None:
    found = disk.fact(exports, file)
    if found is None or not stars:
        return None
    if name in found.names:
        return True
    answers = [
        _has(disk, os.path.dirname(file), star, name, stars - 1) if star.startswith(".") else None
        for star in found.stars
    ]
    return True if True in answers else None if None in answers else False


def _files(disk: Disk, folder: str, specifier: str) -> tuple[str, ...]:
    """The files of code that a relative specifier may lead to; none where it may lead elsewhere too."""
    path = below(folder, specifier)
    stem = _SCRIPT.sub("", path)
    if "?" in specifier or _ASSET.search(specifier) or specifier.endswith((".json", ".vue", ".svelte")):
        return ()
    found = [place + end for place in dict.fromkeys((path, stem)) for end in ("", *_CODE)]
    files = [file for file in found if disk.is_file(file)]
    if files or not disk.is_dir(path) or disk.exists(os.path.join(path, "package.json")):
        return tuple(dict.fromkeys(files))
    return tuple(file for end in _CODE if disk.is_file(file := os.path.join(path, "index" + end)))
