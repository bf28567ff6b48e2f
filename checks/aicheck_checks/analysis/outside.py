"""Whether a name that a file lost may now come from what can't be looked into: a base class of a library, a wildcard import, a sourced file.

What the version before had in the same words could not give a private member a second time, for a class may not hide it so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicheck_checks.source import Source

_HEADERS = {
    "python": lazy(r"\bclass\s{1,5}(\w{1,100})\s{0,5}\(([^():]{0,300})"),
    "ruby": lazy(r"\bclass\s{1,5}(\w{1,100})\s{0,5}<\s{0,5}([\w:]{1,200})"),
    **dict.fromkeys(
        ("java", "scala", "dart", "javascript", "php", "typescript", "tsx"),
        lazy(
            r"\b(?:class|interface|trait|object|mixin|record|enum|extension)\s{1,5}(\w{1,100})([^{;]{0,600})"
        ),
    ),
    **dict.fromkeys(
        ("kotlin", "csharp", "swift", "cpp"),
        lazy(
            r"\b(?:class|interface|object|struct|record|enum|extension|actor|protocol)\s{1,5}(\w{1,100})([^{;]{0,600})"
        ),
    ),
}  # fmt: skip
"""The name of a class, and what stands between it and its body."""
_AFTER = {
    **dict.fromkeys(
        ("java", "scala", "dart", "javascript", "php", "typescript", "tsx"),
        lazy(r"\b(?:extends|implements|with|on)\b"),
    ),
    **dict.fromkeys(("kotlin", "csharp", "swift", "cpp"), lazy(r":(?!:)")),
}
"""Behind which the names of a class's bases stand."""
_GROUP = lazy(r"\([^()]*\)|<[^<>]*>|\[[^\[\]]*\]")
_BASE = lazy(r"\b([A-Z]\w*+)(?![.:])")
_OWN_METHODS = frozenset(
    "object Object Any AnyObject Exception Error RuntimeException ABC Protocol Generic Enum NamedTuple TypedDict".split()
)
"""Bases that give a class nothing that it would call by a name of its own."""
_OPEN = {
    "java": lazy(r"^\s*+import\s++static\s++(?:\w++\.)++\*"),
    "kotlin": lazy(r"^\s*+import\s++(?:\w++\.)++\*"),
    "scala": lazy(r"^\s*+import\s++(?:\w++\.)++[_*]"),
    "csharp": lazy(r"^\s*+(?:global\s++)?using\s++static\b"),
    "swift": lazy(r"^\s*+@_exported\b"),
    "cpp": lazy(r"^\s*+using\s++namespace\b"),
    "rust": lazy(r"^\s*+(?:pub(?:\([^()]*+\))?\s++)?use\s++(?!super\b|self\b|crate\b)[^;]*\*"),
    "elixir": lazy(r"^\s*+(?:use|import)\s++([A-Z][\w.]*)"),
    "ruby": lazy(r"^\s*+(?:include|extend|prepend)\s++([A-Z][\w:]*)|^\s*+(?:delegate|def_delegators?)\b|\bmethod_missing\b"),
    "python": lazy(r"^\s*+def __getattr__\b"),
    "php": lazy(r"^[ \t]++use\s++(\w++)\s*+[;{,]|\bfunction __call"),
    "bash": lazy(r"^\s*+(?:\.|source)\s++([^\s;&|]++)"),
    "go": lazy(r"^\s*+(?:import\s++)?\.\s++\""),
}  # fmt: skip
"""Lines that bring names which they don't say; the group is where from, if that may be a thing of the project."""
_NEW = {
    "rust": lazy(r"^\s*+(?:pub\s++)?use\b|^\s*+#!?\[|^[\w:]++!"),
    "c": lazy(r"^\s*+#\s*+include\b"),
    "cpp": lazy(r"^\s*+#\s*+include\b|^\s*+using\b"),
    "swift": lazy(r"^\s*+import\b|^\s*+@\w"),
    "dart": lazy(r"^\s*+(?:import|part)\b"),
    "ruby": lazy(r"^\s*+require\b"),
    "lua": lazy(r"\b(?:require|dofile|loadfile)\b"),
    "kotlin": lazy(r"\bby\b"),
    "csharp": lazy(r"\bpartial\b|^\s*+\[(?:ObservableProperty|RelayCommand|LoggerMessage|GeneratedRegex|Generate\w*|Auto\w*)\b"),
}  # fmt: skip
"""Lines that may bring names where a change adds them."""
_LOMBOK = lazy(r"@(?:Data|Value|Getter|Setter|Builder|SuperBuilder|With|Slf4j|Log4j2?|Log|CommonsLog|Flogger|XSlf4j)\b")
_MADE = lazy(r"log|(?:get|set|is|with|to)[A-Z]\w*|builder|canEqual")
_LIBRARY = lazy(r"(?:str|mem|wcs)[a-z]{2,8}|reallocarray|getline|v?asprintf|explicit_bzero")
"""Functions that one C library has and another has not."""
_GLOBAL = lazy(r"/\*\s*+globals?\b([^*]{0,2000})")
MOST = 10
"""Bases that are looked for at once."""
DEEP = 5
"""Bases of bases that are looked for."""


