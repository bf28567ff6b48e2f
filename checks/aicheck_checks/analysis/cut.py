"""Whether a text that does not parse stops in the middle: its parser came to the end unsatisfied."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.gaps import is_known_gap
from aicheck_checks.analysis.unfinished import is_unfinished
from aicheck_checks.languages.balance import is_balanced, is_closed
from aicheck_checks.languages.scan import scan
from aicheck_checks.languages.tree import CLOSERS
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.languages.scan import Scan
    from aicheck_checks.languages.tree import Open
    from aicheck_checks.source import Source

_MARGINAL = lazy(r"(?:inline\s+)?namespace\b.*\{|extern\s+\"C\"\s*\{")
_CONDITION = lazy(r"^[ \t]*(#[ \t]*(ifdef|ifndef|if|endif)\b)", re.MULTILINE)
_TAG = lazy(r"<(?:[/!]?[A-Za-z][^<>]*|/?)\Z")
"""A tag without its end."""
SETTLED = frozenset("json toml yaml javascript typescript tsx java php go rust csharp kotlin css html vue ruby".split())
"""Languages whose grammars hardly ever refuse what people made of a text that they took (see benchmarks/README.md)."""
SAME_END = 3
"""Last lines that are the same before and after."""
NEAR = 3
SHORT = 400
"""Code points of a text so short that an error anywhere is near its end."""
FAR = 100
"""Lines after which an open parenthesis of a preprocessed language is a macro's doing, not a cut."""
_TIDY = lazy(r"[)\]}>]|end\b|fi\b|done\b|esac\b|EOF\b|#\s*endif\b|\?>|</|\*/|-->|--|//|`|=end\b|__END__|@end\b")
"""How the last line of a whole text begins, at the margin."""
_BEGINS = lazy(
    r"(?:export|default|async|pub|public|private|protected|internal|static|final|abstract|function|class|interface|type|enum|struct"
    r"|impl|trait|fn|func|def|module|package|namespace|const|let|var|val|fun|object|import|from|use|using|describe|it|test|return|if|for"
    r"|while)\b|[\w.$]{1,200}\s{0,20}(?::=|=(?!=))"
)
"""How a statement begins that is no argument of a call and no element of a list."""
_TRAILING = lazy(r"(?<=[;})])[ \t]*+(?://[^\n\"']*|/\*[^*\n]*\*/[ \t]*)$")
_MACRO = lazy(r"[A-Z_][A-Z0-9_]*(?:\s*\(.*\))?;?\s*$")


class Cut(NamedTuple):
    """Where the text stops (offsets in code points) and what is open there."""

    start: int
    end: int
    bracket: tuple[str, int] | None = None
    """The innermost open bracket and its offset."""
    string: tuple[str, int] | None = None
    """The quote of the open string, or the mark of the open comment, and its offset."""
    goes_on: bool = False
    """Whether the text goes on behind the open bracket as if it were closed: then it is a slip, and nothing is missing at the end."""


_STYLES = frozenset({"css", "scss"})
"""Languages of rules in brackets, whose grammars refuse what old browsers took."""


@lru_cache(maxsize=1)
def cut(source: Source) -> Cut | None:
    """The cut at the end of a text, or None where the parser gave up before the end."""
    content = source.text.rstrip()
    if not content or not source.syntax_errors or _was_broken_inside(source):
        return None
    start, _ = source.line_span(source.position(len(content) - 1).line - 1)
    if source.diagnostics is not None:
        return _by_parser(source, start, len(content))
    return _by_tree(source, start, len(content))


def _was_broken_inside(source: Source) -> bool:
    """Whether a change broke a text and left its end as it was: then it is a splice or a slip, and nothing is missing behind it."""
    old = source.before
    if old is None or source.language is None or not (source.language.exact or source.language.name in SETTLED):
        return False
    now, then = (([line.strip() for line in one.lines if line.strip()])[-SAME_END:] for one in (source, old))
    return len(now) == SAME_END and now == then and old.parses


def _by_parser(source: Source, start: int, end: int) -> Cut | None:
    """By the first error of a parser that is always right."""
    errors = [e for e in source.syntax_errors if e.code == "invalid-syntax"]
    if not errors:
        return None
    scanned = scan(source.text)
    found = Cut(start, end, scanned.open[-1] if scanned.open else None, scanned.string)
    if scanned.string is not None and source.position(scanned.string[1]).line <= errors[0].line:
        return found
    last_line = source.position(end - 1).line
    if errors[0].line >= last_line or source.offset(errors[0].end_line, errors[0].end_column) > end:
        return found
    return found if _open_at_end(source, scanned, errors[0].line) else None


def _open_at_end(source: Source, scanned: Scan, line: int) -> bool:
    """An error inside the construct that is open at the end is an echo of the cut."""
    if not scanned.open and scanned.string is None:
        return False
    first_open = scanned.open[0][1] if scanned.open else len(source.text)
    opened = source.position(first_open).line
    inside = source.text[first_open:]
    return line >= opened and not any(
        inside_line[:1].strip() and inside_line[:1] not in ")]}#" for inside_line in inside.split("\n")[1:]
    )


