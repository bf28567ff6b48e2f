"""The languages that aicheck knows: one row each, special ones with a module of their own."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from typing import TYPE_CHECKING

from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from types import ModuleType

    from tree_sitter import Node, Parser, Query, Tree

    from aicheck_checks.source import Source


def _binding(package: str) -> ModuleType:
    """The compiled part of a grammar's wheel alone.

    The wheel's ``__init__`` only offers query files besides, and imports
    importlib.resources for them, which takes longer than checking a file.
    """
    home = PathFinder.find_spec(package)
    if home is None:
        raise ImportError(f"no grammar '{package}' installed", name=package)
    spec = PathFinder.find_spec(f"{package}._binding", home.submodule_search_locations)
    if spec is None or spec.loader is None:
        return import_module(package)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Language:
    """A language: how to recognise, parse and comment it.

    ``grammar`` is the tree-sitter wheel's module; a language without one is
    recognised and logged but not checked. ``regions`` is a tree-sitter query
    that captures ``@string`` and ``@comment``, ``old_version`` a pattern of lines
    that only an older version of the language has, and what to say of texts
    that fail to parse in such lines alone.
    """

    def __init__(
        self,
        name: str,
        suffixes: tuple[str, ...],
        *,
        line_comment: str | None = None,
        grammar: str | None = None,
        regions: str = "(comment) @comment",
        names: tuple[str, ...] = (),
        old_version: tuple[re.Pattern[str], str] | None = None,
    ) -> None:
        self.name = name
        self.suffixes = suffixes
        self.line_comment = line_comment
        self.grammar = grammar
        self.region_query = regions
        self.names = names
        self.old_version = old_version

    @cached_property
    def _parser(self) -> Parser:
        from tree_sitter import Language as Grammar
        from tree_sitter import Parser

        assert self.grammar is not None
        return Parser(Grammar(_binding(self.grammar).language()))

    @cached_property
    def _regions(self) -> Query:
        return self.query(self.region_query)

    def query(self, pattern: str) -> Query:
        """Compile a tree-sitter query of this language."""
        from tree_sitter import Query

        assert self._parser.language is not None
        return Query(self._parser.language, pattern)

    def parse(self, data: bytes) -> Tree | None:
        """Parse UTF-8, or None where there is no grammar."""
        return self._parser.parse(data) if self.grammar else None

    def refuses(self, source: Source) -> str | None:
        """Why this language has nothing to say about a text, or None."""
        if self.old_version is None or source.parses:
            return None
        old, reason = self.old_version
        lines = {error.line - 1 for error in source.syntax_errors}
        every = all(line < len(source.lines) and old.match(source.lines[line]) for line in lines)
        return reason if lines and every else None

    def captures(self, tree: Tree) -> dict[str, list[Node]]:
        """The nodes of strings and comments."""
        from tree_sitter import QueryCursor

        return QueryCursor(self._regions).captures(tree.root_node)


PYTHON = Language(
    "python",
    (".py", ".pyi", ".pyw"),
    line_comment="#",
    grammar="tree_sitter_python",
    regions="(string) @string (comment) @comment",
    old_version=(
        lazy(
            r"\s*(?:print\s+(?:[uUbBrR]*[\"']|\w+\s*(?:[,%.(\[]|$))|print\s*>>|"
            r"exec\s+\S+\s+in\b|except\s+[\w.()\s,]+,\s*\w+\s*:|raise\s+[\w.]+\s*,)"
        ),
        "written for Python 2, which no current parser takes",
    ),
)

LANGUAGES: tuple[Language, ...] = (
    PYTHON,
    Language("bash", (".sh", ".bash"), line_comment="#"),
    Language("c", (".c", ".h"), line_comment="//"),
    Language("cpp", (".cc", ".cpp", ".cxx", ".hpp", ".hh"), line_comment="//"),
    Language("csharp", (".cs",), line_comment="//"),
    Language("css", (".css", ".scss", ".less")),
    Language("dockerfile", (".dockerfile",), line_comment="#", names=("dockerfile",)),
    Language("go", (".go",), line_comment="//"),
    Language("html", (".html", ".htm")),
    Language("java", (".java",), line_comment="//"),
    Language("javascript", (".js", ".mjs", ".cjs", ".jsx"), line_comment="//"),
    Language("json", (".json",)),
    Language("kotlin", (".kt", ".kts"), line_comment="//"),
    Language("lua", (".lua",), line_comment="--"),
    Language("markdown", (".md", ".markdown")),
    Language("notebook", (".ipynb",)),
    Language("php", (".php",), line_comment="//"),
    Language("ruby", (".rb",), line_comment="#", names=("gemfile", "rakefile")),
    Language("rust", (".rs",), line_comment="//"),
    Language("scala", (".scala",), line_comment="//"),
    Language("sql", (".sql",), line_comment="--"),
    Language("swift", (".swift",), line_comment="//"),
    Language("toml", (".toml",), line_comment="#"),
    Language("typescript", (".ts", ".mts", ".cts", ".tsx"), line_comment="//"),
    Language("yaml", (".yaml", ".yml"), line_comment="#"),
)

_BY_NAME = {language.name: language for language in LANGUAGES}
_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}
_BY_FILENAME = {name: language for language in LANGUAGES for name in language.names}
_ALIASES = {
    "py": "python", "python3": "python", "py3": "python", "sh": "bash", "shell": "bash",
    "zsh": "bash", "golang": "go", "js": "javascript", "jsx": "javascript", "ts": "typescript",
    "tsx": "typescript", "rs": "rust", "rb": "ruby", "yml": "yaml", "md": "markdown",
    "c++": "cpp", "c#": "csharp", "cs": "csharp", "kt": "kotlin",
}  # fmt: skip
_SHEBANG = lazy(r"#!.*?\b(python|bash|sh|node|ruby|lua)[\d.]*\b")


def language_of(path: str, name: str | None = None, text: str = "") -> Language | None:
    """The language of a name (as editors and fences write it), else of a path, else of a shebang."""
    if name is not None:
        lowered = name.lower()
        return _BY_NAME.get(_ALIASES.get(lowered, lowered))
    base = path.replace("\\", "/").rpartition("/")[2].lower()
    dot = base.rfind(".")
    if dot > 0:
        return _BY_SUFFIX.get(base[dot:])
    if (known := _BY_FILENAME.get(base)) is not None:
        return known
    match = _SHEBANG.match(text[:128])
    if match is None:
        return None
    program = "javascript" if match[1] == "node" else match[1]
    return _BY_NAME.get(_ALIASES.get(program, program))
