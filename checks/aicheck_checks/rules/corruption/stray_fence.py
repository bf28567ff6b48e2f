"""A Markdown fence stands in a source file.

## Why it matters
The model answered as in a chat and the client wrote the fence into the file.

## Instead
Remove the fence lines; the fix does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import is_document, quotes
from aicheck_checks.finding import Edit, Fix, Found
from aicheck_checks.languages.plain import TEXT
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_FENCE = lazy(r"^[ \t]*(?:`{3,5}|~{3})[ \t]*+[\w+#.-]*+[ \t]*+$", re.MULTILINE)
_COMPONENTS = frozenset({"vue", "svelte", "astro", "html", "xml"})


def check(source: Source) -> Iterator[Found]:
    """The first fence outside strings, with a fix for all; at the edges of a file it is one whatever it parses as."""
    if "```" not in source.text and "~~~" not in source.text:
        return
    found = (_wrapping if is_document(source) else _in_code)(source)
    if not found:
        return
    edits = tuple(Edit(m.start(), min(m.end() + 1, len(source.text)), "") for m in found)
    first = found[0]
    start = first.start() + len(first[0]) - len(first[0].lstrip())
    yield Found(
        f"a Markdown fence '{first[0].strip()}' stands in the file", start, first.end(),
        fix=Fix("remove the fences", edits), broken_syntax=True,
    )  # fmt: skip


def _in_code(source: Source) -> list[re.Match[str]]:
    begin, end = _edges(source)
    return [
        m
        for m in _FENCE.finditer(source.text)
        if ((m.start() <= begin or m.end() >= end) and not _is_text(source, m)) or _misplaced(source, m)
    ]


def _edges(source: Source) -> tuple[int, int]:
    """Where the text begins and ends, without the blanks round it."""
    return len(source.text) - len(source.text.lstrip()), len(source.text.rstrip())


def _wrapping(source: Source) -> list[re.Match[str]]:
    """The two fences round a whole document; round a whole one of Markdown only if they say that Markdown stands in them."""
    begin, end = _edges(source)
    found = list(_FENCE.finditer(source.text))
    own = source.language.name if source.language is not None else ""
    if found and found[0].start() <= begin and own in _COMPONENTS and found[0][0].strip("`~ \t\r").lower() == own:
        return found[:1] if len(found) % 2 else [found[0], found[-1]]
    if len(found) < 2 or found[0].start() > begin or found[-1].end() < end or found[-1][0].strip("`~ \t\r"):
        return []
    kind = found[0][0].strip("`~ \t\r").lower()
    if quotes(source):
        wraps = kind in ("markdown", "md", "mdx")
    else:  # plain text may be meant as Markdown: only a fence that says what stands in it is none of it
        wraps = len(found) == 2 and (bool(kind) or source.language is not TEXT)
    return [found[0], found[-1]] if wraps else []


def _is_text(source: Source, match: re.Match[str]) -> bool:
    """Whether a fence stands in a text that a whole file holds, as in the last block of a YAML file."""
    return source.parses and match[0][:1] in " \t" and source.region(match.end() - 1) == "string"


def _misplaced(source: Source, match: re.Match[str]) -> bool:
    indented = match[0][:1] in " \t" and source.language is not None and source.language.group == "data"
    if source.parses or indented:  # what is indented is the text of a value
        return False
    return source.region(match.start()) == "code" or source.position(match.start()).line - 1 in source.error_lines


RULE = Rule(
    code="COR006",
    name="stray-fence",
    summary="a Markdown fence stands in the file",
    page=__doc__,
    check=check,
    needs=("tree",),
    good=(
        Case("# A\n\n```markdown\n# B\n```\n", language="markdown"),
        Case("```sh\nls\n```\n", language="markdown"),
        Case("```\nrelease-note: improvement\nFaster.\n```\n", language="text"),
        Case('DOC = """\n```python\nx = 1\n```\n"""\n'),
        Case("say: |\n  Details:\n\n  ```\n  ${{ x }}\n  ```\n", language="yaml"),
    ),
    bad=(
        Case(
            "```python\nimport os\nprint(os.name)\n```\n",
            line=1,
            says="```python",
            symptom="```python stands at the top of the file",
        ),
        Case("import os\nprint(os.name)\n```\n", line=3, symptom="the file ends in ```"),
        Case("```markdown\n# A\n\nSome words.\n```\n", line=1, language="markdown"),
        Case('```hcl\nlocals {\n  a = "b"\n}\n```\n', line=1, language="terraform"),
        Case("```javascript\nconst a = 1;\nconsole.log(a);\n```\n", line=1, language="javascript"),
    ),
)
