"""What a JavaScript project has: the manifests above a file, its `node_modules`, its path aliases.

All of it is read from files (package.json: docs.npmjs.com, "package.json";
tsconfig.json: typescriptlang.org, "paths" and "baseUrl").
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.disk import above
from aicheck_checks.surroundings.node_repository import has_own
from aicheck_checks.surroundings.repository import top_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.surroundings.disk import Disk

BUILTIN = frozenset(
    """assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain
    events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl
    sqlite stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib
    bun electron vscode k6 cloudflare""".split()
)
"""Node's modules (nodejs.org/api), and names that a host program provides."""
MARKERS = ("package.json", "pnpm-workspace.yaml", "tsconfig.json", "deno.json")
SUFFIXES = (
    "", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".vue", ".svelte", ".node",
    ".css", ".scss",
)  # fmt: skip
_BUNDLER = lazy(r"(?:webpack|rollup|vite|vitest|rspack|rsbuild|esbuild|jest|next|babel)\.[\w.-]{0,60}\.?[cm]?[jt]s")
_NAMED = lazy(r"[\"']([\w@][\w@/.-]{0,100})[\"']|^[ \t]*([\w$]{1,100})[ \t]*:", re.MULTILINE)
MAX_CONFIGURATION = 200_000
"""Code points of a bundler's configuration that are read."""
_DECLARING = (
    "dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "bundledDependencies",
    "bundleDependencies", "resolutions", "overrides", "imports", "alias", "workspaces",
)  # fmt: skip


class NodeProject(NamedTuple):
    """The manifests above a folder, taken together."""

    roots: tuple[str, ...]
    declared: frozenset[str]
    aliases: tuple[str, ...]
    """Beginnings of specifiers that a configuration resolves in its own way."""
    opaque: bool
    """Whether something resolves modules in a way that can't be read from here."""


def project_of(disk: Disk, folder: str) -> NodeProject | None:
    """The project round a folder, or None where no package.json is at or above it."""
    roots, declared, aliases, opaque = [], set(), [], False
    for here in _within(disk, folder):
        manifest = disk.json(os.path.join(here, "package.json"))
        if manifest is not None:
            roots.append(here)
            declared |= _names(manifest)
        for name in ("tsconfig.json", "tsconfig.base.json", "jsconfig.json"):
            config = disk.json(os.path.join(here, name))
            options = config.get("compilerOptions") if config is not None else None
            if isinstance(options, dict) and isinstance(options.get("paths"), dict):
                aliases += [str(key).rstrip("*") for key in options["paths"]]
        names = ("deno.json", "deno.jsonc", "import_map.json", ".pnp.cjs", ".pnp.js")
        opaque = opaque or any(disk.exists(os.path.join(here, name)) for name in names)
    if not roots and not opaque:
        return None
    return NodeProject(tuple(roots), frozenset(declared), tuple(a for a in aliases if a), opaque)


def provides(disk: Disk, folder: str, name: str) -> bool | None:
    """Whether what a bare specifier names is declared, installed, aliased or part of the project; None for can't tell."""
    project = disk.fact(project_of, folder)
    if project is None:
        return None
    package = package_of(name)
    if {package, f"@types/{package}"} & project.declared or name.startswith(project.aliases):
        return True
    if any(_holds(disk, here, package) for here in _within(disk, folder)):
        return True
    first = package.partition("/")[0]
    if any(disk.exists(below(os.path.join(root, part), first)) for root in project.roots for part in ("", "src")):
        return True
    top = repository_of(disk, folder)
    if top is not None and has_own(disk, top, package):
        return True
    return None if project.opaque else False


def _within(disk: Disk, folder: str) -> Iterator[str]:
    """A folder and those above it, up to the top of its repository."""
    for here in above(folder):
        yield here
        if disk.exists(os.path.join(here, ".git")):
            return


def _holds(disk: Disk, folder: str, package: str) -> bool:
    """Whether a folder has a package installed, or a bundler's configuration in it names the package."""
    installed = below(os.path.join(folder, "node_modules"), package)
    if disk.is_dir(installed) or disk.is_file(installed + ".js"):
        return True
    return package in disk.fact(_named_for_bundler, folder)


def _named_for_bundler(disk: Disk, folder: str) -> frozenset[str]:
    """What stands in quotes, or before a colon, in the bundlers' configurations of a folder: aliases and externals among it."""
    configurations = [name for name in disk.listing(folder) if _BUNDLER.fullmatch(name)]
    texts = (disk.read(os.path.join(folder, name), MAX_CONFIGURATION) for name in configurations)
    return frozenset(name for text in texts for pair in _NAMED.findall(text) for name in pair if name)


def repository_of(disk: Disk, folder: str) -> str | None:
    """The top of the repository round a folder, or None."""
    return disk.fact(top_of, folder, MARKERS)


def package_of(specifier: str) -> str:
    """The package of a bare specifier: ``@scope/name`` or ``name``."""
    parts = specifier.split("/")
    return "/".join(parts[:2]) if specifier.startswith("@") else parts[0]


def _names(manifest: dict[str, object]) -> set[str]:
    found = {str(manifest["name"])} if "name" in manifest else set()
    for key in _DECLARING:
        part = manifest.get(key)
        if isinstance(part, (dict, list)):
            found |= {str(name) for name in part}
    return found


def relative_exists(disk: Disk, folder: str, specifier: str) -> bool:
    """Whether a relative specifier leads to a file, by the rules of Node, bundlers and TypeScript together."""
    path = below(folder, specifier.partition("?")[0])
    stems = {path, re.sub(r"\.[mc]?[jt]sx?$", "", path)}
    if any(disk.is_file(stem + suffix) for stem in stems for suffix in SUFFIXES):
        return True
    return disk.is_dir(path)
