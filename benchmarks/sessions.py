"""Real sessions for the benchmarks of capture: ``FOLDER/AGENT/OWNER+NAME/FILE``, and clones of their repositories.

Whose sessions they are is nobody's business here: none of their texts is printed or kept.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicheck_app.capture.committed import Committed, Repository
from aicheck_app.capture.reader import Reader, format_of, is_database, transcripts
from aicheck_app.capture.stores import opened

if TYPE_CHECKING:
    from collections.abc import Iterator


def files(folder: Path) -> Iterator[tuple[str, str]]:
    """Each session's file with the name of its repository, ``owner+name``; empty where it lies in no such folder."""
    for file in transcripts(str(folder)):
        repository = os.path.basename(os.path.dirname(file))
        yield file, repository if "+" in repository else ""


def rows(file: str) -> Iterator[dict[str, Any]]:
    """The lines of a session's file that are JSON objects."""
    for line in Path(file).read_text("utf-8", "replace").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row


def readers(file: str, kept: Committed | None) -> Iterator[Reader]:
    """A reader of a file, or of each session of a database. Raises AicheckError where it is no session's, OSError."""
    form = format_of(file)
    if form is None or form.store is None or not is_database(file):
        yield Reader(file, form, kept)
        return
    with opened(file) as db:
        for one in list(form.store.sessions(db)):
            yield Reader(file, form, kept, (db, one))


def committed(repository: str, clones: Path | None) -> Committed | None:
    """What git keeps of a session's repository, by a clone in a folder of clones; a session's paths begin in another place."""
    clone = clones / repository if clones is not None and repository else None
    if clone is None or not clone.is_dir():
        return None
    name = repository.partition("+")[2]

    def find(folder: str) -> Repository | None:
        parts = folder.replace("\\", "/").split("/")
        places = [at for at, part in enumerate(parts) if part == name]
        return Repository("/".join(parts[: places[-1] + 1]), str(clone)) if places else None

    return Committed(find)
