"""Notebooks: the cells' code as one text of Python, and what in a file is no source.

nbformat 4 (https://nbformat.readthedocs.io/en/latest/format_description.html); how IPython reads a cell
(https://ipython.readthedocs.io/en/stable/config/inputtransforms.html): it takes away the first line's indentation and
prompts, and only where a statement begins is a line its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_CELL_MAGIC = lazy(r"\s*%%(\w+)[^\S\n]*([^\n]*)")
_SQL = lazy(
    r"\s*+(?:select\s++\*\s++from\b|(?:select|insert into|update|delete from|create|alter|drop|declare|exec|use)(?:[ \t]++|[ \t\r]*+\n[ \t]++)[\w\[@])",
    re.IGNORECASE,
)
"""A cell that an editor for databases sends to one, whatever language the notebook is said to be in: no Python begins so."""
_RUNS_PYTHON = frozenset("time timeit capture prun memit mprun lprun debug snakeviz heat scalene".split())
"""Magics of a whole cell whose cell is Python."""
_RUNS_ELSE = frozenset(
    "bash sh cmd html js javascript latex markdown svg writefile file script perl ruby system sx cat".split()
)
"""Magics of a whole cell that bind no name of Python."""
_LINE = lazy(
    r"([ \t]*+)(?:%{1,2}[ \t]*\w|(?:pip3?|conda|mamba|uv pip|apt|apt-get|npm) (?:install|uninstall|list|show|update)\b|!|\?{1,2}[ \t]*[\w%*.]|[/,;](?=[A-Za-z_]))"
)
"""A magic, a command of the shell, a question, a call without parentheses."""
_QUESTION = lazy(r"([ \t]*+)[^#'\"\n]*[^#'\"\s?]\?{1,2}[ \t]*+(?:;[ \t]*+)?$", re.MULTILINE)
_ASSIGNED = lazy(r"([ \t]*+[A-Za-z_*][\w,.*\[\]'\" \t]*+=)[ \t]*[%!][ \t]*(?=\S)")
_TIMED = lazy(r"([ \t]*+)%(?:time|timeit|prun|memit)[ \t]+(?=[A-Za-z_])(?=[^\n]*[^\n\\]\n?\Z)")
"""A magic whose line is a statement of Python that it measures."""
_BINDS = lazy(r"[ \t]*%(?:run|pylab|store|load|load_ext|macro|rerun|recall|R|cython|sql|import_notebook)\b")
"""Magics that bring names nobody can know."""
_UNKNOWN_NAMES = "from __main__ import *"
_PROMPT = lazy(r"(?:>>> ?|In \[\d*\]: ?)")
_PROMPTS = lazy(r"^(?:>>> ?|\.\.\. ?|In \[\d*\]: ?|[ ]*\.{3,}: ?)", re.MULTILINE)
_TOKEN = lazy(
    r"\#[^\n]*+|(?P<long>\"\"\"|''')(?:[^\\]|\\.)*?(?:(?P=long)|\Z)|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?|"
    r"(?P<open>[(\[{])|(?P<close>[)\]}])|\\\n|(?P<end>\n)",
    re.DOTALL,
)
_JSON = lazy(r'"(?:[^"\\]|\\.)*+(?:"(?P<key>\s*+:\s*+(?=[\[{]))?|\\?\Z)|[\[\]{}]', re.DOTALL)
_IN_A_CELL = 3
"""How deep the keys of a cell stand: in an object, a list and an object."""
_NO_SOURCE = ('"outputs"', '"attachments"')
REFUSED = frozenset("SyntaxError IndentationError TabError NameError ImportError ModuleNotFoundError".split())
"""Errors of a cell that was kept with them on purpose, to show them."""


class Statement(NamedTuple):
    """A statement of a cell, as it stands there, from its first line's beginning to its last one's end."""

    start: int
    text: str


def has_magic(text: str) -> bool:
    """Whether a cell holds commands of IPython, which are no Python."""
    return bool(_CELL_MAGIC.match(text)) or any(_own(statement.text) is not None for statement in _statements(text))


def python(cell: str) -> str:
    """A cell as Python of as many lines: IPython's own lines do nothing, and indentation and prompts are gone."""
    magic = _CELL_MAGIC.match(cell)
    if magic is not None and magic[1] not in _RUNS_PYTHON:
        head = "pass" if magic[1].lower() in _RUNS_ELSE else _UNKNOWN_NAMES
        return head + "\n" * (cell.count("\n") or 1)
    if _SQL.match(cell):
        return "pass" + "\n" * (cell.count("\n") or 1)
    text = _undented(cell)
    if magic is not None:
        blank = cell[: magic.end()].count("\n")
        bound = magic[2].split()[-1:] if magic[1] == "capture" else []
        head = f"{bound[0]} = None" if bound and bound[0].isidentifier() else "pass"
        text = "\n" * blank + head + "\n" + cell[magic.end() :].removeprefix("\n")
    return "".join(_own(statement.text) or statement.text for statement in _statements(text))


def without_outputs(text: str) -> str:
    """The JSON of a notebook with as many lines, but without what its cells put out and have attached."""
    kept, at, depth, inside = [], 0, 0, 0
    for match in _JSON.finditer(text):
        token = match[0][0]
        if token == '"':
            if depth == _IN_A_CELL and not inside and match["key"] and match[0].startswith(_NO_SOURCE):
                kept.append(text[at : match.end()])
                at, inside = match.end(), depth
        elif token in "[{":
            depth += 1
        else:
            depth -= 1
            if inside and depth == inside:
                kept.append(text[at] + "\n" * text.count("\n", at, match.start()) + token)
                at, inside = match.end(), 0
    return "".join(kept) + text[at:]


def _undented(cell: str) -> str:
    first = cell.lstrip("\n")
    if _PROMPT.match(first):
        return _PROMPTS.sub("", cell)
    indent = len(first) - len(first.lstrip(" \t"))
    return re.sub(rf"(?m)^[ \t]{{1,{indent}}}", "", cell) if indent else cell


def _statements(text: str) -> Iterator[Statement]:
    """The statements of a text; strings, brackets and backslashes carry one over the end of its line."""
    at = 0
    while at < len(text):
        end = _end_of_line(text, at) if _own(text[at : _end_of_line(text, at)]) else _end(text, at)
        yield Statement(at, text[at:end])
        at = end


def _end_of_line(text: str, at: int) -> int:
    """Where a line ends that a backslash may carry on, as a shell reads it."""
    while True:
        end = text.find("\n", at) + 1 or len(text)
        if not text[at:end].endswith("\\\n"):
            return end
        at = end


def _end(text: str, at: int) -> int:
    depth = 0
    for match in _TOKEN.finditer(text, at):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(depth - 1, 0)
        elif match["end"] and not depth:
            return match.end()
    return len(text)


def _own(statement: str) -> str | None:
    """What Python reads for a line of IPython's own; None for a statement of Python."""
    lines = "\n" * statement.count("\n")
    assigned = _ASSIGNED.match(statement)
    if assigned is not None:
        return f"{assigned[1]} None{lines}"
    timed = _TIMED.match(statement)
    if timed is not None:
        return timed[1] + statement[timed.end() :]
    own = _LINE.match(statement) or _QUESTION.match(statement)
    if own is None:
        return None
    return f"{own[1]}{_UNKNOWN_NAMES if _BINDS.match(statement) and not own[1] else 'pass'}{lines}"
