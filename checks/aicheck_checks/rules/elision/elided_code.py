"""A marker such as "rest of the code unchanged" stands where code should stand.

## Why it matters
The model wrote down that code stays as it was instead of writing it. Applied to
a file, the marker replaces the code: what it stands for is gone.

## When it counts
Most such comments in committed code are leftovers with the real code beneath,
or sentences that only sound alike. A marker counts where it is all there is of
a body, where nothing follows it in its block, where names are missing that only
the left-out code can have defined, or where the version before lost lines.

## Instead
Restore what the marker stands for, or ask for the complete code.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.names.undefined import undefined_names
from aicheck_checks.analysis.wording import marked, may_contain, names_code, strength
from aicheck_checks.finding import Confidence, Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.source import Source

_EMPTY_CODE = lazy(
    r"(?:pass|\.\.\.|return(?: None| null| nil)?;?|raise NotImplementedError(?:\(.*\))?|todo!\(.*\);?|"
    r"unimplemented!\(.*\);?|throw new \w+\(.*\);?|\{)?\s*"
)
_DEFINES = lazy(
    r"\s*(?:async\s+)?(?:def|class)\b|\s*\)\s*(?:->.*)?:|.*\b(?:func|function|fn|fun|class|struct|impl|interface|trait)\b|"
    r"(?!\s*(?:\}\s*)?(?:if|else|for|foreach|while|switch|case|catch|do|try|guard|when)\b)(?:.*\)[^()]*\{\s*$|.*=>\s*\{\s*$)"
)
_BRANCH = lazy(
    r"\s*(?:\}\s*)?(?:else|elif|elsif|if|for|foreach|while|switch|case|default|catch|except|rescue|finally|try|do|with|"
    r"when|unless|match)\b"
)
"""What may be left empty for good: there a comment says that a thing stays as it is."""
_FOREIGN_COMMENT = lazy(r"\s*(?://|/\*|<!--|--|\(|\[|<|\.{3}|…|#)")


LONG = 1_000
"""Code points before a comment on its line that are surely code."""


MAX_MARKERS = 500
"""Markers that are looked into: asking the tree what stands at a place takes the longer the more stands beside."""


class Marker(NamedTuple):
    """A line (from 0) that is a marker, and how surely it is one (1 or 2)."""

    line: int
    strength: int
    start: int
    end: int


def check(source: Source) -> Iterator[Found]:
    """Every marker that stands for code; in text that does not parse, also a bare one."""
    if not may_contain(source):
        return
    for marker in islice(_markers(source), MAX_MARKERS):
        why = None if _is_left_empty(source, marker) else _stands_for_code(source, marker)
        if why is not None:
            reason, confidence = why
            quoted = source.text[marker.start : marker.end].strip()[:60]
            broken = not source.parses and _near_error(source, marker.line)
            yield Found(
        f"code was left out: '{quoted}' {reason}", marker.start, marker.end,
                confidence=confidence, broken_syntax=broken,
            )  # fmt: skip


def _markers(source: Source) -> Iterator[Marker]:
    if source.tree is None or (_is_markdown(source) and source.previous):
        yield from _bare_markers(source)
    for start, end in source.comments:
        line = source.position(start).line - 1
        before = source.text[max(source.line_starts[line], start - LONG) : start].strip()
        if start - source.line_starts[line] > LONG or not _EMPTY_CODE.fullmatch(before):
            continue
        comment = source.text[start:end]
        sure = strength(comment)
        if sure and (not before.startswith("return") or marked(comment)):
            yield Marker(line, sure, start, end)
    if source.kind == "file" and not source.parses:
        for line in sorted(source.error_lines):
            if line < len(source.lines):
                text = source.lines[line]
                if _FOREIGN_COMMENT.match(text) and not text.lstrip().startswith("#") and strength(text) == 2:
                    yield Marker(line, 2, *source.line_span(line))


def _bare_markers(source: Source) -> Iterator[Marker]:
    """The lines of a text without a grammar that are markers; what else is a comment there can't be told."""
    for line, text in enumerate(source.lines):
        if len(text) < LONG and _begins_comment(source, text) and (sure := strength(text)):
            yield Marker(line, sure, *source.line_span(line))


def _begins_comment(source: Source, line: str) -> bool:
    """Whether a line begins as a comment of its own language does, or of another."""
    mark = source.language.line_comment if source.language is not None else None
    return _FOREIGN_COMMENT.match(line) is not None or (mark is not None and line.lstrip().startswith(mark))


