"""Forms of a language that are newer than its grammar: a change that brings one is no damage, one that breaks a line still is."""

from __future__ import annotations

import pytest

from aicheck_checks.engine import check
from aicheck_checks.source import Source

WHOLE = {
    "css": ".a {\n  color: red;\n}\n\n.b {\n  color: blue;\n}\n",
    "typescript": "interface B {\n  a: string;\n}\n\nexport const x = 1;\n",
    "javascript": "export function a() {\n  return 1;\n}\n",
    "kotlin": "package a\n\nclass A {\n    fun f(x: Any): Int {\n        return 1\n    }\n}\n",
    "csharp": "class A\n{\n    int F(int[] x)\n    {\n        return 1;\n    }\n}\n",
    "java": "import a.B;\n\nclass A extends B {\n  A(int x) {\n    super();\n  }\n}\n",
    "rust": "fn a() -> i32 {\n    1\n}\n\nfn b() {}\n",
    "php": "<?php\n\nfunction f()\n{\n    return 1;\n}\n",
}
NEW = [
    ("css", ".b {", "@media (width >= 700px) {\n  .a {\n    color: green;\n  }\n}\n\n.b {"),
    ("css", ".b {", "@media screen,\n  (400px <= width <= 700px) {\n  .a {\n    color: green;\n  }\n}\n\n.b {"),
    ("css", ".b {", "@container card (width > 400px) {\n  .a {\n    color: green;\n  }\n}\n\n.b {"),
    ("css", "red;\n", "red;\n\n  .e & {\n    color: pink;\n  }\n"),
    ("css", "color: red", "color: if(style(--x: 1): red; else: blue)"),
    ("css", ".a {", '@import url("x.css") layer(base);\n\n.a {'),
    ("css", ".a {", '@import "tailwindcss" prefix(tw);\n@plugin "@tailwindcss/typography";\n\n.a {'),
    ("css", ".a {", '@plugin "daisyui" {\n  themes: light --default;\n}\n\n.a {'),
    ("css", ".a {", "@custom-variant dark (&:where(.dark, .dark *));\n@theme {\n  --size-*: initial;\n}\n\n.a {"),
    ("typescript", "export", "interface A<in out T> {\n  a: T;\n}\n\nexport"),
    ("typescript", "export", "type A<out T> = () => T;\n\nexport"),
    ("typescript", "export", 'import defer * as y from "y";\n\nexport'),
    ("javascript", "export", "class A {\n  accessor x = 1;\n}\n\nexport"),
    ("kotlin", "return 1", "return when (x) {\n            ::a.name -> a\n            ::b.name -> b\n            else -> 1\n        }"),
    ("kotlin", "return 1", "return when (x) {\n            is A if x.ok -> 2\n            is B if (x.y > 1) -> 3\n            else -> 1\n        }"),
    ("kotlin", "return 1", 'val s = $$"""\n            {"$schema": "$$x"}\n        """\n        return 1'),
    ("kotlin", "return 1", "val g = { x: Int, (a, b): P -> x }\n        return 1"),
    ("kotlin", "class A", "context(a: Int)\nfun g() = a\n\nclass A"),
    ("kotlin", "    }\n}\n", "    }\n}\n\ncontext(a: Int) fun g() = a\n"),
    ("csharp", "return 1;", "if (x is [1, .. var r])\n        {\n            return 2;\n        }\n        return 1;"),
    ("csharp", "F(int[] x)", "F<T>(T x) where T : allows ref struct"),
    ("csharp", "return 1;", "x?.y = 1;\n        x?[0] += 2;\n        return 1;"),
    ("csharp", "    int F", "    extension(string s)\n    {\n        public int L => s.Length;\n    }\n\n    int F"),
    ("csharp", "    int F", "    public void operator +=(int x) { }\n\n    int F"),
    ("java", "import a.B;", "import a.B;\nimport module java.base;"),
    ("java", "super();", "if (x < 0) {\n      throw new IllegalArgumentException();\n    }\n    super(x);"),
    ("java", "super();", "var y = check(x);\n    this(y, 1);"),
    ("rust", "fn b", 'unsafe extern "C" {\n    safe fn sqrt(x: f64) -> f64;\n}\n\nfn b'),
    ("rust", "fn b() {}", "fn b<T>()\nwhere\n    T: const Default,\n{\n}"),
    ("php", "return 1;", "(void) g();\n    return 1;"),
]  # fmt: skip
DAMAGED = [
    ("css", "  color: red;\n}\n\n", "  color: red;\n}\n}\n\n"),
    ("css", "red;\n", "red;\n\n  .e & {\n    color: pink;\n"),
    ("css", "  color: red;\n}\n", "  color: red;\n} .b { color: b;\n  : blue;\n}\n"),
    ("kotlin", "fun f(x: Any): Int {", "fun f(x: Any): fun f(x: Any): Int {"),
    ("kotlin", "class A {", "context(a: Int)\nfun g() = a }\n\nclass A {"),
    ("csharp", "return 1;", "return return 1;"),
    ("csharp", "return 1;", "var r = x?.y = 1;\n        {\n        return 1;"),
    ("java", "super();", "super(;"),
    ("rust", "    1\n", "    1 1\n"),
    ("typescript", "a: string;", "a: string b: c;"),
]


@pytest.mark.parametrize(("language", "old", "new"), NEW)
def test_a_form_newer_than_the_grammar_is_no_damage(language: str, old: str, new: str) -> None:
    before = WHOLE[language]
    text = before.replace(old, new, 1)
    assert text != before
    for previous in (before, None):
        found = check(Source(text, path="a", language=language, previous=previous)).findings
        assert [f.message for f in found if f.suspect] == []


@pytest.mark.parametrize(("language", "old", "new"), DAMAGED)
def test_a_line_that_a_change_broke_is(language: str, old: str, new: str) -> None:
    before = WHOLE[language]
    text = before.replace(old, new, 1)
    assert text != before
    assert any(f.suspect for f in check(Source(text, path="a", language=language, previous=before)).findings)
