r"""Text was escaped, or its escapes were taken away, once too often.

## Why it matters
Between a model and the file a text is packed into JSON, a shell command or a page. Where it is unpacked once too seldom, `\n`,
`\"`, `\!`, `&amp;&amp;` or curly quotes stand in the code; where it is unpacked once too often, what should stay escaped is gone.

## Instead
Restore the characters; write the file with a tool that takes it as it is.

## Known limits
Without the version before, only what keeps the text from parsing or running is seen. In documents and comments entities and curly quotes are
at home, so there they do not count.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.analysis.changed_lines import LONG
from aicheck_checks.analysis.prose import is_document, is_program
from aicheck_checks.analysis.tests import is_test_file
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.analysis.changed_lines import Escape
    from aicheck_checks.source import Source

_ESCAPE = lazy(
    r"(?P<break>(?:\\r)?\\n)(?=[ \t]*[\w}\])/@#<$.\"'\\]|$)|(?P<quote>\\\")|(?P<bang>\\!)(?=[=(\[\s])|"
    r"(?P<entity>&(?:amp|lt|gt|quot|apos|#39);)|(?P<curly>[“”‘’])"
)
_KINDS = {
    "break": "'\\n' in place of a line break", "quote": "'\\\"' in place of '\"'", "bang": "'\\!' in place of '!'",
    "entity": "entities such as '&lt;' in place of their characters", "curly": "curly quotes in place of straight ones",
}  # fmt: skip
_NO_ESCAPES = frozenset({"bash", "dockerfile", "sql", "lua", "scala"})
"""Languages in whose code a backslash may stand, or whose grammar takes too little to tell by it."""
_NEVER = {
    "go": ("a line break in place of '\\n'", lazy(r"'\r?\n'"), "rune_literal"),
    "bash": (_KINDS["bang"], lazy(r"(?:\b(?:if|elif|while|until)|&&|\|\|)[ \t]{1,20}(\\!)[ \t]"), "word"),
}
"""By language what no program holds, though the grammar takes it: its name, how it looks, the node that it is."""
MAX_LOOKS = 100
"""Places that are asked of the tree: each answer takes the longer the more stands beside."""
MANY = 5
"""Line breaks written as `\\n` by which a text of few lines is known to be escaped as a whole."""


def check(source: Source) -> Iterator[Found]:
    """The first escaped place that keeps the text from parsing, else the first line that is one of the version before, escaped."""
    found = (
        _of_change(source)
        or _never_written(source)
        or (None if source.parses or is_document(source) else _broken(source))
    )
    if found is not None:
        what, start, end = found
        yield Found(f"the text is escaped wrongly here: {what}", start, end, broken_syntax=not source.parses)


def _never_written(source: Source) -> tuple[str, int, int] | None:
    name = source.language.name if source.language is not None else ""
    if name not in _NEVER or source.tree is None:
        return None
    what, pattern, kind = _NEVER[name]
    for match in islice(pattern.finditer(source.text), MAX_LOOKS):
        start, end = match.span(match.lastindex or 0)
        at = source.byte_offset(start)
        node = source.tree.root_node.descendant_for_byte_range(at, at + 1)
        if node is not None and kind in (node.type, node.parent.type if node.parent is not None else ""):
            return what, start, end
    return None


def _broken(source: Source) -> tuple[str, int, int] | None:
    text = source.text
    if not any(mark in text for mark in ("\\", "&", "“", "”", "‘", "’")):
        return None
    written = sum(bool(line.strip()) for line in source.lines)
    if written <= 2 and text.count("\\n") >= MANY:
        at = text.index("\\n")
        return "the whole text stands in one line, with '\\n' in place of its line breaks", at, at + 2
    assert source.language is not None
    for line in sorted(source.error_lines)[:20]:
        if line >= len(source.lines) or len(source.lines[line]) > LONG:
            continue
        for match in _ESCAPE.finditer(source.lines[line]):
            kind = match.lastgroup or ""
            start = source.line_starts[line] + match.start()
            if source.language.name in _NO_ESCAPES and kind in ("break", "quote", "bang"):
                continue
            if _is_code(source, line, match.start()) or (
                source.diagnostics is not None and source.region(start) == "code"
            ):
                return _KINDS[kind], start, start + len(match[0])
    return None


def _is_code(source: Source, line: int, column: int) -> bool:
    """Whether a place stands outside quotes, in its line and in the tree, which a stray quote may have led astray."""
    from aicheck_checks.languages.scan import in_quotes

    before = source.lines[line][:column]
    return (
        not in_quotes(before) and source.region(source.line_starts[line] + column) != "comment" and "//" not in before
    )


def _of_change(source: Source) -> tuple[str, int, int] | None:
    changed = source.changed_lines
    if changed is None or not changed.gone:
        return None
    document, decoded = is_document(source), []
    decodes = not document and not is_test_file(source)
    for index, line in changed.brought:
        start, end = source.line_span(index)
        if source.region(start) == "comment":
            continue
        kind = changed.escaped(line)
        if kind is not None and _counts(source, index, kind):
            return _KINDS[kind], start, end
        if index + 1 < len(source.lines) and changed.broken(line, source.lines[index + 1].strip()):
            return "a line break in place of '\\n'", start, end
        if decodes and (one := changed.unescaped(line)) is not None:
            decoded.append((one, start, end))
    if len(decoded) > 1:
        one, start, end = decoded[0]
        return f"the version before has '{one[:60]}'", start, end
    return None


def _counts(source: Source, index: int, kind: Escape) -> bool:
    """Whether an escape can be no choice of words: curly quotes and entities in documents, and where text is only read, may be one."""
    if kind not in ("curly", "entity"):
        return True
    if is_document(source):
        return kind == "curly" and is_program(source) and not _is_remark(source, index)
    if kind == "entity":
        return source.language is not None and source.language.group == "code"
    at = next(at for at, char in enumerate(source.lines[index]) if char in "“”‘’„‚")
    if source.language is not None and source.language.group == "data":
        from aicheck_checks.languages.scan import in_quotes

        return not in_quotes(source.lines[index][:at])
    return source.region(source.line_starts[index] + at) == "code"


def _is_remark(source: Source, index: int) -> bool:
    """Whether a line of a text without a grammar has a comment, which may be written as its author likes."""
    assert source.language is not None
    mark = source.language.line_comment
    return mark is not None and mark in source.lines[index]


RULE = Rule(
    code="COR014",
    name="escaped-text",
    summary="text escaped or unescaped once too often",
    page=__doc__,
    check=check,
    needs=("tree",),
    good=(
        Case("a = 'x\\n'\nb = \"\\\"\"\nc = '&amp;'\n"),
        Case("find . \\! -name a && [ \\! -e b ]\necho 'if \\! a'\n", language="bash"),
        Case("var a = `'\n'`\n", language="go"),
        Case('// say \\"x\\" &amp; go\nlet a = 1;\n', language="javascript"),
        Case('{"a": "say “b”"}\n', previous='{"a": "say \\"b\\""}\n', language="json"),
        Case('a: "say “b”"\n', previous="a: \"say 'b'\"\n", language="yaml"),
        Case("# It's “so”\n", previous="# It's \"so\"\n", language="markdown"),
        Case("# a <b> c\nx = 1\n", previous="# a &lt;b&gt; c\nx = 1\n"),
    ),
    bad=(
        Case("a.b = c;\\n  return d(a);\n", line=1, says="'\\n'", language="javascript", symptom='\\n stands in the code as two characters'),
        Case('import { f } from \\"./g\\";\n\nf();\n', line=1, says="'\\\"'", language="typescript", symptom='\\" in place of quotes'),
        Case("func f(b []byte) bool {\n\treturn b[0] == '\n'\n}\n", line=2, says="line break", language="go"),
        Case("if \\! command -v git >/dev/null; then\n  exit 1\nfi\n", line=1, says="'\\!'", language="bash"),
        Case("fn f() -> String {\n    format\\!(\"a\")\n}\n", line=2, says="'\\!'", language="rust"),
        Case("import os\nif os.name &amp;&amp; 1:\n    pass\n", line=2, says="entities", symptom='&amp;&amp; stands in the code'),
        Case("print(“a”)\n", line=1, says="curly", symptom='curly quotes in the code'),
        Case("a() {\n  echo 1\n}\nif \\! a; then\n  a\nfi\n", line=4, says="'\\!'", language="bash",
             previous="a() {\n  echo 1\n}\nif ! a; then\n  a\nfi\n"),
        Case("f(b[1] == '\n' {\n", line=1, says="line break", language="go", previous="f(b[1] == '\\n' {\n"),
        Case("a: ‘b’\n", line=1, says="curly", language="yaml", previous="a: 'b'\n"),
        Case('{"a": “b”}\n', line=1, says="curly", language="json", previous='{"a": "b"}\n'),
        Case("print(“a”);\n", line=1, says="curly", language="dart", previous="print(\"a\");\n"),
        Case("# A\n\n## Find\\n\\nls\n", line=3, says="'\\n'", language="markdown", previous="# A\n\n## Find\n\nls\n"),
        Case(
            't.replace(/</g, "<")\n  .replace(/>/g, ">");\n', line=1, says="&lt;", language="javascript",
            previous='t.replace(/</g, "&lt;")\n  .replace(/>/g, "&gt;");\n',
        ),
        Case(
            "$a = '&lt;p class=&quot;b&quot;&gt;';\n", line=1, says="entities", language="php", previous="<?php\n$a = '<p class=\"b\">';\n",
        ),
    ),
)  # fmt: skip
