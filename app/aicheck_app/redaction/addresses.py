"""Secrets in addresses: passwords of users, signatures of queries, connection strings, and e-mail addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import only
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import random, secretive, templated
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_AFTER_SCHEME = lazy(r"://(?P<rest>[^\s\"'`<>]{1,2000})")
_USER = lazy(r"[^:/?#@\[\]]{0,200}:")
_PORT = lazy(r"\d{1,5}(?:/|\Z)")
_BARE_DSN = lazy(
    r"(?<![\w.@/-])(?P<user>[\w.-]{1,60})(?P<sign>[:/])(?P<password>[^\s:/@\"'<>`{}()\[\],;]{3,200})@(?=[A-Za-z(\[\d][\w.-]{0,80}(?P<port>[:/(]?))"
)
_QUERY = lazy(
    r"(?i)[?&;](?:x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential)|signature|sig|sign|hmac|awsaccesskeyid|googleaccessid|policy"
    r"|key-pair-id|key|code|state|auth|access|apikey|appid|client_secret|hash|jwt|sas|se?ss?(?:ion)?(?:_?id)?|ticket|samlresponse)=(?P<value>[^\s&\"'`<>#;]{8,4000})"
)
_SURE = lazy(r"(?i)[?&;](?:x-|sig|hmac|awsaccess|googleaccess)")
_PARTS = lazy(
    r"(?:Account|SharedAccess|Access|Instrumentation|Primary|Secondary|accountkey|sharedaccess|instrumentation)(?:Key|Signature|SecretKey|key|signature)\s?=\s?(?P<value>[^\s;\"'`<>]{8,1000})"
)
_EMAIL = lazy(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,8}\.(?P<top>[A-Za-z]{2,24})\b(?!\.?/|\()"
)
_FILES = frozenset(
    "png jpg jpeg gif svg webp ico pdf js ts jsx tsx mjs cjs css scss less html htm json md py rb go java kt rs c h cpp cs php sh yml yaml xml txt log zip gz tgz service timer socket target mount".split()
)


def find(page: Page) -> Iterator[Span]:
    """The secret parts of a text's addresses, and e-mail addresses."""
    yield from secrets(page)
    if "@" in page.text:
        for match in _EMAIL.finditer(page.text):
            if match["top"].lower() not in _FILES and not match[0].startswith("git@"):
                yield Span(*match.span(), "email")


def secrets(page: Page) -> Iterator[Span]:
    """The passwords and signatures in addresses."""
    if "@" in page.text:
        yield from _passwords(page)
        yield from _without_scheme(page)
    if "=" in page.text:
        yield from _signatures(page)


def _signatures(page: Page) -> Iterator[Span]:
    """What a query or a connection string is signed with."""
    for match in _QUERY.finditer(page.text):
        if _SURE.match(match[0]) or (secretive(match["value"]) and len(match["value"]) >= 12):
            if not templated(match["value"]):
                yield Span(*match.span("value"), "signature")
    if page.has("key", "signature"):
        for match in _PARTS.finditer(page.text):
            if not templated(match["value"]):
                yield Span(*match.span("value"), "connection-string")


def _passwords(page: Page) -> Iterator[Span]:
    """Between the user's colon and the last at sign: a password may hold every separator that there is."""
    for match in _AFTER_SCHEME.finditer(page.text):
        user = _USER.match(match["rest"])
        last = match["rest"].rfind("@")
        if user and last > user.end() and not _PORT.match(match["rest"][user.end() : last]):
            password = match["rest"][user.end() : last]
            if not (templated(password) or only(password)):
                yield Span(match.start("rest") + user.end(), match.start("rest") + last, "url-password")
        elif (
            not user and last > 0 and "/" not in (alone := match["rest"][:last]) and (secretive(alone) or random(alone))
        ):
            yield Span(match.start("rest"), match.start("rest") + last, "url-password")


def _without_scheme(page: Page) -> Iterator[Span]:
    """``user:password@host`` and ``user/password@host``, as databases' clients take them."""
    for match in _BARE_DSN.finditer(page.text):
        if not (templated(match["password"]) or only(match["password"])) and (
            secretive(match["password"]) or (match["sign"] == ":" and match["port"])
        ):
            yield Span(*match.span("password"), "url-password")
