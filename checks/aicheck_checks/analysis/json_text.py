"""Whether a text is JSON of no dialect: what no reader takes, however lenient it is with comments, commas and quotes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re

_COMMENT = lazy(r'"(?:\\.|[^"\\\n])*+(?:"|\\?)|//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)')
_COMMA = lazy(r'"(?:\\.|[^"\\\n])*+(?:"|\\?)|,(?=\s*+[\]}])')
"""Strings, which hold neither, to the end of their line where they are not closed; commas before a closing bracket."""
_TEMPLATE = lazy(r"\{\{|<%|\$\{|\{%|@@|%%")
_BARE = lazy(r"'|[{,]\s{0,100}[A-Za-z_$]")
"""What only JSON5 has: other quotes, and keys without any."""


def is_refused(text: str) -> bool:
    """Whether strict JSON, JSON with comments and trailing commas, a JSON text a line, JSON5 and templates are all ruled out."""
    plain = _COMMA.sub(_without, _COMMENT.sub(_without, text))
    bare = _COMMENT.sub(lambda found: '""' if found[0][0] == '"' else " ", text)
    if _reads(plain) or _TEMPLATE.search(text) or _BARE.search(bare) or bare.lstrip()[:1] not in ("{", "["):
        return False
    return not all(_reads(line) for line in text.splitlines() if line.strip())


def _without(found: re.Match[str]) -> str:
    return found[0] if found[0][0] == '"' else " "


def _reads(text: str) -> bool:
    try:
        json.loads(text, strict=False)
    except RecursionError:
        return True  # which nobody can tell
    except ValueError:
        return False
    return True
