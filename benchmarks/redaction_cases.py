"""Made-up secrets of many kinds, each in a text as it would stand in a file: what redaction is measured and tested on.

Nothing here was ever a secret: every value is drawn at run time with a fixed
seed, and no value stands in this file, so that no scanner has reason to object.
"""

from __future__ import annotations

import random
import re
import string
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.redaction_contexts import CONTEXTS
from benchmarks.redaction_tokens import TOKENS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SEED = 14
PER_KIND = 6
SHORTEST_LEAK = 4
"""Code points in a row that are left of a secret make it leaked."""
_MARK = re.compile(r"\[REDACTED:[^\]]*\]")
_FRAMES = ('x = "{}"', "see {} there", '{{"value": "{}"}}', "call({}, 1)", "- {}", "<td>{}</td>")
_ALPHABETS = {
    "A": string.ascii_letters + string.digits,
    "U": string.ascii_uppercase + string.digits,
    "L": string.ascii_lowercase + string.digits,
    "l": string.ascii_lowercase,
    "a": string.ascii_letters,
    "H": "0123456789abcdef",
    "D": string.digits,
    "B": string.ascii_letters + string.digits + "+/",
    "W": string.ascii_letters + string.digits + "-_",
    "R": string.ascii_uppercase + "234567",
    "S": "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
}
_WORDS = (
    "apple zebra lemon velvet orbit candle puzzle marble ticket anchor basket copper dragon ember falcon garden harbor"
    " island jungle kitten ladder magnet nephew oxygen pepper quartz rabbit saddle tunnel umbrella violin walnut"
).split()


class Case(NamedTuple):
    """A text, and the secret in it that must not survive."""

    group: str
    kind: str
    text: str
    secret: str


def some(rng: random.Random, alphabet: str, size: int) -> str:
    """Characters drawn from one of the alphabets above, never fewer than one digit or letter of each sort that it has."""
    chosen = _ALPHABETS[alphabet]
    drawn = [rng.choice(chosen) for _ in range(size)]
    for place, sort in enumerate((string.digits, string.ascii_lowercase, string.ascii_uppercase)):
        able = [c for c in chosen if c in sort]
        if able and size > 8 and not set(drawn) & set(able):
            drawn[place + 1] = rng.choice(able)
    return "".join(drawn)


def filled(rng: random.Random, template: str) -> str:
    """A template with each ``<A12>`` replaced by twelve characters of that alphabet."""
    parts = template.split("<")
    return parts[0] + "".join(
        some(rng, field[0], int(field[1:])) + rest for field, _, rest in (part.partition(">") for part in parts[1:])
    )


def password(rng: random.Random, style: int) -> str:
    """A password as people choose them: a word with digits, drawn letters, words, signs."""
    word = rng.choice(_WORDS)
    styles = (
        f"{word}{rng.randrange(10, 99)}",
        some(rng, "A", 14),
        f"{word.title()}{rng.choice('!#$%&*')}{rng.randrange(100, 999)}",
        f"{some(rng, 'L', 8)}-{some(rng, 'L', 8)}",
        f"{word.title()}{rng.choice(_WORDS)}{rng.randrange(1000, 9999)}",
        some(rng, "A", 6) + rng.choice("!?%*+~") + some(rng, "A", 5),
    )
    return styles[style % len(styles)]


def cases(per_kind: int = PER_KIND) -> Iterator[Case]:
    """All cases: for each kind some texts, the same in every run."""
    for kind, template in TOKENS.items():
        rng = random.Random(f"{SEED}{kind}")
        for number in range(per_kind):
            token = filled(rng, template)
            yield Case("provider tokens", kind, _FRAMES[number % len(_FRAMES)].format(token), token)
    for group, kinds in CONTEXTS.items():
        for kind, texts in kinds.items():
            rng = random.Random(f"{SEED}{kind}")
            for number in range(max(per_kind, len(texts))):
                yield _context(rng, group, kind, texts[number % len(texts)], number)


def _key(rng: random.Random, lines: int, last: str = "") -> str:
    """Lines of a key, the last one shorter."""
    return "\n".join([some(rng, "B", 64) for _ in range(lines)] + ([filled(rng, last)] if last else []))


def _with_signs(rng: random.Random) -> str:
    return f"{some(rng, 'A', 4)}{rng.choice('@:/#')}{some(rng, 'A', 4)}{rng.choice('@:/#')}{some(rng, 'A', 3)}"


_SPECIAL: dict[str, Callable[[random.Random], str]] = {
    "words": lambda rng: " ".join(rng.sample(_WORDS, 12)),
    "phrase": lambda rng: " ".join(rng.sample(_WORDS, 4)),
    "word": lambda rng: rng.choice(_WORDS),
    "signs": _with_signs,
    "pin": lambda rng: str(rng.randrange(100_000, 999_999)),
    "uuid": lambda rng: filled(rng, "<H8>-<H4>-4<H3>-a<H3>-<H12>"),
    "key": lambda rng: _key(rng, 4, "<B22>=="),
    "lines": lambda rng: _key(rng, 3),
    "last": lambda rng: _key(rng, 1, "<B30>=="),
}
"""What stands between the marks of a text, where it is not a password or an alphabet with a length."""


def _context(rng: random.Random, group: str, kind: str, template: str, number: int) -> Case:
    """A text whose ``«»`` is a password, ``«W32»`` characters drawn, ``«words»`` what ``_SPECIAL`` makes."""
    before, _, rest = template.partition("«")
    wanted, _, after = rest.partition("»")
    secret = _SPECIAL[wanted](rng) if wanted in _SPECIAL else password(rng, number)
    if wanted and wanted not in _SPECIAL:
        secret = some(rng, wanted[0], int(wanted[1:]))
    return Case(group, kind, before + secret + after, secret)


def leaked(case: Case, output: str) -> bool:
    """Whether a part of a secret that the text does not hold elsewhere is still there."""
    frame = case.text.replace(case.secret, "\0")
    output = _MARK.sub("\0", output)
    size = min(SHORTEST_LEAK, len(case.secret))
    pieces = {case.secret[i : i + size] for i in range(len(case.secret) - size + 1)}
    return any(piece in output and piece not in frame for piece in pieces)
