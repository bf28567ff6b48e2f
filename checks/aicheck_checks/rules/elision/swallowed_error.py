"""A handler that does nothing was put round code that was there before, so that its errors are lost.

## Why it matters
What failed loudly fails in silence: the program goes on with half of its data, and the error that should have been mended is gone.

## Instead
Let the error through, or handle the one that is expected by its name.

## When it counts
A handler for all errors, without a word of comment, whose protected code holds a line of the version before; not in tests. In C#, Java, JavaScript, Kotlin, PHP, Python, Ruby, Swift and TypeScript.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.tests import is_test_file
from aicheck_checks.finding import Found
from aicheck_checks.languages.tree import of_types, text_of
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from aicheck_checks.analysis.changed_lines import ChangedLines
    from aicheck_checks.source import Source

_HANDLERS = frozenset({"except_clause", "catch_clause", "catch_block", "rescue"})
_ALL = lazy(
    r"except\s*+(?:\(?\s*+(?:Base)?Exception\s*+\)?\s*+(?:as\s++\w++\s*+)?)?:\s*+(?:pass|\.\.\.|continue|return(?: None)?)\s*+$|"
    r"catch\s*+(?:\(\s*+(?:final\s++)?(?:\\?(?:Exception|Throwable|Error)\b\s*+)?"
    r"(?:[$\w]++\s*+(?::\s*+(?:any|unknown|Exception|Throwable)\s*+)?)?\)\s*+)?\{\s*+\}\s*+$|"
    r"rescue\s*+(?:(?:StandardError|Exception)\b\s*+)?(?:=>\s*+\w++\s*+)?(?:nil\s*+)?$"
)
_SILENCED = lazy(
    r"_ = (\w[\w.]{0,100}\(.{0,200}\))$|(.{4,200}?)\.catch\((?:\(\w*\)|\w+) => (?:\{\s*\}|null|undefined)\);?$|(.{4,200}?) rescue nil$"
)


def check(source: Source) -> Iterator[Found]:
    """The first new handler of all errors that is empty."""
    changed = source.changed_lines
    if (
        changed is None
        or is_test_file(source)
        or source.tree is None
        or source.before is None
        or source.before.tree is None
    ):
        return
    if (dropped := _dropped(source, changed)) is not None:
        start, end = source.line_span(dropped)
        yield Found("the error of a call that was looked at before is thrown away", start, end, "error", "medium")
        return
    known = _count(source.before)
    for node in of_types(source.tree.root_node, _HANDLERS):
        if not _ALL.match(text_of(node)):
            continue
        known -= 1
        if known < 0 and _is_new(source, node, changed.brought):
            start = source.char_offset(node.start_byte)
            message = "a handler that does nothing was put round code that was there before: its errors are lost"
            yield Found(message, start, start + len(source.lines[node.start_point.row].strip()), "error", "medium")
            return


def _dropped(source: Source, changed: ChangedLines) -> int | None:
    """A line of Go that gives to `_` what the version before gave to `err`, or of JavaScript or Ruby that silences a call of it."""
    for index, line in changed.brought:
        match = _SILENCED.match(line)
        if match is None:
            continue
        call = next(part for part in match.groups() if part).strip()
        if len(call) > 5 and any(
            call in one and (match[1] is None or "err" in one) and "_ =" not in one for one in changed.gone
        ):
            return index
    return None


def _count(source: Source) -> int:
    assert source.tree is not None
    return sum(_ALL.match(text_of(node)) is not None for node in of_types(source.tree.root_node, _HANDLERS))


def _is_new(source: Source, handler: Node, brought: tuple[tuple[int, str], ...]) -> bool:
    """Whether the handler's protected code was there before, in the same words or put to another use."""
    rows = {index for index, _ in brought}
    guarded = handler.parent
    if guarded is None or source.before is None:
        return False
    first, last = guarded.start_point.row + 1, handler.start_point.row
    inside = [source.lines[row].strip().rstrip(";") for row in range(first, last)]
    before = source.before.text
    return any(len(line) > 5 and (row not in rows or _core(line) in before) for row, line in enumerate(inside, first))


def _core(line: str) -> str:
    """The innermost call of a line: what is left of it where a line was taken apart."""
    at = line.rfind("(")
    begin = line.rfind("(", 0, at) + 1 if at > 0 else 0
    core = line[begin:].rstrip(")")
    return core if len(core) > 5 and "(" in core else line


_BEFORE = "def load(path, read, parse):\n    rows = read(path)\n    return [parse(row) for row in rows]\n"

RULE = Rule(
    code="ELI005",
    name="swallowed-error",
    summary="an empty handler was put round code",
    page=__doc__,
    check=check,
    needs=("tree", "previous"),
    when="parses",
    of_change=True,
    languages=("python", "javascript", "typescript", "tsx", "java", "kotlin", "csharp", "php", "ruby", "swift", "go"),
    yields_to=("TRU", "ELI001", "ELI003"),
    good=(
        Case(_BEFORE.replace("    rows = read(path)\n", "    try:\n        rows = read(path)\n    except OSError:\n        rows = []\n"), previous=_BEFORE),
        Case("def f():\n    try:\n        print(1)\n    except Exception:\n        pass\n", previous="def g():\n    return 1\n"),
    ),
    bad=(
        Case(
            "def load(path, read, parse):\n    rows = []\n    for row in read(path):\n        try:\n            rows.append(parse(row))\n"
            "        except Exception:\n            pass\n    return rows\n", previous=_BEFORE, line=6, says="does nothing",
        ),
        Case("function f() {\n  try {\n    save(a, b);\n  } catch (e) {}\n}\n", previous="function f() {\n  save(a, b);\n}\n", line=4,
             language="javascript"),
    ),
)  # fmt: skip