def _in_paragraph(source: Source, marker: Marker) -> bool:
    """Whether the comment is one line of a longer comment of equal indentation."""
    own = source.lines[marker.line]
    for beside in (marker.line - 1, marker.line + 1):
        if 0 <= beside < len(source.lines):
            text = source.lines[beside].strip()
            alike = _indent(source.lines[beside]) == _indent(own)
            if alike and _is_comment(source, beside) and text.strip("#/*-=. ") and not strength(text):
                return not marked(own)
    return False


def _stands_for_code(source: Source, marker: Marker) -> tuple[str, Confidence] | None:
    if (
        source.kind != "fragment"
        and _lost_lines(source, source.lines[marker.line])
        and not _in_paragraph(source, marker)
    ):
        return "stands where the version before had code", "high"
    if source.tree is None:
        return _ends_text(source, marker)
    return None if _is_markdown(source) else _stands_in_tree(source, marker)


def _is_markdown(source: Source) -> bool:
    """Whether a text is Markdown, in which a marker counts only where lines of the version before are gone."""
    return source.language is not None and source.language.name == "markdown"


def _ends_text(source: Source, marker: Marker) -> tuple[str, Confidence] | None:
    """Whether a marker is the last line of a program that has no grammar here."""
    last = not any(line.strip() for line in source.lines[marker.line + 1 :])
    program = source.language is not None and source.language.line_comment is not None
    sure = marker.strength == 2 and last and program and marked(source.lines[marker.line])
    return ("ends the file and nothing follows", "medium") if sure else None


def _stands_in_tree(source: Source, marker: Marker) -> tuple[str, Confidence] | None:
    above, opener, last = _around(source, marker)
    lines, indent = source.lines, _indent(source.lines[marker.line])
    if marker.strength == 2 and (place := _place_in_braces(source, marker)) is not None:
        return place
    if opener and last and above is not None:
        if marker.strength == 2 or (_DEFINES.match(lines[above]) and not _in_paragraph(source, marker)):
            return "is all there is of this block", "high"
        return None
    if marker.strength < 2 or source.kind == "fragment" or _in_paragraph(source, marker):
        return None
    if last and indent > 0 and above is not None:
        return "ends this block and nothing follows", "medium"
    if above is not None and above == _code_lines(source)[-1]:
        return "ends the file and nothing follows", "medium"
    missing = _missing(source)
    if missing:
        return f"and nothing defines {', '.join(missing)}", "medium"
    if not source.parses and _near_error(source, marker.line):
        return "and the text does not parse here", "high"
    return None


def _around(source: Source, marker: Marker) -> tuple[int | None, bool, bool]:
    """The line of code above a marker, whether it opens the marker's block, and whether nothing follows in this block."""
    lines, code, indent = source.lines, _code_lines(source), _indent(source.lines[marker.line])
    at, next_at = bisect_left(code, marker.line), bisect_right(code, marker.line)
    above = code[at - 1] if at else None
    opener = above is not None and _opens(source, lines[above]) and _indent(lines[above]) < indent
    return above, opener, next_at == len(code) or _indent(lines[code[next_at]]) < indent


def _is_left_empty(source: Source, marker: Marker) -> bool:
    """Whether the comment says of a branch, and not of code, that a thing stays as it is."""
    above, opener, _ = _around(source, marker)
    comment = source.text[marker.start : marker.end]
    return (
        above is not None and opener and _BRANCH.match(source.lines[above]) is not None
        and not marked(comment) and not names_code(comment)
    )  # fmt: skip


def _place_in_braces(source: Source, marker: Marker) -> tuple[str, Confidence] | None:
    """Where the marker stands in its block of braces, if nothing but comments follows it there."""
    if source.tree is None or source.language is None or source.language.name == "python":
        return None
    start = source.byte_offset(marker.start)
    node = source.tree.root_node.descendant_for_byte_range(start, start)
    block = node.parent if node is not None and "comment" in node.type else None
    if node is None or block is None or block.parent is None or block.is_error:
        return None
    begins, last = _statements(block)
    if not begins or last > start:
        return None
    if last < 0:
        return "is all there is of this block", "high"
    return None if source.kind == "fragment" or _in_paragraph(source, marker) else (
        "ends this block and nothing follows", "medium"
    )  # fmt: skip


def _opens(source: Source, line: str) -> bool:
    """Whether a block may begin behind this line; elsewhere than in Python the indentation says so."""
    return source.language is None or source.language.name != "python" or line.rstrip().endswith(":")


@lru_cache(maxsize=1)
def _code_lines(source: Source) -> list[int]:
    """The lines (from 0) with code, in order; docstrings and lone ``pass`` do not count."""
    mark = source.language.line_comment if source.language is not None else None
    return [line for line, text in enumerate(source.lines) if _is_code(source, line, text.strip(), mark)]


