"""Bytes as text: byte order marks, and what a text declares at its beginning, each by a decoder of the list."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from aicheck_checks.encodings import _NAMES, decode, decode_change, decode_part
from aicheck_checks.files import read

if TYPE_CHECKING:
    from pathlib import Path

DECLARED = (
    ("# -*- coding: gbk -*-\n# 中文\n", "gbk"),
    ("#!/usr/bin/ruby\n# encoding: Shift_JIS\n# 日本\n", "shift_jis"),
    ("// -*- coding: euc-kr -*-\n// 한국어\n", "euc-kr"),
    ("/* -*- mode: c; coding: latin-1-unix -*- */\n// é\n", "latin-1"),
    ('<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>é</a>\n', "iso-8859-1"),
    ('@charset "windows-1251";\n/* привет */\n', "cp1251"),
    ("<html><head>\n<META charset='big5'>\n<title>中</title>\n", "big5"),
    ('<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">\n<p>привет</p>\n', "koi8-r"),
    ("# coding: iso-8859-1\n# “quotes” of Windows\n", "cp1252"),
)


@pytest.mark.parametrize(("text", "encoding"), DECLARED)
def test_what_a_text_declares(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text
    assert decode(text.encode("utf-8")) == text  # whatever it declares


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, b""])
def test_byte_order_marks(encoding: str, mark: bytes) -> None:
    text = "x = 'é 中'\r\n"
    assert decode(text.encode(encoding)) == text
    if mark:
        wide = "utf-16-be" if len(mark) == 2 else "utf-32-be"
        assert decode(mark + text.encode(wide)) == text


@pytest.mark.parametrize(
    "name",
    ["zip", "rot13", "hex", "base64", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined", "mbcs",
     "utf-7", "utf-16", "replacement", "x-user-defined", "os", "../zip", "no-such-encoding"],
)  # fmt: skip
def test_no_other_name_is_honoured(name: str) -> None:
    assert decode(f"# coding: {name}\n# \xe9\n".encode("latin-1")) is None


@pytest.mark.parametrize(
    "data",
    [
        b"x = '\xe9'\nopen(a, encoding='latin-1')\n",  # no comment
        b"\n\n# coding: latin-1\n# \xe9\n",  # the third line
        b"<p>charset=latin-1 \xe9</p>",
        b" " * 2_000 + b"<meta charset=latin1>\xe9",
        b"\xff\xfex\0=\0\n",  # half a character
        b"\xff\xfe\x00\xd8x\0",  # half a pair
        b"# coding: gbk\n# \xff\n",  # not what it declares
    ],
)
def test_what_is_no_text_in_a_known_encoding(data: bytes) -> None:
    assert decode(data) is None


def test_all_decoders_are_there_and_no_name_is_told_twice() -> None:
    names = [name for names in _NAMES.values() for name in names.split()]
    assert len(names) == len(set(names))
    for encoding in _NAMES:
        assert codecs.lookup(encoding)._is_text_encoding


def test_a_change_of_encoding() -> None:
    before, now = "// © 2008\n", "// © 2009\n"
    assert decode_change(now.encode("utf-16"), before.encode()) == (now, before)
    assert decode_change(now.encode(), before.encode("cp1252")) == (now, before)
    assert decode_change(now.encode("cp1252"), before.encode()) == ("// \ufffd 2009\n", before)
    assert decode_change(now.encode(), b"\0\xff") == (now, None)
    assert decode_change(now.encode("cp1252"), before.encode("cp1252")) == (None, None)
    assert decode_change(b"\xff", None) == (None, None)


def test_a_neighbour_is_read_in_its_encoding(tmp_path: Path) -> None:
    """A file beside, of which a part is read: it may end in half a character."""
    file = tmp_path / "a.cs"
    file.write_bytes("class Größe {}\r\n".encode("utf-16"))
    assert read(str(file)) == "class Größe {}\n"
    assert read(str(file), 15) == "class \ufffd"
    assert decode_part("// é".encode()[:-1]) == "// \ufffd"
    assert decode_part("# coding: gbk\n# 中文".encode("gbk")[:-1]) == "# coding: gbk\n# 中\ufffd"


def test_a_mark_counts_for_more_than_a_declaration() -> None:
    """By the Encoding Standard: else the mark itself would be read as three letters."""
    assert decode("\ufeff# coding: latin-1\n".encode() + b"x = '\xe9'\n") is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_what_a_change_damaged_is_read_as_its_mark_says(encoding: str) -> None:
    damaged = "\ufeffx = 1\n".encode(encoding) + b"\xe9"
    assert decode_change(damaged, b"x = 1\n") == ("x = 1\n\ufffd", "x = 1\n")
