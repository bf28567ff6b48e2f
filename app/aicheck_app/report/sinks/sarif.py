"""Texts and addresses in SARIF 2.1.0."""

from __future__ import annotations

import posixpath
from urllib.parse import quote

from aicheck_app.report.sinks.plain import visible


def message(text: str) -> str:
    """A message as plain text, in which ``[text](target)`` would be a link (section 3.11.6): it is escaped there."""
    shown = visible(text, "\t\n")
    if "](" not in shown:
        return shown
    for character in "\\[]":
        shown = shown.replace(character, f"\\{character}")
    return shown


def uri(path: str) -> str:
    """A path as the reference of an artifact, made of the bytes that its name has; never above where it starts from."""
    way = posixpath.normpath(path)
    while way.startswith(("../", "//")):  # the latter would name a host
        way = way.partition("/")[2]
    try:
        name = way.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        name = visible(way).encode("utf-8")
    return quote(name)
