"""What a language is: how to recognise, parse and comment it."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from threading import Lock
from typing import TYPE_CHECKING, Literal

from aicheck_checks.computing import Deadline
from aicheck_checks.languages.tree import sorted_captures, tangled
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from types import ModuleType

    from tree_sitter import Node, Parser, Query, Tree

    from aicheck_checks.source import Source

_REDACTED = lazy(r"\bREDACTED\b")
"""What redaction tools leave in place of a secret, in brackets or without (session exports, gitleaks, ours)."""
Group = Literal["code", "data", "markup", "text"]
PARSE_SECONDS = 1.0
"""Some grammars take quadratic time for deep nesting; no text is worth computing longer for. A loaded machine changes nothing."""
MONOTONOUS = 10_000
"""Bytes of a line that, if they hardly hold more than one thing, are nesting without end."""
_SLICE = 65_536
"""Bytes handed to the parser at a time."""
FEW_BYTES = 4_096
"""A change of fewer bytes is parsed without a limit of time, for the text before was parsed within it ..."""
MANY_BYTES = 100_000
"""... unless the whole is larger than this, where one bracket may cost seconds."""


def _stands_in_code(source: Source, line: int, pattern: re.Pattern[str]) -> bool:
    """Whether a line (from 0) has a match outside strings and comments."""
    match = pattern.search(source.lines[line]) if line < len(source.lines) else None
    return match is not None and source.region(source.line_starts[line] + match.start()) == "code"


def _template(source: Source) -> str | None:
    """What is said of a template; imported late, for most texts have no tag and parse."""
    if source.parses and "{{" not in source.text and "<%" not in source.text:
        return None
    from aicheck_checks.languages.template import TEMPLATE, is_named_template, is_template

    named = is_named_template(source)
    return TEMPLATE if named or (not source.parses and is_template(source)) else None


def _crowded(source: Source) -> str | None:
    from aicheck_checks.languages.embedded import MAX_PARTS, crowded

    return f"more than {MAX_PARTS:,} texts of other languages inside" if crowded(source) else None


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


_SPLICES = frozenset({"c", "cpp", "objective-c"})
"""Languages whose lines a backslash joins, even in strings; their grammars take Windows' carriage return for what it escapes."""


