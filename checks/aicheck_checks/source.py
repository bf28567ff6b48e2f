"""A piece of text to check, with all that is known about it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aicheck_checks.languages import Language, language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tree_sitter import Tree

    from aicheck_checks.analysis.changed_lines import ChangedLines
    from aicheck_checks.analysis.history import Definition
    from aicheck_checks.diagnostic import Diagnostic
    from aicheck_checks.surroundings import Disk, Surroundings

Kind = Literal["file", "fragment", "reply", "prose", "deleted"]
FEW = 8
"""So many places are looked up one by one before all strings and comments are listed."""
_BLOCK = 1024
_CONTINUATION = bytes(range(0x80, 0xC0))
"""The bytes of UTF-8 that go on with a code point (RFC 3629, section 3)."""


def _starts(data: bytes) -> bytes:
    """The bytes that begin a code point."""
    return data.translate(None, _CONTINUATION)


class Position(NamedTuple):
    """Line and column, both from 1; columns count code points."""

    line: int
    column: int


class Session(NamedTuple):
    """What is known of the session that a text comes from: the names that it added to this file, and its other files' texts by path."""

    added: frozenset[str]
    files: tuple[tuple[str, str], ...]


BUNDLED = 2_000
"""Code points of a line that nobody wrote by hand."""


