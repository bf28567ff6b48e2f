"""Lines carry the marks of a diff: a leading `+` or `-`, a hunk header.

## Why it matters
The model wrote a patch where the file should stand, or pasted one into it.

## Instead
Apply the patch, or ask for the file itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.notices import standing_alone
from aicheck_checks.analysis.prose import is_document, is_prose, own_lines
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_HEADER = lazy(
    r"@@ -\d+(?:,\d+)? \+\d+(?:,\d+)? @@|diff --git |--- (?:a/|/dev/null)|\+\+\+ (?:b/|/dev/null)|"
    r"\*\*\* (?:Begin Patch|Update File|Add File|End Patch)|index [0-9a-f]{7,}\.\.[0-9a-f]{7,}"
)
_ENVELOPE = lazy(r"\*\*\* (?:Begin Patch|End Patch|(?:Update|Add|Delete) File: )")
"""The lines round a patch as agents write it."""
_BEGINS = ("@@ -", "diff --git ", "index ", "*** ", "+", "-")
_ADDED = lazy(r"\+(?:[ \t]{2,}\S|\t|[ \t]*$)")
ADDED = 3
"""New lines that carry a plus, one below the other: no language but that of diffs has such."""
LEAST = 6
"""Code points of a line that is no item of a list by chance."""
_MARKED = lazy(r"[+-](?![+\-=>]|[ ]?\()(?=\s*\S)")


def check(source: Source) -> Iterator[Found]:
    """The first marked line, if a header or the parser bears it out; in a document, one of the lines round a patch."""
    pair = _pair(source)
    if pair is not None:
        start, end = source.line_span(pair)
        yield Found(f"a diff's '{source.text[start]}' mark begins this line", start, end, broken_syntax=True)
    elif not is_document(source) and not source.parses:
        yield from _in_code(source)
    elif "*** " in source.text:
        for start, end in standing_alone(source, _ENVELOPE):
            yield Found(f"a diff stands in the file: '{source.text[start:end][:40]}'", start, end, broken_syntax=True)
            return


def _pair(source: Source) -> int | None:
    """The first line that is one of the version before with a minus in front, beside a new one with a plus."""
    changed = source.changed_lines
    if changed is None:
        return None
    said = own_lines(source)
    brought = [(index, line) for index, line in changed.brought if line.startswith(("+", "-")) and said[index].strip()]
    plus = {index for index, line in brought if line.startswith("+")}
    for index, line in brought:
        taken = line.startswith("-") and len(line) > LEAST and line[1:].strip() in changed.was
        if taken and any(near in plus for near in (index + 1, index + 2, index - 1)):
            return index
    return None if is_prose(source) else _added(source, plus)


def _added(source: Source, plus: set[int]) -> int | None:
    """The first of several new lines with a plus, of which one has more than that."""
    run: list[str] = []
    for index, line in enumerate(source.lines):
        run = [*run[1 - ADDED :], line] if index in plus and _ADDED.match(line) else []
        if len(run) == ADDED and any(one.strip() != "+" for one in run):
            return index - ADDED + 1
    return None


def _in_code(source: Source) -> Iterator[Found]:
    errors = source.error_lines
    begun = [(i, line) for i, line in enumerate(source.lines) if line.startswith(_BEGINS)]
    marked = {i for i, line in begun if _MARKED.match(line)}
    yaml = _lists_by_dashes(source)
    if yaml and not any(source.lines[i].startswith("+") for i in marked):
        marked = set()
    for index, line in begun:
        header = _HEADER.match(line)
        at_the_margin = yaml and index in marked and line.startswith("+")  # where YAML has keys and dashes alone
        if not header and not at_the_margin and not (index in marked and _at_error(index, errors)):
            continue
        inside = not at_the_margin and source.region(source.line_starts[index]) != "code"
        if inside and (index not in errors or source.diagnostics is None):
            continue
        start, end = source.line_span(index)
        if header:
            message = f"a diff stands in the file: '{line.strip()[:40]}'"
        else:
            message = f"a diff's '{line[0]}' mark begins this line"
            if len(marked) > 1:
                message += f" and {len(marked) - 1} more"
        yield Found(message, start, end, broken_syntax=True)
        return


def _lists_by_dashes(source: Source) -> bool:
    """Whether a dash begins an item of a list, so that one without a plus sign beside is no mark."""
    return source.language is not None and source.language.name == "yaml"


def _at_error(index: int, errors: frozenset[int]) -> bool:
    return any(near in errors for near in (index - 1, index, index + 1))


RULE = Rule(
    code="COR004",
    name="diff-marker",
    summary="lines carry the marks of a diff",
    page=__doc__,
    check=check,
    needs=("tree",),
    yields_to=("COR003", "COR005"),
    good=(
        Case("# A\n\n*** End of the story\n", language="markdown"),
        Case("x = (1\n+ 2\n- 3)\n"),
        Case("# A\n\n```diff\n-alpha = 1\n+alpha = 2\n```\n", previous="# A\n\nalpha = 1\n", language="markdown"),
        Case("# A\n\n+   alpha\n+   beta\n+   gamma\n", previous="# A\n\nalpha\n", language="markdown"),
        Case("A\n\n+\n+\n+\n", previous="A\n", language="text"),
        Case("PATCH = '''\n@@ -1 +1 @@\n-a\n+b\n'''\n"),
    ),
    bad=(
        Case("def f():\n-    return 1\n+    return 2\n", line=2, says="mark", symptom="lines begin with + and -"),
        Case(
            "@@ -1,2 +1,2 @@\n import os\n+print(os)\n",
            line=1,
            says="diff",
            symptom="@@ -1,2 +1,2 @@ stands in my file",
        ),
        Case(
            "# A\n\nSome words.\n*** End Patch\n",
            line=4,
            says="End Patch",
            language="markdown",
            symptom="*** End Patch stands in my file",
        ),
        Case("a {\n-  b = 1\n+  b = 2\n}\n", previous="a {\n  b = 1\n}\n", line=2, says="'-'", language="terraform"),
        Case(
            "# A\n\n-Some words.\n+Other words.\n",
            previous="# A\n\nSome words.\n",
            line=3,
            says="'-'",
            language="markdown",
        ),
        Case("a {\n+\n+  b = 1\n+  c = 1\n}\n", previous="a {\n}\n", line=2, says="'+'", language="terraform"),
        Case("a() {\n  b\n}\n*** End Patch\n", line=4, says="End Patch", language="bash"),
        Case("+import os\n+\n+print(os.name)\n", line=1),
        Case("a:\n  b: c\n-  d: e\n+  d: f\n  g: h\n", line=3, language="yaml"),
    ),
)
