"""A document that a strict reader took before is refused now, or brackets that balanced do not any more.

## Why it matters
JSON with a comment or a second value, TOML with a table twice, XML with a bare `&`: grammars made for editors take such, the
programs that read the file do not start.

## Instead
Repair the place that the message names.

## When it counts
Where the version before was taken by the reader of Python's standard library (`json`, `tomllib`, `expat`) and the new one is not.
In Dart, Groovy, Terraform, Protocol Buffers and other languages that have no grammar here, brackets count, outside strings and comments.
JSON files that may have comments by their name (`tsconfig.json`, `.vscode/`) and templates are left alone, and so is XML with a
document type of its own.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.languages.balance import BALANCED, odd_bracket
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicheck_checks.source import Source

_LENIENT = lazy(
    r"(?:tsconfig|jsconfig|devcontainer|api-extractor|turbo|biome|deno|renovate|wrangler|nx|settings|launch|tasks|extensions|keybindings|"
    r"babel\.config|language-configuration|typedoc|tslint|rush)[\w.-]*+(?<=\.json)$|\.\w+rc(?:\.json)?$"
)
_LENIENT_FOLDERS = ("/.vscode/", "/.devcontainer/", "/.zed/")
"""JSON whose readers take comments and trailing commas."""
_TEMPLATE = ("{{", "{%", "<%", "${", "@@")
MAX_LENGTH = 200_000
"""Code points of a document that is read."""
Refusal = tuple[str, int, int]
"""Why a document is refused, and the line and column (from 1) where."""


def check(source: Source) -> Iterator[Found]:
    """Where the reader stops."""
    old = source.previous
    if source.language is None or not old or not source.text.strip() or max(len(source.text), len(old)) > MAX_LENGTH:
        return
    if (source.language.name not in BALANCED and any(mark in source.text for mark in _TEMPLATE)) or _is_lenient(
        source.path
    ):
        return
    if source.language.name in BALANCED:
        yield from _unbalanced(source, old)
        return
    refusal = _READERS[source.language.name]
    refused = refusal(source.text)
    if refused is not None and refusal(old) is None:
        why, line, column = refused
        start = source.offset(line, column)
        end = max(source.line_span(min(line, len(source.lines)) - 1)[1], start)
        yield Found(f"was taken by its reader before, and is refused now: {why}", start, end)


def _is_lenient(path: str) -> bool:
    """Whether a file of JSON may have comments, by its name or folder."""
    whole = "/" + path.replace("\\", "/")
    return _LENIENT.match(whole.rpartition("/")[2]) is not None or any(folder in whole for folder in _LENIENT_FOLDERS)


def _unbalanced(source: Source, old: str) -> Iterator[Found]:
    assert source.language is not None
    odd = odd_bracket(source.text, source.language)
    if odd is not None and odd_bracket(old, source.language) is None:
        why = "closes nothing" if odd.bracket in ")]}" else "is never closed"
        yield Found(f"brackets balanced before, and this '{odd.bracket}' {why}", odd.at, odd.at + 1, broken_syntax=True)


def _json(text: str) -> Refusal | None:
    try:
        json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return error.msg[:1].lower() + error.msg[1:], error.lineno, error.colno
    except (ValueError, RecursionError):
        return None
    return None


def _toml(text: str) -> Refusal | None:
    import re
    import tomllib

    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).partition(" (at ")
        numbers = re.findall(r"\d+", place)
        line, column = map(int, numbers) if len(numbers) == 2 else (text.count("\n") + 1, 1)
        return said[:1].lower() + said[1:], line, column
    except RecursionError:
        return None
    return None


class _OwnTypeError(Exception):
    """A document declares entities: it is not read on."""


def _xml(text: str) -> Refusal | None:
    from xml.parsers import expat

    def declared(*_: object) -> None:
        raise _OwnTypeError

    reader = expat.ParserCreate("utf-8")
    reader.StartDoctypeDeclHandler = declared
    try:
        reader.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        return expat.errors.messages.get(error.code, "not well-formed"), error.lineno, error.offset + 1
    except _OwnTypeError:
        return None
    return None


_READERS: dict[str, Callable[[str], Refusal | None]] = {"json": _json, "toml": _toml, "xml": _xml}

RULE = Rule(
    code="SYN004",
    name="refused-document",
    summary="a document that was taken before is refused now",
    page=__doc__,
    check=check,
    needs=("previous",),
    settles="text",
    of_change=True,
    languages=(*_READERS, *sorted(BALANCED)),
    yields_to=("TRU", "COR", "ELI", "REF", "REP", "SYN001"),
    good=(
        Case('{\n  // why\n  "a": 1\n}\n', previous='{\n  "a": 1\n}\n', language="json", path="tsconfig.json"),
        Case("<a>\n<b/>\n</a>\n", previous="<a/>\n", language="xml"),
        Case(
            'locals {\n  a = "b ${join(\n    "c",\n  )}"\n}\n',
            previous='locals {\n  a = "b"\n}\n',
            language="terraform",
        ),
        Case("[a]\nb = 1\n", previous="[a]\nb = 2\n", language="toml"),
    ),
    bad=(
        Case('{\n  // why\n  "a": 1\n}\n', previous='{\n  "a": 1\n}\n', line=2, language="json", path="rates.json"),
        Case(
            '{"a": 1}\n{"a": 2}\n',
            previous='{"a": 1}\n',
            line=2,
            says="extra data",
            language="json",
            path="rates.json",
            symptom="my JSON file holds two documents now",
        ),
        Case(
            "[a]\nb = 1\n\n[a]\nb = 2\n",
            previous="[a]\nb = 1\n",
            line=4,
            says="refused now",
            language="toml",
            symptom="a TOML table stands twice",
        ),
        Case(
            "void f() {\n  g(a(1));\n  h('}');\n}\n".replace("(1)", "(1))"),
            previous="void f() {\n  g(a(1));\n  h('}');\n}\n",
            line=2,
            says="')' closes nothing",
            language="dart",
        ),
        Case("<a>\n<b>x & y</b>\n</a>\n", previous="<a>\n<b>x &amp; y</b>\n</a>\n", line=2, language="xml"),
    ),
)