def _by_tree(source: Source, start: int, end: int) -> Cut | None:
    """By a grammar, which may refuse valid text: the last line must look cut too."""
    assert source.language is not None
    comment = _open_comment(source)
    if comment is not None:
        return Cut(start, end, string=comment)
    markup = source.language.group == "markup"
    if markup and _TAG.search(source.text[:end]):
        return Cut(start, end)
    condition = _open_condition(source) if source.language.loose else None
    if condition is not None:
        return Cut(start, end, bracket=condition)
    last = _last_code_line(source, start)
    opened = _open_brackets(source)
    usual = _TIDY.match(last) or (source.language.loose and _MACRO.match(last))
    tidy = usual and source.text.count("\n", 0, end) > 0
    whole = tidy and source.language.loose and (last.startswith("#") or not _wraps(source, opened))
    if opened and not whole and not is_balanced(source):
        last_open = opened[-1]
        goes_on = _goes_on(source, last_open, tidy=bool(_TIDY.match(last)))
        return Cut(start, end, (last_open.bracket, source.char_offset(last_open.start)), goes_on=goes_on)
    if tidy or markup or last.rstrip().endswith(";") or (source.language.loose and _complete(source, last, end)):
        return None
    if source.language.name in _STYLES and source.text[end - 1] == "}" and is_balanced(source):
        return None
    if not _errs_at_end(source, start, end, indented=last[:1] in " \t") or is_known_gap(source):
        return None
    return Cut(start, end) if source.language.exact or is_unfinished(source, last, start) else None


def _goes_on(source: Source, opened: Open, *, tidy: bool) -> bool:
    """Whether later lines, no more indented than that of an open bracket, begin what can't stand inside it.

    Of a block that has to be a definition, and the text has to end as a whole one does: its content may stand at the margin.
    """
    margin = _indent(source.lines[opened.row])
    begun = others = 0
    for line in range(opened.row + 1, len(source.lines)):
        text = source.lines[line]
        if not text.strip() or _indent(text) > margin or not text.lstrip()[0].isidentifier():
            continue
        if source.region(source.line_span(line)[0] + _indent(text)) == "code":
            begun += bool(_BEGINS.match(text.lstrip()))
            others += 1
    if opened.bracket == "{":
        return tidy and begun > 0
    return begun > 0 or others > 1


def _open_brackets(source: Source) -> list[Open]:
    from aicheck_checks.languages.tree import open_brackets

    assert source.tree is not None
    assert source.language is not None
    found = open_brackets(source.tree.root_node)
    if source.language.loose:
        near = source.tree.root_node.end_point.row - FAR
        found = [o for o in found if o.bracket == "{" or o.row > near]
    if not source.language.exact and found:
        ends = {bracket: _least_indents(source, CLOSERS[bracket]) for bracket in {o.bracket for o in found}}
        indents = {row: _indent(source.lines[row]) for row in {o.row for o in found}}
        found = [o for o in found if ends[o.bracket][o.row + 1] > indents[o.row]]
        while found and is_closed(source, found[-1].bracket, source.char_offset(found[-1].start)):
            found.pop()
    return found


def _least_indents(source: Source, end: str) -> list[int]:
    """For each row, how little the lines from there on that begin with the closing bracket are indented.

    A line as little indented as the opening one closes it, though the grammar lost it.
    """
    least = [1 << 30]
    for line in reversed([*source.lines, ""]):
        least.append(min(least[-1], _indent(line)) if line.lstrip().startswith(end) else least[-1])
    return least[::-1]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _last_code_line(source: Source, start: int) -> str:
    """The last line that is not a comment, without the one at its end where the grammar is a loose one."""
    line = source.position(start).line - 1
    while line > 0 and (not source.lines[line].strip() or source.region(source.line_span(line)[0]) == "comment"):
        line -= 1
    loose = source.language is not None and source.language.loose and source.language.line_comment == "//"
    return _TRAILING.sub("", source.lines[line]) if loose else source.lines[line]


def _wraps(source: Source, opened: list[Open]) -> bool:
    """Whether the outermost open block is one whose content stands at the margin, so that a cut looks tidy there."""
    if not opened:
        return False
    line = source.position(source.char_offset(opened[0].start)).line - 1
    return bool(_MARGINAL.match(source.lines[line]))


def _complete(source: Source, last: str, end: int) -> bool:
    """A statement, or a macro call at the end, which to the grammar lacks a semicolon."""
    if last.rstrip().endswith("}"):
        return True
    return source.text[end - 1] == ")" and source.syntax_errors[-1].message == "';' is missing"


def _open_condition(source: Source) -> tuple[str, int] | None:
    """The innermost preprocessor condition without its end."""
    opened: list[int] = []
    for match in _CONDITION.finditer(source.text):
        if source.region(match.start(1)) == "comment":
            continue
        if match[2] != "endif":
            opened.append(match.start(1))
        elif opened:
            opened.pop()
    return ("#if", opened[-1]) if opened else None


def _errs_at_end(source: Source, start: int, end: int, *, indented: bool) -> bool:
    """Whether the last error reaches the end; it must be about the last lines alone, or they stand in a block."""
    assert source.tree is not None
    error = source.syntax_errors[-1]
    begins, stops = source.offset(error.line, error.column), source.offset(error.end_line, error.end_column)
    if indented:
        return stops >= start or source.tree.root_node.is_error
    root = source.tree.root_node
    if root.is_error and source.language is not None and source.language.group == "data":
        last = root.children[-1] if root.children else root
        key = last.is_named and not last.is_error and last.descendant_count <= 4
        return key and source.char_offset(last.start_byte) >= start
    near = source.line_starts[max(source.position(start).line - NEAR, 0)]
    return stops >= end and begins >= near and (near > 0 or end < SHORT)


def _open_comment(source: Source) -> tuple[str, int] | None:
    marks = source.language.block_comment if source.language is not None else None
    if marks is None:
        return None
    at = source.text.rfind(marks[0])
    if at < 0 or marks[1] in source.text[at + len(marks[0]) :] or source.region(at) != "code":
        return None
    return (marks[0], at) if source.position(at).line - 1 in source.error_lines else None
