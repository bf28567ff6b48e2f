"""Syntax trees of texts that change a little at a time: the tree of the version before is told of the change and parsed on.

tree-sitter, "Using Parsers", section "Editing" (https://tree-sitter.github.io/tree-sitter/using-parsers/3-advanced-parsing.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Tree

    from aicheck_checks.languages import Language
    from aicheck_checks.source import Source

MAX_TEXTS = 16
"""Texts whose trees are kept, the newest ones."""


class _Known(NamedTuple):
    language: Language
    data: bytes
    tree: Tree


class Trees:
    """The newest tree of each text, by its path."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def give(self, source: Source, *, exact: bool = True) -> None:
        """Set the source's tree, made from that of its version before where there is one; not ``exact`` is quicker for broken texts."""
        language = source.language
        if not source.path or language is None or not language.parses(source.text):
            return
        data = _whole_lines(source)
        before = self._known.pop(source.path, None)
        if before is not None and before.language is language:
            tree = _grown(language, before.tree, before.data, data, exact=exact)
        else:
            tree = language.parse(data)
        source.tree = tree
        if tree is not None:
            self._known[source.path] = _Known(language, data, tree)
            while len(self._known) > MAX_TEXTS:
                del self._known[next(iter(self._known))]


class Recent:
    """The sources judged last: the version before is mostly the version after of the edit before, and known already."""

    def __init__(self) -> None:
        self._judged: dict[tuple[str, str, str], Source] = {}

    def prepare(self, source: Source) -> None:
        """Let a source and its version before have what is known: of the same text, and of the tree that was there before."""
        if (same := self._judged.get(_key(source))) is not None:
            source.recall(same)
        before = source.before
        if before is None or "tree" in source.__dict__ or source.language is None or source.language.group != "code":
            return
        if (same := self._judged.get(_key(before))) is not None:
            before.recall(same)
        if before.language is source.language and before.tree is not None and not source.language.hopeless(source.text):
            source.tree = _grown(source.language, before.tree, _whole_lines(before), _whole_lines(source))

    def add(self, source: Source) -> None:
        """Remember a source that was judged."""
        self._judged[_key(source)] = source
        while len(self._judged) > MAX_TEXTS:
            del self._judged[next(iter(self._judged))]


def _key(source: Source) -> tuple[str, str, str]:
    return source.text, source.path, source.kind


def _whole_lines(source: Source) -> bytes:
    return source.data if source.data.endswith(b"\n") else source.data + b"\n"


def _grown(language: Language, tree: Tree, old: bytes, new: bytes, *, exact: bool = True) -> Tree | None:
    """The tree of a text, made from that of another version; what does not parse is parsed anew.

    How a parser finds its way out of an error depends on what it can use again, and the same text has one tree. What is said
    for the moment, until a whole check follows, need not be ``exact`` in that.
    """
    grown = language.parse(new, _moved(tree, old, new))
    return language.parse(new) if grown is None or (exact and grown.root_node.has_error) else grown


def _moved(tree: Tree, old: bytes, new: bytes) -> Tree:
    """A copy of the tree, told what differs between two texts: one piece, between what both begin and end with."""
    moved = tree.copy()
    if old != new:
        start = _common(old, new)
        tail = _common(old[start:][::-1], new[start:][::-1])
        ends = len(old) - tail, len(new) - tail
        moved.edit(start, *ends, _point(old, start), _point(old, ends[0]), _point(new, ends[1]))
    return moved


def _common(one: bytes, other: bytes) -> int:
    """The length of what two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _point(data: bytes, at: int) -> tuple[int, int]:
    """Row and column in bytes."""
    return data.count(b"\n", 0, at), at - (data.rfind(b"\n", 0, at) + 1)
