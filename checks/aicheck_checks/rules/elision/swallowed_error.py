"""A handler that does nothing was put round code that was there before, so that its errors are lost.

## Why it matters
What failed loudly fails in silence: the program goes on with half of its data, and the error that should have been mended is gone.

## Instead
Let the error through, or handle the one that is expected by its name.

## When it counts
A handler for all errors, without a word of comment, whose protected code holds a line of the version before; not in tests. In C#, Java, JavaScript, Kotlin, PHP, Python, Ruby, Swift and TypeScript.
"""

from __future__ import annotations

import re
from itertools import islice
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

_DOES_NOTHING = lazy(
    r"(?:\{\s*+\}|:\s*+(?:pass|\.\.\.|continue|return(?: None)?)|\n[ \t]*+nil|rescue[^\n]{0,200})\s*+$"
)
"""How a handler of whatever error ends that does nothing."""
_NOTE = lazy(
    r"(?:(?:\w+\.){0,3}(?:log|logger|logging|console|warn|warning|debug|info|error|trace|print|printStackTrace|println|puts)\b.{0,300}|"
    r"(?:continue|pass|return)[;)]{0,8})$",
    re.IGNORECASE,
)
_CLOSING = lazy(r"\.(?:Close|Flush|Sync|Stop|Shutdown|Cancel|Rollback)\(\)$")
"""Calls of Go at the end of a thing's life, of which nobody can do anything about an error."""
_NAMED = lazy(r"(?:const|let|var)\s{1,5}([\w$]{1,100})\s{0,5}=")
SHORT = 5
"""Code points of a line that many places hold."""
NEAR = 6
MAX_LOOKS = 200
"""Lines that are looked for in the version before."""
MAX_GUARDED = 200


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
    yield from islice(_emptied(source, source.before, changed.brought), 1)


def _emptied(source: Source, before: Source, brought: tuple[tuple[int, str], ...]) -> Iterator[Found]:
    """Each handler that does nothing and did not stand so round the same lines before."""
    assert source.tree is not None
    rows = frozenset(index for index, _ in brought)
    handled, text, looks = _handled(before), before.text, [MAX_LOOKS]
    for node in of_types(source.tree.root_node, _HANDLERS):
        if not _ALL.match(text_of(node)):
            continue
        old = _old_lines(source, node, rows, text, looks)
        said = [one for line in old for one in handled.get(line, ())]
        if not old or any(_DOES_NOTHING.search(one) for one in said):
            continue
        what = "was put round code that was there before" if not said else "stands where an error was handled before"
        noted = bool(said) and all(map(_only_notes, said))
        start = source.char_offset(node.start_byte)
        yield Found(
            f"a handler that does nothing {what}: its errors are lost",
            start, start + len(source.lines[node.start_point.row].strip()),
            "warning" if noted else "error", "low" if noted else "medium",
        )  # fmt: skip


def _handled(before: Source) -> dict[str, list[str]]:
    """The handlers of the version before by each line that they guard."""
    assert before.tree is not None
    found: dict[str, list[str]] = {}
    for node in of_types(before.tree.root_node, _HANDLERS):
        said = text_of(node)
        for line in _guarded(before, node):
            found.setdefault(line, []).append(said)
    return found


def _guarded(source: Source, handler: Node) -> list[str]:
    """The first lines that a handler guards, as they are compared."""
    return [source.lines[row].strip().rstrip(";") for row in _guarded_rows(handler)]


def _guarded_rows(handler: Node) -> range:
    guarded = handler.parent
    first = guarded.start_point.row + 1 if guarded is not None else handler.start_point.row
    return range(first, min(handler.start_point.row, first + MAX_GUARDED))


def _only_notes(handler: str) -> bool:
    """Whether all that a handler did was to write a note of the error, and to go on."""
    lines = [line.strip() for line in handler.split("\n")[1:] if line.strip("{}; \t")]
    return bool(lines) and all(_NOTE.match(line) for line in lines if not line.startswith(("}", "end")))


