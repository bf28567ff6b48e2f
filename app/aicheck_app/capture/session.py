"""What every agent's session format has in common: a reader of pieces that fills counters and outputs.

A format is one module with a ``FORMAT``; its ``Session`` is fed the file's lines, or the
whole file where a line means nothing by itself. Formats are undocumented or change:
what is not understood is counted by reason, and never ends the reading.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from aicheck_app import hashing
from aicheck_app.capture.context import Context
from aicheck_app.origin import Origin, Output
from aicheck_checks import source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

COUNTERS = ("records", "skipped", "calls", "applied", "rejected", "failed", "events")
_FENCE = re.compile(
    r"^(?P<fence>`{3,}+|~{3,}+)[ \t]*+(?P<language>[\w+#.-]*+)[^\n]*+\n(?P<code>.*?)(?:^(?P=fence)[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)
_DEFINES = re.compile(r"\b(?:def|class|function|const|let|interface|type|enum)[ \t]+(\w{3,})")
_decode_any = msgspec.json.Decoder().decode


class Format(NamedTuple):
    """One agent's way to keep sessions.

    ``recognises`` is given the first 64 KiB of a file and its name; ``folders`` says where
    the agent keeps its sessions on this machine; ``endings`` are those of its files' names.
    ``whole`` formats are read in one piece.
    """

    agent: str
    session: Callable[[], Session]
    recognises: Callable[[bytes, str], bool]
    folders: Callable[[], Sequence[str]]
    endings: tuple[str, ...]
    whole: bool = False


class Session:
    """Reads one session; ``outputs`` fills as edits are applied and replies come.

    Counters: ``records`` by type, ``skipped`` by reason, ``calls`` by tool,
    ``applied``, ``rejected`` and ``failed`` edits by tool, ``events`` such as API
    errors, refusals and compactions. Each record is in ``records`` or ``skipped``.
    ``context`` derives the session's signals (docs/signals.md).
    """

    def __init__(self, agent: str, provider: str = "") -> None:
        self.outputs: list[Output] = []
        self.records: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self.applied: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.tokens = 0
        self.context = Context()
        self.origin = Origin(agent=agent, provider=provider)
        self._withdrawn: set[str] = set()
        self._marks: list[str] = []
        self._seen_text: set[str] = set()
        self._edited: dict[str, tuple[Output, str]] = {}
        self._added: dict[str, set[str]] = {}
        self._texts: dict[str, str] = {}

    def read(self, data: bytes) -> None:
        """Read one line, or the whole of a file."""
        raise NotImplementedError

    @property
    def foreign(self) -> bool:
        """Whether nothing in the file looked like this format."""
        return not self.origin.session and set(self.records) <= {"no type"}

    def counts(self) -> dict[str, dict[str, int]]:
        """All counters by name."""
        found = {name: dict(getattr(self, name)) for name in COUNTERS}
        return {**found, "context": dict(self.context.counts), "tokens": {"output": self.tokens}}

    def finish(self) -> list[Output]:
        """The outputs so far, less those that were taken back; the list starts anew."""
        kept = [o for o, mark in zip(self.outputs, self._marks, strict=True) if mark not in self._withdrawn]
        self.events["withdrawn"] += len(self.outputs) - len(kept)
        self.outputs, self._marks = [], []
        return kept

    def emit(self, output: Output, mark: str = "") -> None:
        """Add an output; ``mark`` names the record that a withdrawal would name."""
        self.outputs.append(output)
        self._marks.append(mark)
        if output.kind == "file" and output.path:
            first, _ = self._edited.get(output.path, (output, mark))
            self._edited[output.path] = (output._replace(previous=first.previous), mark)
            self._added.setdefault(output.path, set()).update(_names(output.text) - _names(output.previous or ""))
            self._texts[output.path] = output.text

    def end_turn(self) -> None:
        """Add what the turn's edits came to: for files edited in parts, and for those that lost what the session had added."""
        for last, mark in self._edited.values():
            own = (_names(last.previous or "") - _names(last.text)) & self._added[last.path]
            if last.partial or own:
                known = source.Session(frozenset(own), self._others(last.path)) if own else None
                whole = last._replace(key=f"turn:{last.key}", tool="turn", partial=False, session=known)
                self.outputs.append(whole)
                self._marks.append(mark)
        self._edited = {}

    def _others(self, path: str) -> tuple[tuple[str, str], ...]:
        return tuple((other, text) for other, text in self._texts.items() if other != path)

    def withdraw(self, *marks: str) -> None:
        """Take back what the records so marked brought."""
        self._withdrawn.update(marks)

    def reply(self, text: str, message: str, origin: Origin, mark: str = "") -> None:
        """Add the code blocks of a reply."""
        for language, code, end in _blocks(text):
            key = f"{message}:{hash_of(code)}"
            if not code.strip() or key in self._seen_text:
                continue
            self._seen_text.add(key)
            last = not text[end:].strip()
            self.emit(Output(key, "reply", code, code, "reply", "", origin, language or "text", None, last), mark)

    def each(self, items: object, read: Callable[[Any], None]) -> None:
        """Read the members of a list; one whose shape is unknown is counted and costs no other."""
        for item in items if isinstance(items, list) else []:
            try:
                read(item)
            except (
                TypeError,
                AttributeError,
                ValueError,
                KeyError,
                IndexError,
                ArithmeticError,
                RecursionError,
                OSError,
            ):
                self.skipped[f"unknown shape of {type(item).__name__}"] += 1

    def skip(self, data: bytes) -> None:
        """Count a line that could not be decoded, by reason."""
        text = data.strip()
        if not text:
            self.skipped["empty line"] += 1
        elif text.startswith((b"//", b"#")):
            self.skipped["comment"] += 1
        else:
            try:
                found = _decode_any(text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
                self.skipped["not valid JSON"] += 1
                return
            if isinstance(found, dict):
                self.skipped[f"unknown shape of '{str(found.get('type'))[:30]}'"] += 1
            else:
                self.skipped["not a JSON object"] += 1


def code_blocks(text: str) -> list[tuple[str, str]]:
    """The fenced code blocks of a reply: the name of the language, or nothing, and the code."""
    return [(language, code) for language, code, _ in _blocks(text)]


def _blocks(text: str) -> Iterator[tuple[str, str, int]]:
    if "```" in text or "~~~" in text:
        for match in _FENCE.finditer(text):
            yield match["language"], match["code"], match.end()


def _names(text: str) -> set[str]:
    """What a text seems to define, told by words alone: rules look closer."""
    return set(_DEFINES.findall(text))


def hash_of(text: str) -> str:
    """A short stable hash of a text."""
    return hashing.of_text(text, 16)


def value(raw: msgspec.Raw | bytes) -> Any:
    """What a piece of JSON holds; None for what is none."""
    try:
        return _decode_any(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def words(found: object) -> str:
    """The text of a string, or of a list of text blocks."""
    if isinstance(found, list):
        return " ".join(text(item.get("text")) for item in found if isinstance(item, dict))
    return text(found)


def text(found: object) -> str:
    """A string, or nothing."""
    return found if isinstance(found, str) else ""
