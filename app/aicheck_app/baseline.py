"""A baseline: findings that a project had when it began, which are not shown again.

A finding is known by its rule, its file and its line's text, so that it is known again after lines above have come or gone.
The file holds hashes of lines, no code; paths are relative to its own folder.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_app import hashing
from aicheck_app.errors import AicheckError
from aicheck_app.writing import replace
from aicheck_checks.files import read_bytes, relative

if TYPE_CHECKING:
    from aicheck_app.checking import Located, Report

MAX_BYTES = 50_000_000
"""Of a baseline."""
DIGITS = 16
"""Hexadecimal digits kept of a line's hash."""
_Key = tuple[str, str, str]


def without_known(report: Report, path: str) -> Report:
    """A report without the findings that a baseline holds. Raises AicheckError for one that can't be read."""
    left, folder = _read(path), _folder(path)
    new = []
    for located in report.findings:
        key = _key(located, folder)
        if left[key] > 0:
            left[key] -= 1
        else:
            new.append(located)
    return report._replace(findings=new, known=len(report.findings) - len(new))


def write(report: Report, path: str) -> None:
    """Write all findings of a report as a baseline. Raises AicheckError where that can't be done."""
    folder = _folder(path)
    counts = Counter(_key(located, folder) for located in report.findings)
    rows = [
        {"path": name, "code": code, "line": line, "count": number}
        for (name, code, line), number in sorted(counts.items())
    ]
    text = json.dumps({"version": 1, "findings": rows}, indent=1, ensure_ascii=True) + "\n"
    try:
        replace(path, text)
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error


def _folder(path: str) -> str:
    return os.path.dirname(os.path.abspath(path))


def _key(located: Located, folder: str) -> _Key:
    name = relative(os.path.abspath(located.path), folder).replace(os.sep, "/")
    at = located.start.line - located.context_line
    line = located.context[at].strip() if at < len(located.context) else ""
    code = located.finding.code
    return name, code, hashing.of_text(f"{code}\0{name}\0{line}", DIGITS)


def _read(path: str) -> Counter[_Key]:
    try:
        data = read_bytes(path, MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise AicheckError(f"{path}: larger than {MAX_BYTES:,} bytes")
        rows = [
            ((str(row["path"]), str(row["code"]), str(row["line"])), int(row["count"]))
            for row in json.loads(data)["findings"]
        ]
    except OSError as error:
        hint = "; --write-baseline makes one" if isinstance(error, FileNotFoundError) else ""
        raise AicheckError(f"{path} can't be read: {error.strerror}{hint}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise AicheckError(f"{path} is no baseline of aicheck: {type(error).__name__}: {error}") from error
    return Counter(dict(rows))
