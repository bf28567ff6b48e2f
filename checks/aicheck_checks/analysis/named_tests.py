"""The tests of a text by their names, with the lines of each, in the frameworks that people use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicheck_checks.source import Source

_QUOTED = lazy(
    r"\s*(?:await\s+)?(?:it|test|specify|scenario|t\.test|Deno\.test)(?:\.(?:concurrent|serial|only|skip))?\s?\(?\s?(?P<name>\"[^\"\n]{1,300}\"|'[^'\n]{1,300}'|`[^`\n]{1,300}`)"
)
"""How JavaScript and Ruby begin one."""
_DEFINED = {
    "python": lazy(r"(?:async\s{1,5})?def\s{1,5}(?P<name>test\w{0,200})\s{0,5}\("),
    "ruby": lazy(r"def\s{1,5}(?P<name>test_\w{1,200})"),
    "go": lazy(r"func\s+(?:\([^()\n]{0,80}\)\s*)?(?P<name>(?:Test|Fuzz|Example)[A-Z_]\w*)\("),
    "swift": lazy(r"(?:\w{1,40}+\s{1,5}+){0,3}func\s{1,5}(?P<name>test\w{0,200})\s{0,5}\("),
    "php": lazy(r"(?:\w{1,40}+\s{1,5}+){0,3}function\s{1,5}(?P<name>test\w{1,200})\s{0,5}\("),
}
_MARKED = lazy(
    r"\s*(?:@(?:Test|ParameterizedTest|RepeatedTest|test)\b|\[(?:Fact|Theory|Test|TestMethod|TestCase)\b|#\[(?:\w+::)?test\b|#\[Test\b)"
)
"""What stands above a test in Java, Kotlin, C#, Rust, PHP and Swift."""
_FUNCTION = lazy(
    r"(?:[\w<>\[\]?.,]{1,80}+\s{1,5}+){1,6}(?P<name>\w{1,200}|`[^`\n]{1,300}`)\s{0,5}(?:<[^<>\n]{0,80}>)?\s{0,5}\("
)
_BY_MARK = frozenset({"java", "kotlin", "csharp", "rust", "php", "swift"})
_FIXTURE = lazy(r"\s*@(?:\w+\.)*fixture\b")
BELOW = 8
"""Lines below a mark in which the test's name stands."""
LONGEST = 400
"""Lines of a test that are looked at."""


class Test(NamedTuple):
    """A test: its name, the row (from 0) that names it, and its lines below that."""

    name: str
    row: int
    body: tuple[str, ...]


def named_tests(source: Source) -> dict[str, Test]:
    """The tests of a text, in their order; of those that share a name, the first."""
    language = source.language.name if source.language is not None else ""
    lines, found = source.lines, dict[str, Test]()
    for row, line in enumerate(lines):
        name = _name(lines, row, line.strip(), language)
        if name and name not in found:
            found[name] = Test(name, row, _body(lines, row))
    return found


def _name(lines: Sequence[str], row: int, line: str, language: str) -> str:
    """The name of the test that a line names; empty where it names none."""
    pattern = _DEFINED.get(language)
    match = pattern.match(line) if pattern is not None else None
    if match is None and language in ("javascript", "typescript", "tsx", "ruby"):
        match = _QUOTED.match(line)
    if match is None and language in _BY_MARK and "(" in line and _is_marked(lines, row):
        match = _FUNCTION.match(line)
    if match is None or (row and _FIXTURE.match(lines[row - 1])):
        return ""
    return str(match["name"])


def _is_marked(lines: Sequence[str], row: int) -> bool:
    """Whether a mark stands above a line, with nothing but attributes and comments between."""
    for above in range(row - 1, max(row - BELOW, -1), -1):
        line = lines[above].strip()
        if _MARKED.match(line):
            return True
        if not line.startswith(("@", "[", "#", "//", "*", "/*")):
            return False
    return False


def _body(lines: Sequence[str], row: int) -> tuple[str, ...]:
    """The lines below that are indented deeper."""
    depth = _indent(lines[row])
    end = row + 1
    while end < min(len(lines), row + LONGEST) and (not lines[end].strip() or _indent(lines[end]) > depth):
        end += 1
    return tuple(line.strip() for line in lines[row + 1 : end] if line.strip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