def _is_code(source: Source, line: int, text: str, mark: str | None) -> bool:
    code = text.partition(mark)[0] if mark else text
    if not text or _is_comment(source, line) or (code != "{" and _EMPTY_CODE.fullmatch(code)):
        return False
    first = source.line_span(line)[0]
    if source.region(first) == "string" and source.text[first] in "\"'rRuUbBfF":
        return False  # a string stands there as a statement
    return source.region(source.line_starts[line]) != "string"


def _is_comment(source: Source, line: int) -> bool:
    return source.region(source.line_span(line)[0]) == "comment"


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _near_error(source: Source, line: int) -> bool:
    return any(near in source.error_lines for near in range(line - 2, line + 3))


def _lost_lines(source: Source, marker: str) -> bool:
    """Whether lines of the version before are gone, more than the edit brought, and the marker came with it."""
    then, shrank = _lines_before(source)
    return shrank and marker.strip() not in then


@lru_cache(maxsize=1)
def _lines_before(source: Source) -> tuple[frozenset[str], bool]:
    """The lines of the version before, and whether more of them are gone than there are new ones."""
    lines = [line.strip() for line in (source.previous or "").splitlines() if len(line.strip()) > 3]
    then, now = frozenset(lines), {line.strip() for line in source.lines}
    lost = sum(line not in now for line in lines)
    added = sum(1 for line in now if len(line) > 3 and line not in then)
    return then, lost >= 3 and lost > added


@lru_cache(maxsize=1)
def _missing(source: Source) -> list[str]:
    """Some of the names that nothing defines."""
    return sorted({undefined.name for undefined in undefined_names(source)})[:3]


@lru_cache(maxsize=16)
def _statements(block: Node) -> tuple[bool, int]:
    """Whether a block begins with a brace, and where (in bytes) the last of it that is no comment begins, -1 without any."""
    first = block.child(0)
    starts = (child.start_byte for child in block.named_children if "comment" not in child.type)
    return first is not None and first.type == "{", max(starts, default=-1)


_REAL = "def load(path):\n    data = open(path).read()\n    return data\n"

RULE = Rule(
    code="ELI001",
    name="elided-code",
    summary="a marker stands where code should stand",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    kinds=("file", "fragment"),
    yields_to=("ELI004",),
    good=(
        Case("# rest of the functions remain the same\n" + _REAL),
        Case("def f(x):\n    # the rest of the line is a comment\n    return x.partition('#')[0]\n"),
        Case(
            "function walk(node) {\n  if (node.text) {\n    // Text node - keep as is\n  } else {\n    strip(node);\n  }\n}\n",
            language="javascript",
        ),
        Case(
            "pub fn merge(&mut self, other: Self) {\n    // Nothing to merge, since these are always pinned.\n    // Just keep the current values\n}\n",
            language="rust",
        ),
        Case("class Modal extends Base {\n  // left as is for backwards compatibility.\n}\n", language="javascript"),
        Case(
            "func f(a int) error {\n\tif a == 0 {\n\t\treturn nil // No changes made\n\t}\n\treturn g(a)\n}\n",
            language="go",
        ),
        Case(
            "def f(x):\n    while x:\n        if g(x):\n            x = x.next\n            # (the loop continues now)\n"
        ),
        Case("PROMPT = '''\n# ... existing code ...\n'''\n"),
        Case("def f(items):\n    first, *rest = items\n    # remaining items\n    return rest\n"),
        Case(
            "def f(x):\n    # existing unmodified files\n    return g(x)\n",
            previous="def f(x):\n    # existing unmodified files\n    return g(x)\n\n\ndef h(x):\n    y = x\n    return y\n",
        ),
    ),
    bad=(
        Case(
            "def f(x):\n    # ... existing code ...\n    pass\n",
            line=2,
            says="all there is",
            symptom="... existing code ...",
        ),
        Case(
            "def f(x):\n    y = x + 1\n    # rest of the function remains unchanged\n",
            line=3,
            symptom="rest of code unchanged",
        ),
        Case("class A:\n    # ... other methods unchanged ...\n", line=2),
        Case("def f(x):\n    # [rest of implementation omitted for brevity]\n", line=2, symptom="omitted for brevity"),
        Case("import os\n\n# ... existing code ...\n\nprint(helper(os.name))\n", line=3, says="helper"),
        Case(
            "def f(x):\n    return x\n\n... rest of the file unchanged ...\n",
            line=4,
            symptom="rest of the file unchanged",
        ),
        Case("func f() int {\n\t// ... existing code ...\n}\n", line=2, language="go"),
        Case(
            "class A {\n  f() {\n    return 1;\n  }\n\n  // ... other methods unchanged ...\n}\n",
            line=6,
            language="typescript",
        ),
        Case("<html>\n<body>\n  <!-- rest of the page unchanged -->\n</body>\n</html>\n", line=3, language="html"),
    ),
)
