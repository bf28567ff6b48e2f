"""How often the language server knows AI-written text, and how often it takes a person's for it.

    python -m benchmarks.attribution [--write]

Outputs are the Write and Edit calls of the corpus' sessions, applied to documents:
as one change, as a stream of chunks, and as a reload of the file from disk. The
person types the corpus' human files, with bracket pairs, undo and redo, formatting,
cut and paste, and a branch switch. Time is simulated; from a fixed seed.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
from collections import Counter
from difflib import unified_diff
from typing import TYPE_CHECKING

from aicheck_app.capture.reader import Reader, transcripts
from aicheck_app.config import Config
from aicheck_app.log.store import Log
from aicheck_app.observe import observe
from aicheck_lsp import outputs
from aicheck_lsp.recogniser import MIN_LINES, Recogniser
from aicheck_lsp.text import Change, Place, Text
from benchmarks import readme
from benchmarks.humans import CORPUS
from benchmarks.languages import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicheck_app.origin import Output

SEED = 7
PERSONS = 60
"""Human files typed."""
TYPED_LINES = 60


class Around:
    """What the recogniser asks of the world."""

    def __init__(self) -> None:
        self.others: list[str] = []
        self.git = False

    def has_text(self, text: str) -> bool:
        """Whether another document holds a text."""
        return any(text in other for other in self.others)

    def git_moved(self) -> bool:
        """Whether git is at work."""
        return self.git


class Editor:
    """A document under a clock that is moved by hand."""

    def __init__(self, text: str) -> None:
        self.text = Text(text)
        self.eyes = Recogniser(text)
        self.around = Around()
        self.now = 0.0
        self.found = 0

    def change(self, start: int, end: int, new: str, seconds: float) -> Change:
        """Replace code points after a pause; what settles in the pause is counted."""
        self.wait(seconds)
        before = self.text.text
        done = self.text.edit(self.text.place(start), self.text.place(end), new)
        self.eyes.see([done], before, self.text.text, self.now, self.around)
        return done

    def replace(self, text: str, seconds: float) -> None:
        """Set the whole text after a pause."""
        self.wait(seconds)
        before = self.text.text
        self.eyes.see([self.text.replace(text)], before, text, self.now, self.around)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
        insertion = self.eyes.settled(self.text.text, self.now)
        self.found += insertion is not None and bool(insertion.why)


def sessions() -> Iterator[Output]:
    """The whole-file outputs of the corpus whose text before is known."""
    for file in transcripts(str(CORPUS / "transcripts")):
        for session in Reader(file):
            yield from (o for o in session.finish() if o.kind == "file" and o.previous != o.text)


def news(output: Output) -> Change:
    """What an output changed."""
    return Text(output.previous or "").replace(output.text)


def added(output: Output) -> int:
    """How many lines with something on them an output added, as a line diff counts."""
    old, new = ((text or "").split("\n") for text in (output.previous, output.text))
    return sum(line[:1] == "+" and bool(line[1:].strip()) for line in list(unified_diff(old, new, n=0))[2:])


def streamed(output: Output, rng: random.Random) -> int:
    """Write the new text in chunks of a few code points; how many outputs were recognised."""
    editor, change = Editor(output.previous or ""), news(output)
    if change.removed:
        editor.change(change.start, change.end, "", 1.0)
    at = change.start
    pause = rng.uniform(0.01, 0.06)
    while at < change.new_end:
        chunk = change.text[at - change.start :][: rng.randint(2, 9)]
        editor.change(at, at, chunk, pause)
        at += len(chunk)
    editor.wait(5.0)
    return editor.found


def at_once(output: Output) -> int:
    """Apply the edit as one change."""
    editor, change = Editor(output.previous or ""), news(output)
    editor.change(change.start, change.end, change.text, 1.0)
    editor.wait(5.0)
    return editor.found


def reloaded(output: Output) -> int:
    """Replace the whole text, as editors do that reload a file."""
    editor = Editor(output.previous or "")
    editor.replace(output.text, 1.0)
    editor.wait(5.0)
    return editor.found


def known(found: list[Output]) -> int:
    """How many outputs are known exactly when the buffer changes, given a log that hooks have filled."""
    count = 0
    with tempfile.TemporaryDirectory() as home:
        os.environ["AICHECK_HOME"] = home
        for start in range(0, len(found), 100):
            some = found[start : start + 100]
            with Log() as log:
                observe(some, log, Config())
            for output in some:
                match = outputs.known(output.path, output.text, news(output).text)
                count += match is not None and match.origin.model == output.origin.model
    return count


def person(text: str, other: str, rng: random.Random) -> tuple[int, Counter[str]]:
    """Type a file and work on it; how often that was taken for an output, and what was done."""
    editor = Editor("")
    editor.around.others.append(other)
    done: Counter[str] = Counter()
    typed = "\n".join(text.split("\n")[:TYPED_LINES]) + "\n"
    for at, char in enumerate(typed):
        pair = {"(": "()", "[": "[]", "{": "{}", '"': '""'}.get(char) if rng.random() < 0.3 else None
        editor.change(at, at, pair or char, rng.uniform(0.06, 0.25))
        if pair:
            editor.change(at + 1, at + 2, "", rng.uniform(0.1, 0.4))
        done["keys"] += 1
        if char == "\n" and rng.random() < 0.1:
            _work(editor, other, rng, done)
    editor.wait(5.0)
    return editor.found, done


def _work(editor: Editor, other: str, rng: random.Random, done: Counter[str]) -> None:
    """One thing that people do between typing; the text is afterwards as before."""
    text = editor.text.text
    lines = text.split("\n")
    action = rng.choice(["move", "undo", "format", "paste", "branch", "word", "sort"])
    done[action] += 1
    if action == "move" and len(lines) > 8:
        first = rng.randrange(len(lines) - 6)
        start = editor.text.offset(Place(first, 0))
        change = editor.change(start, editor.text.offset(Place(first + 4, 0)), "", 1.0)
        editor.change(start, start, change.removed, 1.0)
    elif action == "undo":
        editor.replace("\n".join(lines[: len(lines) // 2]), 1.0)
        editor.replace(text, 1.0)
    elif action == "format":
        editor.replace("\n".join(line.replace("    ", "\t") for line in lines).replace(", ", ",\n"), 1.0)
        editor.replace(text, 1.0)
    elif action == "paste":
        piece = "\n".join(other.split("\n")[:8])
        editor.change(len(text), len(text), piece, 1.0)
        editor.change(len(text), len(text) + len(piece), "", 1.0)
    elif action == "branch":
        editor.around.git = True
        editor.replace(other + text, 1.0)
        editor.replace(text, 2.0)
        editor.around.git = False
    elif action == "word":
        editor.change(len(text), len(text), "completedIdentifier()", 0.3)
        editor.change(len(text), len(text) + 21, "", 0.3)
    elif action == "sort":
        editor.replace("\n".join(sorted(lines)), 1.0)
        editor.replace(text, 1.0)
    editor.wait(2.0)


def main() -> None:
    """Run and print; see the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    rng = random.Random(SEED)
    every = list(sessions())
    long = [output for output in every if added(output) >= MIN_LINES]
    rows = [
        ("in the log of hooks, by its hash", known(every), len(every), "99 %"),
        ("of three lines or more, as one change", sum(map(bool, map(at_once, long))), len(long), "95 %"),
        ("the same, streamed", sum(bool(streamed(output, rng)) for output in long), len(long), "95 %"),
        ("the same, reloaded from disk", sum(map(bool, map(reloaded, long))), len(long), "95 %"),
    ]
    lines = ["| outputs | recognised | aim |", "| --- | ---: | ---: |"]
    lines += [f"| {what} | {found:,} of {count:,} = {found / count:.1%} | {aim} |" for what, found, count, aim in rows]
    texts = [good.text for some in corpus().values() for good in some]
    random.Random(SEED).shuffle(texts)
    texts = texts[: PERSONS * 2]
    wrong, done = 0, Counter[str]()
    for text, other in zip(texts[::2], texts[1::2], strict=False):
        found, actions = person(text, other, rng)
        wrong += found
        done += actions
    bigger = sum(done.values()) - done["keys"]
    lines.append("")
    lines.append(
        f"A person: {done['keys']:,} keys and {bigger:,} larger actions ({', '.join(sorted(done - Counter(keys=done['keys'])))}) "
        f"in {len(texts) // 2} files: {wrong} taken for outputs (aim: at most 1 in 200 actions)."
    )
    print("\n".join(lines))
    if options.write:
        readme.write("attribution", "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
