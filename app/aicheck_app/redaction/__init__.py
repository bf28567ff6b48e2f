"""Secrets are taken out before anything is written: in excerpts, messages and paths.

What goes is replaced by ``[REDACTED:rule,length]`` so that a reader sees what
went. Each module beside this one knows one kind: the formats of providers, keys
that fill several lines, words drawn by chance, and what stands beside a name, in
an address, a header, a command, a tag or a query. All of them read the text as
it came, in time linear in its length.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aicheck_app.redaction.page import OWN, Page, Span, joined, marked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SHORTEST = 6
"""Code points: no shorter text holds anything that is taken out (an address such as ``a@b.de``)."""
_ROUNDS = 4
"""A mark can bring out what it stands beside; more rounds than this were never needed."""


def redact(text: str) -> str:
    """The text without secrets."""
    return _without(text, spans)


def redact_id(text: str) -> str:
    """An id (of a session, a message, a request) without secrets: no word goes for its looks alone.

    Ids are drawn by chance as keys are, and two of one length would become one.
    """
    return _without(text, _named)


def redact_path(path: str) -> str:
    """A path without secrets: no word goes for its looks alone, since names of files and folders look like anything."""
    from aicheck_app.redaction import addresses, assignments, formats, headers, keys

    page = Page(path)
    detectors = (formats.plain, keys.find, assignments.find, addresses.secrets, headers.find)
    return marked(path, [span for detector in detectors for span in detector(page)])


def count(text: str) -> int:
    """How many redactions a text carries."""
    return len(OWN.findall(text))


def leaks(text: str) -> list[str]:
    """The names of the provider formats that still occur in a text, for a last look at a finished file."""
    from aicheck_app.redaction import formats

    return sorted({span.rule for span in joined(list(formats.plain(Page(text))))})


@lru_cache(maxsize=4)
def spans(text: str) -> tuple[Span, ...]:
    """What is taken out of a text, with the rule for each; overlaps are not joined yet.

    An output's lines are hashed and its findings quoted from one text, which takes longer to look through than to check.
    """
    from aicheck_app.redaction import words

    return (*_named(text), *words.find(Page(text)))


def _named(text: str) -> list[Span]:
    """What goes for its form, or for what stands beside it."""
    from aicheck_app.redaction import addresses, assignments, commands, formats, headers, keys, markup, places, queries

    page = Page(text)
    detectors = (formats, keys, assignments, addresses, headers, commands, markup, queries, places)
    return [span for detector in detectors for span in detector.find(page)]


def _without(text: str, find: Callable[[str], Sequence[Span]]) -> str:
    """The text without what ``find`` finds in it, and in what is left of it."""
    if len(text) < SHORTEST:
        return text
    for _ in range(_ROUNDS):
        found = marked(text, find(text))
        if found == text:
            break
        text = found
    return text
