"""A function that had a body in the version before is now an empty shell.

## Why it matters
The rewrite kept the signature and dropped the work: callers still find the
function and silently get nothing.

## Instead
Restore the body from the version before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_BLOCKS = frozenset({"statement_list", "statements", "block", "body_statement"})
_SAID = lazy(
    rb"(?i)no-?op\b|\bnothing\b|deprecat|intention|on purpose|deliberate|no longer|empty|compat|obsolete|legacy|not needed|"
    rb"unused|not supported|unsupported|disabled|ignored?\b|handled (?:by|in|elsewhere)|moved to|replaced by|stub"
)
"""How people say that a function does nothing any more."""
_ABSTRACT = (b"abstract", b"overload", b"Protocol", b"NotImplementedError", b"@Deprecated")


def check(source: Source) -> Iterator[Found]:
    """Each function that lost all of at least two statements."""
    old = source.before
    if old is None:
        return
    now = source.definitions
    for name, then in old.definitions.items():
        left = now.get(name)
        if left is None or then.kind != "function" or left.kind != "function":
            continue
        had = len(_work(then.body))
        if had < 2 or _work(left.body) or _meant(left.body):
            continue
        start = source.char_offset(left.start)
        message = f"function '{name}' was emptied: the version before had {had} statements, now none"
        end = source.char_offset(left.body.start_byte)
        yield Found(message, start, len(source.text[:end].rstrip()))


def _work(body: Node) -> list[Node]:
    """Statements that do something: no docstring, comment, ``pass`` or ``...``."""
    while True:
        inner = [child for child in body.named_children if not _idle(child)]
        if len(inner) != 1 or inner[0].type not in _BLOCKS:
            return inner
        body = inner[0]


def _idle(node: Node) -> bool:
    if node.type == "pass_statement" or "comment" in node.type:
        return True
    if node.type in ("return_statement", "return"):
        return not node.named_children or node.named_children[0].type in ("none", "null", "nil")
    inner = node.named_children[0] if node.named_children else None
    return node.type == "expression_statement" and inner is not None and inner.type in ("string", "ellipsis")


def _meant(body: Node) -> bool:
    definition = body.parent
    around = definition.parent if definition is not None else None
    text = (around.text if around is not None else None) or b""
    own = (definition.text if definition is not None else None) or b""
    return any(mark in text[:400] for mark in _ABSTRACT) or _SAID.search(own[:2_000]) is not None


_WHOLE = "def total(items):\n    result = sum(items)\n    return result\n\n\nprint(total([1]))\n"

RULE = Rule(
    code="ELI003",
    name="hollowed-body",
    summary="a function of the version before lost its body",
    page=__doc__,
    check=check,
    needs=(
        "tree",
        "previous",
    ),
    settles="text",
    of_change=True,
    languages=("code",),
    yields_to=("ELI001", "TRU001", "TRU002", "TRU003", "TRU004", "TRU006"),
    good=(
        Case(_WHOLE, previous=_WHOLE),
        Case("def total(items):\n    return sum(items)\n", previous=_WHOLE),
        Case('def total(items):\n    """No-op since the totals are kept in the table."""\n', previous=_WHOLE),
    ),
    bad=(Case("def total(items):\n    pass\n\n\nprint(total([1]))\n", previous=_WHOLE, line=1, says="'total'"),),
)