def _dropped(source: Source, changed: ChangedLines) -> int | None:
    """A line of Go that gives to `_` what the version before gave to `err`, or of JavaScript or Ruby that silences a call of it."""
    silenced = ((index, _SILENCED.match(line)) for index, line in changed.brought)
    looked_at = islice(((index, match) for index, match in silenced if match is not None), MAX_LOOKS)
    gone = sorted(one for one in changed.gone if "_ =" not in one)
    every, checked = "\n".join(gone), "\n".join(one for one in gone if "err" in one)
    for index, match in looked_at:
        call = next(part for part in match.groups() if part).strip()
        if len(call) <= SHORT or call not in (checked if match[1] else every) or _is_usual(source, index, call):
            continue
        return index
    return None


def _is_usual(source: Source, index: int, call: str) -> bool:
    """Whether people ignore the error of such a call, or the next lines look at what stands in its place."""
    if _CLOSING.search(call):
        return True
    name = _NAMED.match(call)
    if name is None:
        return False
    tests = re.compile(
        rf"(?<![\w.$]){re.escape(name[1])}(?:\s{{0,5}}(?:\?\?|\|\||&&|\?\.|\?|[!=]==?))|[(!]{re.escape(name[1])}\)?\s{{0,5}}[){{]|!{re.escape(name[1])}\b"
    )
    return any(tests.search(line) for line in source.lines[index + 1 : index + NEAR])


def _old_lines(source: Source, handler: Node, rows: frozenset[int], before: str, looks: list[int]) -> list[str]:
    """The guarded lines that were there before, in the same words or put to another use."""
    found = []
    for row, line in zip(_guarded_rows(handler), _guarded(source, handler), strict=True):
        if len(line) <= SHORT:
            continue
        if row in rows:
            looks[0] -= 1
            if looks[0] < 0 or _core(line) not in before:
                continue
        found.append(line)
    return found


def _core(line: str) -> str:
    """The innermost call of a line: what is left of it where a line was taken apart."""
    at = line.rfind("(")
    begin = line.rfind("(", 0, at) + 1 if at > 0 else 0
    core = line[begin:].rstrip(")")
    return core if len(core) > 5 and "(" in core else line


_BEFORE = "def load(path, read, parse):\n    rows = read(path)\n    return [parse(row) for row in rows]\n"

_HELD = "def load(path, read):\n    try:\n        return read(path)\n    except Exception:\n        pass\n"

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
        Case("def g(a):\n    try:\n        a.b(1)\n    except Exception:\n        pass\n\n\n" + _HELD, previous=_HELD),
        Case(_HELD, previous=_HELD.replace("Exception", "OSError")),
        Case("export async function f(a) {\n  const r = await a.load(1).catch(() => null);\n  return r ?? a;\n}\n",
             previous="export async function f(a) {\n  const r = await a.load(1);\n  return r;\n}\n", language="javascript"),
        Case("package a\n\nfunc f(c C) {\n\t_ = c.Close()\n}\n", previous="package a\n\nfunc f(c C) error {\n\treturn c.Close() // err\n}\n", language="go"),
        Case(_BEFORE.replace("    rows = read(path)\n", "    try:\n        rows = read(path)\n    except OSError:\n        rows = []\n"), previous=_BEFORE),
        Case("def f():\n    try:\n        print(1)\n    except Exception:\n        pass\n", previous="def g():\n    return 1\n"),
    ),
    bad=(
        Case(_HELD, previous=_HELD.replace("pass", "raise ValueError(path)"), line=4, says="handled before", symptom='except Exception: pass was put round the code'),
        Case("export async function f(a) {\n  const r = await a.load(1).catch(() => null);\n  return r;\n}\n", line=2, says="thrown away",
             previous="export async function f(a) {\n  const r = await a.load(1);\n  return r;\n}\n", language="javascript", symptom='.catch(() => null) hides the error'),
        Case(
            "def load(path, read, parse):\n    rows = []\n    for row in read(path):\n        try:\n            rows.append(parse(row))\n"
            "        except Exception:\n            pass\n    return rows\n", previous=_BEFORE, line=6, says="does nothing",
        ),
        Case("function f() {\n  try {\n    save(a, b);\n  } catch (e) {}\n}\n", previous="function f() {\n  save(a, b);\n}\n", line=4,
             language="javascript"),
    ),
)  # fmt: skip
