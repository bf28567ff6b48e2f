"""Whether the brackets of a text are in balance, told from its characters alone.

A grammar that does not know a construct loses brackets, and then takes a whole
text for one that is cut off; a text that is cut off lacks closing brackets however it is read.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re

    from aicheck_checks.source import Source

_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"))
_COMMENTS_AND_STRINGS = r'//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)|"""(?s:.*?)(?:"""|\Z)|"(?:\\[^\n]|[^"\\\n])*+"?'
"""Whole, so that no bracket is seen in them; an unclosed one ends with its line or the text."""
_LETTER = r"'(?:\\[^\n][^'\n]{0,8}|[^'\\\n])'"
_PLAIN = lazy(_COMMENTS_AND_STRINGS + "|" + _LETTER + r"|[()\[\]{}]")
_TICKED = lazy(_COMMENTS_AND_STRINGS + "|" + _LETTER + r"|`[^`]*+`?|[()\[\]{}]")
_HOLED = lazy(
    r'//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)|"""(?s:.*?)(?:"""|\Z)|'
    r'"(?:\$\{(?:[^{}"\n]|"[^"\n]*"|\{[^{}\n]*\})*+\}|\\[^\n]|[^"\\\n])*+"?|' + _LETTER + r"|`[^`]*+`?|[()\[\]{}]"
)
_SINGLE_QUOTED = lazy(_COMMENTS_AND_STRINGS + r"|'(?:\\[^\n]|[^'\\\n])*+'?|`[^`]*+`?|[()\[\]{}]")
_TOKENS: dict[str, re.Pattern[str]] = {
    **dict.fromkeys(("c", "cpp", "csharp", "java", "objective-c", "rust"), _PLAIN),
    **dict.fromkeys(("go", "swift"), _TICKED),
    **dict.fromkeys(("kotlin", "scala"), _HOLED),
    **dict.fromkeys(("javascript", "php", "tsx", "typescript"), _SINGLE_QUOTED),
}
"""Languages whose blocks stand in braces: in others, a text may lack its end and have all brackets closed."""


@lru_cache(maxsize=1)
def balanced(source: Source) -> bool:
    """Whether each kind of bracket is closed as often as it is opened, outside of strings and comments."""
    tokens = _TOKENS.get(source.language.name) if source.language is not None else None
    if tokens is None:
        return False
    found = tokens.findall(source.text)
    return all(found.count(opening) == found.count(closing) for opening, closing in _PAIRS)
