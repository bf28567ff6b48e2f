"""Plain text on one line: what would move a cursor, hide, turn the reading direction or break the line is shown as what it is.

Imports nothing: every command prints through here.
"""

from __future__ import annotations

_UNSEEN = frozenset(
    map(
        chr,
        (
            0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0,
            *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
        ),
    )
)  # fmt: skip
"""What ``str.isprintable`` lets pass though nothing is to be seen of it: the rest of Default_Ignorable_Code_Point
(DerivedCoreProperties.txt of Unicode 16), and the blank Braille pattern."""


def visible(text: str, keep: str = "") -> str:
    r"""The text with all that is not seen, or does more than be seen, in the form ``\x1b``; but for what is to ``keep``.

    A byte of a name that is not UTF-8 is shown as ``\xff``, half a surrogate pair as ``\ud83d``. What CI servers
    take for a command wherever it stands in a line (``##[name]``, ``##vso[``) is shown with its second ``#`` so.
    """
    if not shows(text):
        text = "".join(c if c in keep or shows(c) else escape(c) for c in text)
    return _no_command(text) if "##" in text else text


def shows(text: str) -> bool:
    """Whether each character is one that is seen."""
    return text.isprintable() and (text.isascii() or _UNSEEN.isdisjoint(text))


def escape(character: str) -> str:
    """One character in the form of Python's escapes, a byte of a name that is not UTF-8 as that byte."""
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # PEP 383
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def line(text: str, limit: int = 4_000, keep: str = "") -> str:
    """The text as a whole line of an output, of at most ``limit`` code points.

    GitHub's runner takes a line that begins with ``::``, blanks before it or not, for a command
    (https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands).
    """
    shown = short(text, limit, keep)
    return shown.replace("::", "\\x3a:", 1) if shown.lstrip().startswith("::") else shown


def short(text: str, limit: int, keep: str = "") -> str:
    """The text made visible, and cut to ``limit`` code points."""
    shown = visible(text[: limit + 1], keep)
    return shown if len(shown) <= limit else f"{shown[: limit - 3]}..."


def _no_command(text: str) -> str:
    import re

    return re.sub(r"##(?=\w*\[)", r"#\\x23", text)
