"""Where Go's imports lead: the standard library, the module itself, what go.mod requires (go.dev/ref/mod)."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import read
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rules.imports.unresolved import MAX_IMPORTS, Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_REQUIRED = lazy(
    r"^[^\S\n]*(?:require\s+|replace\s+)?((?=[\w.-][\w-]*+\.[\w.-])[\w.-]++(?:/[^\s()]++)?)\s+(?:v\d|=>)", re.MULTILINE
)
_MODULE = lazy(r"^[^\S\n]*module\s+\"?([^\s\"]+)", re.MULTILINE)
_MAX_LEVELS = 40
_MAX_PARTS = 40


class GoModule(NamedTuple):
    """A go.mod: its folder, the module's path, and the paths it requires."""

    root: str
    path: str
    required: frozenset[str]


def unresolved(source: Source) -> Iterator[Unresolved]:
    """Each import that go.mod does not cover, and each package of the module that has no folder."""
    module = _module(source.folder) if source.folder is not None else None
    if module is None or source.tree is None:
        return
    for node in islice(_specs(source), MAX_IMPORTS):
        path = text_of(node).strip('"`')
        message = _missing(module, path)
        if message is not None:
            start, end = source.char_offset(node.start_byte), source.char_offset(node.end_byte)
            yield Unresolved("unprovided", message, start, end, "warning", "medium")


def _specs(source: Source) -> Iterator[Node]:
    assert source.tree is not None
    stack = [n for n in source.tree.root_node.named_children if n.type == "import_declaration"]
    while stack:
        node = stack.pop()
        path = node.child_by_field_name("path") if node.type == "import_spec" else None
        if path is not None:
            yield path
        else:
            stack.extend(reversed(node.named_children))


def _missing(module: GoModule, path: str) -> str | None:
    if path == module.path or path.startswith(module.path + "/"):
        folder = os.path.join(module.root, path[len(module.path) :].lstrip("/"))
        return None if os.path.isdir(folder) else f"no folder for package '{path}' of this module"
    if "." not in path.partition("/")[0] or any(part in module.required for part in _above(path)):
        return None
    if os.path.isdir(os.path.join(module.root, "vendor", path)):
        return None
    return f"no module for '{path}' in go.mod"


def _above(path: str) -> Iterator[str]:
    """A path and the paths of which it is a part."""
    parts = path.split("/", _MAX_PARTS)[:_MAX_PARTS]
    return (f"{'/'.join(parts[:size])}" for size in range(1, len(parts) + 1))


@lru_cache(maxsize=1024)
def _module(folder: str) -> GoModule | None:
    here = os.path.abspath(folder)
    for _ in range(_MAX_LEVELS):
        if os.path.exists(os.path.join(here, "go.work")):
            return None
        file = os.path.join(here, "go.mod")
        if os.path.isfile(file):
            return _read(here, file)
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return None


def _read(root: str, file: str) -> GoModule | None:
    text = read(file, 2_000_000)
    name = _MODULE.search(text)
    return GoModule(root, name[1], frozenset(_REQUIRED.findall(text))) if name else None
