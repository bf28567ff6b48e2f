"""What the pages of a package load: classic scripts, whose names are there for all scripts of a page without an import.

Source: HTML Living Standard, "The script element": a script without ``type="module"`` shares the page's global object.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.files import below
from aicheck_checks.patterns import lazy
from aicheck_checks.surroundings.repository import ending, texts

if TYPE_CHECKING:
    from aicheck_checks.surroundings.disk import Disk

_MAX_PAGES = 50
_EACH = 2_000_000
"""Bytes read of a script."""
_ALL = 10_000_000
"""Bytes read of all scripts, and of all pages."""
_SCRIPT = lazy(r"<script\b(?P<attributes>[^<>]{0,1000})>", re.IGNORECASE)
_SOURCE = lazy(r"\bsrc[^\S\n]{0,9}=[^\S\n]{0,9}[\"']?([^\s\"'<>]{1,500})", re.IGNORECASE)
_MODULE = lazy(r"\btype[^\S\n]{0,9}=[^\S\n]{0,9}[\"']?(?:module|application/|text/(?!javascript))", re.IGNORECASE)
_MEASURES = (
    "googletagmanager.",
    "google-analytics.",
    "plausible.",
    "cloudflareinsights.",
    "hotjar.",
    "matomo",
    "umami",
)
"""Hosts of scripts that count visitors and bring no names that a page's code uses."""
_ROOTS = ("", "public", "static", "src", "www", "assets", "app")
"""Folders below which the paths of a page's scripts begin."""
_SET = lazy(r"\.([A-Za-z_$][\w$]*)[^\S\n]*=(?!=)|\b(?:var|let|const|function|class)[^\S\n]+([A-Za-z_$][\w$]*)")


class Loaded(NamedTuple):
    """The names that scripts of pages set, and whether scripts are loaded that can't be read."""

    names: frozenset[str]
    unread: bool


def loaded(disk: Disk, root: str) -> Loaded:
    """What the pages below a folder load; at most 50 pages are read."""
    pages = ending(disk, root, (".html", ".htm"))[:_MAX_PAGES]
    found: set[str] = set()
    unread = False
    for page, text in zip(pages, texts(disk, pages, _EACH, _ALL), strict=False):
        for place in _classic(text):
            remote = place.startswith(("http:", "https:", "//"))
            file = None if remote else _file(disk, root, os.path.dirname(page), place)
            if file is not None:
                found.add(file)
            else:
                unread |= not any(host in place for host in _MEASURES)
    names = {name for text in texts(disk, sorted(found), _EACH, _ALL) for pair in _SET.findall(text) for name in pair}
    return Loaded(frozenset(names - {""}), unread)


def _classic(page: str) -> list[str]:
    """Where the classic scripts of a page are."""
    tags = [match["attributes"] for match in _SCRIPT.finditer(page)]
    return [found[1] for tag in tags if not _MODULE.search(tag) and (found := _SOURCE.search(tag)) is not None]


def _file(disk: Disk, root: str, folder: str, place: str) -> str | None:
    """The file of a script's path, which begins at the page or at one of the folders that are served."""
    path = re.split(r"[?#]", place, maxsplit=1)[0]
    bases = (root, folder) if path.startswith("/") else (folder, root)
    tried = [below(os.path.join(base, under), path.lstrip("/")) for base in bases for under in _ROOTS]
    return next((file for file in tried if file and disk.is_file(file)), None)
