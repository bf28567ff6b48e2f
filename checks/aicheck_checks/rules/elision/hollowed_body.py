"""A function that had a body in the version before is now an empty shell.

## Why it matters
The rewrite kept the signature and dropped the work: callers still find the
function and silently get nothing.

## Instead
Restore the body from the version before.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import inside
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
_NOT_YET = lazy(
    rb"(?i)\btodo!\(|\bunimplemented!\(|not (?:yet |been )?implemented|\bNotImplemented(?:Error|Exception)\b|\bUnimplementedError\(|UnsupportedOperationException\(\"(?:TODO|not)|\bTODO\(|implement me|"
    rb"(?:fatalError|panic|preconditionFailure)\(\s*\"?(?:TODO|unimplemented|stub)"
)
_RAISES = lazy(
    rb"(?:todo|unimplemented)!|(?:throw|raise|TODO|fatalError|panic|preconditionFailure|abort|die|fail|error)\b|"
    rb"return\b.{0,100}\b(?:\w{0,40}[Ee]rror\w*|Err|reject|todo!|unimplemented!|TODO|panic)"
)
"""How a statement begins that gives up; what holds one among others is no stand-in."""
_CONSTANT = lazy(rb"return\b[ \t]*(?:[\w.]+|\"[^\"\n]{0,200}\"|'[^'\n]{0,200}'|\[\]|\{\}|-?[\d.]+)?;?")
_FOR_NOW = lazy(
    rb"(?i)\bTODO\b|\bFIXME\b|temporar|for now\b|placeholder|\bstub|\bmock|simplif|disabled|in a real\b|simulat"
)
_SHAM = lazy(
    rb"(?i)in a real\b|in production,? (?:this|you|we)|simulat\w*|(?:mock|dummy|sample|fake|placeholder|hard-?coded)(?:ed)? (?:data|value|response|result|implementation)|"
    rb"placeholder\b.{0,40}for now|for now,? (?:just|we|return|simply|use)|(?:API|real) call (?:here|later)|until the .{0,40} is ready"
)
"""How comments say that the code beside them only looks as if it did the work."""
_GIVEN_UP = lazy(rb"(?i)deprecat|no longer|obsolete|removed in|unsupported|not supported")
SHORT = 3
"""Bytes of a line that any function may have."""
_ABSTRACT = (b"abstract", b"overload", b"Protocol")


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
        stand_in = _is_sham(then.body, left.body) or (
            had > 0 and _is_stand_in(left.body) and not _is_stand_in(then.body) and not _is_kept(then.body, left.body)
        )
        if not stand_in and (had < 2 or _work(left.body)):
            continue
        if _is_moved(then.body, old, source):
            continue
        if _given_up(left.body) if stand_in else _meant(left.body):
            continue
        start = source.char_offset(left.start)
        lost = f"{had} statement{'s' if had > 1 else ''}"
        message = (
            f"function '{name}' was emptied: the version before had {lost}, now {'a stand-in' if stand_in else 'none'}"
        )
        end = source.char_offset(left.body.start_byte)
        yield Found(message, start, len(source.text[:end].rstrip()))


def _is_stand_in(body: Node) -> bool:
    """Whether a body says that it is none yet: it throws that, or returns a constant beside a comment that promises the rest."""
    statements = _work(body)
    if len(statements) != 1:
        return False
    said = (statements[0].text or b"").strip()
    if _RAISES.match(said) and _NOT_YET.search(said):
        return True
    constant = _CONSTANT.fullmatch(said)
    whole = body.parent if body.parent is not None else body  # a comment at the begin of a block may stand before it
    return constant is not None and _FOR_NOW.search(whole.text or b"") is not None


def _is_kept(then: Node, now: Node) -> bool:
    """Whether most of a body's lines are in the new one too."""
    kept = set(_lines(now.text or b""))
    lines = _lines(then.text or b"")
    return sum(line in kept for line in lines) * 2 > len(lines)


def _is_moved(then: Node, old: Source, source: Source) -> bool:
    """Whether all lines of a body stand in the text as often as before: then they went to another place of it."""
    lines = set(_lines(then.text or b""))
    before, now = Counter(_lines(old.data)), Counter(_lines(source.data))
    return bool(lines) and all(now[line] >= before[line] for line in lines)


