"""The public type of a Java file has another name than the file.

## Why it matters
The compiler refuses it (Java Language Specification, section 7.6). It happens when the text of one file is written into another: what
stood in this one is gone.

## Instead
Look whether the text belongs in another file, and restore this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import text_of
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TYPES = (
    "class_declaration",
    "interface_declaration",
    "enum_declaration",
    "record_declaration",
    "annotation_type_declaration",
)


def check(source: Source) -> Iterator[Found]:
    """The first public type at the top of the file that the file is not named after."""
    base = source.path.replace("\\", "/").rpartition("/")[2]
    stem = base.removesuffix(".java")
    if source.tree is None or stem == base or not stem.isidentifier():
        return
    for node in source.tree.root_node.named_children:
        name = node.child_by_field_name("name") if node.type in _TYPES else None
        modifiers = next((child for child in node.named_children if child.type == "modifiers"), None)
        if name is None or modifiers is None or not any(child.type == "public" for child in modifiers.children):
            continue
        if text_of(name) != stem:
            start = source.char_offset(name.start_byte)
            yield Found(
                f"the public type '{text_of(name)}' must stand in a file of its name, not in '{base}'",
                start,
                start + len(text_of(name)),
            )
            return


RULE = Rule(
    code="SYN002",
    name="misnamed-type",
    summary="a public Java type stands in a file of another name",
    page=__doc__,
    check=check,
    needs=("tree",),
    when="parses",
    languages=("java",),
    good=(
        Case("public class Wallet {}\n\nclass Purse {}\n", language="java", path="Wallet.java"),
        Case("public class Wallet {}\n", language="java", path="sample.txt"),
    ),
    bad=(
        Case(
            "package a;\n\npublic class WalletService {}\n",
            line=3,
            says="'WalletService'",
            language="java",
            path="WalletController.java",
            symptom="the class is called otherwise than its file (Java)",
        ),
    ),
)
