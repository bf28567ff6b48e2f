"""A key stands twice in one mapping of YAML or JSON.

## Why it matters
YAML forbids it (YAML 1.2.2, section 3.2.1.1), and readers of JSON keep one of the two without a word: the first value is lost. It
comes from edits that were applied twice, or beside what they should have replaced.

## Instead
Keep the key that is meant.

## Known limits
Merge keys (`<<`), keys that hold comments (`//`, `$comment`, `comment`) and keys made by a template may repeat.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import text_of
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_MAPPINGS = {"object": "pair", "block_mapping": "block_mapping_pair", "flow_mapping": "flow_pair"}
_MAY_REPEAT = ("<<", "//", '"//"', '""', '"$comment"', '"_comment"', '"comment"')
"""Keys that are merged, and those that people write comments in."""

_REPEATING = (".cirrus.yml", ".cirrus.yaml")
"""Files whose readers take a key twice (https://cirrus-ci.org/guide/writing-tasks/#matrix-modification)."""


def check(source: Source) -> Iterator[Found]:
    """The first key that its mapping has already."""
    if source.tree is None or source.path.endswith(_REPEATING):
        return
    stack = [source.tree.root_node]
    while stack:
        node = stack.pop()
        stack.extend(reversed(node.named_children))
        if node.type in _MAPPINGS and (second := _repeated(node)) is not None:
            start, end = source.char_offset(second.start_byte), source.char_offset(second.end_byte)
            yield Found(f"the key {text_of(second)[:60]} stands twice in its mapping", start, end)
            return


def _repeated(mapping: Node) -> Node | None:
    seen: set[str] = set()
    for pair in mapping.named_children:
        key = pair.child_by_field_name("key") if pair.type == _MAPPINGS[mapping.type] else None
        if key is None:
            continue
        name = text_of(key)
        plain = name.strip("\"'") if mapping.type != "object" else name
        if plain in seen and name not in _MAY_REPEAT and "{{" not in name:
            return key
        seen.add(plain)
    return None


RULE = Rule(
    code="REP004",
    name="duplicate-key",
    summary="a key stands twice in one mapping",
    page=__doc__,
    check=check,
    needs=("tree",),
    when="parses",
    languages=("json", "yaml"),
    yields_to=("REP001", "REP003"),
    good=(
        Case('{"a": {"b": 1}, "b": {"b": 2}, "//": "x", "//": "y"}\n', language="json"),
        Case("a:\n  matrix: 1\n  matrix: 2\n", language="yaml", path=".cirrus.yml"),
        Case("a:\n  <<: *b\n  <<: *c\nb:\n  a: 1\n", language="yaml"),
    ),
    bad=(
        Case('{"a": 1,\n "b": 2,\n "a": 3}\n', line=3, says='"a"', language="json", symptom="duplicate key in JSON"),
        Case("a:\n  b: 1\n  c: 2\n  b: 3\n", line=4, says="b", language="yaml", symptom="duplicate key in YAML"),
    ),
)
