"""Functions, methods and private fields that a change took away and the same file goes on to use, in compiled and other languages.

A name counts as lost where the version before defined it, the new text does not, still calls or reads it by its bare name (or
through ``this`` or ``self``), and no other file of the project defines one of that name.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.elsewhere import other_texts
from aicheck_checks.analysis.outside import Lost, may_come_from_outside
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

ENDS = {
    "java": (".java", ".kt"), "kotlin": (".kt", ".java"), "go": (".go",), "csharp": (".cs",), "swift": (".swift",), "ruby": (".rb",),
    "cpp": (".cpp", ".cc", ".cxx", ".h", ".hpp"), "c": (".c", ".h"), "lua": (".lua",), "bash": (".sh", ".bash"), "rust": (".rs",),
    "scala": (".scala", ".java"), "dart": (".dart",), "elixir": (".ex", ".exs"), "javascript": (".js", ".jsx", ".ts", ".mjs", ".cjs"),
}  # fmt: skip
"""The files in which a name of a language may be defined."""
_BY_LINES = {
    "dart": lazy(
        r"^[ \t]*(?:static[ \t]+|@override[ \t]+)?(?:[\w<>?,]+[ \t]+){1,3}(\w+)\([^;\n]{0,300}(?:\{|=>)", re.MULTILINE
    ),
    "elixir": lazy(r"^[ \t]*defp?[ \t]+(\w+[?!]?)", re.MULTILINE),
    "bash": lazy(r"^[ \t]*(?:function[ \t]+)?(\w+)[ \t]*\(\)", re.MULTILINE),
}
"""How definitions begin where no grammar here names them."""
_FIELD = lazy(
    r"^[ \t]*(?:private|fileprivate|protected)[ \t]+(?:(?:static|readonly|final|lazy|let|var|val|volatile|const|mutable)[ \t]+)*"
    r"(?:[\w<>\[\]?,.]+[ \t]+)?(\w{2,60})[ \t]*(?:[=;{]|:[^:]|$)",
    re.MULTILINE,
)
_FIELDS = frozenset({"java", "kotlin", "csharp", "swift", "scala"})
_NO_TYPE = r"(?<!\breturn)(?<!\bnew)(?<!\bawait)(?<!\bthrow)(?<!\bin)(?<!\bis)(?<!\bas)(?<!\belse)(?<!\byield)(?<!\bcase)(?<!\btry)(?<!\bnot)(?<!\band)(?<!\bor)"
_COMMON = frozenset(
    "main init setup run close open get set new print format test call apply update toString equals hashCode".split()
)
MOST = 40
SHORT = 3
MOST_LOOKS = 2_000
"""Places that name what was lost, beyond which nothing is said of the rest."""
LONG_LINE = 200
"""Code points before and behind a name that are looked at."""


class LostMember(NamedTuple):
    """A lost name that is still used, the place (code points) of the first use, and whether it may come from elsewhere now."""

    name: str
    start: int
    doubtful: bool


def lost_members(source: Source) -> Iterator[LostMember]:
    """Each lost name that is still used."""
    old, language = source.before, source.language
    if old is None or language is None or language.name not in ENDS or not source.parses:
        return
    fields = set(_FIELD.findall(old.text)) if language.name in _FIELDS else set[str]()
    lost = list(islice(_lost(source, old, language.name), MOST))
    others = other_texts(source, source.surroundings, ENDS[language.name]) if lost else None
    if others is None:
        return
    budget = [MOST_LOOKS]
    for name in lost:
        defines = _defines(name, field=name in fields)
        if any(_is_defined(name, text, defines, budget) for text in (source.text, *others)):
            continue
        at = _use(source, name, language.name)
        if at is not None:
            yield LostMember(name, at, may_come_from_outside(source, _lost_of(old, name, language.name), others))


def _lost_of(old: Source, name: str, language: str) -> Lost:
    """What is known of a lost name: its classes, and whether the line that defined it says that it is private."""
    whole = next((full for full in old.definitions if full == name or full.endswith(f".{name}")), name)
    line = re.compile(
        rf"^[^\n=(]{{0,200}}\b(?:private|fileprivate)\b[^\n=(]{{0,200}}\b{re.escape(name)}\b", re.MULTILINE
    )
    private = language in _FIELDS and line.search(old.text) is not None
    if language == "elixir":
        private = re.search(rf"\bdefp[ \t]+{re.escape(name)}(?![\w?!])", old.text) is not None
    return Lost(name, tuple(whole.split(".")[:-1]), private)


def _is_defined(name: str, text: str, defines: re.Pattern[str], budget: list[int]) -> bool:
    """Whether a text defines a name, or names it too often to be looked through; only the lines that name it are looked at."""
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
            budget[0] -= 1
            first, last = text.rfind("\n", max(at - LONG_LINE, 0), at) + 1, text.find("\n", at, at + LONG_LINE)
            line = text[max(first, at - LONG_LINE) : last if last >= 0 else at + LONG_LINE]
            if budget[0] < 0 or defines.search(line):
                return True
        at = text.find(name, end)
    return False


def _lost(source: Source, old: Source, language: str) -> Iterator[str]:
    """Names of functions and private fields that only the version before defines."""
    if language in _BY_LINES:
        pattern = _BY_LINES[language]
        names = set(pattern.findall(old.text)) - set(pattern.findall(source.text))
    else:
        now = {name.rpartition(".")[2] for name in source.definitions}
        functions = {name.rpartition(".")[2] for name, one in old.definitions.items() if one.kind == "function"}
        names = functions - now
        if language in _FIELDS:
            names |= set(_FIELD.findall(old.text)) - set(_FIELD.findall(source.text))
    yield from sorted(name for name in names if len(name) >= SHORT and name not in _COMMON)


def _defines(name: str, *, field: bool) -> re.Pattern[str]:
    """What may define a name: a keyword or a type before it, a value or a body behind it; a value does not define a private field."""
    word = re.escape(name)
    value = "" if field else rf"|(?<![\w.]){word}[ \t]*(?:=(?!=)|\(\)[ \t]*\{{|:[ \t]*(?:function|\())"
    return re.compile(
        rf"\b(?:def|defp|fun|func|fn|function|sub|alias|define|import|using|require|let|var|val|const)\b[^\n=(]{{0,100}}(?<![\w.]){word}(?!\w)|"
        rf"\bfunc[ \t]*\([^()\n]{{0,200}}\)[ \t]*{word}(?!\w)|\bfun\b[^\n(]{{0,100}}\.{word}[ \t]*\(|"
        rf"(?:[\w>\]]|(?<!&)[*&?]){_NO_TYPE}[ \t]+\*?(?:\w+::)?{word}[ \t]*(?:[=;,){{:]|\([^;\n]{{0,300}}(?:\{{|=>|throws|const|override|where|$))|"
        rf"[:\"'`]{word}[\"'`]?(?!\w){value}",
        re.MULTILINE,
    )


def _use(source: Source, name: str, language: str) -> int | None:
    """The first place where a text uses a name by itself, in code."""
    word = re.escape(name)
    if language == "bash":
        use = re.compile(rf"(?:^[ \t]*|\$\(|[|&;][ \t]*|\b(?:then|do|else|if|!)[ \t]+){word}(?![\w=(-])", re.MULTILINE)
    else:
        call = "" if language in _FIELDS else r"[ \t]*\("
        if language == "go" and name[:1].islower():  # of no other package: a method of any value is one of this package
            use = re.compile(rf"(?<![\w\"]){word}[ \t]*\(")
            return next((m.start() for m in use.finditer(source.text) if source.region(m.start()) == "code"), None)
        use = re.compile(rf"(?<![\w.$>:@&\"'])(?:(?:this|self|Self)(?:\.|::|->|:))?{word}(?!\w){call}")
    for match in use.finditer(source.text):
        at = match.end() - len(match[0].lstrip()) if language == "bash" else match.start()
        if source.region(at) == "code" and not _is_remark(source, at):
            return at
    return None


def _is_remark(source: Source, at: int) -> bool:
    """Whether a place of a text without a grammar stands behind the mark of a comment."""
    mark = source.language.line_comment if source.language is not None else None
    line = source.position(at).line - 1
    return source.tree is None and mark is not None and mark in source.text[source.line_starts[line] : at]
