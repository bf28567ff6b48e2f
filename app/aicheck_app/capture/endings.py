"""How a turn ended: whether what the model said last is what happened. Signals with their words, no findings.

Wordings are data (``endings.tsv``), in several languages. A sentence counts by words that stand in it, unless others put it in
doubt ("if all tests pass"). docs/signals.md defines each signal; benchmarks/turns.py measures them against labelled turns.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from aicheck_checks.analysis.prose import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aicheck_app.capture.turn import Call

LAST = 4
"""Sentences at the end of a message in which a step is announced."""
MAX_SENTENCES = 400
MAX_WORDS = 200
"""Code points kept of a sentence."""
_SENTENCE = re.compile(r"[^.!?。！？\n]{1,1000}+[.!?。！？:]?")
_LETTER = re.compile(r"[a-zà-ÿ]")


class Signal(NamedTuple):
    """A signal's name, and the sentence that it goes by."""

    name: str
    words: str = ""


class Ending(NamedTuple):
    """What is known of a turn when it ends.

    ``words`` are what the model said last, with no call behind them; ``calls`` its calls in order; ``todo`` the open items of its
    own list; ``stopped`` says that it stopped by itself: no person, limit or fault ended it.
    """

    words: str
    calls: Sequence[Call]
    todo: int
    stopped: bool


def signals(ending: Ending) -> list[Signal]:
    """The signals of a turn's end."""
    if not ending.stopped:
        return []
    found = [Signal("todo_open")] if ending.todo else []
    sentences = list(_sentences(ending.words))
    if (words := _claim(sentences, "passes")) and (name := _unlike_checks(ending.calls)):
        found.append(Signal(name, words))
    elif (words := _claim(sentences, "done")) and _failed_last(ending.calls):
        found.append(Signal("said_done_failed", words))
    if words := _claim(sentences[-LAST:], "announces", last=True):
        found.append(Signal("stopped_early", words))
    return found


def _unlike_checks(calls: Sequence[Call]) -> str:
    """How the checks of a turn contradict that they pass; nothing where they don't."""
    kinds = [call.kind for call in calls]
    checks = [at for at, kind in enumerate(kinds) if kind in ("test", "build")]
    edits = [at for at, call in enumerate(calls) if call.kind == "edit" and not call.failed]
    if checks and calls[checks[-1]].failed:
        return "said_done_failed"
    return "said_done_unchecked" if edits and (not checks or checks[-1] < edits[-1]) else ""


def _failed_last(calls: Sequence[Call]) -> bool:
    checks = [call for call in calls if call.kind in ("test", "build")]
    return bool(checks) and checks[-1].failed


def _sentences(words: str) -> Iterator[str]:
    for number, match in enumerate(_SENTENCE.finditer(spoken(words))):
        if number >= MAX_SENTENCES:
            return
        if sentence := match[0].strip(" \t*_#-"):
            yield sentence


def _claim(sentences: Sequence[str], kind: str, *, last: bool = False) -> str:
    """The last sentence of a kind that nothing puts in doubt; ``last`` asks for one with nothing but a colon behind it."""
    claims, doubts = _wordings()[kind], _wordings()["doubts"]
    for sentence in reversed(sentences):
        low = sentence.lower().replace("’", "'")
        if any(_stands(words, low) for words in claims) and not any(_stands(words, low) for words in doubts):
            return sentence[:MAX_WORDS]
        if last and len(low) > 2:
            return ""  # a sentence of another kind ends the message
    return ""


def _stands(words: str, sentence: str) -> bool:
    """Whether words stand in a sentence, as whole words where they are of Latin letters; a part of a word in front may be a stem."""
    at = sentence.find(words)
    while at >= 0:
        before, behind = sentence[at - 1 : at], sentence[at + len(words) : at + len(words) + 1]
        whole = len(words) > 4 or not (_LETTER.match(words[-1:]) and _LETTER.match(behind))
        if whole and not (_LETTER.match(words[:1]) and _LETTER.match(before)):
            return True
        at = sentence.find(words, at + 1)
    return False


@lru_cache(maxsize=1)
def _wordings() -> dict[str, tuple[str, ...]]:
    rows = resources.files("aicheck_app.capture").joinpath("endings.tsv").read_text("utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for row in rows:
        if row and not row.startswith("#"):
            kind, _, words = row.split("\t")
            found.setdefault(kind, []).append(words)
    return {kind: tuple(words) for kind, words in found.items()}
