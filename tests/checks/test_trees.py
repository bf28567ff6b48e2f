"""The tree of a text that changed is the one that parsing it anew gives."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aicheck_checks.source import Source
from aicheck_checks.trees import Trees

PIECES = [
    "a",
    "x = 1\n",
    "é",
    "😀",
    "\r\n",
    "\r",
    "\n",
    "\f",
    "\ud83d",
    "if x:\n",
    "    ",
    "'",
    "# ",
    "(",
    ")",
    "def f():\n",
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.lists(TEXTS, min_size=2, max_size=5), st.booleans())
def test_each_version_has_the_tree_of_its_text(texts: list[str], grown: bool) -> None:
    trees = Trees()
    for at, text in enumerate(texts):
        version = "".join(texts[: at + 1]) if grown else text
        source, anew = Source(version, path="a.py"), Source(version, path="a.py")
        trees.give(source)
        assert source.tree is not None
        assert anew.tree is not None
        assert source.tree.root_node.has_error == anew.tree.root_node.has_error
        assert source.tree.root_node.end_byte == anew.tree.root_node.end_byte


def test_a_path_that_changes_its_language_begins_anew() -> None:
    trees = Trees()
    for language in ("python", "yaml", "python"):
        source = Source("a: 1\n", path="a.txt", language=language)
        trees.give(source)
        assert source.tree is not None
        assert source.tree.root_node.type == ("module" if language == "python" else "stream")
