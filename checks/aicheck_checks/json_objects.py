"""JSON objects as strangers write them, with the comments and trailing commas that some tools allow."""

from __future__ import annotations

import json
import re
from typing import Any

from aicheck_checks.patterns import lazy

_COMMENT = lazy(r"(\"(?:\\.|[^\"\\])*+(?:\"|\\?\Z))|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])", re.DOTALL)


def json_object(text: str) -> dict[str, Any]:
    """The object that a text is; an empty one where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        try:
            found = json.loads(_COMMENT.sub(lambda match: match[1] or "", text))
        except (ValueError, RecursionError):
            return {}
    return found if isinstance(found, dict) else {}
