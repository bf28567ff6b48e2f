"""The general rules on every language of the table: the sample is clean, each damage is called by its name."""

from __future__ import annotations

import json
import random
import re
import sys

import pytest
from benchmarks.damage_any import CLASSES, parses

from aicheck_checks.engine import check
from aicheck_checks.languages import LANGUAGES, Language, language_of
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
    result = check(Source(text, language=language.name))
    assert (result.findings, result.reason) == ((), "")


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


NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "source": ["# ```\n"]},
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import os\n", "files = !ls\n", "os?\n"]},
        {"cell_type": "code", "source": "for f in files:\n    %time f\n    print(os.sep, json.dumps(f))"},
        {"cell_type": "code", "source": ["%%bash\n", "ls ${HOME\n"]},
    ],
    "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
}


def test_the_cells_of_a_notebook_are_checked_as_one_text() -> None:
    text = json.dumps(NOTEBOOK, indent=1)
    source = Source(text, path="a.ipynb")
    (finding,) = check(source).findings
    assert (finding.code, finding.fix) == ("IMP001", None)
    assert source.lines[source.position(finding.start).line - 1].lstrip().startswith('"source": "for f in files')


def test_the_scripts_of_a_component_are_one_module() -> None:
    head = '<script>\nimport theme from "./t";\n</script>\n'
    text = head + '<script setup lang="ts">\nconst a = theme(1);\nfs.readFileSync(a);\n</script>\n<p>{{ a }}</p>\n'
    source = Source(text, path="a.svelte")
    (finding,) = check(source).findings
    assert (finding.code, source.position(finding.start)) == ("IMP001", (6, 1))
    assert check(Source(text, path="a.vue")).findings == ()
    assert check(Source(text, path="a.html")).findings == ()


def test_code_blocks_are_checked_in_their_own_language() -> None:
    text = "# A\n\n```python\nresult结果 = f(1)\n```\n\n```text\nresult结果\n```\n"
    source = Source(text, path="a.md")
    assert [(f.code, source.position(f.start).line) for f in check(source).findings] == [("COR001", 4)]


def test_parsing_an_edited_text_again_and_again_keeps_no_memory() -> None:
    """py-tree-sitter 0.26.1 keeps a reference to everything that a read callback returns."""
    python = language_of("a.py", None, "")
    assert python is not None
    text = b"def f(a):\n    return a + 1\n" * 2000
    references = sys.getrefcount(text)
    tree = python.parse(text)
    for _ in range(20):
        tree = python.parse(text, tree)
    del tree
    assert sys.getrefcount(text) == references
