"""Texts that were made to take long are answered in time: with findings, or with the reason why not.

A sample of ``benchmarks/hostile.py``, which tries every kind in every language with 1 MB.
"""

from __future__ import annotations

from itertools import cycle
from time import process_time
from types import SimpleNamespace
from typing import Any

import pytest

from aicheck_checks.engine import Result, check
from aicheck_checks.finding import Finding
from aicheck_checks.languages.embedded import MAX_PARTS
from aicheck_checks.languages.scan import scan
from aicheck_checks.languages.tree import open_brackets
from aicheck_checks.rules.context import forgotten_work
from aicheck_checks.source import Session, Source
from aicheck_checks.suppression import suppressed
from aicheck_checks.surroundings.java import _plain
from tests.security.hostile import KINDS, LANGUAGES, again, nested, numbered

LIMIT_SECONDS = 3.0
"""CPU time within which any text of 1 MB is answered."""
ALLOWED = 2.0
"""The tests' own allowance: other processes take a share of the caches."""


def timed(text: str, language: str, *, previous: str | None = None) -> tuple[Result, float]:
    start = process_time()
    result = check(Source(text, language=language, path="x", previous=previous))
    return result, process_time() - start


@pytest.mark.parametrize(("kind", "language"), list(zip(KINDS, cycle(LANGUAGES), strict=False)))
def test_every_kind_is_answered_in_time(kind: str, language: str) -> None:
    result, seconds = timed(KINDS[kind](100_000), language)
    assert " failed: " not in (result.unchecked or "")
    assert seconds < LIMIT_SECONDS / 2


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        ("blank lines", "typescript"), ("todo", "bash"), ("todo", "python"), ("nested calls", "java"),
        ("open braces", "cpp"), ("code blocks", "markdown"), ("scripts", "html"), ("assignments", "python"),
        ("functions of Go", "go"), ("nested mappings", "yaml"),
    ],
)  # fmt: skip
def test_a_megabyte_is_answered_in_time(kind: str, language: str) -> None:
    result, seconds = timed(KINDS[kind](1_000_000), language)
    assert " failed: " not in (result.unchecked or "")
    assert seconds < LIMIT_SECONDS * ALLOWED


@pytest.mark.parametrize(
    ("kind", "language"),
    [
        ("blank lines", "typescript"), ("blank lines", "java"), ("spaces", "go"), ("todo", "python"),
        ("elided in C", "go"), ("headings", "python"), ("quotes on lines", "python"), ("same line number", "python"),
        ("end of file marks", "python"), ("suppressions", "python"), ("refused comments", "python"), ("identifiers", "bash"),
    ],
)  # fmt: skip
def test_twice_the_text_takes_twice_the_time(kind: str, language: str) -> None:
    """Measured again where in doubt: a machine with other work may take longer once."""
    text, twice = KINDS[kind](128_000), KINDS[kind](256_000)
    timed(text, language)
    times = ((timed(text, language)[1], timed(twice, language)[1]) for _ in range(4))
    assert any(longer < 0.1 or longer < 3 * shorter for shorter, longer in times)


def test_deep_nesting_ends_in_no_exception() -> None:
    """Walks of the tree keep their own stack: neither Python's nor C's is exhausted."""
    deep = {
        "python": f"def f():\n    {'(' * 5_000}a{', )' * 5_000} = b\n",
        "rust": f"use a::{nested('{b::', '}')(40_000)};\nfn main() {{}}\n",
        "java": f"class A {{ void f() {nested('{', '}', 'a();')(40_000)} }}\n",
        "cpp": f"int main() {{ {nested('std::vector<', '>', 'int')(60_000)} a; }}\n",
    }
    for language, text in deep.items():
        result, seconds = timed(text, language, previous=text.replace("a", "b"))
        assert " failed: " not in (result.unchecked or ""), language
        assert seconds < LIMIT_SECONDS * ALLOWED, language


def test_more_texts_inside_a_text_than_there_is_time_for() -> None:
    result, _ = timed("```python\nx = (\n```\n" * (MAX_PARTS + 1), "markdown")
    assert result.unchecked == f"more than {MAX_PARTS:,} texts of other languages inside"
    assert timed("```python\nx = (\n```\n" * 20, "markdown")[0].unchecked is None


def test_brackets_that_never_match_are_not_looked_for_again_and_again() -> None:
    leaves = [token("(")] * 20_000 + [token("]")] * 20_000 + [token(")")] * 5_000
    root: Any = SimpleNamespace(type="ERROR", has_error=True, child_count=len(leaves), children=leaves)
    start = process_time()
    assert len(open_brackets(root)) == 15_000
    assert process_time() - start < ALLOWED


def token(bracket: str) -> SimpleNamespace:
    """A leaf of a syntax tree."""
    place = SimpleNamespace(row=0)
    return SimpleNamespace(
        type=bracket, child_count=0, is_named=False, is_missing=False, start_byte=0, start_point=place
    )


def test_strings_left_open_on_every_line() -> None:
    start = process_time()
    assert scan('"\n' * 300_000).string is not None
    assert process_time() - start < ALLOWED


def test_suppressions_are_looked_up() -> None:
    text = "# aicheck: ignore-file[A1]\n" + numbered("# aicheck: ignore-file[B#0]\n")(200_000) + "x = 1\n"
    source = Source(text, language="python")
    findings = [Finding(f"A{n % 3}", "", len(text) - 2, len(text) - 1) for n in range(20_000)]
    start = process_time()
    kept = suppressed(source, findings)
    assert process_time() - start < ALLOWED
    assert {f.code for f in kept} == {"A0", "A2"}


def test_definitions_lost_by_the_thousand() -> None:
    """What the version before had is looked up in what this one has, not searched for name by name."""
    before = "class A:\n" + numbered("    def f#0(self): return self.g#0(1)\n")(300_000)
    now = "class A:\n" + numbered("    def h#0(self): return self.f#0(1)\n")(300_000)
    result, seconds = timed(now, "python", previous=before)
    assert "TRU007" in {f.code for f in result.findings} or result.unchecked is not None
    assert seconds < LIMIT_SECONDS * ALLOWED


def test_work_forgotten_by_the_thousand() -> None:
    before = numbered("def f#0(): pass\n")(100_000)
    names = frozenset(f"f{n}" for n in range(5_000))
    user = "from module import (" + again("a, ")(399_999) + "f7)\n"
    source = Source(
        "x = 1\n", language="python", path="module.py", previous=before, session=Session(names, (("user.py", user),))
    )
    start = process_time()
    assert "f7" in next(iter(forgotten_work.check(source))).message
    assert process_time() - start < LIMIT_SECONDS * ALLOWED


def test_type_arguments_are_taken_out_in_one_pass() -> None:
    assert _plain("A<B<C>, D> , E, F<G") == "A , E, F<G"
    assert _plain("A> B<C>") == "A> B"
    start = process_time()
    assert _plain("A" + nested("<", ">")(400_000)) == "A"
    assert process_time() - start < ALLOWED
