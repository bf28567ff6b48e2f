"""Texts that a stranger may write to make a check slow, each kind in any length."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from itertools import count, islice

Text = Callable[[int], str]
"""A text of so many code points."""


def again(unit: str) -> Text:
    """The same again and again."""
    return lambda size: (unit * (size // len(unit) + 1))[:size]


def numbered(unit: str) -> Text:
    """The same with another number each time, in place of each ``#0``."""

    def text(size: int) -> str:
        longest = size // max(len(unit) - 2, 1) + 1
        return "".join(islice((unit.replace("#0", str(n)) for n in count()), longest))[:size]

    return text


def nested(opens: str, closes: str, inside: str = "x") -> Text:
    """As deep as the size allows, and closed again."""

    def text(size: int) -> str:
        depth = size // (len(opens) + len(closes))
        return opens * depth + inside + closes * depth

    return text


def deeper(opens: str, end: str = "pass\n") -> Text:
    """Each line indented further than the one before, so that depth grows with the root of the size."""

    def text(size: int) -> str:
        depth = int((2 * size) ** 0.5)
        return "".join(f"{' ' * n}{opens}\n" for n in range(depth))[: size - depth - 9] + "\n" + " " * depth + end

    return text


def _random_bytes(size: int) -> str:
    return random.Random(7).randbytes(size).replace(b"\0", b"\1").decode("latin-1")


def _base64(size: int) -> str:
    return base64.b64encode(random.Random(7).randbytes(size)).decode()[:size]


