"""JSON that every parser takes, and that no terminal or CI server takes for more than text."""

from __future__ import annotations

import json
import re
from typing import Any

from aicheck_app.report.sinks.plain import escape, shows


def dumps(value: Any, indent: int | None = None) -> str:
    r"""The value as JSON in the terms of RFC 7493 (I-JSON).

    Half a surrogate pair, which strict parsers refuse, becomes its visible form (``\xff`` for a byte of a name), no
    number becomes null. Everything else stays what it was; what is not seen is written as JSON's own escapes.
    """
    try:
        text = json.dumps(value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:
        text = dumps(json.loads(json.dumps(value), parse_constant=lambda _: None), indent)
    if not text.isascii() or "\x7f" in text:
        text = re.sub(r"[^\n -~]+", _seen, text)
    return re.sub(r"##(?=\w*\[)", r"#\\u0023", text) if "##" in text else text


def _seen(match: re.Match[str]) -> str:
    return match[0] if shows(match[0]) else "".join(map(_character, match[0]))


def _character(one: str) -> str:
    if "\ud800" <= one <= "\udfff":
        return f"\\{escape(one)}"
    return one if shows(one) else json.dumps(one)[1:-1]
