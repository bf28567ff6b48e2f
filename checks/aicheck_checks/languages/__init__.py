"""The languages that aicheck knows, found by name, path or shebang."""

from __future__ import annotations

import re

from aicheck_checks.languages.language import Language
from aicheck_checks.languages.plain import NO_TEXT, PLAIN, TEXT
from aicheck_checks.languages.table import LANGUAGES, PYTHON
from aicheck_checks.patterns import lazy

__all__ = ["LANGUAGES", "PYTHON", "Language", "language_of"]

_ALL = (*LANGUAGES, *PLAIN)
_BY_NAME = {name: language for language in _ALL for name in (language.name, *language.aliases)}
_BY_SUFFIX = {suffix: language for language in _ALL for suffix in language.suffixes}
_BY_FILENAME = {name: language for language in _ALL for name in language.names}
_SHEBANG = lazy(r"#!.*?\b(python|bash|sh|node|ruby|lua)[\d.]*\b")
_RUN_BY_SHEBANG = frozenset({"python", "bash", "ruby", "lua"})
"""Languages whose programs a first line tells apart, whatever they are called."""
_CPP = lazy(r"^[^\S\n]*(?:class|namespace|template|using|public:|private:|protected:)\b|\w::~?\w", re.MULTILINE)
"""What only a C++ header has."""
_OBJC = lazy(
    r"^[^\S\n]*(?:@(?:interface|protocol|class|property|end|import)\b|#import\b)|\bNS_\w+_BEGIN\b", re.MULTILINE
)
"""What only an Objective-C header has."""


def language_of(path: str, name: str | None = None, text: str = "") -> Language | None:
    """The language of a name (as editors and fences write it), else of a path, else of a shebang.

    A file of any other name is text in no known language, unless its ending says that it holds none.
    """
    if name is not None:
        return _BY_NAME.get(name.lower())
    base = path.replace("\\", "/").rpartition("/")[2].lower()
    if (known := _BY_FILENAME.get(base)) is not None:
        return known
    dot = base.rfind(".")
    suffix = base[dot:] if dot > 0 else ""
    if suffix == ".h":
        return _BY_NAME["objective-c" if _OBJC.search(text) else "cpp" if _CPP.search(text) else "c"]
    if suffix == ".m" and not _OBJC.search(text):
        return TEXT  # MATLAB, Mathematica and others share the ending
    named = _BY_SUFFIX.get(suffix)
    if not suffix or (named is not None and named.name in _RUN_BY_SHEBANG):
        match = _SHEBANG.match(text[:128])
        told = _BY_NAME.get(match[1]) if match is not None else None
        if told is not None and (named is None or told.name in _RUN_BY_SHEBANG):
            return told
    return named or (TEXT if base and suffix not in NO_TEXT else None)