class Language:
    """A language; a row of the table.

    ``grammar`` is the tree-sitter wheel's module, empty where texts are looked at without one, and ``entry`` the function that
    gives the grammar. ``strings`` and ``comments`` are node types.
    ``line_comment`` and ``block_comment`` are how the language writes them.
    ``group`` tells programs from data, from markup, where prose is at home, and from text that has no grammar here.
    ``exact`` says that the grammar takes all valid text (measured on released
    files, see benchmarks/README.md); where it does not, a refusal in the midst
    of a text is weak evidence. ``loose`` says that preprocessor conditions, macros
    or quoting may leave a whole text with unbalanced brackets. ``old_version`` is a pattern of lines that only an
    older version of the language has, and what to say of texts that fail to
    parse in such lines alone; ``dialect`` a pattern that gives away a dialect
    which the grammar does not take, and what to say of its texts. ``fatal`` finds
    texts that crash the grammar's scanner. ``embeds`` says that texts of other
    languages stand inside (see embedded.py).
    """

    def __init__(
        self,
        name: str,
        suffixes: tuple[str, ...],
        grammar: str,
        *,
        entry: str = "language",
        line_comment: str | None = None,
        block_comment: tuple[str, str] | None = None,
        strings: tuple[str, ...] = (),
        comments: tuple[str, ...] = ("comment",),
        group: Group = "code",
        exact: bool = False,
        loose: bool = False,
        names: tuple[str, ...] = (),
        aliases: tuple[str, ...] = (),
        old_version: tuple[re.Pattern[str], str] | None = None,
        dialect: tuple[re.Pattern[str], str] | None = None,
        fatal: re.Pattern[str] | None = None,
        embeds: bool = False,
    ) -> None:
        self.name = name
        self.suffixes = suffixes
        self.grammar = grammar
        self.entry = entry
        self.line_comment = line_comment
        self.block_comment = block_comment
        self.strings = strings
        self.comments = comments
        self.group = group
        self.exact = exact
        self.loose = loose
        self.names = names
        self.aliases = aliases
        self.old_version = old_version
        self.dialect = dialect
        self.fatal = fatal
        self.embeds = embeds
        self._in_use = Lock()

    @cached_property
    def missing(self) -> str | None:
        """Why texts of this language can't be checked on this machine, or None."""
        if not self.grammar or PathFinder.find_spec(self.grammar) is not None:
            return None
        return f"no grammar for {self.name}: install {self.grammar.replace('_', '-')}, or aicheck with its extra 'languages'"

    @cached_property
    def _parser(self) -> Parser:
        import warnings

        from tree_sitter import Language as Grammar
        from tree_sitter import Parser

        with warnings.catch_warnings():  # some wheels hand out their grammar in an older way
            warnings.simplefilter("ignore", DeprecationWarning)
            return Parser(Grammar(getattr(_binding(self.grammar), self.entry)()))

    @cached_property
    def _regions(self) -> Query:
        kinds = {"string": self.strings, "comment": self.comments}
        return self.query(" ".join(f"({node}) @{kind}" for kind, nodes in kinds.items() for node in nodes))

    def query(self, pattern: str) -> Query:
        """Compile a tree-sitter query of this language."""
        from tree_sitter import Query

        assert self._parser.language is not None
        return Query(self._parser.language, pattern)

    def parse(self, data: bytes, old: Tree | None = None) -> Tree | None:
        """Parse UTF-8, on the tree of an earlier text if that was told of the edits since; None where that takes longer than ``PARSE_SECONDS``.

        Raises ImportError where the grammar is ``missing``. Some grammars want a
        line break at the end, which the languages do not.
        """
        if not data.endswith(b"\n"):
            data += b"\n"
        if self.name in _SPLICES:
            data = data.replace(b"\\\r\n", b" \\\n")
        with self._in_use:
            few = old is not None and abs(len(data) - old.root_node.end_byte) < FEW_BYTES
            if not few or len(data) > MANY_BYTES:
                old = self._parse_in_time(data, old)
            return self._parser.parse(data, old) if old is not None else None

    def _parse_in_time(self, data: bytes, old: Tree | None) -> Tree | None:
        """The tree, or None where that takes too long.

        Only what is read through a callback can be interrupted; but such a tree reads through it again
        for each node's text, and py-tree-sitter 0.26.1 never lets go of what it was given
        (https://github.com/tree-sitter/py-tree-sitter/issues/464). So the views are released, and
        parsing the same bytes on that tree gives one that can be used. That takes next to no time, but for
        broken texts, of which little can be used again: these have half the time.
        """
        late = Deadline(PARSE_SECONDS)
        views: list[memoryview] = []

        def read(at: int, _: object) -> memoryview:
            views.append(memoryview(data)[at : at + _SLICE])
            return views[-1]

        def stop(_at: int, _error: bool) -> bool:
            return late.passed()

        try:
            if old is None:
                tree = self._parser.parse(read, progress_callback=stop)
            else:
                tree = self._parser.parse(read, old, progress_callback=stop)
            again = tree.root_node.has_error and late.spent() > PARSE_SECONDS / 2
            return None if again else tree
        except ValueError:  # cancelled
            self._parser.reset()
            return None
        finally:
            for view in views:
                view.release()

    def parses(self, text: str) -> bool:
        """Whether there is a grammar here that may be given a text."""
        return bool(self.grammar) and self.missing is None and not self.hopeless(text)

    def hopeless(self, text: str) -> bool:
        """Whether the grammar would crash on a text or hang: nesting without end, mostly in one line."""
        if self.fatal is not None and self.fatal.search(text):
            return True
        if self.exact or len(text) < MONOTONOUS:
            return False
        from zlib import compress

        line = max(text.split("\n"), key=len).encode("utf-8", "replace")
        return len(line) > MONOTONOUS and len(compress(line, 1)) * 50 < len(line)

    @cached_property
    def plain(self) -> Language:
        """The same language as if there were no grammar for it."""
        return Language(
            f"{self.name} without a grammar",
            (),
            "",
            line_comment=self.line_comment,
            block_comment=self.block_comment,
            group="text",
        )

    def takes_otherwise(self, source: Source) -> bool:
        """Whether a text that is refused is one of a dialect, an older version or a template, and no damaged copy."""
        return "REDACTED" not in source.text and not (self.embeds and _crowded(source) is not None)

    def refuses(self, source: Source) -> str | None:
        """Why this language has nothing to say about a text, or None."""
        if not self.grammar:
            return None
        if source.tree is None:
            deep = f"deeper or longer than the grammar for {self.name} can follow"
            return deep if self.hopeless(source.text) else f"parsing takes longer than {PARSE_SECONDS:g} s"
        if self.embeds and (reason := _crowded(source)) is not None:
            return reason
        return _template(source) or (None if source.parses else self._refuses_broken(source))

    def _refuses_broken(self, source: Source) -> str | None:
        """Why nothing can be said about a text that does not parse, or None."""
        assert source.tree is not None
        if tangled(source.tree.root_node):
            return "broken, and too large to tell how"
        if "REDACTED" in source.text and any(_stands_in_code(source, line, _REDACTED) for line in source.error_lines):
            return "redacted: whoever kept this text replaced a part of it"
        if self.dialect is not None and self.dialect[0].search(source.text):
            return self.dialect[1]
        if self.old_version is None:
            return None
        old, reason = self.old_version
        lines = {error.line - 1 for error in source.syntax_errors}
        every = all(line < len(source.lines) and old.match(source.lines[line]) for line in lines)
        return reason if lines and every else None

    def captures(self, tree: Tree, at: int | None = None) -> dict[str, list[Node]]:
        """The nodes of strings and comments, or only those around a byte offset."""
        from tree_sitter import QueryCursor

        cursor = QueryCursor(self._regions)
        if at is not None:
            cursor.set_byte_range(at, at + 1)
        return sorted_captures(cursor, tree.root_node)
