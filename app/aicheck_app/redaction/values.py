"""Which values may be secrets: what a name's value, or a word on its own, looks like."""

from __future__ import annotations

import math
import re
from functools import lru_cache

from aicheck_app.redaction.names import LIKELY, RANDOM, STRONG, WEAK, mentions, only
from aicheck_checks.patterns import lazy

_WORD_PARTS = lazy(r"[a-z]+|[A-Z][a-z]+|\d?[A-Z]+\d{0,4}|[vV]?\d{1,4}|")
_PART_SIGNS = lazy(r"[-_.]")
_CHUNKS = lazy(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_HEX = lazy(r"(?:0x)?[0-9a-fA-F-]+")
_TEMPLATE = lazy(
    r"[$#%@]?\{.*\}|\$\(.*\)|\{\{.*\}\}|<[^<>]*>|%[A-Za-z_]\w*%|%\(\w+\)[sdr]|%[-+\d.]*[a-zA-Z]|\$+[A-Za-z_][\w.:>-]*|@[A-Z_]+@|\[[^\[\]]*\]"
    r"|\$\{.*|\{[\w.]*:?|\.\w{1,5}|#\{.*|\(.*\)|(.)\1*|\.{3}.*|\W{1,3}|&\w+;|\\[nrt]",
    re.DOTALL,
)
"""Places to be filled in, masks, and signs alone."""
_HARMLESS = frozenset(
    "none null nil true false undefined nan yes no on off string str int integer bytes bool boolean number object any"
    " unknown void char byte text varchar secretstr optional required unset empty default self this super value input"
    " os env environ config settings request args kwargs data params props options ctx context uuid uuid4 redacted"
    " hidden masked removed omitted base64 hex utf8 utf-8 ascii plain plaintext bearer basic digest oauth oauth2 jwt"
    " sha1 sha256 sha384 sha512 sha-1 sha-256 sha-512 md5 hmac hs256 hs512 rs256 es256 es512 aes aes128 aes256 rsa ed25519"
    " ecdsa x509 http https http/1.1 http/2 ipv4 ipv6 float double date datetime email username user name login id key"
    " todo tbd n/a example sample dummy placeholder inherit".split()
)
_REFERENCE = lazy(r"[A-Za-z_$@&*!][\w$]*(?:(?:\.|->|::|\?\.|\?|!)[A-Za-z_$][\w$]*|\[[\w'\"$.]*\]|\(\))*[!?]?")
_CALL = lazy(r"[!*&@$]{0,2}(?:await |new |not )?[A-Za-z_$][\w$.:>?!-]*[(\[<{]")
_PATH = lazy(r"(?:\.{0,2}/|~/|[A-Za-z]:[\\/]|file:|https?:|Test[A-Z])[\w./\\ :@?=&#%+~-]*")
_SPEECH = lazy(
    r"(?i)\b(?:the|your|a|an|to|is|are|was|must|not|please|enter|for|of|be|with|and|or|in|can|will|this|that|has|have|forgot|confirm|from|on|it|if|too|at|by)\b"
)
_SPACE, _DIGIT = lazy(r"\s"), lazy(r"\d")
_SIGNS = lazy(r"[!@#$%^&*?~+=|]")
_TYPED = lazy(r"(?:\w{1,4}|[a-z]+)[-_.]?v?\d{1,2}(?:\.\d{1,3})*")
LONGEST = 4000
"""Code points of a value that are looked at; nothing longer is told apart."""


def bits(text: str) -> float:
    """Shannon entropy in bits a character."""
    size = len(text)
    return -sum(n / size * math.log2(n / size) for n in map(text.count, set(text)))


def worded(text: str) -> bool:
    """Whether a text is words and small numbers, held together by signs: a name somebody thought of."""
    parts = _PART_SIGNS.split(text)
    return len(parts) > 2 and all(_WORD_PARTS.fullmatch(part) for part in parts)


def hexadecimal(text: str) -> bool:
    """Whether a text is a number in hexadecimal, as digests, commits and UUIDs are."""
    return bool(_HEX.fullmatch(text))


@lru_cache(maxsize=4096)
def random(word: str) -> bool:
    """Whether a word looks drawn by chance: case and digits change far more often than in names."""
    if len(word) < 16 or hexadecimal(word):
        return False
    lower, upper, digit = (any(map(kind, word)) for kind in (str.islower, str.isupper, str.isdigit))
    if not ((lower and upper) or (digit and (lower or upper))):
        return False
    parts = [part for part in re.split(r"[/_.=+-]", word) if not hexadecimal(part)]
    longest = max(parts, key=len, default="")
    if lower and upper and digit and sum(map(len, parts)) >= 40 and len(_CHUNKS.findall(word)) * 2.8 > len(word):
        return True
    if len(longest) < 10:
        return False
    chunks = _CHUNKS.findall(longest)
    most = (3.1 if len(longest) >= 32 else 2.7) if digit else 2.4
    return bool(chunks) and sum(map(len, chunks)) / len(chunks) < most and bits(word) > 3.0


def templated(value: str) -> bool:
    """Whether a value is to be filled in, masked, or a word that says what is to stand there."""
    return value.lower() in _HARMLESS or bool(_TEMPLATE.fullmatch(value)) or "[REDACTED:" in value[:12]


@lru_cache(maxsize=4096)
def secretive(value: str) -> bool:
    """Whether a value with no name worth trusting looks like a password or a key: letters with digits or signs."""
    if len(value) < 5 or any(c.isspace() for c in value) or templated(value) or _PATH.fullmatch(value):
        return False
    letter, digit, sign = any(map(str.isalpha, value)), any(map(str.isdigit, value)), bool(_SIGNS.search(value[1:]))
    if not letter or (len(value) < 8 and _TYPED.fullmatch(value) and not re.fullmatch(r"[a-z]{5,}\d{1,3}", value)):
        return value.isdigit() and len(value) >= 6
    if worded(value) or only(value.rstrip("0123456789")):
        return False
    if _CALL.match(value) or (_REFERENCE.fullmatch(value) and not digit):
        return False
    return digit or (sign and len(value) >= 6) or random(value)


@lru_cache(maxsize=4096)
def literal(value: str, level: int) -> bool:
    """Whether a quoted value goes, given what its name says."""
    if len(value) < 3 or templated(value):
        return False
    if level is RANDOM:
        return random(value)
    if level is WEAK:
        return secretive(value) or random(value)
    if level is LIKELY:
        return secretive(value) or random(value) or (_numbered(value) and literal(value, STRONG))
    return not (_PATH.fullmatch(value) or _label(value))


def _numbered(value: str) -> bool:
    """Whether a value is one word of letters and digits, as passwords made of words are."""
    return len(value) >= 6 and not _SPACE.search(value) and bool(_DIGIT.search(value)) and any(map(str.isalpha, value))


def _label(value: str) -> bool:
    """Whether a quoted text beside a secret's name is a name or a sentence about it."""
    if only(value):
        return True
    if any(c.isspace() for c in value):
        return bool(_SPEECH.search(value) or mentions(value) or value[-1] in ":?.!…")
    plain = not any(c.isdigit() for c in value) and bool(re.fullmatch(r"[\w$.:/\\-]+", value))
    return plain and mentions(value) and bool(re.search(r"[-_.:/$]|[a-z][A-Z]", value))


@lru_cache(maxsize=4096)
def bare(value: str, level: int, *, settings: bool) -> bool:
    """Whether an unquoted value goes; in ``settings`` a word is a value, in code it is a variable."""
    value = value.rstrip(",;")
    if len(value) < 3 or templated(value) or only(value):
        return False
    if level is RANDOM:
        return random(value)
    if value.isdigit():
        return level is STRONG and len(value) >= (4 if settings else 6)
    if _CALL.match(value) or _PATH.fullmatch(value):
        return False
    if _REFERENCE.fullmatch(value) and not (settings and not _label(value)):
        return bool(re.search(r"\d", value)) and secretive(value) and "." not in value
    if level < STRONG or not settings:
        return secretive(value) or (settings and (random(value) or (level is LIKELY and literal(value, LIKELY))))
    return True
