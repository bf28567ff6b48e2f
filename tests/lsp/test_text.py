"""The text of a document against a plain model, in all encodings."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicheck_lsp.text import Change, Encoding, Place, Text, plain

PIECES = ["a", "x = 1\n", "é", "😀", "\r\n", "\r", "\n", "\f", "\u2028", "\x85", "if x:\n", "    ", "'", "# ", "(", ")"]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def lines_of(text: str) -> list[str]:
    return re.split(r"\r\n|\n|\r", text)


def units(text: str, encoding: Encoding) -> int:
    if encoding == "utf-32":
        return len(text)
    return len(text.encode("utf-16-le" if encoding == "utf-16" else "utf-8")) // (2 if encoding == "utf-16" else 1)


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-32"]), st.data())
def test_edits_and_places_agree_with_a_plain_model(text: str, encoding: Encoding, data: st.DataObject) -> None:
    document = Text(text, encoding)
    for _ in range(4):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        if "\r\n" in (text[start - 1 : start + 1], text[end - 1 : end + 1]):
            continue  # no position of LSP lies between the two
        new = data.draw(TEXTS)
        for offset in (start, end):
            before = lines_of(text[:offset])
            assert document.place(offset) == (len(before) - 1, units(before[-1], encoding))
            assert document.offset(document.place(offset)) == offset
        change = document.edit(document.place(start), document.place(end), new)
        assert (change.start, change.end, change.text, change.removed) == (start, end, new, text[start:end])
        text = text[:start] + new + text[end:]
        assert document.text == text
        assert document._starts == Text(text, encoding)._starts


@given(TEXTS, TEXTS)
def test_replacing_the_whole_text_tells_what_changed(old: str, new: str) -> None:
    document = Text(old)
    change = document.replace(new)
    assert old[: change.start] + change.text + old[change.end :] == new
    assert old[change.start : change.end] == change.removed
    assert document.text == new


@pytest.mark.parametrize(
    ("encoding", "column"), [("utf-8", 8), ("utf-16", 5), ("utf-32", 4)], ids=["utf-8", "utf-16", "utf-32"]
)
def test_columns_count_the_units_of_the_encoding(encoding: Encoding, column: int) -> None:
    document = Text("a\r\n'é😀'b\r\n", encoding)
    assert document.place(7) == Place(1, column)
    assert document.offset(Place(1, column)) == 7
    assert document.offset(Place(1, 99)) == 8
    assert document.offset(Place(9, 0)) == len(document.text)


@given(TEXTS, TEXTS, st.data())
def test_a_change_told_plainly_is_the_same_change(text: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    told = plain(Change(start, end, new, text[start:end]), text)
    assert text[: told.start] + told.text + text[told.end :] == text[:start] + new + text[end:]
    assert told.removed == text[told.start : told.end]
    assert len(told.text) <= len(new)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (Change(8, 9, "\ndef b\n", "\n"), Change(9, 9, "def b\n", "")),  # lines appended, by Neovim
        (Change(4, 4, "b\n  1\ndef ", ""), Change(0, 0, "def b\n  1\n", "")),  # a function put before one, by Neovim
        (Change(0, 0, "x\n", ""), Change(0, 0, "x\n", "")),
        (Change(4, 5, "b", "a"), Change(4, 5, "b", "a")),
    ],
)
def test_insertions_are_told_from_the_beginning_of_a_line(change: Change, told: Change) -> None:
    assert plain(change, "def a\n  0\n") == told
