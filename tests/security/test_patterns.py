"""No pattern takes more than linear time, whatever text it meets.

All patterns are read from the sources (``pattern_sources.py``), the texts are made from the patterns
(``pattern_texts.py``). Quadratic time shows clearly at 16,000 code points: a second in place of a millisecond.
"""

from __future__ import annotations

import ast
import re
from collections import deque
from functools import cache
from itertools import pairwise
from time import thread_time
from typing import Any

import pytest

from tests.security.pattern_sources import METHODS, SEARCHES, Use, modules, uses
from tests.security.pattern_texts import units

FEW = 20
"""Times that a unit is repeated at first, which already takes long where the time is exponential."""
SIZES = (1_000, 16_000)
"""Code points. What is worse than quadratic shows at the first ones, and is not tried at the others."""
FLOOR_SECONDS = 0.003
"""CPU time that hardly any linear pattern takes for the longest text."""
STEEPEST = 1.5
"""The power of the length with which the time may grow."""
PARTS = 24
"""Tests that the patterns are dealt out to, so that all cores have some."""
QUADRATIC = (
    (r"^\s*import", re.MULTILINE, "search"),
    (r"import[^;]*from", 0, "search"),
    (r"\w+\s*\{", 0, "finditer"),
    (r"a\s*;?\s*$", 0, "match"),
    (r"\[[^\]]*\]", 0, "sub"),
    (r"(?:[\w ]*[ ,])*", 0, "fullmatch"),
    (r'"(?:\\.|[^"\\])*"', 0, "findall"),
    (r"[\w*]+\*+", 0, "fullmatch"),
)
"""Patterns of the kinds that were found here, which the probe must not miss."""
LINEAR = (
    (r"^[^\S\n]*import", re.MULTILINE, "search"),
    (r"(?<!\w)\w++\s*+\{", 0, "finditer"),
    (r"\[[^\]]{1,500}+\]", 0, "sub"),
    (r'"(?:\\.|[^"\\])*+(?:"|\\?\Z)', 0, "findall"),
)


def superlinear(pattern: str | bytes, flags: int = 0, method: str = "finditer") -> str | None:
    """The text that a pattern takes more than linear time for, described, or None."""
    compiled = re.compile(pattern, flags)
    for before, body, end in units(pattern, flags):
        texts = [before + body * times + end for times in (FEW, *(size // len(body) for size in SIZES))]
        given: list[str | bytes] = [text.encode() if isinstance(pattern, bytes) else text for text in texts]
        if _seconds(compiled, method, given[0]) > FLOOR_SECONDS or any(
            _steep(compiled, method, short, long) for short, long in pairwise(given)
        ):
            return f"{before[:60]!r} + {body[:60]!r} * n + {end!r}"
    return None


def _steep(compiled: re.Pattern[Any], method: str, shorter: str | bytes, longer: str | bytes) -> bool:
    """Whether the time grows steeply up to this size; doubts are measured again, so that a busy machine convicts nobody."""
    if _seconds(compiled, method, longer) < FLOOR_SECONDS:
        return False
    before, after = (min(_seconds(compiled, method, text) for _ in range(5)) for text in (shorter, longer))
    return after >= FLOOR_SECONDS and after > before * (len(longer) / max(len(shorter), 1)) ** STEEPEST


def _seconds(compiled: re.Pattern[Any], method: str, text: str | bytes) -> float:
    start = thread_time()
    if method in SEARCHES - {"search"}:
        deque(compiled.finditer(text), maxlen=0)
    else:
        getattr(compiled, method)(text)
    return thread_time() - start


@cache
def patterns() -> list[Use]:
    """Each pattern once for each way in which it is applied."""
    return list({(use.pattern, use.flags, use.method): use for use in uses()}.values())


@pytest.mark.parametrize(("pattern", "flags", "method"), QUADRATIC)
def test_the_probe_finds_what_is_quadratic(pattern: str, flags: int, method: str) -> None:
    assert superlinear(pattern, flags, method) is not None


@pytest.mark.parametrize(("pattern", "flags", "method"), LINEAR)
def test_the_probe_convicts_nothing_linear(pattern: str, flags: int, method: str) -> None:
    assert superlinear(pattern, flags, method) is None


@pytest.mark.parametrize("part", range(PARTS))
def test_every_pattern_is_linear(part: int) -> None:
    mine = patterns()[part::PARTS]
    told = [f"{use.place} {use.method} {use.pattern!r}: {text}" for use in mine if (text := superlinear(*use[1:]))]
    assert mine
    assert told == []


def test_no_pattern_is_made_out_of_sight() -> None:
    """The probe reads calls of `re.name(...)` alone: nothing else may lead to them."""
    hidden = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if _imports_from_re(node)
        or (isinstance(node, ast.Attribute) and _is_function(node) and not _called(tree, node))
    ]
    assert hidden == []


def _imports_from_re(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.module == "re"
    return isinstance(node, ast.Import) and any(alias.name == "re" and alias.asname for alias in node.names)


def _is_function(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "re" and node.attr in METHODS | {"compile", "template"}


def _called(tree: ast.Module, node: ast.Attribute) -> bool:
    return any(isinstance(call, ast.Call) and call.func is node for call in ast.walk(tree))


def test_the_source_of_patterns_is_not_empty() -> None:
    assert len(patterns()) > 200
