"""An import that the project can't satisfy.

## Why it matters
The module is neither in the standard library, nor installed in the project's
environment, nor declared in its metadata, nor part of the project: the import
fails, and the name may be invented. Do not install a package by that name
before you know who publishes it.

## Instead
Import what exists, or declare the dependency.

## Known limits
Read from the project's files, never by running anything. Where there is no
project round the file, or no installed environment to ask, the rule stays
silent or only notes the import; optional imports (in `try`, in a function,
under `TYPE_CHECKING`) are left alone.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from aicheck_checks.finding import Finding
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_OLD_STDLIB = frozenset(
    """distutils imp asynchat asyncore smtpd cgi cgitb telnetlib crypt pipes nntplib lib2to3 msilib
    ossaudiodev spwd sndhdr imghdr audioop aifc chunk nis sunau uu xdrlib mailcap tomllib formatter parser
    symbol binhex winreg _winreg msvcrt posix nt compression annotationlib string.templatelib""".split()
)


def check(source: Source) -> Iterator[Finding]:
    """Each absolute import at module level whose top-level module nothing provides."""
    project = source.project
    if project is None or source.tree is None:
        return
    for node, module in _imports(source.tree.root_node):
        top = module.partition(".")[0]
        if not top or top in sys.stdlib_module_names or top in _OLD_STDLIB or top == "__future__":
            continue
        answer = project.provides(top, source.path)
        if answer is None or answer:
            continue
        start = source.char_offset(node.start_byte)
        end = source.char_offset(node.end_byte)
        message = f"no module '{top}': not in the standard library, the environment, the metadata or the project"
        yield Finding("IMP004", message, start, end, confidence="high" if project.complete else "medium")


def _imports(root: Node) -> Iterator[tuple[Node, str]]:
    """Imports that run whenever the module is imported."""
    for node in root.named_children:
        if node.type == "import_statement":
            for child in node.named_children:
                dotted = child.child_by_field_name("name") if child.type == "aliased_import" else child
                if dotted is not None and dotted.text:
                    yield node, dotted.text.decode("utf-8", "replace")
        elif node.type == "import_from_statement":
            module = node.child_by_field_name("module_name")
            if module is not None and module.type == "dotted_name" and module.text:
                yield node, module.text.decode("utf-8", "replace")


RULE = Rule(
    code="IMP004",
    name="unresolved-module",
    summary="an import that the project can't satisfy",
    page=__doc__,
    check=check,
    languages=("python",),
    good=(Case("import os\nimport json\n"), Case("import surely_not_there\n")),
    bad=(),
)