def _lines(text: bytes) -> list[bytes]:
    """The lines that say something, without the blanks round them."""
    return [line.strip() for line in text.split(b"\n") if len(line.strip()) > SHORT]


def _is_sham(then: Node, now: Node) -> bool:
    """Whether most of a body's lines are gone, and a comment says that what came in their place only stands for it."""
    before, after = then.text or b"", now.text or b""
    if _SHAM.search(before) or not any(_SHAM.search(comment) for comment in _comments(now)):
        return False
    kept = set(_lines(after))
    lines = _lines(before)
    return len(lines) >= 3 and sum(line in kept for line in lines) * 2 < len(lines)


def _comments(body: Node) -> Iterator[bytes]:
    whole = body.parent if body.parent is not None else body
    return (node.text or b"" for node in inside(whole) if "comment" in node.type)


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
    marked = any(mark in text[:400] for mark in (*_ABSTRACT, b"NotImplementedError", b"@Deprecated"))
    return marked or _SAID.search(_own(body)) is not None


def _given_up(body: Node) -> bool:
    """Whether a function that only says that it does nothing is one for good."""
    own = _own(body)
    return any(mark in own[:400] for mark in _ABSTRACT) or _GIVEN_UP.search(own) is not None


def _own(body: Node) -> bytes:
    """The beginning of the definition whose body this is."""
    return ((body.parent.text if body.parent is not None else None) or b"")[:2_000]


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
    yields_to=("ELI001", "TRU001", "TRU002", "TRU003", "TRU004", "TRU006", "COR005"),
    good=(
        Case(_WHOLE, previous=_WHOLE),
        Case("def total(items):\n    return sum(items)\n", previous=_WHOLE),
        Case('def total(items):\n    """No-op since the totals are kept in the table."""\n', previous=_WHOLE),
        Case("use c::{A, B};\n\nfn f(a: A) -> B {\n    match a {\n        A::B => 1,\n        A::D => 2,\n        A::C => todo!(),\n    }\n}\n",
             previous="use c::{A, B};\n\nfn f(a: A) -> B {\n    match a {\n        A::B => 1,\n        A::D => 2,\n    }\n}\n", language="rust"),
        Case("package a\n\nimport \"net/http\"\n\nfunc f(w W) {\n\thttp.Error(w, \"not implemented\", 501)\n}\n", previous="package a\n\nimport \"net/http\"\n\nfunc f(w W) {\n\thttp.Error(w, \"no\", 404)\n}\n", language="go"),
        Case("def f(a):\n    with a:\n        if not a.b:\n            raise NotImplementedError\n        a.run()\n        a.end()\n",
             previous="def f(a):\n    with a:\n        a.run()\n        a.end()\n"),
        Case("def f():\n    return {200: \"ok\", 501: \"not implemented\"}\n", previous="def f():\n    return {200: \"ok\"}\n"),
        Case("class A:\n    def f(self):\n        raise NotImplementedError\n\n\nclass B(A):\n    def f(self):\n        a = self.g(1)\n        return a\n",
             previous="class A:\n    def f(self):\n        a = self.g(1)\n        return a\n\n\nclass B(A):\n    x = 1\n"),
        Case("fun f(a: A) = when (a) {\n    B -> b()\n    C -> c()\n    else -> throw NotImplementedError()\n}\n",
             previous="fun f(a: A) = when (a) {\n    B -> b()\n    C -> c()\n}\n", language="kotlin"),
    ),
    bad=(
        Case("fn render(a: &A) -> String {\n    todo!(\"render\")\n}\n", previous="fn render(a: &A) -> String {\n    a.b.to_string()\n}\n",
             line=1, says="stand-in", language="rust", symptom='the body became todo!()'),
        Case("def total(items):\n    # TODO: check disabled temporarily\n    return items\n", previous=_WHOLE, line=1, says="stand-in", symptom='disabled temporarily'),
        Case("def total(items):\n    pass\n\n\nprint(total([1]))\n", previous=_WHOLE, line=1, says="'total'", symptom="the function's body is only 'pass' now"),
    ),
)  # fmt: skip
