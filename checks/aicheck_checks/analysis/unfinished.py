"""Whether the last line of a text looks unfinished in itself.

A grammar that does not know all of a language stumbles at the end of whole texts as well as anywhere else. That it does
so is no evidence that a text was cut: the line must show it, or the text must be without fault up to this line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicheck_checks.languages.balance import is_balanced
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.source import Source

_NEEDS_MORE = lazy(r"(?:[=+*/%&|^<,.(\[{:?~\\-]|\bnot|\band|\bor)\s*$")
"""Operators and opening brackets, after which something must follow."""
_ENDS_SO = lazy(r"(?:\*/|-->|--|\+\+|\?>|%>|\]\]>)\s*$")
_WORDS = lazy(
    r"(?:^|[^\w.$@:-])(?:if|elif|elsif|else|unless|while|until|for|do|then|case|when|where|in|of|as|is|from|import|new|class|def|func|"
    r"function|fun|fn|let|var|const|val|struct|enum|interface|trait|impl|extends|implements|with|throw|switch|catch|"
    r"SELECT|INSERT|INTO|UPDATE|SET|VALUES|FROM|JOIN|WHERE|AND|OR|NOT|BY|HAVING|ON|AS|IN|CREATE|TABLE|ALTER|DROP)\s*$"
)
"""Words after which something must follow."""
_HEAD = lazy(
    r"^[^\S\n]*(?:[-+][^\S\n]*\(|@(?:implementation|interface|protocol|property)\b|"
    r"(?:(?:export|default|public|private|protected|internal|static|final|abstract|async|pub|open|override|sealed|unsafe|data)\b[^\S\n]*)*"
    r"(?:(?:class|interface|struct|enum|trait|impl|mod|module|namespace|package|import|using|use|record|fn|func|function|fun|def|type|extension|protocol|let|var|const)\b|$))"
    r"[^;{}]*$"
)
"""The head of a declaration, whose body or semicolon is to come."""
_CONTINUED = ("bash", "dockerfile")
"""Languages in which people leave the mark of a continued line behind the last one: it means nothing there."""
_OPENS_BLOCK = {
    "ruby": lazy(r"^[^\S\n]*(?:class|module|def|if|unless|while|until|case|begin|for)\b(?!.*\bend\b)|\bdo\b(?:[^\S\n]*\|[^|\n]*\|)?[^\S\n]*$|=[^\S\n]*(?:if|case|begin|unless)\b", re.MULTILINE),
    "lua": lazy(r"\b(?:function|then|do|repeat)\b"),
    "bash": lazy(r"^[^\S\n]*(?:if|case|while|for|until|select)\b", re.MULTILINE),
}  # fmt: skip
_CLOSES_BLOCK = {
    "ruby": lazy(r"^[^\S\n]*end\b", re.MULTILINE),
    "lua": lazy(r"\b(?:end|until)\b|\belseif\b"),
    "bash": lazy(r"(?:^|;)[^\S\n]*(?:fi|esac|done)\b", re.MULTILINE),
}
"""What opens and closes a block where that is done by words."""


def is_unfinished(source: Source, last: str, start: int) -> bool:
    """Whether something must follow the last line of code, which begins at an offset (code points)."""
    assert source.language is not None
    code = last.rstrip()
    name = source.language.name
    if name in _CONTINUED:
        code = code.removesuffix("\\").rstrip()
    if (_NEEDS_MORE.search(code) and not _ENDS_SO.search(code)) or _WORDS.search(code):
        return True
    if name in _OPENS_BLOCK:
        return _has_open_block(source, name)
    if source.language.group == "code" and _HEAD.match(code):
        return True
    if source.language.group == "data":
        return _is_whole_before(source, start)
    return not is_balanced(source)


def _has_open_block(source: Source, language: str) -> bool:
    """Whether fewer blocks are closed than are opened."""
    opened = sum(source.region(match.start()) == "code" for match in _OPENS_BLOCK[language].finditer(source.text))
    closed = sum(source.region(match.end() - 1) == "code" for match in _CLOSES_BLOCK[language].finditer(source.text))
    return opened > closed or not is_balanced(source)


def _is_whole_before(source: Source, start: int) -> bool:
    """Whether the text without its last line parses."""
    assert source.language is not None
    before = source.text[:start]
    if not before.strip():
        return False
    tree = source.language.parse(before.encode("utf-8", "replace"))
    return tree is not None and not tree.root_node.has_error
