"""Members of Python's standard library that no supported version has, where a text asks for them.

Of a module that is imported under a name that stands for nothing else in the text; of an object whose class the text names: a
parameter's annotation, the only value that a variable is given, or a call of the class on the spot.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.packages.index import open_index
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_MODULES = lazy(r"^[ \t]*+import[ \t]++([\w., \t]++)", re.MULTILINE)
_CLASSES = lazy(r"^[ \t]*+from[ \t]++([\w.]++)[ \t]++import[ \t]++(\([^()]{1,4000}+\)|[^\n(]{1,1000}+)", re.MULTILINE)
_ASKED = lazy(r"(?<![\w.])(\w++)((?:\.[A-Za-z_]\w*+)++)")
_TYPED = lazy(r"(?<![\w.])(\w++)[ \t]*+(?::[ \t]*+[\"']?(?:Optional\[)?([\w.]++)|=[ \t]*+([\w.]++)\()")
_MADE = lazy(r"(?<![\w.])([\w.]++)\([^()\n]{0,200}\)\.([A-Za-z_]\w*+)\(")
_EXPECTED = lazy(
    r"\b(?:PY[23]|version_info|hexversion|basestring|unicode|__getattr__|reload|setattr\(|monkeypatch|mock|Mock|gevent|eventlet|[Pp]y[Pp]y|globals\(\)|exec\()|\bsix\b|\b__slots__\s*=\s*\(\)"
)
"""Words of a text that is written for other versions, or changes what modules have."""
MOST = 200_000
"""Code points of a text that is looked at."""


class Missing(NamedTuple):
    """A member that is asked for and not there: its owner, its name, and its line and column (from 1, in code points)."""

    owner: str
    name: str
    line: int
    column: int


def missing_members(source: Source) -> Iterator[Missing]:
    """Each place where a text asks for what the standard library lacks."""
    text = source.text
    if len(text) > MOST or "import" not in text:
        return
    modules, names = _imported(text)
    if not modules and not names:
        return
    asked = set(_ASKED.findall(text))
    suspects = {*_of_modules(asked, modules), *_of_objects(text, asked, modules, names)}
    if not suspects or _EXPECTED.search(text):
        return
    from aicheck_checks.analysis.python_uses import uses_of

    for use in uses_of(text, {member for _, member in suspects}):
        owner = _owner(use.owner, use.made, modules, names)
        if owner and _lacks(owner, use.name):
            yield Missing(owner.removesuffix("()"), use.name, use.line, use.column)


def _imported(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """The modules of the standard library by the name that a text gives them, and what it takes out of them."""
    modules: dict[str, str] = {}
    for match in _MODULES.finditer(text):
        for part in match[1].split(","):
            words = part.split()
            if len(words) == 3 and words[1] == "as":
                modules[words[2]] = words[0]
            elif len(words) == 1:
                modules[words[0].partition(".")[0]] = words[0].partition(".")[0]
    names: dict[str, str] = {}
    for match in _CLASSES.finditer(text):
        if not match[1].startswith("."):
            for part in match[2].strip("()").split(","):
                words = part.partition("#")[0].split()
                if words[:1]:
                    names[words[-1]] = f"{match[1]}.{words[0]}"
    modules = {name: module for name, module in modules.items() if _is_there(f"{module}:")}
    return modules, {name: place for name, place in names.items() if _is_there(f"{place}()")}


def _of_modules(asked: set[tuple[str, str]], modules: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Names of modules with a member that they seem to lack."""
    for name, chain in asked:
        module = modules.get(name)
        if module is None:
            continue
        for part in chain[1:].split("."):
            if _lacks(module, part):
                yield name, part
                break
            module = f"{module}.{part}"
            if not _is_there(f"{module}:"):
                break


def _of_objects(
    text: str, asked: set[tuple[str, str]], modules: dict[str, str], names: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Names of objects with a member that their class seems to lack."""
    classes: dict[str, str] = {}
    for name, annotation, made in set(_TYPED.findall(text)):
        owner = _class_of(annotation or made, modules, names)
        if owner is not None:
            classes[name] = owner
    for name, chain in asked if classes else ():
        first = chain[1:].partition(".")[0]
        if name in classes and _lacks(classes[name], first):
            yield name, first
    for made, member in set(_MADE.findall(text)):
        owner = _class_of(made, modules, names)
        if owner is not None and _lacks(owner, member):
            yield made, member


def _class_of(written: str, modules: dict[str, str], names: dict[str, str]) -> str | None:
    """The class of the standard library that a name in a text is, as the index calls its instances."""
    head, _, rest = written.partition(".")
    place = (
        f"{names[head]}{'.' if rest else ''}{rest}"
        if head in names
        else f"{modules[head]}.{rest}"
        if head in modules
        else ""
    )
    return f"{place}()" if place and _is_there(f"{place}()") else None


def _owner(written: str, made: bool, modules: dict[str, str], names: dict[str, str]) -> str | None:
    """What the index calls the owner of a member: a module, or an object of a class."""
    if made:
        return _class_of(written, modules, names)
    head, _, rest = written.partition(".")
    module = modules.get(head)
    return f"{module}.{rest}" if module and rest else module


@lru_cache(maxsize=4096)
def _is_there(name: str) -> bool:
    return name in open_index("python")


@lru_cache(maxsize=8192)
def _lacks(owner: str, name: str) -> bool:
    """Whether an owner that is known, a module or an object of a class, has no such member."""
    known = owner if owner.endswith("()") else f"{owner}:"
    return not name.startswith("_") and _is_there(known) and not _is_there(f"{owner}.{name}")