class Source:
    """Text and context for one check; everything derived is computed once, on demand.

    ``kind`` is ``file`` for the whole content of a file, ``fragment`` for the new
    text of an edit whose surroundings are unknown, ``reply`` for a code block of
    a chat reply, ``prose`` for what a model said in words, ``deleted`` for a file that a change took away: its text is empty. ``previous`` is the whole text that this one replaces.
    ``stop_reason`` is why the model stopped (Messages API vocabulary); it only
    counts where ``last_of_message`` says that the text ends the message.
    ``surroundings`` are what stands on disk round the text, where that is known;
    ``reported`` is what the project's own tools say, ``unanswered`` which tools could not say anything, and why.
    ``code_went`` says that the same change took lines away from code that is no test.
    ``index_folder`` names where newer package indexes are than those that came with aicheck.
    """

    def __init__(
        self,
        text: str,
        *,
        path: str = "",
        language: str | None = None,
        kind: Kind = "file",
        previous: str | None = None,
        stop_reason: str | None = None,
        last_of_message: bool = False,
        surroundings: Surroundings | None = None,
        reported: Sequence[Diagnostic] = (),
        session: Session | None = None,
        code_went: bool = False,
    ) -> None:
        self.text = text
        self.path = path
        self.language: Language | None = language_of(path, language, text)
        self.kind: Kind = kind
        self.previous = previous
        self.stop_reason = stop_reason
        self.last_of_message = last_of_message
        self._surroundings = surroundings
        self.is_blind = False
        self.index_folder: Callable[[], str] | None = None
        self.diagnostics: list[Diagnostic] | None = None
        self.inferred: list[Diagnostic] | None = None
        self.unanswered: dict[str, str] = {}
        self.reported = reported
        self.session = session
        self.code_went = code_went
        self._asked = 0

    def __reduce__(self) -> tuple[object, ...]:
        """For another process: what the source was made of, and what tools said of it; all else is derived there anew."""
        given = {
            "path": self.path, "language": self.language.name if self.language else None, "kind": self.kind,
            "previous": self.previous, "stop_reason": self.stop_reason, "last_of_message": self.last_of_message,
            "surroundings": self._surroundings, "reported": self.reported, "session": self.session,
            "code_went": self.code_went,
        }  # fmt: skip
        return _remade, (self.text, given, self.diagnostics, self.inferred, self.unanswered)

    @property
    def surroundings(self) -> Surroundings | None:
        """What stands on disk round the text; whoever asks in vain leaves the source ``is_blind``."""
        self.is_blind |= self._surroundings is None
        return self._surroundings

    @property
    def whereabouts(self) -> Surroundings | None:
        """What stands round the text, for questions about the text's own place: without an answer, all rules can still judge."""
        return self._surroundings

    def recall(self, same: Source) -> None:
        """Take over what is known already of the same text in the same place."""
        known = {name: same.__dict__[name] for name in _OF_THE_TEXT if name in same.__dict__}
        self.__dict__.update(known)
        if self.diagnostics is None:
            self.diagnostics = same.diagnostics

    def look_at(self, disk: Disk) -> None:
        """Ask this disk for what stands round the text."""
        if self._surroundings is not None:
            self._surroundings.disk = disk

    @cached_property
    def before(self) -> Source | None:
        """The version before, with all that stands round it, or None where there is none."""
        if not self.previous:
            return None
        return self.part(self.previous, self.language.name if self.language else None, self.kind)

    def plain(self) -> Source:
        """The same text, and that before it, as of a language without a grammar."""
        assert self.language is not None
        other = self.part(self.text, self.language.name, self.kind)
        other.previous, other.stop_reason, other.last_of_message = self.previous, self.stop_reason, self.last_of_message
        other.language = self.language.plain
        if self.before is not None:
            before = self.part(self.before.text, self.language.name, self.kind)
            before.language = self.language.plain
            other.__dict__["before"] = before
        return other

    def part(self, text: str, language: str | None, kind: Kind) -> Source:
        """Another text in the same place: of the version before, or one that stands inside this one."""
        return Source(text, path=self.path, language=language, kind=kind, surroundings=self._surroundings)

    @cached_property
    def data(self) -> bytes:
        """The text as UTF-8 (lone surrogates replaced)."""
        return self.text.encode("utf-8", "replace")

    @cached_property
    def lines(self) -> list[str]:
        r"""The lines without their ends; only ``\n``, ``\r\n`` and ``\r`` end a line."""
        text = self.text
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        return text.split("\n")

    @cached_property
    def lowered(self) -> str:
        """The text in lower case, for cheap tests of whether a word occurs at all."""
        return self.text.lower()

    @cached_property
    def spoken(self) -> str:
        """Of a message, what the model says itself: blanks stand for the rest."""
        from aicheck_checks.analysis.prose import spoken

        return spoken(self.text)

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset in code points of each line's first character."""
        text, starts, at = self.text, [0], 0
        if "\r" not in text:
            while (at := text.find("\n", at) + 1) > 0:
                starts.append(at)
            return starts
        size = len(text)
        while at < size:
            char = text[at]
            at += 1
            if char == "\n" or (char == "\r" and text[at : at + 1] != "\n"):
                starts.append(at)
        return starts

    @cached_property
    def is_bundled(self) -> bool:
        """Whether a tool joined and shortened programs into this text, as its name or its lines say."""
        return self.path.endswith((".min.js", ".min.css")) or max(map(len, self.lines), default=0) > BUNDLED

    def position(self, offset: int) -> Position:
        """The line and column of an offset in code points."""
        line = bisect_right(self.line_starts, offset) - 1
        return Position(line + 1, offset - self.line_starts[line] + 1)

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column (from 1), held inside the text."""
        starts = self.line_starts
        if line > len(starts):
            return len(self.text)
        return min(starts[max(line, 1) - 1] + max(column, 1) - 1, len(self.text))

    def line_span(self, index: int) -> tuple[int, int]:
        """Start and end offset of the line with this index (from 0), indentation left out."""
        line = self.lines[index]
        start = self.line_starts[index]
        return start + len(line) - len(line.lstrip()), start + len(line.rstrip())

    def char_offset(self, byte_offset: int) -> int:
        """The code point offset of a byte offset."""
        if len(self.data) == len(self.text):
            return byte_offset
        block = byte_offset // _BLOCK
        return self._blocks[block] + len(_starts(self.data[block * _BLOCK : byte_offset]))

    def byte_offset(self, offset: int) -> int:
        """The byte offset of a code point offset."""
        if len(self.data) == len(self.text):
            return offset
        block = bisect_right(self._blocks, offset) - 1
        start = block * _BLOCK
        rest = self.data[start : start + _BLOCK + 3].lstrip(_CONTINUATION)  # of a code point that begins before
        begins = min(start + _BLOCK + 3, len(self.data)) - len(rest)
        return begins + len(rest.decode("utf-8", "ignore")[: offset - self._blocks[block]].encode())

    @cached_property
    def _blocks(self) -> list[int]:
        """How many code points start before each block of bytes."""
        counts = [0]
        for at in range(0, len(self.data), _BLOCK):
            counts.append(counts[-1] + len(_starts(self.data[at : at + _BLOCK])))
        return counts

    @cached_property
    def tree(self) -> Tree | None:
        """The syntax tree, or None where there is no language, no grammar for it, or it can't take the text."""
        language = self.language
        return language.parse(self.data) if language is not None and language.parses(self.text) else None

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """Functions, classes and methods by qualified name."""
        from aicheck_checks.analysis.history import definitions

        return definitions(self)

    @cached_property
    def changed_lines(self) -> ChangedLines | None:
        """How the lines differ from those of the version before; None where there is none."""
        from aicheck_checks.analysis.changed_lines import ChangedLines

        return ChangedLines(self.before.lines, self.lines) if self.before is not None else None

    @cached_property
    def regions(self) -> tuple[list[int], list[int], list[str]]:
        """Starts, ends and kinds (``string`` or ``comment``) of the outermost ones, sorted, in code points."""
        found: list[tuple[int, int, str]] = []
        for start, end, kind in sorted(self._regions()):
            if not found or start >= found[-1][1]:
                found.append((start, end, kind))
        return [self.char_offset(f[0]) for f in found], [self.char_offset(f[1]) for f in found], [f[2] for f in found]

    def region(self, offset: int) -> str:
        """What is at this offset: ``string``, ``comment`` or ``code``."""
        if "regions" not in self.__dict__ and self._asked < FEW:
            self._asked += 1
            return self._region_alone(offset)
        starts, ends, kinds = self.regions
        at = bisect_right(starts, offset) - 1
        return kinds[at] if at >= 0 and offset < ends[at] else "code"

    def _region_alone(self, offset: int) -> str:
        """The same from the tree just there: all regions of a long text cost a millisecond."""
        at = self.byte_offset(offset)
        around = [region for region in self._regions(at) if region[0] <= at < region[1]]
        return min(around)[2] if around else "code"

    def _regions(self, at: int | None = None) -> list[tuple[int, int, str]]:
        """Start, end (bytes) and kind of the strings and comments, those around one byte or all."""
        if self.tree is None or self.language is None:
            return []
        found = self.language.captures(self.tree, at)
        return [(node.start_byte, node.end_byte, kind) for kind, nodes in found.items() for node in nodes]

    @cached_property
    def comments(self) -> list[tuple[int, int]]:
        """Start and end offset of each comment."""
        starts, ends, kinds = self.regions
        return [(s, e) for s, e, k in zip(starts, ends, kinds, strict=True) if k == "comment"]

    def comments_at(self, offsets: Sequence[int]) -> list[tuple[int, int]]:
        """Start and end offset of the comments round these offsets, where there are few; else of all comments."""
        if "regions" in self.__dict__ or len(offsets) > FEW:
            return self.comments if offsets else []
        around = (region for offset in offsets for region in self._regions(self.byte_offset(offset)))
        found = {(self.char_offset(start), self.char_offset(end)) for start, end, kind in around if kind == "comment"}
        return sorted(span for span in found if self.region(span[0]) == "comment")

    @cached_property
    def syntax_errors(self) -> list[Diagnostic]:
        """What the language's own parser refused, in the order of the text; without one, what the grammar refused."""
        if self.diagnostics is not None:
            return [d for d in self.diagnostics if d.syntax]
        if self.parses:
            return []
        from aicheck_checks.languages.tree import errors

        return errors(self)

    @cached_property
    def error_lines(self) -> frozenset[int]:
        """Indices (from 0) of the lines where the parser stumbles; a grammar's errors may span many."""
        if self.diagnostics is not None:
            return frozenset(error.line - 1 for error in self.syntax_errors)
        return frozenset(line - 1 for e in self.syntax_errors for line in range(e.line, e.end_line + 1))

    def word(self, said: Diagnostic) -> str:
        """The text at the place of a diagnostic: for a name that is undefined, the name."""
        return self.text[self.offset(said.line, said.column) : self.offset(said.end_line, said.end_column)]

    @property
    def parses(self) -> bool:
        """Whether the parser takes the text; without a verdict of ruff, tree-sitter's."""
        if self.diagnostics is not None:
            return not self.syntax_errors
        return self.tree is None or not self.tree.root_node.has_error


_OF_THE_TEXT = tuple(
    name
    for name, value in vars(Source).items()
    if isinstance(value, cached_property) and name not in ("before", "changed_lines", "syntax_errors", "error_lines")
)
"""What is derived from the text alone, whoever has judged it."""


def _remade(
    text: str, given: dict[str, Any], diagnostics: list[Diagnostic] | None, inferred: list[Diagnostic] | None,
    unanswered: dict[str, str],
) -> Source:  # fmt: skip
    source = Source(text, **given)
    source.diagnostics, source.inferred, source.unanswered = diagnostics, inferred, unanswered
    return source
