"""Changing settings in JSON as a person would: what does not change keeps its bytes, what is new is written like what is round it."""

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher
from typing import Any, NamedTuple

_BLANK = re.compile(r"[ \t\r\n]*")
_INDENT = re.compile(r"\n([ \t]+)\S")
_DECODER = json.JSONDecoder()
_DEFAULT = "  "


class _Node(NamedTuple):
    """A value in the text, from ``start`` to ``end``, with its members or items if it has any."""

    value: Any
    start: int
    end: int
    items: list[_Item]


class _Item(NamedTuple):
    """A member or an item: ``start`` is behind the bracket or comma before it, ``begin`` where it begins; ``key`` is None in a list."""

    start: int
    begin: int
    key: str | None
    node: _Node


def changed(text: str, after: dict[str, Any]) -> str:
    """A file's text (one JSON object, or nothing) with other settings in it; ``text`` has been parsed before."""
    body = text.removeprefix("\ufeff")
    mark = text[: len(text) - len(body)]
    plain = json.dumps(after, indent=len(_DEFAULT), ensure_ascii=False) + "\n"
    if not body.strip():
        return mark + plain
    try:
        writer = _Writer(body)
        root = writer.node(writer.blank(0))
        made = body[: root.start] + writer.written(root, after) + body[root.end :]
        right = json.loads(made) == after
    except (ValueError, RecursionError):  # what is nested beyond all settings
        right = False
    return mark + (made if right else plain)


class _Writer:
    """One text, how it is indented and how its lines end."""

    def __init__(self, text: str) -> None:
        self.text = text
        indent = _INDENT.search(text)
        self.indent: str = indent[1] if indent else _DEFAULT
        self.line_end = "\r\n" if "\r\n" in text else "\n"

    def blank(self, at: int) -> int:
        """The place behind the blanks here."""
        found = _BLANK.match(self.text, at)
        assert found is not None
        return found.end()

    def node(self, start: int) -> _Node:
        """The value that begins here."""
        opening = self.text[start]
        if opening not in "{[":
            value, end = _DECODER.raw_decode(self.text, start)
            return _Node(value, start, end, [])
        items: list[_Item] = []
        at = start + 1
        while self.text[self.blank(at)] not in "}]":
            items.append(self._item(at, named=opening == "{"))
            at = self.blank(items[-1].node.end)
            at += self.text[at] == ","
        values = [item.node.value for item in items]
        value = dict(zip((item.key for item in items), values, strict=True)) if opening == "{" else values
        return _Node(value, start, self.blank(at) + 1, items)

    def _item(self, start: int, *, named: bool) -> _Item:
        begin = at = self.blank(start)
        key = None
        if named:
            key, at = _DECODER.raw_decode(self.text, at)
            at = self.blank(self.blank(at) + 1)  # behind the colon
        return _Item(start, begin, key, self.node(at))

    def written(self, node: _Node, value: Any) -> str:
        """What stands for a value in the place of the node's."""
        if _said(value) == _said(node.value):
            return self.text[node.start : node.end]
        if isinstance(value, dict) and isinstance(node.value, dict):
            kept = [(item, value[item.key]) for item in node.items if item.key in value]
            new = [(key, each) for key, each in value.items() if key not in node.value]
            return self._joined(
                node, kept, [f"{json.dumps(key, ensure_ascii=False)}: " for key, _ in new], [each for _, each in new]
            )
        if isinstance(value, list) and isinstance(node.value, list):
            kept, left = _matched(node.items, value)
            return self._joined(node, kept, [""] * len(left), left)
        return self._made(value, self._margin(node.start))

    def _joined(self, node: _Node, kept: list[tuple[_Item, Any]], names: list[str], new: list[Any]) -> str:
        """A list or an object of what is kept of it, and behind that what is new."""
        text, opening = self.text, self.text[node.start]
        closing = "}" if opening == "{" else "]"
        if not kept and not new:
            return opening + closing
        if node.items:
            lead, tail = text[node.items[-1].start : node.items[-1].begin], self._tail(node)
        else:
            margin = self.line_end + self._margin(node.start)
            lead, tail = margin + self.indent, margin
        first = text[node.items[0].start : node.items[0].begin] if node.items else lead
        parts = [text[item.start : item.node.start] + self.written(item.node, value) for item, value in kept]
        if kept and kept[0][0] is not node.items[0]:
            parts[0] = first + parts[0][kept[0][0].begin - kept[0][0].start :]
        deep = lead.rpartition("\n")[2] if "\n" in lead else None
        parts += [lead + name + self._made(value, deep) for name, value in zip(names, new, strict=True)]
        return opening + ",".join(parts) + tail + closing

    def _tail(self, node: _Node) -> str:
        """What stands between the last item and the closing bracket."""
        return self.text[node.items[-1].node.end : node.end - 1]

    def _margin(self, at: int) -> str:
        """The blanks with which the line of a place begins."""
        line = self.text[self.text.rfind("\n", 0, at) + 1 : at]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _made(self, value: Any, margin: str | None) -> str:
        """A new value: on lines of its own below a margin, or in one line where there is none."""
        if margin is None:
            return json.dumps(value, ensure_ascii=False)
        made = json.dumps(value, ensure_ascii=False, indent=self.indent)
        return made.replace("\n", self.line_end + margin)


def _matched(items: list[_Item], values: list[Any]) -> tuple[list[tuple[_Item, Any]], list[Any]]:
    """Which items of a list stay, each with its new value, and what is new behind them."""
    old, new = [_said(item.node.value) for item in items], [_said(value) for value in values]
    kept: list[tuple[_Item, Any]] = []
    left: list[Any] = []
    for what, begin, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        both = min(end - begin, last - first) if what in ("equal", "replace") else 0
        kept += [(items[begin + at], values[first + at]) for at in range(both)]
        left += values[first + both : last]
    return kept, left


def _said(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
