"""A member is used that Python's standard library has in no supported version.

## Why it matters
Models invent methods and functions that sound right (`Path.read_json`). The code fails with an `AttributeError` when it gets there.

## Instead
Use what the standard library has.

## When it counts
For a module under a name that means nothing else in the text, and for the methods of an object whose class the text names: an annotated
parameter, a variable with one value, a call of the class on the spot. Places that expect the failure are left alone, and so are texts that
are written for other versions of Python or that change what modules have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """Each use of a member that is not there."""
    from aicheck_checks.analysis.standard_members import missing_members

    for one in missing_members(source):
        start = source.offset(one.line, one.column)
        yield Found(f"{one.owner} has no '{one.name}'", start, start + len(one.name), name=one.name)


RULE = Rule(
    code="API007",
    name="unknown-standard-member",
    summary="a member that the standard library has in no version",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    when="parses",
    languages=("python",),
    yields_to=("API001",),
    good=(
        Case("import os\n\nprint(os.path.join(os.sep, 'a'), os.startfile)\n"),
        Case("from pathlib import Path\n\n\ndef f(path: Path):\n    path = load(path)\n    return path.read_json()\n\n\ndef load(path):\n    return path\n"),
        Case("import os\n\ntry:\n    os.no_such()\nexcept AttributeError:\n    pass\n"),
        Case("import os\n\nif hasattr(os, 'no_such'):\n    os.no_such()\n"),
        Case("from pathlib import Path\n\n\ndef f(path: Path, load):\n    return [load(path) for path in path.iterdir() if path.no_such()]\n"),
        Case("import os\n\nos.mine = 1\nprint(os.mine)\n"),
    ),
    bad=(
        Case("from pathlib import Path\n\n\ndef f(path: Path):\n    return path.read_json()\n", line=5, says="pathlib.Path has no 'read_json'", symptom="the assistant calls a method that does not exist"),
        Case("import os\n\nprint(os.path.joined('a', 'b'))\n", line=3, says="os.path has no 'joined'"),
        Case("from pathlib import Path\n\nprint(Path('a').read_json())\n", line=3, says="'read_json'"),
        Case("import os\n\ntry:\n    os.no_such()\nexcept OSError:\n    pass\n", line=4, says="os has no 'no_such'"),
        Case("import subprocess as sp\n\nprocess = sp.Popen(['a'])\nprint(process.wait_all())\n", line=4, says="subprocess.Popen has no 'wait_all'"),
    ),
)  # fmt: skip
