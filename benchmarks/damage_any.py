"""Ways to damage a good file of any language, by its syntax tree, at random places from a seed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from benchmarks.damage import PROSE, RUNS, number_lines, repeat_line

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from tree_sitter import Node

    from aicheck_checks.languages import Language

    Damage = Callable[[str, Language, random.Random], str | None]

PHRASES = (
    "... existing code ...", "rest of the code remains unchanged", "... rest of the function ...",
    "[rest of the implementation omitted for brevity]", "... (unchanged)", "existing implementation here",
    "(same as before)", "implementation remains the same", "... remaining logic unchanged ...",
    "Rest of the method stays the same", "<rest of code>", "... previous code ...", "no changes here",
    "body unchanged", "... keep the existing implementation ...", "The rest of this function is unchanged.",
)  # fmt: skip
_BODY = re.compile(r"(?:^|_)(?:block|body|compound_statement|statement_block|do_group|declaration_list|class_body)$")
_NAME = re.compile(r"(?:^|_)(?:identifier|name|constant|word|simple_identifier|variable_name|property_identifier)$")


def parses(text: str, language: Language) -> bool:
    """Whether the grammar takes the text."""
    return not root_of(text.encode(), language).has_error


def root_of(data: bytes, language: Language) -> Node:
    """The root of the syntax tree."""
    tree = language.parse(data)
    assert tree is not None, "takes too long to parse"
    return tree.root_node


def nodes(root: Node) -> Iterator[Node]:
    """All nodes of a tree."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(node.children)


def cut_token(text: str, language: Language, rng: random.Random) -> str | None:
    """Stop after a random token, such that the rest does not parse."""
    data = text.encode()
    ends = sorted({n.end_byte for n in nodes(root_of(data, language)) if n.child_count == 0 and n.end_byte})
    for end in rng.sample(ends, min(len(ends), 12)):
        kept = data[:end].decode("utf-8", "ignore")
        if len(kept.strip()) > 20 and not parses(kept, language):
            return kept
    return None


def cut_line(text: str, language: Language, rng: random.Random) -> str | None:
    """Stop at the end of a random line inside a block."""
    data = text.encode()
    lines = data.split(b"\n")
    inside = set()
    for node in nodes(root_of(data, language)):
        if _BODY.search(node.type):
            inside |= set(range(node.start_point.row, node.end_point.row))
    rows = [row for row in inside if row < len(lines) and lines[row].strip()]
    if not rows:
        return None
    kept = b"\n".join(lines[: rng.choice(sorted(rows)) + 1]).decode("utf-8", "ignore") + "\n"
    return kept if len(kept.strip()) > 20 and not parses(kept, language) else None


def elide_body(text: str, language: Language, rng: random.Random) -> str | None:
    """Put a marker in place of a body, or of its second half."""
    data = text.encode()
    bodies = []
    for node in nodes(root_of(data, language)):
        inner = node
        while len(inner.named_children) == 1 and inner.named_children[0].type in ("statement_list", "statements"):
            inner = inner.named_children[0]
        rows = {child.start_point.row for child in inner.named_children}
        definition = node.parent is not None and node.parent.child_by_field_name("name") is not None
        if _BODY.search(node.type) and definition and len(rows) >= 3 and node.start_point.row not in rows:
            bodies.append(inner)
    marks = (language.line_comment, "") if language.line_comment else language.block_comment
    if not bodies or marks is None:
        return None
    children = rng.choice(bodies).named_children
    keep = rng.choice((0, 0, len(children) // 2))
    first, last = children[keep], children[-1]
    marker = f"{marks[0]} {rng.choice(PHRASES)} {marks[1]}".rstrip()
    changed = data[: first.start_byte] + marker.encode() + data[last.end_byte :]
    return changed.decode("utf-8", "replace")


def add_fence(text: str, language: Language, rng: random.Random) -> str | None:
    """Wrap the file in a Markdown fence, or leave one end of it."""
    body, name = text if text.endswith("\n") else text + "\n", language.name
    return rng.choice((f"```{name}\n{body}```\n", f"```{name}\n{body}", f"{body}```\n", f"```\n{body}```\n"))


def add_prose(text: str, language: Language, rng: random.Random) -> str | None:
    """Put a sentence of a chat before, behind or between the top-level parts."""
    root = root_of(text.encode(), language)
    lines = text.splitlines(keepends=True)
    rows = [0, len(lines), *(child.end_point.row + 1 for child in root.children)]
    row = min(rng.choice(rows), len(lines))
    if row and not lines[row - 1].endswith("\n"):
        lines[row - 1] += "\n"
    result = "".join([*lines[:row], "\n" if row else "", rng.choice(PROSE) + "\n\n", *lines[row:]])
    return None if parses(result, language) else result


def stray_script(text: str, language: Language, rng: random.Random) -> str | None:
    """Put a run of another script beside an identifier in code, joined or with a blank."""
    data = text.encode()
    names = [
        n for n in nodes(root_of(data, language))
        if n.child_count == 0 and _NAME.search(n.type) and n.end_byte - n.start_byte > 2
    ]  # fmt: skip
    if not names or not text.isascii():
        return None
    end = rng.choice(names).end_byte
    run = rng.choice(("", "", " ")) + rng.choice(RUNS)
    return (data[:end] + run.encode() + data[end:]).decode("utf-8")


def diff_marks(text: str, language: Language, rng: random.Random) -> str | None:
    """Leave the marks of a diff on some lines, with or without a hunk header."""
    lines = text.splitlines()
    code = [n for n, line in enumerate(lines) if re.match(r"\s*[\w@$]", line)]
    if len(code) < 6:
        return None
    at, count = rng.choice(code), rng.randrange(1, 8)
    marked = [rng.choice("+++-") + line if at <= n < at + count else line for n, line in enumerate(lines)]
    if rng.random() < 0.4:
        marked.insert(at, f"@@ -{at + 1},{count} +{at + 1},{count} @@")
    result = "\n".join(marked) + "\n"
    return None if parses(result, language) else result


def _plain(damage: Callable[[str, random.Random], str | None]) -> Damage:
    return lambda text, language, rng: damage(text, rng)


CLASSES: dict[str, tuple[Damage, re.Pattern[str]]] = {
    name: (damage, re.compile(codes))
    for name, damage, codes in (
        ("cut at a token", cut_token, r"TRU"),
        ("cut at a line", cut_line, r"TRU"),
        ("elided body", elide_body, r"ELI"),
        ("fence", add_fence, r"COR006"),
        ("chat prose", add_prose, r"COR007|REF001"),
        ("stray script", stray_script, r"COR001"),
        ("line numbers", _plain(number_lines), r"COR003"),
        ("diff marks", diff_marks, r"COR00[45]"),
        ("repeated line", _plain(repeat_line), r"REP001"),
    )
}
"""Each class with the codes that call its cause by the right name."""
