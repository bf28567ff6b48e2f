"""Markdown: outside text stays text in CommonMark, in GitHub's and GitLab's dialects, and in editors.

Escaping is not enough: mentions, references to issues and closing words are looked for in what was rendered.
What is not a plain word therefore becomes code, in which nobody looks for anything.
"""

from __future__ import annotations

import re

from aicheck_app.report.sinks.plain import line, short

WORDS = 400
"""Code points of a sentence."""
NAME = 120
"""Code points of a name."""
_PLAIN = re.compile(r"[('\"]{0,2}[^\W_]+(?:[-'/][^\W_]+|[.:]\d+)*[)'\",;:.?]{0,3}")
"""A word with nothing in it that makes markup, or a link in any dialect (``a.py`` is a domain to some)."""
_REFERENCE = re.compile(r"(?i)www\.|gh-\d|(?<![^\W_])[0-9a-f]{7,40}(?![^\W_])")
"""What GitHub takes for an address, an issue or a commit."""
_WRAPPED = re.compile(r"((?:[('\"]{0,2}(?=\w))?)(.*?)((?:(?<=\w)[)'\",;:.?]{1,3})?)", re.DOTALL)
"""Code in the quotes and punctuation of a sentence."""
_NUMBERING = re.compile(r"\d+[.)]")


def text(value: str, limit: int = WORDS) -> str:
    """A sentence or a name in running text; runs of words that are not plain become code."""
    words = short(value, limit).split(" ")
    parts: list[str] = []
    run: list[str] = []
    for at, word in enumerate(words):
        plain = _is_plain(word) and not (_NUMBERING.fullmatch(word) and not any(words[:at]))
        if plain and run:
            parts.append(_run(" ".join(run)))
            run = []
        (parts if plain else run).append(word)
    return " ".join([*parts, *([_run(" ".join(run))] if run else [])])


def cell(value: str, limit: int = NAME) -> str:
    """A name in a table, whose cells end at a pipe even in code; where one is escaped, dialects differ."""
    return text(value, limit).replace("|", "\\x7c")


def code(value: str, limit: int = NAME) -> str:
    """A name as code."""
    return _span(short(value, limit))


def block(value: str, language: str = "", limit: int = 1_200) -> list[str]:
    """The lines of a fenced block; its fence is longer than any in it."""
    lines = [line(one, keep="\t") for one in value[:limit].split("\n")]
    longest = max(map(len, re.findall("`+", value)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence + (language if re.fullmatch(r"[a-z0-9+#-]{1,20}", language) else ""), *lines, fence]


def _is_plain(word: str) -> bool:
    return bool(_PLAIN.fullmatch(word)) and not _REFERENCE.search(word)


def _run(value: str) -> str:
    """Words that are not plain as code, without the quotes before and the punctuation behind them."""
    match = _WRAPPED.fullmatch(value)
    assert match is not None
    return f"{match[1]}{_span(match[2])}{match[3]}"


def _span(value: str) -> str:
    return "`" + value.replace("`", "\\x60") + "`" if value.strip() else value
