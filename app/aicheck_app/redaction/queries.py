"""Secrets in SQL, and in calls that take a user and a password by place; literals to the left of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import STRONG, WEAK, named
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import literal, secretive
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_SQL = lazy(
    r"(?i)\b(?:identified\s{1,8}(?:with\s{1,8}[\"'`]?\w{1,40}[\"'`]?\s{1,8})?(?:by|as)(?:\s{1,8}password)?|(?:encrypted\s{1,8})?password(?:\s{1,8}for\s{1,8}\S{1,80})?(?=[\s=(])|crypt(?=\()|pgp_sym_(?:en|de)crypt(?=\()|aes_(?:en|de)crypt(?=\())\s{0,8}(?:=\s{0,8}(?:password\s{0,4})?)?\(?\s{0,8}(?:N|E)?\\?(?P<quote>['\"])(?P<value>(?:(?!(?P=quote))[^\n\\]|\\.|''){3,400}?)\\?(?P=quote)"
)
_SQL_BARE = lazy(r"(?i)\bidentified\s{1,8}by\s{1,8}(?P<value>[^\s'\";]{3,200})")
_INSERT = lazy(
    r"(?i)\b(?:insert|replace)\s{1,8}(?:ignore\s{1,8})?(?:into\s{1,8})?[\w.\"`\[\]]{1,120}\s{0,8}\((?P<columns>[^()]{1,2000})\)\s{0,8}(?:values?|overriding\s{1,8}\w{1,10}\s{1,8}value\s{1,8}values)\s{0,8}"
)
_ROW = lazy(r"\s{0,8},?\s{0,8}\(")
_ITEM = lazy(
    r"\s{0,8}(?:[NEX]?'(?P<single>(?:[^'\n]|''){0,2000}?)'|\"(?P<double>[^\"\n]{0,2000})\"|(?P<call>[\w.]{0,60}\((?:[^()'\"]{0,200}|'[^'\n]{0,400}'|\"[^\"\n]{0,400}\"){0,8}\))|[^,()'\"]{0,200})\s{0,8}(?P<end>[,)]|\Z)"
)
_INSIDE = lazy(r"'(?P<value>[^'\n]{3,400})'")
ROWS, COLUMNS = 200, 200
_CALL = lazy(
    r"(?P<call>(?:login|log_?in|sign_?in|logon|authenticate|authn|auth|basic_?auth|credentials?|getconnection|mysqli?_(?:p?connect|real_connect)|pg_connect|ftp_login|connect|create_?user|add_?user|register|sign_?up|principal|keycredential|authtoken|passwordauthentication|passwordcredential|withcredentials|securestring))"
    r"(?:\w{0,12}\s{0,2}\(|\s{0,2}[=:]\s{0,2}[(\[])\s{0,2}(?P<arguments>[^()\n]{3,400})"
)
_LITERALS = lazy(r"\\?(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\n\\]|\\.){3,200}?)\\?(?P=quote)")
_TWO = ("auth", "credential", "passwordauthentication", "login", "signin", "principal")
_YODA = lazy(
    r"[bruf@]{0,2}(?P<quote>[\"'`])(?P<value>[^\"'`\n]{3,200})(?P=quote)\s{0,4}(?:[!=]==?|\beq\b|\bne\b|\.(?:equals(?:IgnoreCase)?|Equals|contentEquals|eq|eql\?|compareTo)\(|,\s{0,4}|->|\bin\b)\s{0,4}(?P<name>[\w.$@>-]{2,80})"
)
_SECURE = lazy(
    r"(?i)ConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?(?P<quote>[\"'])(?P<value>[^\"'\n]{3,400})(?P=quote)"
)
_POWERSHELL = "securestring"


_COMPARES = lazy(r"assert|equal|expect|cmp|compare|verify")


_KEYED = lazy(
    r"(?:hmac\.new|hmac\.digest|createhmac|hash_hmac|jwt\.(?:sign|verify|encode|decode)|jwt_(?:en|de)code|create(?:de)?cipher(?:iv)?|secretkeyspec|aes\.new|fernet|openssl_(?:en|de)crypt|cryptojs\.\w{1,20}\.(?:en|de)crypt|cryptojs\.hmac\w{1,20}|hmac\w{0,20}|parsekey|signedstring)"
    r"\s{0,2}\(\s{0,4}(?P<arguments>[^\n]{3,300})"
)
SHORTEST_KEY = 8


def find(page: Page) -> Iterator[Span]:
    """The secrets in a text's queries, calls and turned comparisons."""
    if page.has("identified", "password", "crypt"):
        yield from (Span(*m.span("value"), "sql") for m in _SQL.finditer(page.text) if literal(m["value"], STRONG))
    if "identified" in page.lower:
        yield from (
            Span(*m.span("value"), "sql")
            for m in _SQL_BARE.finditer(page.text)
            if m[0].startswith("IDENTIFIED") or secretive(m["value"])
        )
    if page.has("insert", "replace"):
        yield from _inserted(page)
    if page.has("log", "sign", "auth", "credential", "connect", "user", "register", "principal"):
        yield from _called(page)
    if page.has("hmac", "jwt", "cipher", "secretkeyspec", "aes.new", "fernet", "crypt", "signedstring"):
        yield from _keyed(page)
    if _POWERSHELL in page.lower:
        yield from (Span(*m.span("value"), "assignment") for m in _SECURE.finditer(page.text))
    if "=" in page.text or page.has("equals", " eq ", ","):
        yield from _turned(page)


