"""The text of a file as it stands on disk just after an edit, for the doors that are told of edits as they land."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.encodings import decode
from aicheck_checks.files import read_bytes

if TYPE_CHECKING:
    from aicheck_app.capture.edits import Edit

MAX_BYTES = 2_000_000
"""Of a file that is read back after an edit."""


def text_of(path: str) -> str | None:
    """A file's text; None for one that can't be read, is too long or is no text."""
    try:
        data = read_bytes(path, MAX_BYTES + 1)
    except OSError:
        return None
    return decode(data) if len(data) <= MAX_BYTES else None


def with_file(edit: Edit) -> Edit:
    """An edit with its file's texts, if they have not been told; its path is absolute."""
    if edit.after is not None or not edit.path or edit.path.endswith(".ipynb"):
        return edit
    text = text_of(edit.path)
    return edit if text is None else edit.on(text)
