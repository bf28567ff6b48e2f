"""A definition of the version before is gone, and the project still uses it.

## Why it matters
A file that was written anew from a shortened memory loses what other files rely on. It parses, and so do they; the program fails when
it comes to the call, or the page to the resource.

## Instead
Restore the definition, or change its users too.

## When it counts
Where nothing of that name stands anywhere else in the repository: functions and methods of Python and PHP (of classes without a base),
exports of JavaScript and TypeScript that a file imports by name, keys of XAML's resources, blocks of Terraform.
"""

from __future__ import annotations

import os
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.imports.unresolved import MAX_FOUND
from aicheck_checks.analysis.orphans import orphans
from aicheck_checks.finding import Found
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source


def check(source: Source) -> Iterator[Found]:
    """One finding for each thing that is gone, at the beginning of the text, for its place is gone too."""
    for orphan in islice(orphans(source), MAX_FOUND):
        here = os.path.basename(source.path) == os.path.basename(orphan.used_in)
        where = "this file" if here else f"'{os.path.basename(orphan.used_in)}'"
        yield Found(
            f"'{orphan.what}' was lost: the version before has it, and {where} still uses it", 0, source.line_span(0)[1]
        )


RULE = Rule(
    code="TRU014",
    name="orphaned-use",
    summary="a definition is gone that the project still uses",
    page=__doc__,
    check=check,
    needs=("tree", "previous", "surroundings"),
    settles="turn",
    of_change=True,
    languages=("python", "php", "javascript", "typescript", "tsx", "terraform", "xml"),
    yields_to=("TRU001", "TRU002", "TRU003", "TRU006", "TRU007", "TRU010", "TRU012", "ELI", "SYN", "COR", "REF", "IMP001", "IMP002"),
    good=(Case("def f():\n    return 1\n", previous="def f():\n    return 1\n\n\ndef g():\n    return 2\n"),),
    bad=(
        Case(
            "<?php\n\nuse PDO;\n\nclass A\n{\n    public function f()\n    {\n        return 1;\n    }\n}\n", line=1, says="'A.total'", language="php",
            previous="<?php\n\nuse PDO;\n\nclass A\n{\n    public function f()\n    {\n        return 1;\n    }\n\n    public function total()\n    {\n        return 2;\n    }\n}\n",
            path="A.php", files=((".git", ""), ("page.php", "<?php\n$a = new A();\necho $a->total();\n")),
            symptom='a method was removed that other files still call',
        ),
        Case(
            "export const a = 1;\n", previous="export const a = 1;\nexport function removeItem() {\n  return 1;\n}\n", line=1, says="'removeItem'",
            language="typescript", path="cart.ts", files=((".git", ""), ("cart.test.ts", "import { removeItem } from './cart';\n\nremoveItem();\n")),
        ),
        Case(
            'output "a" {\n  value = data.b.c.d\n}\n', previous='data "b" "c" {\n}\n\noutput "a" {\n  value = data.b.c.d\n}\n', line=1, says="'data.b.c'",
            language="terraform", path="main.tf", files=((".git", ""), ("other.tf", "")),
        ),
    ),
)  # fmt: skip
