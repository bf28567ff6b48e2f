"""A run of another script stands inside or beside an identifier, in code.

## Why it matters
When a serving fault made a model emit wrong tokens, Chinese, Thai or Cyrillic
characters turned up in the midst of English code
(https://www.anthropic.com/engineering/a-postmortem-of-three-recent-issues). The
name is broken even where the language allows such letters.

## Instead
Remove the run; ask again if it replaced something.

## Known limits
Names wholly written in one other script and used more than once are taken for
the author's language. Strings and comments may hold any script.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

SCRIPTS = {
    "Cyrillic": "\u0400-\u052f",
    "Armenian": "\u0531-\u058f",
    "Hebrew": "\u0590-\u05ff",
    "Arabic": "\u0600-\u06ff\u0750-\u077f",
    "Indic": "\u0900-\u0dff",
    "Thai": "\u0e00-\u0e7f",
    "Lao": "\u0e80-\u0eff",
    "Tibetan": "\u0f00-\u0fff",
    "Burmese": "\u1000-\u109f",
    "Georgian": "\u10a0-\u10ff",
    "Korean": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "Ethiopic": "\u1200-\u137f",
    "Khmer": "\u1780-\u17ff",
    "Japanese": "\u3040-\u30ff\u31f0-\u31ff",
    "Chinese": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ffff",
    "full-width": "\u3001-\u303f\uff00-\uffef",
}
_RUN = lazy(f"[{''.join(SCRIPTS.values())}]+")
_ANY = lazy(f"(?<!\\w)\\w*[{''.join(SCRIPTS.values())}][\\w{''.join(SCRIPTS.values())}]*")
_BARE = frozenset({"css", "scss", "sql", "yaml"})
"""Languages in which a word is a value, or whose grammar knows no other letters than Latin."""
_WORDS = frozenset({"bash", "dockerfile"})
"""Languages in which most words are texts for a program."""
_KEYS = frozenset(
    {"property_identifier", "hash_key_symbol", "simple_symbol", "bare_key", "shorthand_property_identifier"}
)
CONVENTION = 2
"""A run in more different words than this is a way of naming, not a slip."""


def _script(char: str) -> str:
    return next(name for name, chars in SCRIPTS.items() if re.match(f"[{chars}]", char))


def check(source: Source) -> Iterator[Found]:
    """Each name (once) that mixes scripts, stands alone in a foreign one, or does not parse."""
    if source.text.isascii() or not _RUN.search(source.text):
        return
    words = list(_words(source))
    times = Counter(word for _, word in words)
    broken = not source.parses
    runs = Counter(run for word in times for run in _RUN.findall(word))
    undefined = {source.word(d) for d in source.diagnostics or () if d.code == "F821"}
    seen: set[str] = set()
    for start, word in words:
        if word in seen or source.region(start) != "code":
            continue
        seen.add(word)
        run = _RUN.search(word)
        if run is None or runs[run[0]] > CONVENTION:
            continue
        mixed = bool(re.search(r"[A-Za-z]", word))
        # A text that uses such names, or defines this one, is written in the author's language.
        slip = mixed or (len(times) == 1 and (source.diagnostics is None or word in undefined))
        if not broken and (times[word] > 1 or not slip):
            continue
        if _is_data(source, start, broken=broken, mixed=mixed, alone=len(times) == 1):
            continue
        name = _script(run[0][0])
        message = f"{name} characters '{run[0][:12]}' stray into code"
        if mixed:
            message += f" in '{word[:40]}'"
        yield Found(message, start, start + len(word), broken_syntax=broken)


def _is_data(source: Source, start: int, *, broken: bool, mixed: bool, alone: bool) -> bool:
    """Whether a word is a value or key in the author's language, which needs no quotes there."""
    language = source.language.name if source.language is not None else ""
    if language in _WORDS and not mixed and (source.kind != "file" or not alone):
        return True
    if language == "dockerfile" and not mixed and not broken:
        return True
    if language in ("css", "scss") and ":" in source.text[source.line_starts[source.position(start).line - 1] : start]:
        return True
    if language in _BARE and not mixed and broken:
        return not alone and source.position(start).line - 1 not in source.error_lines
    if broken or source.tree is None or (mixed and alone):
        return False
    at = source.byte_offset(start)
    node = source.tree.root_node.descendant_for_byte_range(at, at)
    return node is not None and (node.type in _KEYS or (node.parent is not None and "enum" in node.parent.type))


def _words(source: Source) -> Iterator[tuple[int, str]]:
    """Every word that has a run, with its place."""
    for number, line in enumerate(source.lines):
        if not line.isascii():
            for match in _ANY.finditer(line):
                yield source.line_starts[number] + match.start(), match[0]


RULE = Rule(
    code="COR001",
    name="foreign-script",
    summary="a run of another script strays into code",
    page=__doc__,
    check=check,
    needs=("tree",),
    kinds=("file", "fragment", "reply"),
    languages=("code", "data"),
    yields_to=("COR002",),
    good=(
        Case("greeting = '你好, world'  # 问候\n"),
        Case("数量 = 3\n价格 = 4\nprint(数量 * 价格)\n"),
        Case("class T:\n    蟒 = 3\n"),
        Case("int 数 = 1;\nint 量 = 数;\n", language="c"),
        Case('KEYS = { :"日本" => 1, 名: 2 }\n', language="ruby"),
        Case("const names = { 名: 1 };\n", language="javascript"),
        Case("LABEL title=你好\n", language="dockerfile"),
        Case("echo ＡＢＣ| fzf -q abc\n", language="bash", kind="reply"),
        Case("[build] 基于 Starlight 构建\n", language="bash", kind="reply"),
        Case("@counter-style x { symbols: ك ل }\n", language="css", kind="fragment"),
        Case("µ = 1\nσ = 2\nprint(µ + σ)\n"),
    ),
    bad=(
        Case(
            "def total(items):\n    return sum结果(items)\n",
            line=2,
            says="Chinese",
            symptom="Chinese characters in a name (结果)",
        ),
        Case("def f(x):\n    return x มากกว่า 1\n", line=2, says="Thai", symptom="Thai letters in code"),
        Case(
            "tоtal = 1\nprint(total)\n",
            line=1,
            says="Cyrillic",
            symptom="a Cyrillic letter that looks like a Latin one",
        ),
    ),
)
