"""The language's own parser refuses the text, and no more telling cause is known.

## Why it matters
The file cannot be imported or compiled. Damage with a name (a cut, a fence, a
diff marker, a foreign character) is reported under that name instead; what is
left here is a typo or a slip of the model.

## Instead
Repair the place that the message names; it is the first one that the parser
stumbled over, so the cause may stand one line above.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.analysis.cut import SETTLED, cut
from aicheck_checks.analysis.gaps import is_foreign_form, is_gap, is_known_gap
from aicheck_checks.analysis.json_text import is_refused
from aicheck_checks.finding import Found
from aicheck_checks.languages.scan import scan
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_CONDITIONS = lazy(r"^[ \t]*#[ \t]*(?:if|else|elif)\b", re.MULTILINE)
"""They may leave half a declaration in C#, anywhere before the error."""


_STRICT = lazy(
    r"(?:.*/)?(?:\.claude/settings(?:\.local)?|\.mcp|package(?:-lock)?|composer|manifest|bower|lerna|vercel|app|angular|nest-cli|firebase|project|[\w-]+\.schema)\.json"
)
"""Files that their programs read by a parser which takes neither comments nor trailing commas."""


def check(source: Source) -> Iterator[Found]:
    """One finding for the first error: those after it are mostly its echoes."""
    errors = source.syntax_errors
    if not errors:
        return
    stopped = cut(source)
    if stopped is not None and stopped.goes_on and stopped.bracket is not None:
        bracket, at = stopped.bracket
        message = f"does not parse: '{bracket}' is never closed, and the text goes on as if it were"
        yield Found(message, at, at + 1, severity="error", confidence="high")
        return
    first = errors[0]
    start = source.offset(first.line, first.column)
    end = max(source.offset(first.end_line, first.end_column), start)
    message = f"does not parse: {_lower_first(first.message)}"
    opened = _never_closed(source, start) if source.diagnostics is not None else None
    if opened is not None:
        bracket, line = opened
        message += f" ('{bracket}' of line {line} is never closed)"
    exact = _is_exact(source) or _was_whole(source) or _is_strict(source)
    yield Found(
        message, start, min(end, len(source.text)),
        severity="error" if exact else "warning", confidence="high" if exact else "low",
    )  # fmt: skip


def _was_whole(source: Source) -> bool:
    """Whether a file parsed before this change, and stumbles now over nothing that its grammar does not know."""
    assert source.language is not None
    if source.language.name not in SETTLED or source.before is None or not source.before.parses:
        return False
    if source.language.name == "csharp" and _CONDITIONS.search(source.text):
        return False
    return not (is_known_gap(source) or is_foreign_form(source))


def _is_exact(source: Source) -> bool:
    """Whether the grammar takes all that the language does, but for what is known."""
    return source.language is not None and source.language.exact and not is_gap(source)


def _is_strict(source: Source) -> bool:
    """Whether a whole file of JSON is refused by all readers that its name may mean: strict ones for some, lenient ones for any."""
    if source.language is None or source.language.name != "json" or source.kind != "file":
        return False
    if not _STRICT.fullmatch(source.path.replace("\\", "/")):
        return is_refused(source.text)
    import json

    try:
        json.loads(source.text)
    except (ValueError, RecursionError):
        return True
    return False


def _never_closed(source: Source, error: int) -> tuple[str, int] | None:
    open_brackets = [b for b in scan(source.text).open if b[1] < error]
    if not open_brackets:
        return None
    bracket, at = open_brackets[-1]
    line = source.position(at).line
    near = source.position(error).line - line
    return (bracket, line) if near <= 20 else None


def _lower_first(message: str) -> str:
    return re.sub(r"^[A-Z](?=[a-z])", lambda m: m[0].lower(), message)


RULE = Rule(
    code="SYN001",
    name="invalid-syntax",
    summary="the parser refuses the text",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    when="broken",
    yields_to=("broken", "TRU001", "TRU002", "TRU003", "TRU009", "TRU010", "COR003", "COR004", "COR014", "COR015"),
    good=(
        Case("def f(x):\n    return x + 1\n"),
        Case("print(f'{1 + 1}')\n"),
    ),
    bad=(
        Case(
            '{"a": 1,, "b": 2}\n', line=1, says="does not parse", language="json", symptom="the file no longer parses"
        ),
        Case("x = 3 4\n\n\ndef f():\n    return 1\n", line=1, says="does not parse"),
        Case("a = [1, 2\n\n\ndef f():\n    return 1\n", line=1, says="'['"),
        Case("const x = Math.max(1, 2;\n\nfunction f() {\n  return 1;\n}\n", line=1, says="'('", language="typescript"),
        Case("<?php\n$x = max(1, 2;\n\nfunction f() {\n    return 1;\n}\n", line=2, says="'('", language="php"),
        Case(
            "def f():\n    return 1\n\nreturn 2\n",
            line=4,
            says="outside",
            symptom="'return' outside function after an edit",
        ),
        Case(
            "func f() {\n\tif a {\n\t\tb()\n\tc()\n\td()\n}\n",
            line=7,
            says="does not parse",
            language="go",
            previous="func f() {\n\tif a {\n\t\tb()\n\t}\n\tc()\n\td()\n}\n",
        ),
    ),
)
