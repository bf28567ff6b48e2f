"""Agent Trace records (0.1.0, https://agent-trace.dev): read from ``.agent-trace/traces.jsonl``, and written from the log.

A record names files, conversations in them, their contributor and ranges of lines of a revision.
"""

from __future__ import annotations

import json
import os
import uuid
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aicheck_app import __version__
from aicheck_app.attribution.author import Author
from aicheck_checks.files import read

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

VERSION = "0.1.0"
MAX_BYTES = 50_000_000
MAX_LINES = 1_000_000
"""Lines of one file that the records may name, all together and each time that they do."""
FILE = os.path.join(".agent-trace", "traces.jsonl")


def records_of(root: str) -> list[dict[str, Any]]:
    """The records of a work tree; lines that are none are left out."""
    found: list[dict[str, Any]] = []
    for line in read(os.path.join(root, FILE), MAX_BYTES).split("\n"):
        with suppress(ValueError, RecursionError):
            record = json.loads(line)
            if isinstance(record, dict) and isinstance(record.get("files"), list):
                found.append(record)
    return found


def lines_of(records: list[dict[str, Any]], path: str, revision: str = "") -> dict[int, Author]:
    """The AI-written lines (from 1) of a path, by the records of this revision, or of none if no revision is asked for."""
    found: dict[int, Author] = {}
    left = MAX_LINES
    for record in records:
        vcs = record.get("vcs")
        at = str(vcs.get("revision", "")) if isinstance(vcs, dict) else ""
        if at and revision and at != revision:
            continue
        for file in record["files"]:
            if isinstance(file, dict) and file.get("path") == path:
                for first, last, author in _ranges(file, record):
                    left -= last - first + 1
                    if left < 0:
                        return found
                    found.update(dict.fromkeys(range(first, last + 1), author))
    return found


def _ranges(file: dict[str, Any], record: dict[str, Any]) -> Iterator[tuple[int, int, Author]]:
    tool = record.get("tool")
    agent = str(tool.get("name", "")) if isinstance(tool, dict) else ""
    for talk in _dicts(file.get("conversations")):
        by = talk.get("contributor")
        by = by if isinstance(by, dict) else {}
        if by.get("type") not in ("ai", "mixed"):
            continue
        model = str(by.get("model_id", "")).rpartition("/")[2]
        for place in _dicts(talk.get("ranges")):
            first, last = place.get("start_line"), place.get("end_line")
            if isinstance(first, int) and isinstance(last, int) and 0 < first <= last < MAX_LINES:
                yield first, last, Author("agent-trace", agent, model, str(talk.get("url", "")))


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def record(files: Mapping[str, Mapping[int, Author]], revision: str, time: str) -> dict[str, Any]:
    """A record that says of these files which lines which model wrote."""
    return {
        "version": VERSION, "id": str(uuid.uuid4()), "timestamp": time, "vcs": {"type": "git", "revision": revision},
        "tool": {"name": "aicheck", "version": __version__},
        "files": [{"path": path, "conversations": list(_conversations(lines))} for path, lines in files.items() if lines],
    }  # fmt: skip


def _conversations(lines: Mapping[int, Author]) -> Iterator[dict[str, Any]]:
    for author in dict.fromkeys(lines.values()):
        contributor = {"type": "ai", **({"model_id": author.model} if author.model else {})}
        talk: dict[str, Any] = {
            "contributor": contributor,
            "ranges": list(_spans(n for n, a in lines.items() if a == author)),
        }
        yield {**({"url": f"urn:session:{author.session}"} if author.session else {}), **talk}


def _spans(numbers: Iterator[int]) -> Iterator[dict[str, int]]:
    start = last = 0
    for number in sorted(numbers):
        if start and number != last + 1:
            yield {"start_line": start, "end_line": last}
            start = 0
        start, last = start or number, number
    if start:
        yield {"start_line": start, "end_line": last}