def _inserted(page: Page) -> Iterator[Span]:
    """The values of the columns that have a secret's name."""
    for insert in _INSERT.finditer(page.text):
        columns = [named(name.strip(" \"'`[]\n\t")) for name in insert["columns"].split(",")[:COLUMNS]]
        place = insert.end()
        for _ in range(ROWS if any(columns) else 0):
            row = _ROW.match(page.text, place)
            if not row:
                break
            place = row.end()
            for known in columns:
                item = _ITEM.match(page.text, place)
                if not item:
                    break
                yield from _item(page, item, known)
                place = item.end()
                if item["end"] == ")":
                    break


def _item(page: Page, item: re.Match[str], known: int) -> Iterator[Span]:
    for group in ("single", "double"):
        if known and item[group] and literal(item[group], known):
            yield Span(*item.span(group), "sql")
    if known and item["call"]:
        for inner in _INSIDE.finditer(page.text, *item.span("call")):
            if secretive(inner["value"]):
                yield Span(*inner.span("value"), "sql")


def _called(page: Page) -> Iterator[Span]:
    """The password of a call that takes it by place: the last literal after another argument."""
    for call in _CALL.finditer(page.lower):
        literals = list(_LITERALS.finditer(page.text, *call.span("arguments")))
        pair = len(literals) == 2 and call["call"].endswith(_TWO)
        for number, found in enumerate(literals):
            if number and (
                secretive(found["value"]) or (pair and literal(found["value"], STRONG) and not found["value"].isupper())
            ):
                yield Span(*found.span("value"), "argument")


def _keyed(page: Page) -> Iterator[Span]:
    """The keys that functions of cryptography are given as literals."""
    for call in _KEYED.finditer(page.lower):
        for found in _LITERALS.finditer(page.text, *call.span("arguments")):
            if len(found["value"]) >= SHORTEST_KEY and secretive(found["value"]):
                yield Span(*found.span("value"), "argument")


def _turned(page: Page) -> Iterator[Span]:
    """``"x" == password`` and ``"x".equals(password)``."""
    place = 0
    while found := _YODA.search(page.text, place):
        place = found.start() + 1
        comma = "," in page.text[found.end("value") : found.start("name")]
        if comma and not _COMPARES.search(page.lower, max(found.start() - 40, 0), found.start()):
            continue
        known = named(found["name"])
        if known >= WEAK and (secretive(found["value"]) or (not comma and literal(found["value"], known))):
            yield Span(*found.span("value"), "comparison")
            place = found.end()
