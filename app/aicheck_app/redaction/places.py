"""Secrets that a function takes by their place among its arguments, and those assigned by place (``a, b = 1, 2``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import LIKELY, STRONG, named
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import literal
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLACES = (
    # what is called, the place of the secret from 0, the fewest and the most arguments
    (("hmac.new", "hmac.digest", "secretkeyspec", "pbekeyspec", "password_hash", "bcrypt.hash", "bcrypt.hashpw"), 0, 1, 4),
    (("secretstring::new", "secretstring::from", "secretstr", "secret::new", "secretvalue.unsafeplaintext"), 0, 1, 1),
    (("jwt.sign", "jwt.verify", "jwt.encode", "jwt.decode", "jwt_encode", "jwt_decode", "createhmac", "createcipheriv"), 1, 2, 5),
    (("createdecipheriv", "aes.encrypt", "aes.decrypt", "hmacsha256", "hmacsha1", "hmacsha512"), 1, 2, 4),
    (("hash_hmac", "openssl_encrypt", "openssl_decrypt"), 2, 3, 6),
    (("login", "log_in", "signin", "sign_in", "logon", "authenticate", "basicauth", "basic_auth", "setbasicauth"), 1, 2, 2),
    (("set_basic_auth", "credentials.basic", "networkcredential", "usernamepasswordcredentials", "signwith", "simple_bind_s"), 1, 2, 2),
    (("passwordauthentication", "usernamepasswordauthenticationtoken", "usernamepasswordtoken", "sqlcredential", "wifi.begin"), 1, 2, 5),
    (("getconnection", "new pdo", "dbi->connect", "mysqli_connect", "new mysqli", "mysql_connect", "pymysql.connect", "mysqldb.connect"), 2, 3, 8),
    (("plainauth", "create_user", "create_superuser", "ftplib.ftp"), 2, 3, 4),
    (("signinwithemailandpassword", "createuserwithemailandpassword"), 2, 3, 3),
    (("mysql_real_connect", "mysqli_real_connect"), 3, 4, 8),
)  # fmt: skip
"""As the functions of standard libraries, databases' clients and test browsers are documented."""
_PLACE = {name: rest for names, *rest in _PLACES for name in names}
_CALL = lazy(
    r"(?<![a-z0-9_])(?:[a-z0-9_]{1,30}(?:\.|->|::))?(?P<call>"
    + "|".join(sorted((name.replace(".", r"\.") for name in _PLACE), key=len, reverse=True))
    + r")\s{0,2}\("
)
_ARGUMENT = lazy(
    r"\s{0,100}(?:(?:\w{1,20}=)?(?:[bruf@N]{0,2}|\[\]byte\(|new TextEncoder\(\)\.encode\()(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\n\\]|\\.){0,400})(?P=quote)(?:\)|\.\w{1,20}\([^()\n]{0,20}\)){0,2}"
    r"|(?:[^\s\"'`(),;]|[ \t](?=\S)|\([^()\n\"'`]{0,100}\)){1,200})\s{0,100}(?P<end>[,)])"
)
_SOME = 8
"""Arguments of a call that are looked at."""
_TARGETS = lazy(
    r"(?m)^[ \t]*(?:(?:const|let|var|local|my|val|auto)[ \t])?[\[({]?(?P<names>[$@]?[\w.]{1,60}(?:[ \t]?,[ \t]?[$@]?[\w.]{1,60}){1,7})[\])}]?[ \t]{0,4}:?=(?!=)[ \t]{0,4}[\[({]?"
)
_ITEM = lazy(
    r"[ \t]{0,8}(?:[bruf@]?(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\n\\]|\\.){0,400})(?P=quote)|[^\s\"'`,;(){}\[\]]{1,100})[ \t]{0,4}(?:,|(?P<end>[\])};\n]|\Z))?"
)


def find(page: Page) -> Iterator[Span]:
    """The secrets of a text that their place alone tells."""
    if "(" in page.text and page.has(*_PLACE):
        yield from _called(page)
    if "," in page.text and "=" in page.text:
        yield from _assigned(page)


def _called(page: Page) -> Iterator[Span]:
    for call in _CALL.finditer(page.lower):
        secret, fewest, most = _PLACE[call["call"]]
        spans: list[tuple[int, int]] = []
        ended, place = False, call.end()
        while not ended and len(spans) < _SOME and (argument := _ARGUMENT.match(page.text, place)):
            spans.append(argument.span("value"))
            place, ended = argument.end(), argument["end"] == ")"
        if ended and fewest <= len(spans) <= most:
            yield from _secret(page, spans[secret], "argument", STRONG)


def _assigned(page: Page) -> Iterator[Span]:
    """``user, password = "app", "x"``: each value by the name at its place."""
    for targets in _TARGETS.finditer(page.text):
        levels = [named(name.strip(" \t$@")) for name in targets["names"].split(",")]
        place = targets.end()
        for level in levels if max(levels) >= LIKELY else ():
            item = _ITEM.match(page.text, place)
            if not item:
                break
            yield from _secret(page, item.span("value"), "assignment", level)
            place = item.end()


def _secret(page: Page, span: tuple[int, int], rule: str, level: int) -> Iterator[Span]:
    """A literal that goes, if it is one; ``span`` is (-1, -1) for anything else."""
    value = page.text[max(span[0], 0) : max(span[1], 0)]
    if level and literal(value, level) and not value.isupper():
        yield Span(*span, rule)
