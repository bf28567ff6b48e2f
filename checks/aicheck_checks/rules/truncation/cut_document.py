"""A document ends inside a sentence, or a licence whose words are known.

## Why it matters
Words have no grammar that a parser could miss: a README that ends with "for the" looks like any other, until somebody reads it.

## Instead
Ask for the rest from the last whole sentence on.

## Known limits
Only Markdown, plain text, AsciiDoc and reStructuredText are read for sentences. Notes often end without a full stop, so only a last line counts whose last word can end no sentence. Licences are known by a
sentence of their beginning and one of their end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis.prose import DOCUMENTS, own_lines
from aicheck_checks.finding import Found
from aicheck_checks.patterns import lazy
from aicheck_checks.rule import Case, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.source import Source

_LICENCES = (
    ("Permission is hereby granted, free of charge, to any person", "DEALINGS"),
    ("Redistribution and use in source and binary forms", "POSSIBILITY OF SUCH DAMAGE"),
    ("Permission to use, copy, modify, and", "SOFTWARE"),
    ("This is free and unencumbered software released into the public domain", "unlicense.org"),
    ("TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION", "END OF TERMS AND CONDITIONS"),
    ("Everyone is permitted to copy and distribute verbatim copies", "END OF TERMS AND CONDITIONS"),
)
"""Words of the beginning and of the end of licences, from the texts of the Open Source Initiative."""
_HANGING = lazy(r"[a-z,] (?:the|a|an|and|or|than|their|its|your|because|which)\s*$")
"""A word after which a sentence goes on."""
_PLAIN = lazy(r"[A-Za-z\d*_`\"'(\[-]")
MIN_LENGTH = 40
"""Code points of a last line that is a sentence, and no title."""


def check(source: Source) -> Iterator[Found]:
    """The end of a document that stops too early."""
    end = len(source.text.rstrip())
    if not end or source.language is None or source.language.name not in DOCUMENTS:
        return
    number = source.position(end - 1).line - 1
    start = source.line_span(number)[0]
    what = _cut_licence(source) or _cut_sentence(source, number)
    if what is not None:
        yield Found(f"cut off: the text ends inside {what}", start, end)


def _cut_licence(source: Source) -> str | None:
    name = source.path.replace("\\", "/").rpartition("/")[2].lower()
    if not name.startswith(("license", "licence", "copying", "unlicense")) or source.text.rstrip()[-1:] in ".>)":
        return None
    text = " ".join(source.text.split())
    return next(("a licence" for begin, close in _LICENCES if begin in text and close not in text), None)


def _cut_sentence(source: Source, number: int) -> str | None:
    """Whether the last line of prose is a sentence without its end."""
    said = own_lines(source)[number].strip()
    line = source.lines[number].strip()
    if (
        len(line) < MIN_LENGTH
        or not said
        or not _PLAIN.match(line)
        or source.region(source.line_span(number)[0]) == "string"
    ):
        return None
    return "a sentence" if _HANGING.search(said) else None


RULE = Rule(
    code="TRU011",
    name="cut-document",
    summary="a document ends inside a sentence or a licence",
    page=__doc__,
    check=check,
    needs=("tree",),
    settles="text",
    languages=("markup", "text"),
    yields_to=("TRU009", "TRU010", "REF", "ELI"),
    good=(
        Case("# A\n\nWhat the parts are, and what they are made of\n", language="text"),
        Case("Things to look for\n", language="markdown"),
        Case("const apache = 'TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION';\nenum A { b }\n", path="license_check.dart", language="dart"),
        Case("# A\n\nSome words that go on for quite a while, and then they end.\n", language="markdown"),
    ),
    bad=(
        Case(
            "# A\n\nSessions are kept in a folder of their own, which is named for the\n", line=3, says="sentence", language="markdown",
            symptom='the document ends in the middle of a sentence',
        ),
    ),
)  # fmt: skip
