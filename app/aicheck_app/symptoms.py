"""Which rules a symptom may be of: what somebody sees, in their own words, against what the rules say of themselves."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy
from aicheck_checks.registry import RULES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_checks.rule import Rule

_WORD = lazy(r"\w+|[^\w\s]{2,}")
"""A word, or signs that stand together, such as ``<<<<<<<``."""
_FILLING = frozenset("a an and at by does each i in is it its my of on or s that the this to was with".split())
MAX_TEXT = 500
"""Code points of a search."""


def symptoms(rule: Rule) -> tuple[str, ...]:
    """What is seen where the rule finds something, in the order of its cases."""
    return tuple(case.symptom for case in rule.bad if case.symptom)


def search(text: str, most: int = 5) -> list[Rule]:
    """The rules that say most of the text's words, best first; a word that few rules say counts for more."""
    words = {rule: _words(rule) for rule in RULES}
    rules_with = Counter(word for said in words.values() for word in said)
    asked = set(_split(text[:MAX_TEXT]))
    scores = {
        rule: sum(
            weight * math.log(1 + len(RULES) / rules_with[word]) for word, weight in said.items() if word in asked
        )
        for rule, said in words.items()
    }
    best = max(scores.values(), default=0)
    found = [rule for rule in RULES if scores[rule] > best / 2]
    return sorted(found, key=lambda rule: -scores[rule])[:most]


def _words(rule: Rule) -> dict[str, int]:
    """The words that a rule says of itself; those of its symptoms, name and summary count three times those of its page."""
    page = dict.fromkeys(_split(rule.page), 1)
    return page | dict.fromkeys(_split(" ".join((*symptoms(rule), rule.name, rule.summary, rule.family))), 3)


def _split(text: str) -> Iterator[str]:
    for match in _WORD.finditer(text.lower()):
        if match[0] not in _FILLING:
            yield match[0]