class Lost(NamedTuple):
    """What is gone: its own name, the classes round it, and whether no other class could see it."""

    name: str
    owners: tuple[str, ...] = ()
    private: bool = False


def may_come_from_outside(source: Source, lost: Lost, others: Sequence[str]) -> bool:
    """Whether something that this text names, and none of the project's ``others`` defines, may give the lost name."""
    language = source.language.name if source.language is not None else ""
    was = source.changed_lines.was if source.changed_lines is not None else frozenset[str]()
    if _has_open_line(source, lost, was, (source.text, *others)) or _is_made(language, lost.name, source.text):
        return True
    if lost.private and source.before is not None and _same_headers(language, source.before.text, source.text):
        return False
    return any(_has_outside_base(language, owner, (source.text, *others)) for owner in _owners(language, lost, source))


def has_bases(source: Source, owner: str) -> bool:
    """Whether a class of the text inherits from any other."""
    return source.language is not None and bool(_bases_of(source.language.name, owner, (source.text,)))


def _has_open_line(source: Source, lost: Lost, was: frozenset[str], texts: Sequence[str]) -> bool:
    """Whether a line brings names from what can't be looked into; a private function of Elixir may not be imported besides."""
    language = source.language.name if source.language is not None else ""
    opened, added = _OPEN.get(language), _NEW.get(language)
    for line in source.lines:
        can = not (language == "elixir" and lost.private and line.strip() in was)
        match = opened.search(line) if opened is not None and can else None
        if match is not None and not (match.re.groups and match[1] and _is_own(language, match[1], texts)):
            return True
        if added is not None and line.strip() not in was and added.search(line):
            return True
    return False


def _is_own(language: str, name: str, texts: Sequence[str]) -> bool:
    """Whether a module that a line names is one of the project's own; what a shell sources is named by a path."""
    if language == "bash":
        path = name.strip("\"'")
        return path.endswith((".sh", ".bash")) and path[0] not in "/~"
    last = re.split(r"::|\.", name)[-1]
    return any(last in text and _defines_class(last).search(text) for text in texts)


def _is_made(language: str, name: str, text: str) -> bool:
    """Whether a tool or the language's library makes a name of this kind, and the text asks for it."""
    if language == "java":
        return _MADE.fullmatch(name) is not None and _LOMBOK.search(text) is not None
    if language in ("c", "cpp"):
        return _LIBRARY.fullmatch(name) is not None
    if language == "javascript":
        return any(name in re.findall(r"[\w$]+", match[1]) for match in _GLOBAL.finditer(text))
    if language == "rust":
        return f"!({name}" in text or f"! {{ {name}" in text
    return False


def _owners(language: str, lost: Lost, source: Source) -> Iterable[str]:
    """The classes whose bases count: those round the lost thing, or all of the text where they can't be told."""
    return lost.owners or (name for name, _ in _headers(language, source.text))


def _headers(language: str, text: str) -> Iterator[tuple[str, str]]:
    pattern = _HEADERS.get(language)
    return ((match[1], match[2]) for match in pattern.finditer(text)) if pattern is not None else iter(())


def _same_headers(language: str, before: str, now: str) -> bool:
    """Whether no class of a text got a base that it did not have before."""
    then = {(name, base) for name, rest in _headers(language, before) for base in _bases(language, rest)}
    return all((name, base) in then for name, rest in _headers(language, now) for base in _bases(language, rest))


def _has_outside_base(language: str, owner: str, texts: Sequence[str]) -> bool:
    """Whether a class inherits from one that no text defines, itself or by way of its bases."""
    todo, seen = [owner], {owner}
    for _ in range(DEEP):
        bases = set(sorted({base for name in todo for base in _bases_of(language, name, texts)} - seen)[:MOST])
        if any(not _is_own(language, base, texts) for base in bases):
            return True
        seen |= bases
        todo = sorted(bases)
    return bool(todo)


def _bases_of(language: str, owner: str, texts: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for text in texts:
        if owner in text:
            found.update(
                base for name, rest in _headers(language, text) if name == owner for base in _bases(language, rest)
            )
    return found


def _bases(language: str, rest: str) -> set[str]:
    """The names of the bases in what stands between a class's name and its body."""
    after = _AFTER.get(language)
    if after is not None:
        for _ in range(DEEP):
            rest = _GROUP.sub(" ", rest)
        parts = after.split(rest, maxsplit=1)
        rest = parts[1] if len(parts) > 1 else ""
    return set(_BASE.findall(rest)) - _OWN_METHODS


def _defines_class(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:class|interface|trait|object|module|defmodule|struct|mixin|protocol|enum|record)\s{{1,5}}(?:\w{{1,100}}(?:\.|::)){{0,5}}{re.escape(name)}\b"
    )
