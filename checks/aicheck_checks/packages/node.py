"""What a JavaScript project has: the manifests above a file, its `node_modules`, its path aliases.

All of it is read from files (package.json: docs.npmjs.com, "package.json";
tsconfig.json: typescriptlang.org, "paths" and "baseUrl").
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from typing import NamedTuple

from aicheck_checks.files import below, read

BUILTIN = frozenset(
    """assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain
    events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl
    sqlite stream string_decoder sys test timers tls trace_events tty url util v8 vm wasi worker_threads zlib
    bun electron vscode k6 cloudflare""".split()
)
"""Node's modules (nodejs.org/api), and names that a host program provides."""
SUFFIXES = (
    "", ".ts", ".tsx", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".json", ".vue", ".svelte", ".node",
    ".css", ".scss",
)  # fmt: skip
_DECLARING = (
    "dependencies", "devDependencies", "peerDependencies", "optionalDependencies", "bundledDependencies",
    "bundleDependencies", "resolutions", "overrides", "imports", "alias", "workspaces",
)  # fmt: skip
_COMMENT = re.compile(r"(\"(?:\\.|[^\"\\])*+(?:\"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])", re.DOTALL)
MAX_LEVELS = 40


class NodeProject(NamedTuple):
    """The manifests above a folder, taken together."""

    roots: tuple[str, ...]
    declared: frozenset[str]
    aliases: tuple[str, ...]
    """Beginnings of specifiers that a configuration resolves in its own way."""
    opaque: bool
    """Whether something resolves modules in a way that can't be read from here."""

    def has(self, package: str) -> bool:
        """Whether the package is declared, installed or part of the project."""
        if package in self.declared or f"@types/{package}" in self.declared:
            return True
        if any(os.path.isdir(os.path.join(root, "node_modules", package)) for root in self.roots):
            return True
        first = package.partition("/")[0]
        return any(os.path.exists(os.path.join(root, part, first)) for root in self.roots for part in ("", "src"))


@lru_cache(maxsize=1024)
def node_project(folder: str) -> NodeProject | None:
    """The project round a folder, or None where no package.json is at or above it."""
    roots, declared, aliases, opaque, here = [], set(), [], False, os.path.abspath(folder)
    for _ in range(MAX_LEVELS):
        manifest = _load(os.path.join(here, "package.json"))
        if manifest is not None:
            roots.append(here)
            declared |= _names(manifest)
        for name in ("tsconfig.json", "tsconfig.base.json", "jsconfig.json"):
            config = _load(os.path.join(here, name))
            options = config.get("compilerOptions") if config is not None else None
            if isinstance(options, dict) and isinstance(options.get("paths"), dict):
                aliases += [str(key).rstrip("*") for key in options["paths"]]
        names = ("deno.json", "deno.jsonc", "import_map.json", ".pnp.cjs", ".pnp.js")
        opaque = opaque or any(os.path.exists(os.path.join(here, name)) for name in names)
        above = os.path.dirname(here)
        if above == here or os.path.exists(os.path.join(here, ".git")):
            break
        here = above
    if not roots and not opaque:
        return None
    return NodeProject(tuple(roots), frozenset(declared), tuple(a for a in aliases if a), opaque)


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


def _load(path: str) -> dict[str, object] | None:
    """A JSON file, with the comments and trailing commas that tsconfig.json may have."""
    if not os.path.isfile(path):
        return None
    text = read(path)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = json.loads(_COMMENT.sub(lambda match: match[1] or "", text))
        except (ValueError, RecursionError):
            return {}
    return found if isinstance(found, dict) else {}


@lru_cache(maxsize=4096)
def relative_exists(folder: str, specifier: str) -> bool:
    """Whether a relative specifier leads to a file, by the rules of Node, bundlers and TypeScript together."""
    path = below(folder, specifier.partition("?")[0])
    stems = {path, re.sub(r"\.[mc]?[jt]sx?$", "", path)}
    if any(os.path.isfile(stem + suffix) for stem in stems for suffix in SUFFIXES):
        return True
    return os.path.isdir(path)
