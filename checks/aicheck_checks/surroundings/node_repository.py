"""What a whole repository says of JavaScript packages: which are its own, which it declares, which it imports often."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.repository import ending, paths, texts

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

CODE = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro")
MAX_MANIFESTS = 2_000
"""Manifests of a repository that are read."""
MANY = 3
"""Files that import a package which nothing declares: so many do not run by mistake."""
_HEAD = 32_000
"""Bytes of a file in which its imports are looked for."""
_ALL = 30_000_000
"""Bytes read for that of all files together."""
_MAX_CONFIG = 200_000
_DECLARING = (
    "dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "bundledDependencies",
    "bundleDependencies", "resolutions", "overrides", "imports", "alias", "catalog",
)  # fmt: skip
_IMPORTED = lazy(r"(?:\bfrom|\bimport|\brequire\()[^\S\n]*[\"']((?:@[\w.-]+/)?[\w.-]+)")
_MODULE = lazy(r"\bdeclare[^\S\n]+module[^\S\n]+[\"']([^\"'\n]+)[\"']")
_QUOTED = lazy(r"[\"'`]([^\"'`\n]{1,100})[\"'`]|\b([A-Za-z_$][\w$-]{0,99}+)[^\S\n]*:")
"""What is quoted, and the keys of tables."""
_CONFIGS = lazy(r"(?:^|/)(?:(?:vite|vitest|webpack|rollup|jest|babel|next|nuxt|astro|svelte|metro|craco|vue|rspack|rsbuild|tsup|esbuild|karma|eslint|oxlint|biome)[\w.-]*\.(?:[cm]?[jt]s|jsonc?)|\.babelrc|pnpm-workspace\.yaml|angular\.json)$")  # fmt: skip
"""The files that may give a module another name, or make names known everywhere."""
_HIDDEN_CONFIGS = (
    ".eslintrc",
    ".eslintrc.json",
    ".eslintrc.js",
    ".eslintrc.cjs",
    ".eslintrc.yml",
    ".eslintrc.yaml",
    ".oxlintrc.json",
    ".jshintrc",
    ".babelrc",
)


def has_own(disk: Disk, top: str, package: str) -> bool:
    """Whether a package is one of the repository's, shares the scope of one, or is named in a manifest or configuration anywhere in it."""
    own, declares = disk.fact(_names, top), disk.fact(declared, top)
    if package in own or {package, f"@types/{package}"} & declares:
        return True
    scope, _, rest = package.partition("/")
    if rest and any(name.startswith(f"{scope}/") for name in own):
        return True
    return scope in disk.fact(_folders, top) or package in disk.fact(mentioned, top)


def _manifests(disk: Disk, top: str) -> list[dict[str, object]]:
    files = ending(disk, top, ("package.json",))[:MAX_MANIFESTS]
    return [found for file in files if (found := disk.json(file)) is not None]


def _packages(disk: Disk, top: str) -> list[str]:
    """The folders of the repository's packages."""
    return [os.path.dirname(file) for file in ending(disk, top, ("package.json",))[:MAX_MANIFESTS]]


def _names(disk: Disk, top: str) -> frozenset[str]:
    """The names of the repository's packages."""
    return frozenset(str(manifest["name"]) for manifest in disk.fact(_manifests, top) if "name" in manifest)


def declared(disk: Disk, top: str) -> frozenset[str]:
    """What the repository's manifests depend on, in whatever folder."""
    parts = (manifest.get(key) for manifest in disk.fact(_manifests, top) for key in _DECLARING)
    return frozenset(str(name) for part in parts if isinstance(part, (dict, list)) for name in part)


def _folders(disk: Disk, top: str) -> frozenset[str]:
    """The names of folders that hold code: a path may begin with any, if a configuration says so."""
    return frozenset(part for path in disk.fact(paths, top) if path.endswith(CODE) for part in path.split("/")[:-1])


def mentioned(disk: Disk, top: str) -> frozenset[str]:
    """Names in the configurations of bundlers and test runners, and the modules that declaration files describe."""
    configs = [os.path.join(top, path) for path in disk.fact(paths, top) if _CONFIGS.search(path)]
    configs += [
        os.path.join(top, folder, name) for folder in ("", *disk.fact(_packages, top)) for name in _HIDDEN_CONFIGS
    ]
    found = {
        name for text in texts(disk, configs, _MAX_CONFIG, _ALL) for pair in _QUOTED.findall(text) for name in pair
    }
    for text in texts(disk, ending(disk, top, (".d.ts",)), _MAX_CONFIG, _ALL):
        found.update(_MODULE.findall(text))
    return frozenset(found)


def is_common(disk: Disk, top: str, package: str) -> bool:
    """Whether many files of the repository import a package."""
    return disk.fact(_imports, top)[package] >= MANY


def _imports(disk: Disk, top: str) -> Counter[str]:
    """In how many files each package is imported."""
    counted: Counter[str] = Counter()
    for text in texts(disk, ending(disk, top, CODE), _HEAD, _ALL):
        counted.update({found if found[0] == "@" else found.partition("/")[0] for found in _IMPORTED.findall(text)})
    return counted
