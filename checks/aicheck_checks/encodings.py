"""Bytes as text: UTF-8, a Unicode encoding that a byte order mark names, or what a text declares at its beginning.

Declarations are a stranger's words: only the names that the web's Encoding Standard has for text are known, each to a
decoder that takes linear time. Python's own names (``zip``, ``rot13``, ``idna``, ``unicode_escape``) are never looked up.
"""

from __future__ import annotations

import codecs
import re

from aicheck_checks.patterns import lazy

_LOOKED_AT = 1_024
"""Bytes at the beginning that hold a declaration, as in browsers."""
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (codecs.BOM_UTF8, "utf-8"),
)  # fmt: skip
"""Byte order marks and the decoders that read them; that of UTF-32 begins with that of UTF-16."""
_COOKIE = lazy(rb"\A(?:[^\n]*+\n)?[^\n]{0,100}?(?:#|-\*-)[^\n]{0,100}?coding[:=][ \t]*+([-\w.]++)")
"""In a comment of the first two lines, as Python, Ruby and Emacs read it."""
_XML = lazy(rb"\A<\?xml\s[^>]{0,200}?encoding\s*+=\s*+[\"']([-\w.:]++)")
_STYLE = lazy(rb'\A@charset "([-\w.:]++)"')
_META = lazy(rb"<meta\s[^>]{0,200}?charset\s*+=\s*+[\"']?([-\w.:]++)", re.IGNORECASE)
_NAMES = {
    "utf-8": "unicode11utf8 unicode20utf8 utf8 xunicode20utf8",
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859-2": "csisolatin2 iso88592 iso885921987 isoir101 isolatin2 l2 latin2",
    "iso8859-3": "csisolatin3 iso88593 iso885931988 isoir109 isolatin3 l3 latin3",
    "iso8859-4": "csisolatin4 iso88594 iso885941988 isoir110 isolatin4 l4 latin4",
    "iso8859-5": "csisolatincyrillic cyrillic iso88595 iso885951988 isoir144",
    "iso8859-6": "arabic asmo708 csiso88596e csiso88596i csisolatinarabic ecma114 iso88596 iso885961987 iso88596e iso88596i isoir127",
    "iso8859-7": "csisolatingreek ecma118 elot928 greek greek8 iso88597 iso885971987 isoir126 suneugreek",
    "iso8859-8": "csiso88598e csiso88598i csisolatinhebrew hebrew iso88598 iso885981988 iso88598e iso88598i isoir138 logical visual",
    "iso8859-10": "csisolatin6 iso885910 isoir157 l6 latin6",
    "iso8859-13": "iso885913",
    "iso8859-14": "iso885914",
    "iso8859-15": "csisolatin9 iso885915 isolatin9 l9 latin9",
    "iso8859-16": "iso885916",
    "koi8-r": "cskoi8r koi koi8 koi8r",
    "koi8-u": "koi8ru koi8u",
    "mac-roman": "csmacintosh mac macintosh macroman xmacroman",
    "mac-cyrillic": "maccyrillic xmaccyrillic xmacukrainian",
    "cp874": "cp874 dos874 iso885911 tis620 windows874",
    "cp1250": "cp1250 windows1250 xcp1250",
    "cp1251": "cp1251 windows1251 xcp1251",
    "cp1252": "ansix341968 ascii cp1252 cp819 csisolatin1 ibm819 iso88591 iso885911987 isoir100 isolatin1 l1 latin1 usascii windows1252 xcp1252",
    "cp1253": "cp1253 windows1253 xcp1253",
    "cp1254": "cp1254 csisolatin5 iso88599 iso885991989 isoir148 isolatin5 l5 latin5 windows1254 xcp1254",
    "cp1255": "cp1255 windows1255 xcp1255",
    "cp1256": "cp1256 windows1256 xcp1256",
    "cp1257": "cp1257 windows1257 xcp1257",
    "cp1258": "cp1258 windows1258 xcp1258",
    "gb18030": "chinese cp936 csgb2312 csiso58gb231280 euccn gb18030 gb2312 gb231280 gbk isoir58 xgbk",
    "big5hkscs": "big5 big5hkscs cnbig5 cp950 csbig5 xxbig5",
    "euc-jp": "cseucpkdfmtjapanese eucjp xeucjp",
    "cp932": "cp932 csshiftjis ms932 mskanji shiftjis sjis windows31j xsjis",
    "cp949": "cp949 cseuckr csksc56011987 euckr isoir149 korean ksc5601 ksc56011987 ksc56011989 windows949",
}
"""Decoders, and the names of what they read, of which only letters and digits count. ASCII and ISO 8859-1 mean what browsers take them for."""


def decode(data: bytes) -> str | None:
    """Bytes as text without a byte order mark; None for what is in no known encoding."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        encoding = _encoding(data)
    try:
        return data.decode(encoding) if encoding else None
    except UnicodeDecodeError:
        return None


def decode_change(now: bytes, before: bytes | None) -> tuple[str | None, str | None]:
    """A text and the version before it, each None for what is none.

    Where only one of them can be read, the other is taken for what a change of encoding or its damage would make of it.
    """
    text, previous = decode(now), decode(before) if before is not None else None
    if text is None and previous:
        return decode_part(now), previous  # what it was is known, and so is what the change made of it
    if text is not None and previous is None and before is not None and b"\0" not in before:
        return text, before.decode("cp1252", "replace")  # no binary file: most likely Windows' in Western Europe
    return text, previous


def decode_part(data: bytes) -> str:
    """The beginning of a file, or a damaged one, as text without a byte order mark, whatever can't be read replaced."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return data.decode(_encoding(data) or "utf-8", "replace").removeprefix("\ufeff")


def _encoding(data: bytes) -> str | None:
    """The decoder for what is no UTF-8: by its mark, or by its declaration."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    return marked or _declared(data[:_LOOKED_AT])


def _declared(beginning: bytes) -> str | None:
    found = (
        _XML.match(beginning) or _STYLE.match(beginning) or _COOKIE.match(beginning) or _META.search(beginning)
    )  # fmt: skip
    if found is None:
        return None
    name = "".join(filter(str.isalnum, found[1].decode("ascii").lower()))
    for ending in ("", "unix", "dos"):  # Emacs's names tell the line breaks too
        for encoding, names in _NAMES.items():
            if name.removesuffix(ending) in names.split():
                return encoding
    return None