def of_bytes(kind: str, size: int) -> str:
    """A text of a kind, of about so many bytes of UTF-8."""
    sample = KINDS[kind](10_000)
    return KINDS[kind](size * len(sample) // len(sample.encode("utf-8", "replace")))


KINDS: dict[str, Text] = {
    # white space and line ends
    "blank lines": again("\n"), "lines of a blank": again(" \n"), "spaces": again(" "), "tabs": again("\t"),
    "carriage returns": again("\r"), "mixed line ends": again("\r\n\n\r"), "form feeds": again("\x0c\n"),
    # brackets
    "open parentheses": again("("), "open brackets": again("["), "open braces": again("{"), "all open": again("([{"),
    "closing parentheses": again(")"), "pairs": again("()"), "nested parentheses": nested("(", ")"),
    "nested brackets": nested("[", "]"), "nested braces": nested("{", "}"), "nested calls": nested("f(", ")"),
    "crossed brackets": nested("(", "]"), "open and strange": again("(]"), "less than": again("<"),
    "nested generics": nested("A<", ">"),
    # strings and comments
    "double quotes": again('"'), "quotes on lines": again('"\n'), "single quotes": again("'"), "backticks": again("`"),
    "triple quotes": again('"""\n'), "backslashes": again("\\"), "quoted backslashes": again('"\\'),
    "open strings": again("\"'"), "nested f-strings": nested('f"{', '}"'), "open f-strings": again("f'{"),
    "comment openers": again("/*"), "empty comments": again("/**/"), "comments of pages": again("<!--"),
    "block comments": again("/* a */\n"), "docstrings": again('"""a"""\n'), "template strings": nested("`${", "}`"),
    "open templates": again("${"), "here-documents": numbered("cat <<E#0\n"), "strings joined": again('"a" + '),
    # what rules look for
    "todo": again("# TODO: implement the logic here\n"), "todo of C": again("// TODO: implement the logic here\n"),
    "words of todo": again("# TODO "), "elided": again("# ... rest of the code unchanged ...\n"),
    "elided in C": again("// ... existing code ...\n"), "elided in blocks": again("{ // ... existing code ...\n}\n"),
    "fences": again("```\n"), "code blocks": again("```python\nx = 1\n```\n"), "tildes": again("~~~\n"),
    "diff marks": again("+ x\n- y\n"), "hunks": again("@@ -1,2 +1,2 @@\n x\n"), "diff heads": again("--- a/x\n+++ b/x\n"),
    "conflicts": again("<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n"), "line numbers": numbered("  #0\tx\n"),
    "same line number": again("1|x\n"), "arrows": again("     1→x\n"),
    "refused comments": again("x = 1\n# I'm sorry, but I can't help with that\n"),
    "refusals": again("# I'm sorry, but I can't help with that\n"), "prose": again("Here is the updated code for you:\n"),
    "control tokens": again("<|im_end|>"), "redacted": again("REDACTED "), "tags of Jinja": again("{% x %}{{ y }}\n"),
    "suppressions": again("# aicheck: ignore[SYN001] "), "suppressed lines": again("# aicheck: ignore-file[A]\n"),
    "stutter": again("the same "), "promises": again("def f():\n    # TODO implement\n    pass\n"),
    # names, and what imports them
    "imports": numbered("import x#0\n"), "one import": again("import x\n"), "imports from": numbered("from a import b#0\n"),
    "imports of Java": numbered("import a.b.C#0;\n"), "imports of scripts": numbered("import {a#0} from 'b#0'\n"),
    "includes": numbered("#include <a#0.h>\n"), "words of import": again("import "), "words of use": again("use "),
    "one identifier": again("a"), "identifiers": numbered("n#0 "), "lines of identifiers": numbered("n#0\n"),
    "words": again("word "), "digits": again("0"), "dots": again("a."), "underscores": again("_"),
    "namespaces": again("namespace a.b.c;\n"), "packages": again("package a\n"), "one namespace": again("a::"),
    "deletions": again("del "), "members": again("self.a, "), "annotated members": again("self.a:"),
    # statements
    "assignments": numbered("x#0 = #0\n"), "variables of C": numbered("int x#0 = y#0;\n"),
    "constants": numbered("const x#0 = y#0;\n"), "members set": numbered("self.x#0 = y#0\n"),
    "calls": numbered("f#0(x)\n"), "method calls": numbered("a#0.B(c.D);\n"), "decorators": again("@d\n"),
    "functions": numbered("def f#0(): pass\n"), "functions of C": numbered("void f#0() { g#0(); }\n"),
    "functions of Go": numbered("func f#0() { g#0.H() }\n"), "functions of scripts": numbered("function f#0() { g#0() }\n"),
    "classes": numbered("class C#0: pass\n"), "classes of Java": numbered("class C#0 extends D#0 { E#0 f; }\n"),
    "structures": numbered("struct A#0; impl A#0 { }\n"), "identical lines": again("x = 1\n"),
    "nested ifs": deeper("if x:"), "nested functions": deeper("def f():"), "nested loops": deeper("for a in b:"),
    "nested blocks": nested("if(x){", "}"), "else if": again("else if (a) { b(); } "),
    "if and else if": lambda size: "if (a) { b(); } " + again("else if (a) { b(); } ")(size - 16),
    "elif": lambda size: "if a:\n    b\n" + again("elif a:\n    b\n")(size - 12),
    "additions": again("a + "), "conditions": again("a and "), "negations": again("!"), "minus": again("- "),
    "ternaries": again("a ? b : "), "lambdas": again("lambda: "), "arrow functions": again("x => "),
    "commas": again("a, "), "semicolons": again(";"), "conditions of C": again("#if A\n"), "macros": numbered("A#0(x)\n"),
    "minified": numbered("function a#0(b,c){return b?c(b):{d:[1,2],e:'f'}};var g#0=a#0(1,h);"),
    # data and markup
    "tags": again("<a>"), "closed tags": again("<a></a>"), "end tags": again("</a>"), "tags on lines": again("<div\n"),
    "nested tags": nested("<a>", "</a>"), "scripts": again("<script>let a = b;</script>\n"),
    "open scripts": again("<script>\n"), "attributes": again('<a b="c" '), "templates of Vue": again("<template>{{ a }}</template>\n"),
    "sequences": again("- "), "items": again("- a\n"), "mappings": numbered("a#0: b\n"), "nested mappings": deeper("a:", "b\n"),
    "flow mappings": again("{a: "), "anchors": again("- &a *a\n"), "question marks": again("? "),
    "tables": numbered("[a.b#0]\n"), "arrays of tables": again("[[a]]\n"), "dotted keys": numbered("a.b#0 = 1\n"),
    "arrays": again("[1, "), "closed arrays": lambda size: "[" + again("1, ")(size - 3) + "1]",
    "objects": again('{"a": '), "rows": lambda size: "[" + again('{"a": 1},\n')(size - 4) + "{}]",
    "quotations": again("> "), "headings": again("# a\n"), "links": again("[a](b)"), "emphasis": again("*_"),
    "table rows": again("|a|b|\n"), "queries": again("SELECT a FROM b WHERE c = 'd';\n"), "nested queries": again("(SELECT "),
    # characters
    "combining": again("e\u0301\u0302"), "only combining": again("\u0301"), "right to left": again("\u202e"),
    "invisible": again("a\u200b "), "joiners": again("\u200d"), "emoji": again("👩‍👩‍👧"), "surrogates": again("\ud800"),
    "mixed scripts": again("аb "), "foreign words": again("слово "), "no-break spaces": again("\u00a0"),
    "garbled": again("â€™"), "end of file marks": again("\x1a"), "controls": again("\x01"),
    "random bytes": _random_bytes, "base64": _base64,
}  # fmt: skip
LANGUAGES = ("python", "typescript", "go", "java", "cpp", "yaml", "markdown", "html", "vue", "bash")
"""Those that every kind is tried in."""
