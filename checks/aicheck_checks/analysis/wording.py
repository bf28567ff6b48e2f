"""How models say "the rest stays as it was" instead of writing it.

A comment counts only if all of it is the phrase: every word must come from the
vocabulary of such phrases, but for a name or two, or for any noun between dots and
a word for the rest. A sentence that merely contains the words is an ordinary comment.
Other languages than English stand in tongues.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicheck_checks.analysis import tongues
from aicheck_checks.patterns import lazy

if TYPE_CHECKING:
    from aicheck_checks.source import Source

_REST = frozenset("rest remainder remaining existing".split())
_WHICH = _REST | frozenset("previous original other others current same old prior unchanged".split())
_STATE = frozenset(
    """unchanged unmodified untouched unaltered omitted elided truncated snip snipped abbreviated
    identical intact continues""".split()
)
_GOES_ON = frozenset({"continues"})
"""What a comment may say of a loop or of any other thing that it names."""
_SURE = frozenset("rest remainder remaining omitted brevity existing".split())
_CORE = frozenset(
    """code file function functions method methods class classes body bodies implementation
    implementations logic module script rest remainder imports content contents section""".split()
)
_SURE_REST = frozenset("rest remainder remaining existing unchanged".split())
MOST_WORDS = 8
MOST_NOUNS = 3
"""How long a phrase between dots may be, and how many of its words may be names of what was left out."""
LONG = 200
"""Code points of a comment that is no marker."""
_NO_CHANGES = lazy(r"no changes? (?:here|made|below|above)")
_STATE_PHRASE = lazy(
    r"\bas (?:before|is|above|it was|it is|they were|they are)\b|\bsame as (?:before|above|previous|original|in)|"
    r"\b(?:remains?|stays?|is|are) (?:exactly |completely )?(?:the same|here|as)\b|\bno changes?\b|"
    r"\bfor (?:brevity|clarity|simplicity|readability|space)\b|"
    r"\bremains?$|\bcontinues\b|\bto be continued\b|\beverything else\b|\band so on\b|\bnot shown\b"
)
_THING = frozenset(
    """code codebase file files function functions method methods class classes body bodies
    implementation implementations logic content contents line lines import imports definition
    definitions test tests case cases statement statements module script section sections part parts
    block blocks field fields property properties attribute attributes member members helper helpers
    route routes handler handlers endpoint endpoints config configuration setup option options item
    items entry entries element elements value values variable variables constant constants type types
    everything program source detail details step steps processing handling check checks validation
    stuff things all else""".split()
)
_NOTHING_TO_DO = frozenset("no change changes ever needed required".split())
"""All that is said of a branch which is empty for good."""
_ON_PURPOSE = lazy(
    r"\b(?:do nothing|does nothing|nothing to do|no-?op|not needed|intention\w*|deliberate\w*|on purpose|\w*compat\w*)\b"
)
"""What is said of code that is empty on purpose, or stays for a reason."""
_CLAIMS = frozenset("check checks verify verifies ensure ensures assert asserts test tests expect confirm".split())
"""How a comment begins that says what the code below makes sure of."""
_GLUE = frozenset(
    """they the a an of your our this that these those it its is are was were be been will would should
    stays stay remains remain left kept keep keeping leave retain preserve include insert copy paste
    put here there above below as before after in from to for and so on with without no not any change
    changes changed needed required made shown same brevity clarity simplicity readability space now
    previously like exactly essentially completely entire whole main first last few more additional
    similar follows follow goes go continued continue version rest added etc below just simply
    between up down at""".split()
)
_VOCABULARY = _WHICH | _STATE | _THING | _GLUE
_WORD = lazy(r"[^\W\d_]+")
_LETTER = lazy(r"\w")
_ELLIPSIS = lazy(r"\.{3}|…")
_BRACKETED = lazy(r"[\s#/*<!-]*+\[[^\[\]]{3,120}\][\s*/>-]*+$")
_SPREAD = lazy(r"[{,(\[]\s*(?:\.{3}|…)\w|[=;]")
"""Dots and signs of a statement that was made a comment."""
_COMMENT = lazy(r"(?:#|//|/\*|--|\n[ \t]*[%;'])(.*)")
_BARE = lazy(r"\n[ \t]*([.…\[(<].*)")


def may_contain(source: Source) -> bool:
    """A cheap test that rules out most texts."""
    text = "\n" + source.text
    return any(map(strength, {*_COMMENT.findall(text), *_BARE.findall(text)}))


def strength(comment: str) -> int:
    """How surely a comment says that code was left out: 2 surely, 1 perhaps, 0 not."""
    lowered = comment.lower()
    words = _WORD.findall(lowered)
    if not words or len(words) > 20:
        return 0
    return _in_english(comment, lowered, words) or (
        tongues.strength(comment, framed=marked(comment)) if len(comment) < LONG else 0
    )


def _in_english(comment: str, lowered: str, words: list[str]) -> int:
    unknown = len(words) - sum(map(_VOCABULARY.__contains__, words))
    known = set(words)
    if (
        len(words) <= MOST_WORDS
        and known & _SURE_REST
        and (_ELLIPSIS.search(comment) or _BRACKETED.match(comment))
        and not _SPREAD.search(comment)
        and unknown <= MOST_NOUNS
    ):
        return 2
    if unknown > 2 or (unknown and known & _STATE == _GOES_ON and not known & _WHICH):
        return 0
    state = bool(known & _STATE) or bool(_STATE_PHRASE.search(" ".join(words)))
    which, thing = bool(known & _WHICH), bool(known & _THING)
    framed = marked(comment)
    if not framed and (_ON_PURPOSE.search(lowered) or words[0] in _CLAIMS or known <= _NOTHING_TO_DO):
        return 0
    if state and (unknown * 2 < len(words) or (framed and unknown * 2 <= len(words))):
        whole = unknown == 0 and (bool(known & _CORE) or bool(_NO_CHANGES.search(lowered)))
        sure = framed or whole or (which and thing and known & _SURE)
        return 2 if sure else int(not unknown)
    said = bool(known & {"rest", "remainder"}) or ("existing" in known and bool(known & {"here", "goes"}))
    if which and thing and unknown <= 1 and (framed or (said and not unknown)):
        return 2
    return 1 if (which and thing and not unknown) or (which and framed and unknown <= 1) else 0


def names_code(comment: str) -> bool:
    """Whether a comment speaks of code: what stays as it is may as well be a value."""
    return not _CORE.isdisjoint(_WORD.findall(comment.lower()))


def marked(comment: str) -> bool:
    """Whether a comment has the look of a marker: an ellipsis, or brackets or dashes all round."""
    if _ELLIPSIS.search(comment):
        return True
    first, last = _LETTER.search(comment), _LETTER.search(comment[::-1])
    if first is None or last is None:
        return False
    head, tail = comment[: first.start()], comment[len(comment) - last.start() :]
    return bool((set("[<({") & set(head) and set("])>}") & set(tail)) or ("--" in head and "--" in tail))
