"""Texts with another language inside, which a template engine puts into them: only the engine can read them."""

from __future__ import annotations

import os
import re
from itertools import islice
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_TAG = lazy(r"\{%[-+ ]|[-+ ]%\}|<%[-=# ]|\{\{[#/>]|\{\{-? *[.\w]++(?: *\|[^{}]*+)? *-?\}\}|\$\{\{")
"""Tags of Jinja, ERB, EJS, Handlebars, Go templates and workflow expressions, which may stand in plain code too."""
_STATEMENT = lazy(r"^[^\S\n]*(?:\{%[-+~]?[^\S\n]*\w|<%[-=#%]?[^\S\n]|\{\{[-~#/^>!])", re.MULTILINE)
"""A line that begins with a tag of an engine's own statements."""
_SQL_HOLE = lazy(r"\{[{%#]|<%|\$\{\w|\{[A-Za-z_]\w*\}")
_YAML_HOLE = lazy(r"^[^\S\n]*(?:-[^\S\n]+)*(?:[\w.\"'/-]+[^\S\n]*:[^\S\n]+)?\{\{|<%|\{%", re.MULTILINE)
"""YAML takes two braces where a value begins for a table with a table as its key: nobody means that."""
_PLACEHOLDER = lazy(
    r"^[^\S\n]*(?:\{[A-Za-z_][\w.]*\}|<[A-Z_]{3,}>|@@?[A-Z_]{3,}@@?|__[A-Z_]+__|\$\{[a-z][\w.]*\})[^\S\n]*$",
    re.MULTILINE,
)
"""A line that is nothing but a hole to be filled."""
_PLACEHOLDERS = frozenset("bash dockerfile python ruby sql toml json".split())
"""Languages in which such a line is nothing else."""
_BLOCK = lazy(r"(?:^|[:-])[^\S\n]*(?:[|>][+-]?\d?[+-]?)[^\S\n]*(?:#.*)?$")
"""The line above a text of many lines (YAML 1.2.2, section 8.1)."""
TEMPLATE = "a template: another language stands inside, which only its engine understands"
MAX_LINES = 200
"""Lines with a tag that are looked at."""
_ENDINGS = (
    ".j2",
    ".jinja",
    ".jinja2",
    ".tmpl",
    ".tpl",
    ".erb",
    ".ejs",
    ".mustache",
    ".hbs",
    ".template",
    ".tera",
    ".liquid",
)
_CHART = "Chart.yaml"


def is_template(source: Source) -> bool:
    """Whether a text that does not parse has tags of a template engine, or holes to be filled."""
    assert source.language is not None
    name = source.language.name
    if source.language.group == "markup" and name != "html":
        return False
    if name == "yaml":
        plain = _without_blocks(source)
        return _YAML_HOLE.search(plain) is not None or _PLACEHOLDER.search(plain) is not None
    if any(_in_code(source, at) for at in _tags(source)):
        return True
    if name == "sql" and any(_in_code(source, at) for at in _matches(source, _SQL_HOLE)):
        return True
    if any(_in_code(source, at) for at in _matches(source, _STATEMENT)):
        return True
    return name in _PLACEHOLDERS and _PLACEHOLDER.search(source.text) is not None


def is_named_template(source: Source) -> bool:
    """Whether a text's name or place says that it is a template: `x.yaml.tmpl`, a file of a Helm chart's `templates`."""
    stem = os.path.splitext(source.path)[0] if source.language is not None else ""
    if source.path.endswith(_ENDINGS) or stem.endswith(_ENDINGS):
        return True
    around = source.whereabouts
    if source.language is None or source.language.name != "yaml" or around is None or "{{" not in source.text:
        return False
    folder = around.folder.replace("\\", "/")
    chart, found, _ = folder.partition("/templates")
    return bool(found) and around.disk.is_file(os.path.join(chart, _CHART))


def _without_blocks(source: Source) -> str:
    """The lines of a YAML text that are in no text of many lines, which may say anything."""
    kept: list[str] = []
    inside: int | None = None
    for line in source.lines:
        indent = len(line) - len(line.lstrip())
        if inside is not None and (not line.strip() or indent > inside):
            continue
        inside = indent if _BLOCK.search(line) else None
        kept.append(line)
    return "\n".join(kept)


def _tags(source: Source) -> Iterator[int]:
    """Where tags stand in the lines that the parser stumbles over."""
    for line in islice(sorted(source.error_lines), MAX_LINES):
        match = _TAG.search(source.lines[line]) if line < len(source.lines) else None
        if match is not None:
            yield source.line_starts[line] + match.start()


def _matches(source: Source, pattern: re.Pattern[str]) -> Iterator[int]:
    return (match.end() - 1 for match in islice(pattern.finditer(source.text), MAX_LINES))


def _in_code(source: Source, at: int) -> bool:
    return source.region(at) == "code"
