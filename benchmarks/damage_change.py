"""Ways in which an edit damages a good file of any language, told only by its lines, at random places from a seed.

What is made here is checked against the whole file as the version before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from aicheck_checks.languages import Language

    Change = Callable[[str, Language, random.Random], str | None]

MARKERS = (
    "... existing {} ...", "rest of the {} unchanged", "... other {} remain the same ...", "[previous {} here]",
    "resto del código sin cambios", "... код без изменений ...", "其余代码保持不变", "... restlicher Code unverändert ...",
)  # fmt: skip
NOUNS = ("code", "styles", "jobs", "handlers", "fields", "resources", "imports", "sections")
TAGS = (
    "</content>",
    "</invoke>",
    "</parameter>",
    "</function_calls>",
    "<|im_end|>",
    ":contentReference[oaicite:3]{index=3}",
)
REFUSALS = (
    "I'm sorry, but I can't assist with that request.", "API Error: 529 Overloaded", "I cannot reproduce this file in full.",
    "Output blocked by content filtering policy",
)  # fmt: skip
_STATEMENT = re.compile(r"[ \t]+[\w$.]+ ?(?:=|\(|\.|:=)[^{}]*$")
_DEFINITION = re.compile(
    r"[ \t]*(?:(?:export|async|public|private|static|pub|final)\s+)*(?:def|func|function|fn|fun|class)\s+\w+"
)


def prefix(text: str, _language: Language, rng: random.Random) -> str | None:
    """Stop inside a line, in the last three quarters."""
    at = rng.randrange(len(text) // 4, len(text) - 20)
    kept = text[:at].rstrip()
    whole = {line.rstrip() for line in text.splitlines()}
    return None if kept.rpartition("\n")[2] in whole else kept


def emptied(_text: str, _language: Language, rng: random.Random) -> str | None:
    """Leave nothing, or a line break."""
    return rng.choice(("", "\n"))


def elided(text: str, language: Language, rng: random.Random) -> str | None:
    """Put a marker in place of ten to thirty lines."""
    lines = text.splitlines(keepends=True)
    marks = (language.line_comment, "") if language.line_comment else language.block_comment
    if len(lines) < 40 or marks is None:
        return None
    size = rng.randrange(10, 31)
    at = rng.randrange(5, len(lines) - size)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())].rstrip("\n")
    marker = f"{indent}{marks[0]} {rng.choice(MARKERS).format(rng.choice(NOUNS))} {marks[1]}".rstrip() + "\n"
    return "".join([*lines[:at], marker, *lines[at + size :]])


def swallowed(text: str, language: Language, rng: random.Random) -> str | None:
    """Put a comment before a statement, on its line."""
    lines = text.splitlines(keepends=True)
    found = [at for at, line in enumerate(lines) if _STATEMENT.match(line.rstrip("\n"))]
    if language.line_comment is None or not found:
        return None
    at = rng.choice(found)
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines[at] = f"{indent}{language.line_comment} as before{lines[at]}"
    return "".join(lines)


def escaped(text: str, _language: Language, rng: random.Random) -> str | None:
    """Join some lines by a literal backslash and n, as a string that was escaped twice."""
    lines = text.split("\n")
    if len(lines) < 30:
        return None
    at = rng.randrange(5, len(lines) - 20)
    run = lines[at : at + rng.randrange(6, 15)]
    return "\n".join([*lines[:at], "\\n".join(run), *lines[at + len(run) :]])


def curly(text: str, _language: Language, rng: random.Random) -> str | None:
    """Put curly quotes in place of straight ones in three lines of code."""
    lines = text.split("\n")
    found = [
        at
        for at, line in enumerate(lines)
        if line.count('"') == 2 and not line.lstrip().startswith(("#", "//", "*", '"'))
    ]
    if len(found) < 3:
        return None
    for at in rng.sample(found, 3):
        lines[at] = lines[at].replace('"', "\u201c", 1).replace('"', "\u201d", 1)
    return "\n".join(lines)


def garbled(text: str, _language: Language, rng: random.Random) -> str | None:
    """Decode letters beyond ASCII wrongly, all of them."""
    if text.isascii():
        return None
    return rng.choice(
        (text.encode().decode("cp1252", "replace"), text.encode("ascii", "replace").decode().replace("?", "\ufffd"))
    )


def twice(text: str, _language: Language, rng: random.Random) -> str | None:
    """Write a definition a second time, right behind itself."""
    lines = text.splitlines(keepends=True)
    for at in rng.sample(range(len(lines)), len(lines)):
        if not _DEFINITION.match(lines[at]):
            continue
        indent = len(lines[at]) - len(lines[at].lstrip())
        end = next((n for n in range(at + 1, len(lines)) if lines[n].strip() and len(lines[n]) - len(lines[n].lstrip()) <= indent and not lines[n].lstrip().startswith(("{", ")"))), len(lines))  # fmt: skip
        end += end < len(lines) and lines[end].lstrip().startswith(("}", "end"))
        part = lines[at:end]
        if 4 <= len(part) <= 60 and part[-1].strip():
            return "".join([*lines[:end], "\n", *part, *lines[end:]])
    return None


def tagged(text: str, _language: Language, rng: random.Random) -> str | None:
    """Leave a tag or token of a protocol at the end."""
    return f"{text.rstrip()}\n{rng.choice(TAGS)}\n"


def conflict(text: str, _language: Language, rng: random.Random) -> str | None:
    """Leave the marker of an edit between two lines."""
    lines = text.splitlines(keepends=True)
    at = rng.randrange(1, len(lines))
    marks = ["<<<<<<< SEARCH\n", lines[at], "=======\n", lines[at], ">>>>>>> REPLACE\n"]
    return "".join([*lines[:at], *marks, *lines[at + 1 :]])


def refused(_text: str, _language: Language, rng: random.Random) -> str | None:
    """Put a refusal or a service's message in place of the file."""
    return rng.choice(REFUSALS) + "\n"


def noticed(text: str, _language: Language, rng: random.Random) -> str | None:
    """Put the notice of a reading tool in place of the second half."""
    lines = text.splitlines(keepends=True)
    half = len(lines) // 2
    notice = rng.choice(
        (
            f"[Showing lines 1-{half} of {len(lines)} total lines]",
            f"... [truncated: showing first {half} of {len(lines)} lines]",
        )
    )
    return "".join(lines[:half]) + notice + "\n" if half > 10 else None


CLASSES: dict[str, tuple[Change, re.Pattern[str]]] = {
    name: (change, re.compile(codes))
    for name, change, codes in (
        ("cut in a line", prefix, "TRU"),
        ("emptied", emptied, "TRU012"),
        ("elided lines", elided, "ELI001"),
        ("read notice", noticed, "ELI004"),
        ("refusal as file", refused, "REF|TRU012"),
        ("leaked tag", tagged, "COR002|COR004|COR012|COR013"),
        ("edit marker", conflict, "COR005"),
        ("swallowed line", swallowed, "COR015"),
        ("literal escapes", escaped, "COR014|SYN001"),
        ("curly quotes", curly, "COR014|SYN001"),
        ("garbled letters", garbled, "COR009"),
        ("part twice", twice, "REP"),
    )
}  # fmt: skip
"""Each class with the codes that call its cause by the right name."""
