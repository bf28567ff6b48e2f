"""Words drawn by chance that stand alone: keys without a name, a form or a frame.

Ids and digests look alike and are what a report is about: those with an id's
prefix, hexadecimal ones, and those that are named as digests stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_app.redaction.page import Page, Span
from aicheck_app.redaction.values import random
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = lazy(r"[A-Za-z0-9+/_-]{20,}={0,2}")
_ID = lazy(
    r"[A-Z]{1,5}_kw|xn--|[0-7][0-9A-HJKMNP-TV-Z]{25}\Z|(?:[a-z]{1,12}_)?(?:[a-z]{0,4}req|msg|[a-z]{0,6}tool[a-z]{0,4}|call|chatcmpl|cmpl|resp|rs|fc|ws|mcp\w{0,4}|run|thread|asst|step|batch|msgbatch|file|gen|org|item|ses|sess|session|prt|evt|event|trace|span|job|task"
    r"|turn|tc|sr|traj|trajectory|rollout|wf|wfr|wfrun|flow|az-request|Az-Request|ig|ci|fs|lsh|cu|ctc|mcpr|ckpt|checkpoint|interaction|action|node|agent|attempt|candidate|pred|eval|ctx|client|parent|child|round|iter|invocation|inv|op|operation|conversation|generation|response|reply|tu"
    r"|conv|chat|completion|container|user|acct|cus|pi|ch|sub|in|price|prod|ii|seti|pm|card|tx|txn|ord|order|inv|vs|ft|snap|vol|img|ami|i|eni|subnet|vpc|sg|rtb|igw|code_execution|cntr|skill|message|part|wrun|exec|build|dpl|prj|team|log)[_-]"
)
_DIGEST = lazy(
    r"(?i)(?:sha\d{1,3}|md5|blake\w{0,3}|xxh\w{0,3}|integrity|checksum|digest|hash\w{0,8}|etag|fingerprint|commit|revision|rev|h1|cid|ipfs|thumbprint|narhash|ssh-(?:rsa|dss|ed25519)|ecdsa-\S{1,30}|font/\S{1,10}|base64,)[\"'`]?\s{0,3}[-:=(_ ]{0,3}\s?[\"'`]?\Z"
)
_HASHED = lazy(r"(?i)(?:sha\d{1,3}|md5|blake2\w?|xxh\d{0,3})[-_]")
_DRAWING = lazy(r"[mMlLhHvVcCsSqQtTaAzZ\d.,-]+")
"""Path data of SVG."""
_PUBLIC = (
    "AAAAB3NzaC1",
    "AAAAC3NzaC1",
    "AAAAE2VjZHNh",
    "AAAAG",
    "MIIBIjANBg",
    "MIICIjANBg",
    "MFkwEwYH",
    "iVBORw0KGgo",
    "/9j/",
    "R0lGOD",
    "PHN2Zy",
    "UklGR",
    "d09GM",
    "AAEAAAA",
    "T1RUTw",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz",
    "0123456789",
)
_BEFORE = 60
LOOK = 400
"""Code points of a word that are looked at."""


def find(page: Page) -> Iterator[Span]:
    """The words of a text that look drawn by chance."""
    for match in _WORD.finditer(page.text):
        word = match[0]
        if not random(word[:LOOK]) or _kept(page.text, match.start(), word):
            continue
        yield Span(*match.span(), "entropy")


def _kept(text: str, start: int, word: str) -> bool:
    """Whether a word is an id, a digest, a public key, a drawing, a picture or an alphabet."""
    if (
        _ID.match(word)
        or _DRAWING.fullmatch(word)
        or _HASHED.match(word)
        or word.startswith(_PUBLIC)
        or any(run in word for run in _PUBLIC[-3:])
    ):
        return True
    return bool(_DIGEST.search(text[max(start - _BEFORE, 0) : start]))
