"""A function or field of the version before is gone, and its own file still uses it.

## Why it matters
A file that was written anew loses the small helpers that stand at its end. What calls them stays, and does not compile, or fails when
it comes there.

## Instead
Restore the definition, or change what uses it.

## When it counts
Where the name is called by itself (or through `this` or `self`) in the same file, and no other file of the repository defines one like
it. Private fields count in Java, Kotlin, C#, Swift and Scala. It is only a note where the name may come from what can't be looked into:
a base class, a wildcard import, a sourced file or an annotation of a library.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_FOUND
from aicheck_checks.analysis.lost_members import ENDS, lost_members
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """Each use of what is gone."""
    for name, start, doubtful in islice(lost_members(source), MAX_FOUND):
        yield Found(
            f"'{name}' is used here, and what defined it in the version before is gone",
            start,
            start + len(name),
            confidence="low" if doubtful else "high",
            name=name,
        )


_JAVA = "class Cart {\n  int total() {\n    return sum() * 2;\n  }\n\n  private int sum() {\n    return 1;\n  }\n}\n"
_SHELL = 'log() {\n  echo "$1"\n}\n\nlog start\n'
_CSHARP = "class A {\n  private readonly Log _log;\n\n  void F() {\n    _log.Add(1);\n  }\n}\n"

RULE = Rule(
    code="TRU015",
    name="lost-member",
    summary="a function or field is gone that its file still uses",
    page=__doc__,
    check=check,
    needs=("tree", "previous", "surroundings"),
    settles="turn",
    of_change=True,
    languages=tuple(ENDS),
    yields_to=("TRU001", "TRU002", "TRU003", "TRU006", "TRU007", "TRU010", "TRU012", "TRU013", "ELI", "SYN", "COR", "REF", "IMP001", "IMP002"),
    good=(
        Case(_JAVA.replace("sum() * 2", "2").replace("  private int sum() {\n    return 1;\n  }\n", ""), previous=_JAVA, language="java", path="Cart.java", files=((".git", ""), ("Other.java", ""))),
        Case(_CSHARP.replace("private readonly Log _log;", "Log _log;"), previous=_CSHARP, language="csharp", path="A.cs", files=((".git", ""), ("B.cs", ""))),
    ),
    bad=(
        Case(_JAVA.replace("  private int sum() {\n    return 1;\n  }\n", ""), previous=_JAVA, line=3, says="'sum'", language="java", path="Cart.java", files=((".git", ""), ("Other.java", "")), symptom='a private method or field was removed that the class still uses'),
        Case("log start\n", previous=_SHELL, line=1, says="'log'", language="bash", path="a.sh", files=((".git", ""), ("b.sh", ""))),
        Case(_CSHARP.replace("  private readonly Log _log;\n", ""), previous=_CSHARP, line=4, says="'_log'", language="csharp", path="A.cs", files=((".git", ""), ("B.cs", ""))),
    ),
)  # fmt: skip
