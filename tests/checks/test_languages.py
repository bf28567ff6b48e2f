"""The general rules on every language of the table: the sample is clean, each damage is called by its name."""

from __future__ import annotations

import random
import re

import pytest
from benchmarks.damage_any import CLASSES, parses

from aicheck_checks.engine import check
from aicheck_checks.languages import LANGUAGES, Language
from aicheck_checks.source import Source
from tests.checks.samples import SAMPLES

OTHERS = [language for language in LANGUAGES if language.name != "python"]
PROSE_IS_AT_HOME = {"fence", "chat prose", "stray script", "line numbers", "diff marks"}
CASES = [
    pytest.param(language, kind, id=f"{language.name}-{kind}")
    for language in OTHERS
    for kind in CLASSES
    if not (language.group == "markup" and kind in PROSE_IS_AT_HOME)
]


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.name)
def test_the_sample_is_whole_and_clean(language: Language) -> None:
    text = SAMPLES[language.name]
    assert parses(text, language)
    assert check(Source(text, language=language.name)) == ((), None)


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_damage_is_called_by_its_name(language: Language, kind: str) -> None:
    damage, codes = CLASSES[kind]
    seen = set()
    for seed in range(6):
        damaged = damage(SAMPLES[language.name], language, random.Random(seed))
        if damaged is None or damaged == SAMPLES[language.name]:
            continue
        found = [f.code for f in check(Source(damaged, language=language.name)).findings if f.suspect]
        seen.add("found" if any(re.match(codes, code) for code in found) else f"{found} for {damaged!r}")
    assert seen <= {"found"}
