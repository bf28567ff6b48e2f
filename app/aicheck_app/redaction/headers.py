"""Secrets in HTTP headers: credentials, keys, and the values of cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.names import LIKELY
from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import literal, random, secretive, templated
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_SCHEME = lazy(
    r"(?i)\b(?:bearer|basic|token|apikey|api-key|bot|jwt|ssws|negotiate|digest|hawk|genie-?key|splunk|sso-key|discogs|klaviyo-api-key|zoho-oauthtoken|pvtoken|pveapitoken=\S{1,60}?|aws4-hmac-sha256)[ \t]{1,4}(?P<value>[A-Za-z0-9+/._~=:%!@-]{6,4000})"
)
_SURE = ("bearer", "basic", "ssws")
_HEADER = lazy(
    r"(?i)(?<![\w-])(?:proxy-)?(?:authorization|x-[\w-]{0,40}(?:key|token|auth|secret|signature|password|session|credential)[\w-]{0,20}|[\w-]{0,40}(?:-api-key|-token|-secret|subscription-key)|api[_-]?key|private-token|dd-api-key|apikey|auth-key|circle-token)"
    r"\\?[\"'`]?\]?\s{0,4}(?:=>|[:=,])\s{0,4}\\?[\"'`]?(?:(?:bearer|basic|token|apikey|key|digest)\s{1,4})?(?P<value>[^\s\"'`,;\\<>(){}\[\]]{6,4000})"
)
_PARTS = lazy(
    r"(?i)\b(?:signature|credential|response|mac|nonce|cnonce|oauth_(?:signature|token|consumer_key|nonce)|token|key)\\?=\\?[\"']?(?P<value>[A-Za-z0-9+/=%_.-]{8,1000})"
)
_COOKIES = lazy(
    r"(?i)(?<![\w-])(?:set-)?cookies?\\?[\"'`]?\]?\s{0,4}(?:=>|[:=,(])\s{0,4}\\?[\"'`]?(?P<pairs>[^\n\"'`]{1,4000})"
)
_PAIR = lazy(r"(?P<name>[\w.$!%*~-]{1,80})=(?P<value>[^;,\s\"'`\\]{3,4000})")
_ATTRIBUTES = frozenset(
    "path domain expires max-age samesite version secure httponly priority partitioned comment lang theme locale".split()
)
_SET_COOKIE = lazy(
    r"(?i)\bcookies?(?:\.\w{1,20})?(?:\(|\.set\(|\[|\.put\(|\.add\()\s{0,4}(?:new \w{1,20}\()?[\"'](?P<name>[\w.-]{1,60})[\"']\]?\s{0,4}[,=]\s{0,4}[\"'](?P<value>[^\"'\n]{4,2000})[\"']"
)


def find(page: Page) -> Iterator[Span]:
    """The secret values of a text's headers."""
    if page.has("bearer", "basic", "token", "key", "ssws", "bot ", "digest", "negotiate", "hawk", "jwt"):
        yield from (Span(*m.span("value"), "authorization") for m in _SCHEME.finditer(page.text) if _credential(m))
    if page.has("authorization", "x-", "-key", "-token", "-secret", "apikey", "api_key"):
        yield from (Span(*m.span("value"), "header") for m in _HEADER.finditer(page.text) if _worth(m))
    if page.has("authorization", "aws4-hmac", "oauth_"):
        yield from (Span(*m.span("value"), "header") for m in _PARTS.finditer(page.text) if secretive(m["value"]))
    if "cookie" in page.lower:
        yield from _cookies(page)


def _worth(match: re.Match[str]) -> bool:
    """Whether a header's value is a secret: by its look, or because an authorization is nothing else."""
    value = match["value"]
    long = len(value) > 16 and any(map(str.isdigit, value)) and not templated(value)
    return literal(value, LIKELY) or ("authorization" in match[0].lower() and long)


def _credential(match: re.Match[str]) -> bool:
    """Whether what follows the name of a scheme is a credential, and no word of a sentence."""
    value = match["value"].rstrip(".,:!")
    if templated(value):
        return False
    if match[0].lower().startswith(_SURE):
        return len(value) >= 8 and (
            any(map(str.isdigit, value))
            or secretive(value)
            or (not value.islower() and not value.istitle() and len(value) >= 12)
            or value.endswith("=")
        )
    return len(value) >= 12 and (secretive(value) or random(value))


def _cookies(page: Page) -> Iterator[Span]:
    for header in _COOKIES.finditer(page.text):
        for pair in _PAIR.finditer(page.text, *header.span("pairs")):
            if (
                pair["name"].lower() not in _ATTRIBUTES
                and not templated(pair["value"])
                and (secretive(pair["value"]) or len(pair["value"]) >= 16)
            ):
                yield Span(*pair.span("value"), "cookie")
    for call in _SET_COOKIE.finditer(page.text):
        if secretive(call["value"]):
            yield Span(*call.span("value"), "cookie")
