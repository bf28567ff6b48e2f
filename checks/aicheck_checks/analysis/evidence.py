"""Evidence that a Python text which parses was cut inside its last function.

Each piece of evidence is one category of a group; a text has exactly one
category per group, so the weights of the groups may be added. The groups look
only at what a cut leaves behind: how the text ends, what the last function
promised, and what was prepared and is never used.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_checks.languages.python_scope import FUNCTION, Scope
from aicheck_checks.languages.tree import text_of
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from aicheck_checks.analysis.ending import Ending
    from aicheck_checks.diagnostic import Diagnostic
    from aicheck_checks.source import Source

MAX_NESTED = 10
"""Functions inside one another that are looked at: each is read with all inside it."""
_GUARDS = frozenset({"if_statement", "elif_clause", "else_clause"})
_PROMISING_NAME = lazy(
    r"(get|is|has|make|build|create|compute|calculate|parse|to|as|find|load|read|format|convert|"
    r"extract|generate|fetch|lookup|resolve|filter|merge|split|encode|decode|count|list)_"
)
_PROMISING_DOC = lazy(rb"(?i):returns?\b|:rtype:|\breturns?:|^[^\S\n]*returns?[^\S\n]*$", re.MULTILINE)
_NOTHING = lazy(rb"\s*+(?:None|NoReturn|Never|(?>.*?(?:Iterator|Generator|Iterable)).*+)\s*+")
_WORD = lazy(r"[^\W\d]\w*")
_PRIVATE = lazy(r"^(?:(?:async +)?def +|class +)?(_(?!_)\w+)[ \t]*(?=[(:=])", re.MULTILINE)
_HIDDEN = lazy(r"^[ \t]+(?:async +)?def (_(?!_)\w+)", re.MULTILINE)
_CONSTANT = lazy(r"^([A-Z][A-Z0-9_]*)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
_VARIABLE = lazy(r"^([a-z]\w*)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
_ABSTRACT = lazy(rb"(?i)abstract|protocol|interface|overload|\bABC|base|mixin|exception|error")
_EXPECTS = lazy(rb"(?i)raises|warns|catch|suppress|no_grad|does_not")
_HIDDEN_ATTRIBUTE = lazy(r"\bself\.(_(?!_)\w+)[ \t]*(?::[^=\n]{1,500}+)?=(?!=)")
_ATTRIBUTE = lazy(r"\bself\.([^\W_]\w*)[ \t]*(?::[^=\n]{1,500}+)?=(?!=)")
_EMPTY_FUNCTION = lazy(
    r"def \w+\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)[^:\n]{0,500}+:\s*+(?:\#[^\n]*+\s*+)?"
    r"(?:[rRuU]?(?:\"\"\"(?:[^\"]|\"(?!\"\"))*+\"\"\"|\"[^\"\n]*\"|'[^'\n]*')[ \t]*\n)?\s*+"
    r"(?:pass\b|\.\.\.|raise NotImplementedError|(?=@|def |class |\Z))"
)
_HELPER = lazy(r"^(?:async +)?def (?!test)([^\W_]\w*)\(|^class (?!Test)([^\W_]\w*)", re.MULTILINE)
_TESTS = lazy(r"^[^\S\n]*(?:async +)?def test", re.MULTILINE)
_DEF = lazy(r"\n[ \t]*(?:async +)?def ")
_RETURNS_VALUE = lazy(r"\b(?:return|yield)[ (]+[^\s#]")
_MUST_RETURN = frozenset(
    """__repr__ __str__ __eq__ __ne__ __len__ __iter__ __getitem__ __hash__ __enter__ __new__ __lt__
    __bool__ __contains__ __add__ __sub__ __mul__ __getattr__ __format__ __next__ __reduce__""".split()
)
_GIVES = lazy(rb"@(?:\w+\.)*(?:property|cached_property|contextmanager|fixture|lru_cache|cache)\b")
_EXCEPTION = lazy(r"^class (\w+(?:Error|Exception|Warning))\b", re.MULTILINE)
_CLASS = lazy(r"^class (\w+)", re.MULTILINE)
_SET = lazy(r"self\.(\w+)\s*(?::[^=\n]{1,500}+)?=(?!=)")
_EQUATED = lazy(r"(?<!\w)(\w++)=")
_IMPORTED = lazy(r"^[ \t]*(?:from|import)\b", re.MULTILINE)
_PLAIN_BASES = frozenset("object ABC Enum IntEnum StrEnum Protocol Generic NamedTuple TypedDict Exception".split())
_MEMBER = lazy(r"\bself\.(\w+)\b(\s*\()?")
_MEMBER_BOUND = lazy(
    r"\bself\.(\w+)\b\s*(?:,\s*self\.\w+\s*){0,20}(?::[^=\n]{1,500}+)?(?:[-+*/|&^%@]|//|\*\*|<<|>>)?=(?!=)|"
    r"^[ \t]+(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^[ \t]+(\w+)[ \t]*(?::[^=\n]+)?=|"
    r"^[ \t]+(\w+)[ \t]*:|(?:for|as)\s+self\.(\w+)|\(?self\.(\w+)(?:\s*,|\s*\)\s*=)",
    re.MULTILINE,
)


def gather(source: Source, end: Ending, open_question: Callable[[dict[str, str]], bool]) -> dict[str, str]:
    """The category of each group for a text that ends inside a function.

    The groups are measured in the order of their cost, and only while
    ``open_question`` says of the groups so far that the others can still change
    the outcome: most whole texts are done early.
    """
    found = _of_the_end(source, end)
    if not open_question(found):
        return found
    inherits = end.owner is not None and _inherits(end.owner, source.text)
    found |= _of_the_function(end, inherits)
    for group, measure in _of_the_text(source, end, inherits).items():
        if not open_question(found):
            break
        found[group] = measure()
    return found


def _of_the_end(source: Source, end: Ending) -> dict[str, str]:
    return {
        "ending": _how_it_ends(source, end),
        "block": end.blocks[-1].type if end.blocks else "-",
        "depth": _bucket(len(end.blocks), 3),
        "nested": _nested(end),
        "newline": "present" if source.text.endswith(("\n", "\r")) or _is_asserted(end) else "missing",
        "test": _test(end),
        "length": "-" if _is_stub(end) else _bucket(_statements(end.function), 4),
        "undefined": _bucket(len(_undefined(source)), 2),
        "exports": _bucket(len(_found(source, "F822")), 2),
        "imports": _imports(source),
    }


def _is_asserted(end: Ending) -> bool:
    """Whether a test ends with what it is for, an assertion: then people leave out the last line break as well."""
    return end.statement.type == "assert_statement" and _name(end.function).startswith("test") and not end.blocks


def _of_the_function(end: Ending, inherits: bool) -> dict[str, str]:
    stub = _is_stub(end)
    return {
        "promise": "stub" if stub else _promise(end),
        "unread": _bucket(len(end.scope.unread - _final_names(end)), 2),
        "parameters": "stub" if stub else _parameters(end, inherits),
    }


def _of_the_text(source: Source, end: Ending, inherits: bool) -> dict[str, Callable[[], str]]:
    text = source.text
    words: Counter[str] = Counter()

    def count() -> Counter[str]:
        if not words:
            words.update(_WORD.findall(text))
        return words

    def unused(pattern: re.Pattern[str], most: int = 2) -> Callable[[], str]:
        return lambda: _bucket(sum(count()[name] == 1 for name in pattern.findall(text)), most)

    return {
        "initialiser": lambda: _initialiser(end, count),
        "private": unused(_PRIVATE),
        "helpers": lambda: _helpers(text, count),
        "main": lambda: "uncalled" if "def main(" in text and count()["main"] == 1 else "-",
        "exceptions": unused(_EXCEPTION),
        "constants": unused(_CONSTANT),
        "attributes": unused(_HIDDEN_ATTRIBUTE),
        "public attributes": unused(_ATTRIBUTE, 3),
        "variables": unused(_VARIABLE),
        "methods": (lambda: "-") if inherits else unused(_HIDDEN),
        "siblings": lambda: "-" if _is_stub(end) else _siblings(text, end.scope),
        "members": lambda: _members(end.owner, text, inherits) if end.owner is not None else "-",
    }


def _bucket(count: int, most: int) -> str:
    return f"{most}+" if count >= most else str(count)


def _found(source: Source, code: str) -> list[Diagnostic]:
    return [d for d in source.diagnostics or () if d.code == code]


def _undefined(source: Source) -> set[str]:
    """Undefined names, but not those that frameworks put into modules (``__opts__``), nor what only a quoted annotation names."""
    return {
        name
        for d in _found(source, "F821")
        if not (name := source.word(d)).startswith("__") and source.region(source.offset(d.line, d.column)) != "string"
    }


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return text_of(name)


def _how_it_ends(source: Source, end: Ending) -> str:
    node = end.statement
    kind = node.type
    guarded = len(end.blocks) == 1 and end.blocks[0].type == "if_statement"
    if kind == "return_statement":
        shape = "value" if node.named_children else "bare"
        return f"guard-return-{shape}" if guarded else f"return-{shape}"
    if kind == "raise_statement":
        return "guard-raise" if guarded else "raise"
    if kind != "expression_statement":
        return kind
    inner = node.named_children[0] if node.named_children else node
    block = end.blocks[-1] if end.blocks else None
    if block is not None and block.type == "with_statement":
        if _EXPECTS.search((block.text or b"").partition(b"\n")[0]):
            return "expected-failure"
    if inner.type in ("assignment", "augmented_assignment"):
        return _assignment(inner, end.scope)
    if inner.type == "string":
        return _docstring(source, end)
    if inner.type == "call":
        return _call(inner)
    return inner.type if inner.type in ("await", "yield", "ellipsis") else "bare-expression"


def _call(node: Node) -> str:
    called = (node.child_by_field_name("function") or node).text or b""
    name = called.rpartition(b".")[2]
    if b"super()" in called or name == b"__init__":
        return "call-super"
    if name.lower().startswith((b"assert", b"fail", b"check", b"expect")):
        return "call-assert"
    if called == b"print" or name in (b"debug", b"info", b"warning", b"error", b"exception", b"warn"):
        return "call-print"
    if name in (b"append", b"add", b"extend", b"update", b"insert"):
        return "call-collect"
    return "call-self" if called.startswith(b"self.") else "call"


def _docstring(source: Source, end: Ending) -> str:
    """A function of only a docstring is usual among others of the kind."""
    if not _is_stub(end):
        return "string"
    bases = end.owner.child_by_field_name("superclasses") if end.owner is not None else None
    around = (bases.text if bases is not None else b"") or b""
    if _decorated(end.function) and end.function.parent is not None:
        around += (end.function.parent.text or b"")[:200].partition(b"def ")[0]
    if _ABSTRACT.search(around):
        return "docstring-abstract"
    alike = len(_EMPTY_FUNCTION.findall(source.text))
    return "docstring-among-others" if alike > 1 else "docstring"


def _is_stub(end: Ending) -> bool:
    """A function of nothing but a docstring, ``pass`` or ``...``."""
    body = end.function.child_by_field_name("body")
    inner = end.statement.named_children[0].type if end.statement.named_children else end.statement.type
    empty = inner in ("string", "ellipsis", "pass_statement")
    return empty and body is not None and body.named_child_count == 1


def _assignment(node: Node, scope: Scope) -> str:
    left = node.child_by_field_name("left")
    names = _names(left) if left is not None else set()
    if not names:
        return f"assign-{left.type if left is not None else 'nothing'}"
    if names & scope.outer:
        return "assign-outer"
    value = node.child_by_field_name("right")
    if names == {b"_"} and value is not None:
        return _call(value) if value.type == "call" else "assign-read"
    if value is not None and value.type == "none":
        return "assign-none"
    return "assign-unread" if all(scope.dead(n) for n in names if n in scope.written) else "assign-read"


def _names(left: Node) -> set[bytes]:
    if left.type == "identifier":
        return {left.text or b""}
    if left.type in ("pattern_list", "tuple_pattern"):
        return {c.text or b"" for c in left.named_children if c.type == "identifier"}
    return set()


def _final_names(end: Ending) -> set[bytes]:
    inner = end.statement.named_children[0] if end.statement.named_children else None
    left = inner.child_by_field_name("left") if inner is not None else None
    return _names(left) if left is not None else set()


def _parameters(end: Ending, inherits: bool) -> str:
    scope = end.scope
    names = scope.parameters()
    unused = names - scope.read - scope.mutated
    if not unused:
        return "used" if names else "none"
    free = not inherits and not _decorated(end.function) and not _name(end.function).startswith("test")
    amount = "one" if len(unused) == 1 else "all" if unused == names else "some"
    return f"{amount}-unused{'-free' if free else ''}"


def _decorated(node: Node) -> bool:
    return node.parent is not None and node.parent.type == "decorated_definition"


def _promise(end: Ending) -> str:
    scope = end.scope
    closed = end.statement.type in ("return_statement", "raise_statement") and not end.blocks
    if closed or scope.generator:
        return "kept"
    valued = any(scope.returns)
    hint = end.function.child_by_field_name("return_type")
    if hint is not None and hint.text:
        if _NOTHING.fullmatch(hint.text):
            return "nothing"
        if b"None" in hint.text or b"Optional" in hint.text:
            return "optional-mixed" if valued else "optional-broken"
        return "annotated-mixed" if valued else "annotated-broken"
    decorated = end.function.parent.text if _decorated(end.function) and end.function.parent else b""
    if not valued and (_name(end.function) in _MUST_RETURN or _GIVES.search((decorated or b"")[:200])):
        return "kind-broken"
    if valued:
        return "returns-elsewhere" if not end.blocks else "returns-elsewhere-in-block"
    body = end.function.child_by_field_name("body")
    first = body.named_children[0] if body is not None and body.named_children else None
    if first is not None and first.type == "expression_statement" and _PROMISING_DOC.search(first.text or b""):
        return "documented-broken"
    return "name-broken" if _PROMISING_NAME.match(_name(end.function).lstrip("_")) else "none"


def _nested(end: Ending) -> str:
    """A function defined in a function and never used there: its caller is missing."""
    functions = [n for n in end.around if n.type == FUNCTION][-MAX_NESTED:]
    for outer, inner in itertools.pairwise(functions):
        between = end.around[end.around.index(outer) + 1 : end.around.index(inner)]
        if any(n.type == "class_definition" for n in between):
            continue
        if _name(inner).encode() not in Scope(outer).read:
            return "decorated-unused" if _decorated(inner) else "unused"
    return "used" if len(functions) > 1 else "-"


def _test(end: Ending) -> str:
    """A test that asserts nothing has lost its end."""
    if not _name(end.function).startswith("test"):
        return "-"
    body = end.function.text or b""
    if re.search(rb"(?i)assert|raises|warns|fail|check|expect|verify|eq\(|ok\(", body):
        return "asserts"
    return "no-assert"


def _helpers(text: str, count: Callable[[], Counter[str]]) -> str:
    """In a file of tests, what is neither a test nor used by one."""
    if not _TESTS.search(text):
        return "-"
    return _bucket(sum(count()[a or b] == 1 for a, b in _HELPER.findall(text)), 2)


def _siblings(text: str, scope: Scope) -> str:
    """Whether nearly all other functions of the file return something, and this one nothing."""
    if scope.generator or any(scope.returns):
        return "-"
    others = _DEF.split(text)[1:-1]
    if len(others) < 3:
        return "few"
    share = sum(bool(_RETURNS_VALUE.search(o)) for o in others) / len(others)
    return "return" if share >= 0.9 else "mostly-return" if share >= 0.7 else "mixed"


def _initialiser(end: Ending, count: Callable[[], Counter[str]]) -> str:
    """An ``__init__`` that ends the text: alone in its class, or setting what nothing reads."""
    owner = end.owner
    if owner is None or _name(end.function) != "__init__":
        return "-"
    body = owner.child_by_field_name("body")
    kinds = [c.type for c in body.named_children] if body is not None else []
    methods = kinds.count(FUNCTION) + kinds.count("decorated_definition")
    text = text_of(end.function)
    attributes, equated = set(_SET.findall(text)), set(_EQUATED.findall(text))
    unread = sum(count()[a] <= 1 + (a in equated) for a in attributes)
    return f"{'only' if methods <= 1 else 'last'}-{_bucket(unread, 3)}"


def _imports(source: Source) -> str:
    if source.path.endswith("__init__.py"):
        return "package"
    unused = len(_found(source, "F401"))
    if unused == 0:
        return "0"
    total = len(_IMPORTED.findall(source.text))
    return f"{_bucket(unused, 4)}{'-most' if unused * 2 > total else ''}"


def _inherits(owner: Node, text: str) -> bool:
    """Whether a base class from elsewhere may bring members."""
    bases = owner.child_by_field_name("superclasses")
    names = [text_of(c) for c in bases.named_children] if bases else []
    foreign = [n for n in names if n.partition("[")[0].rpartition(".")[2] not in _PLAIN_BASES]
    return bool(foreign) and not set(foreign) <= set(_CLASS.findall(text))


def _members(owner: Node, text: str, inherits: bool) -> str:
    """Methods called on self that neither the file defines nor a base class may bring."""
    own = text_of(owner)
    bound = {name for groups in _MEMBER_BOUND.findall(text) for name in groups if name}
    uses = _MEMBER.findall(own)
    called = {name for name, call in uses if call} - bound
    missing = {name for name, call in uses if not call} - bound - called
    if inherits:
        hidden = sum(n.startswith("_") and not n.startswith("__") for n in called)
        return f"inherits-{_bucket(hidden, 2)}"
    if called:
        return f"called-{_bucket(len(called), 2)}"
    return f"read-{_bucket(len(missing), 2)}"


def _statements(function: Node) -> int:
    body = function.child_by_field_name("body")
    return body.named_child_count if body is not None else 0
