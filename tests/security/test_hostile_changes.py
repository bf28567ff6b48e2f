"""Changes made to be slow to judge: what is compared line by line with the version before stays within the time of a text."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from aicheck_checks.engine import MAX_SECONDS, TOO_LONG, check
from aicheck_checks.source import Source
from aicheck_checks.surroundings import Surroundings

LINES = 20_000


class Change(NamedTuple):
    """A line of the text and of the version before, each made from its number, what stands before the lines, and how many there are."""

    path: str
    now: Callable[[int], str]
    before: Callable[[int], str]
    head: str = ""
    lines: int = LINES


CHANGES = {
    "closing tags of many names": Change("a.md", lambda n: f"</execute_a{n}>", lambda n: f"a{n}"),
    "letters lost in every line": Change("a.txt", lambda n: f"\ufffd{n}", lambda n: f"\xe9{n}x"),
    "entities in every line": Change("a.js", lambda n: f"a = '<a{n}';", lambda n: f"b = '&lt;b{n}';"),
    "comments that may have swallowed a line": Change("a.dart", lambda n: f"// a{n}  b = c{n};", lambda n: f"d = e{n};"),
    "claims in every line": Change("tests/test_a.py", lambda n: f"assert a{n} is not None", lambda n: f"assert b{n} == {n}"),
    "variables lost in many functions": Change(
        "a.go", lambda n: f"func f{n}() int {{\n\treturn a{n}\n}}", lambda n: f"func f{n}() int {{\n\ta{n} := 1\n\treturn a{n}\n}}",
        "package a\n", LINES // 4,
    ),
    "variables lost in one function": Change(
        "a.go", lambda n: f"\tg(a{n})", lambda n: f"\ta{n} := 1\n\tg(a{n})", "package a\n\nfunc f() {\n", LINES // 2
    ),
    "variables lost in many functions of a script": Change(
        "a.js", lambda n: f"function f{n}() {{\n  return a{n};\n}}", lambda n: f"function f{n}() {{\n  const a{n} = 1;\n  return a{n};\n}}",
        "", LINES // 4,
    ),
    "marks of a diff in every line": Change("a.tf", lambda n: f"-a{n} = 1", lambda n: f"a{n} = 1"),
    "calls whose errors are thrown away": Change("a.go", lambda n: f"\t_ = g(a{n}, b)", lambda n: f"\terr = h(c{n}, b)", "package a\n\nfunc f() {\n", LINES // 2),
    "definitions twice": Change("a.ex", lambda n: f"def f{n % 50}(a) do\n  a + {n % 50}\nend", lambda n: f"def f{n}(a) do\n  a\nend", "", LINES // 3),
    "brackets without end": Change("a.dart", lambda _: "f(", lambda n: f"f{n}();"),
    "documents of many values": Change("a.json", lambda n: f'{{"a": {n}}}', lambda n: f'"{n}"', "", 1_000),
    "comments of left-out code": Change("a.erl", lambda n: f"% [existing code {n} a b]", lambda n: f"a{n}."),
    "lines that any of many may have been cut from": Change(
        "a.dart", lambda n: "bb();" if n < LINES - 1 else "call_me", lambda n: f"bb();\ncall_me_{n}();", "cc();\n"
    ),
    "an end that begins in every line": Change(
        "a.js", lambda n: "  aa();\n  aa();" if n < LINES // 2 - 1 else "  aa();\n  bb();", lambda n: "  aa();", "", LINES // 2
    ),
    "promises whose errors are thrown away": Change("a.js", lambda n: f"aa(b{n}, c).catch(() => null);", lambda n: f"dd(e{n}, c);", "", LINES // 4),
    "handlers round every line": Change(
        "a.py", lambda n: f"try:\n    aa(b{n}, c)\nexcept Exception:\n    pass", lambda n: f"dd(e{n}, c)", "from a import *\n", LINES // 8
    ),
    "long remarks that may have swallowed a line": Change("a.dart", lambda n: f"// {'a ' * 950}{n}", lambda n: f"dd(e{n}, 'c');", "", LINES // 8),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_judged_in_time(change: Change) -> None:
    now, before = ("".join(f"{line(n)}\n" for n in range(change.lines)) for line in (change.now, change.before))
    start = time.process_time()
    result = check(Source(change.head + now, path=change.path, previous=change.head + before))
    assert result.unchecked != TOO_LONG
    assert time.process_time() - start < 4 * MAX_SECONDS  # two texts, each parsed and judged


def test_many_definitions_that_are_gone_are_looked_for_in_time(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for number in range(300):
        (tmp_path / f"m{number}.py").write_text(f"from big import a{number}\n" + "x.call_me(1)\n" * 1_000)
    before = "class A:\n" + "".join(f"    def meth_{number}(self):\n        return 1\n" for number in range(3_000))
    source = Source("class A:\n    x = 1\n", path="big.py", previous=before, surroundings=Surroundings(str(tmp_path)))
    start = time.process_time()
    assert check(source).unchecked is None
    assert time.process_time() - start < 2 * MAX_SECONDS


def test_members_lost_by_the_hundred_cost_no_time(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    calls = "".join(f"    int b{n}() {{ return a{n}() + 1; }}\n" for n in range(1_000))
    lost = "".join(f"    int a{n}() {{ return {n}; }}\n" for n in range(1_000))
    for file in range(40):
        (tmp_path / f"B{file}.java").write_text("class B { // " + " ".join(f"a{n}" for n in range(1_000)) * 5 + "\n}\n")
    source = Source(
        f"class A {{\n{calls}}}\n", path=str(tmp_path / "A.java"), previous=f"class A {{\n{calls}{lost}}}\n",
        surroundings=Surroundings(str(tmp_path)),
    )  # fmt: skip
    start = time.process_time()
    assert check(source).unchecked != TOO_LONG
    assert time.process_time() - start < MAX_SECONDS
