"""The notice by which a tool says that it showed a part of a file stands in the file.

## Why it matters
A model was shown a part of the file and took the tool's note for its text. Written back, the note replaces all that was not
shown: `[Showing lines 1-36 of 55. Use :37 to continue]`.

## Instead
Restore what the note stands for from the version before, and let the file be read whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.notices import standing_alone
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_SHOWN = lazy(
    r"\[?(?:Showing|Viewing|Read|Displaying) lines \d{1,7} ?(?:-|–|to) ?\d{1,7} of \d{1,7}\b|"
    r"File has more lines\. Use '?offset|End of file - total \d{1,7} lines|response clipped>|system-reminder>"
)
_CUT = lazy(
    r"(?:\.{3}|…)? ?\[?(?:\.{3}|…)? ?(?:file |content |output |text )?truncated: showing (?:first|last|lines)\b|\[Truncated: |"
    r"\[?(?:File|Output|Content|Result|Response) (?:content )?(?:was |has been )?truncated(?::| to| after| because| due| at|\])|"
    r"NOTE: This (?:output|file) was truncated"
)
_COUNTED = lazy(
    r"\[?(?:\.{3}|…) ?\[?\+?\d{1,7} (?:more )?(?:lines?|characters|chars|bytes|tokens) (?:truncated|omitted|not shown|hidden|clipped)\b|"
    r"\[(?:\.{3}|…)? ?(?:omitted \d{1,7} of \d{1,7} lines|\d{1,7} lines (?:omitted|truncated|not shown))"
)
"""A bracket or '<' of the frame may have been passed over."""
_WORDS = ("truncated", "howing lines", "iewing lines", "isplaying lines", "omitted", "ead lines", "not shown", "more lines",
          "clipped", "End of file - total", "system-reminder", "hidden")  # fmt: skip


def check(source: Source) -> Iterator[Found]:
    """The first notice that stands alone in its line."""
    if not any(word in source.text for word in _WORDS):
        return
    for start, end in standing_alone(source, _SHOWN, _CUT, _COUNTED):
        message = f"a tool's notice '{source.text[start:end][:60]}' stands in place of the file's text"
        yield Found(message, start, end, broken_syntax=not source.parses)
        return


RULE = Rule(
    code="ELI004",
    name="read-notice",
    summary="a tool's notice stands in place of text",
    page=__doc__,
    check=check,
    needs=("tree",),
    kinds=("file", "fragment"),
    good=(
        Case("def f(n):\n    print(f'[Showing lines 1-{n} of 55]')\n"),
        Case("NOTE = 'x'\nprint(\n    '''\n[Showing lines 1-36 of 55]\n''')\n"),
        Case("# A\n\n```\n[Showing lines 1-36 of 55]\n```\n", language="markdown"),
    ),
    bad=(
        Case(
            "def f():\n    return 1\n\n\n[Showing lines 1-36 of 55. Use :37 to continue]\n",
            line=5,
            says="Showing lines",
            symptom="[Showing lines 1-36 of 55] stands in my file",
        ),
        Case("def f():\n    return 1\n# ... [truncated: showing first 100 of 900 chars]\n", line=3, says="truncated"),
        Case(
            "a {\n}\n(File has more lines. Use 'offset' parameter to read beyond line 2)\n",
            line=3,
            language="terraform",
            symptom="Use 'offset' parameter to read beyond line",
        ),
        Case("a();\n\n... [36 lines truncated] ...\n", line=3, language="javascript", symptom="[36 lines truncated]"),
    ),
)
