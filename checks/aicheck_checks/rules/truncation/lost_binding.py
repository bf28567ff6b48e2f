"""A variable that a function set in the version before is not set any more, and still read.

## Why it matters
An edit took a line too much: the function parses, and fails when it is run (`user` is not defined).

## When it counts
In functions of Go, JavaScript, PHP and TypeScript that both versions have.

## Instead
Restore the line, or what the name should be set to now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.lost_bindings import lost_bindings
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """The first use of each variable that its function does not set any more."""
    for name, start in lost_bindings(source):
        yield Found(
            f"'{name}' is read here, and the line that set it in the version before is gone",
            start,
            start + len(name),
            name=name,
        )


_ECMA = "export function find(mail) {\n  const user = load(mail);\n  return user.name;\n}\n\nfunction load(mail) {\n  const user = 1;\n  return user;\n}\n"
_GO = "package a\n\nfunc (s *S) Get() int {\n\tn := s.count()\n\treturn n\n}\n"
_PHP = "<?php\nclass A {\n  function f() {\n    $query = $this->make();\n    return $query->run();\n  }\n}\n"

RULE = Rule(
    code="TRU013",
    name="lost-binding",
    summary="a variable is read whose setting is gone",
    page=__doc__,
    check=check,
    needs=("tree", "previous"),
    settles="turn",
    when="parses",
    of_change=True,
    languages=("javascript", "typescript", "tsx", "go", "php"),
    yields_to=("IMP001", "TRU006", "TRU010", "COR015", "ELI001"),
    good=(
        Case(_ECMA.replace("  const user = load(mail);\n  return user.name", "  return load(mail).name"), previous=_ECMA, language="javascript"),
        Case(_GO.replace("\tn := s.count()\n\treturn n", "\treturn s.n"), previous=_GO, language="go"),
    ),
    bad=(
        Case(_ECMA.replace("  const user = load(mail);\n", ""), previous=_ECMA, line=2, says="'user'", language="javascript", symptom='a variable is used, but the line that set it is gone'),
        Case(_GO.replace("\tn := s.count()\n", ""), previous=_GO, line=4, says="'n'", language="go"),
        Case(_PHP.replace("    $query = $this->make();\n", ""), previous=_PHP, line=4, says="'query'", language="php"),
    ),
)  # fmt: skip
