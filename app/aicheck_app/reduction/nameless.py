"""Other words for all words of a text that the finding does not need: names, numbers, and what strings and comments say."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from aicheck_app.reduction.fewest import fewest
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping, Sequence

    from aicheck_app.reduction.case import Case
    from aicheck_app.reduction.question import Question

_WORD = lazy(r"[\w\u0300-\u036f\u0900-\u109f\u1700-\u1cff]+")
"""With the marks that letters of Hindi, Thai and the like bear, which are no letters: they would part a word into single ones."""
_PART = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|(?:[^\W\dA-Za-z_]|[\u0300-\u036f\u0900-\u109f\u1700-\u1cff])+")
_OURS = lazy(r"_*+(?:[Nn]ame|NAME)\d+|1+")
"""The words that stand for others."""
_TAKEN = lazy(r"name(\d+)")
SHORT = 1
"""Code points: of no more nobody can tell whose word it is."""


def nameless(case: Case, name: str, question: Question) -> tuple[Case, str]:
    """The case with as few of its own words as still bring the finding, and what the ``name`` that it is about is called then.

    Whole words first. Of those that have to stay, the parts between underscores and capitals.
    """
    for pattern in (_WORD, _PART):
        case, name = _renamed(case, name, question, pattern)
    return case, name


def own_words(case: Case) -> list[str]:
    """The words of a text that are still its own, but for those of its language."""
    keywords = _keywords(case)
    both = f"{case.text}\n{case.previous or ''}"
    return [word for word in dict.fromkeys(_WORD.findall(both)) if _is_own(word) and word not in keywords]


def _renamed(case: Case, name: str, question: Question, pattern: re.Pattern[str]) -> tuple[Case, str]:
    whole = own_words(case)
    words = whole if pattern is _WORD else list(dict.fromkeys(part for word in whole for part in pattern.findall(word)))
    words = [word for word in words if _is_own(word)]
    others = dict(zip(words, _others(words, f"{case.text} {case.previous}"), strict=True))

    def made(kept: Iterable[str]) -> tuple[Case, str]:
        own = set(kept)
        said = {word: other for word, other in others.items() if word not in own}
        previous = None if case.previous is None else _with(case.previous, said, pattern)
        return case._replace(text=_with(case.text, said, pattern), previous=previous), _with(name, said, pattern)

    def holds(kept: Sequence[str]) -> bool:
        changed, called = made(kept)
        return question.holds(changed, name=called)

    return made(fewest(words, holds, question.goes_on))


def _with(text: str, said: Mapping[str, str], pattern: re.Pattern[str]) -> str:
    """The text with other words; those that stand for others already are left."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        if _OURS.fullmatch(word):
            return word
        return said.get(word, word) if pattern is _WORD else pattern.sub(lambda part: said.get(part[0], part[0]), word)

    return _WORD.sub(other, text)


def _others(words: Iterable[str], text: str) -> list[str]:
    """A word for each, none of which is in the text: of the same kind of letters, with the same underscores before it."""
    taken, numbers = set(_TAKEN.findall(text.lower())), count(1)
    found = []
    for word in words:
        if word.isdigit():
            found.append("1" * len(word))
            continue
        number = next(n for n in numbers if str(n) not in taken)
        stem = "NAME" if word.isupper() else "Name" if word.lstrip("_")[:1].isupper() else "name"
        found.append("_" * (len(word) - len(word.lstrip("_"))) + f"{stem}{number}")
    return found


def _is_own(word: str) -> bool:
    return len(word) > SHORT and not _OURS.fullmatch(word)


def _keywords(case: Case) -> set[str]:
    """The words in a text that its grammar has by themselves."""
    tree = case.source().tree
    found, left = set(), [tree.root_node] if tree is not None else []
    while left:
        node = left.pop()
        if not node.children and not node.is_named and node.text is not None:
            found.add(node.text.decode("utf-8", "replace"))
        left += node.children
    return found
