"""What every agent's session format has in common: a reader of pieces that fills counters and outputs.

A format is one module with a ``FORMAT``; its ``Session`` is fed the file's lines, or the
whole file where a line means nothing by itself. Formats are undocumented or change:
what is not understood is counted by reason, and never ends the reading.

What a format calls: ``apply`` for an edit that was applied, ``has_read`` where a file was shown, ``command`` and then
``wrote`` for a shell command, ``reply`` for what the model said, ``begin_message`` for each of its messages, ``prompted`` at a
person's prompt, ``add`` for the record of a message, ``event`` for what else happened, ``withdraw`` for what was taken back,
``context.see`` for each call of a tool.
"""

from __future__ import annotations

import ntpath
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aicheck_app import hashing
from aicheck_app.capture import prose
from aicheck_app.capture.commands import ANY, effects, tells_failure
from aicheck_app.capture.context import AWAY_SECONDS, Context, seconds_between, size_label
from aicheck_app.capture.edits import Edit, edits_of
from aicheck_app.capture.json_values import value
from aicheck_app.capture.known_files import KnownFiles
from aicheck_app.capture.looks import OpenEdits
from aicheck_app.capture.markdown import blocks
from aicheck_app.capture.readings import reading_of
from aicheck_app.capture.tally import Tally
from aicheck_app.capture.turn import Turn, kind_of
from aicheck_app.capture.unsaved import Unsaved
from aicheck_app.capture.worktree import TEST_FILE, count_tests, signals_of
from aicheck_app.log import records
from aicheck_app.log.chain import identity
from aicheck_app.origin import Origin, Output
from aicheck_app.project_rules.judge import Judge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicheck_app.capture.commands import Effects
    from aicheck_app.capture.committed import Committed
    from aicheck_app.capture.known_files import Hunk
    from aicheck_app.capture.stores import Store
    from aicheck_app.capture.turn import End
    from aicheck_app.log.records import Record
    from aicheck_app.origin import Look

_WINDOWS = re.compile(r"[A-Za-z]:[\\/]")
Counts = dict[str, dict[str, int]]
COUNTERS = ("records", "skipped", "calls", "applied", "rejected", "failed", "events")


class Format(NamedTuple):
    """One agent's way to keep sessions.

    ``recognises`` is given the first 64 KiB of a file and its name; ``folders`` says where
    the agent keeps its sessions on this machine; ``endings`` are those of its files' names.
    ``whole`` formats are read in one piece. A client that keeps many sessions in a database has a ``store``; what it hands
    out is read as the files are.
    """

    agent: str
    session: Callable[[], Session]
    recognises: Callable[[bytes, str], bool]
    folders: Callable[[], Sequence[str]]
    endings: tuple[str, ...]
    whole: bool = False
    store: Store | None = None


class Mark(NamedTuple):
    """How far a session had come at the end of a turn: a name for the turn, and the counts that are others than at the mark before."""

    turn: str
    counts: Counts


class Session:
    """Reads one session; outputs gather as edits are applied and replies come.

    Counters: ``records`` by type, ``skipped`` by reason, ``calls`` by tool,
    ``applied``, ``rejected`` and ``failed`` edits by tool, ``events`` such as API
    errors, refusals and compactions. Each record is in ``records`` or ``skipped``.
    ``context`` derives the session's signals (docs/signals.md).
    """

    def __init__(self, agent: str, provider: str = "") -> None:
        self.records = Tally()
        self.skipped = Tally()
        self.calls = Tally()
        self.applied = Tally()
        self.rejected = Tally()
        self.failed = Tally()
        self.events = Tally()
        self.tokens = 0
        self.context = Context()
        self.origin = Origin(agent=agent, provider=provider)
        self.files = KnownFiles()
        self.part = ""
        """Which of the files it is that share the session's id: that of an agent that another one started."""
        self.lineage = ""
        """What the copies of a session share that were made under other ids, when it was branched off; else its id."""
        self.marks: list[Mark] = []
        """How far the turns so far have come."""
        self._marked: Counts = {}
        self.emitted = 0
        """Outputs so far."""
        self.place = ""
        """The session's own file, for what the client keeps beside it."""
        self.committed: Committed | None = None
        """What git keeps of the files that the session never saw whole, if that may be asked."""
        self.judge = Judge()
        """Counts what the project's rules say of the session's steps."""
        self.turn = Turn(1)
        self._unsaved = Unsaved()
        self._effort = ""
        self._last_message = ""
        self._facts: list[tuple[Record, str]] = []
        self._outputs: list[tuple[Output, str]] = []
        self._looks: list[tuple[Look, str]] = []
        self._open = OpenEdits(self.files)
        self._withdrawn: set[str] = set()
        self._seen_text: set[str] = set()

    def read(self, data: bytes) -> None:
        """Read one line, or the whole of a file."""
        raise NotImplementedError

    @property
    def foreign(self) -> bool:
        """Whether nothing in the file looked like this format."""
        told = self.emitted or +self.calls or +self.context.counts or +self.events
        return not told and (not self.origin.session or set(self.records) <= {"no type"})

    def counts(self) -> Counts:
        """All counters by name."""
        found = {name: dict(getattr(self, name)) for name in COUNTERS}
        signals = {name: number for name, number in self.context.counts.items() if number}
        return {
            **found,
            "context": signals,
            "segments": dict(self.context.segments()),
            "rules_kept": dict(self.judge.kept),
            "rules_broken": dict(self.judge.broken),
            "tokens": {"output": self.tokens},
        }

    def finish(self) -> list[Output]:
        """The outputs so far, less those that were taken back; the list starts anew."""
        kept = [output for output, mark in self._outputs if mark not in self._withdrawn]
        self.events["withdrawn"] += len(self._outputs) - len(kept)
        self._outputs = []
        return kept

    def looks(self) -> list[Look]:
        """The second looks that are due, less those at edits that were taken back; the list starts anew."""
        kept = [look for look, mark in self._looks if mark not in self._withdrawn]
        self._looks = []
        return kept

    @property
    def helps(self) -> bool:
        """Whether all of it is of an agent that another one started."""
        return bool(self.part) or self.origin.side_chain

    @property
    def waiting(self) -> int:
        """How many outputs, looks and other records there are to hand out."""
        return len(self._outputs) + len(self._looks) + len(self._facts)

    @property
    def is_open(self) -> bool:
        """Whether its last turn may go on: then edits may wait for a second look, and a message for its end."""
        return self._open.any or bool(self.turn.messages)

    def emit(self, output: Output, mark: str = "") -> None:
        """Add an output; ``mark`` names the record that a withdrawal would name."""
        self._outputs.append((output, mark))
        self.emitted += 1
        place = self._place(output.path, output.origin.cwd)
        if output.kind == "file" and place:
            self.files.put(place, output.text)
            self._open.add(place, output, mark)
        elif output.kind == "fragment" and place:
            self.files.forget(place)

    def apply(
        self,
        edit: Edit,
        key: str,
        tool: str,
        origin: Origin,
        mark: str = "",
        *,
        hunks: Sequence[Hunk] = (),
        last: bool = False,
    ) -> Edit:
        """Add an edit that was applied, with the whole file where the session knows it; says what is known of it now.

        ``hunks`` are what the client's diff shows of the file before; ``last`` says that the edit ends its message.
        """
        place = self._place(edit.path, origin.cwd)
        git = self.committed
        kept = (lambda fits: git.text(place, origin.cwd, origin.time, fits)) if git is not None else None
        edit = self.files.placed(edit, place, hunks, kept)
        self._unsaved.edited(place)
        self.turn.call("edit", failed=False)
        if edit.before is not None and edit.after is not None and TEST_FILE.search(edit.path):
            self.context.count("tests_removed", max(count_tests(edit.before) - count_tests(edit.after), 0))
        self.emit(edit.output(key, tool, origin)._replace(last_of_message=last), mark)
        self._add_all(self.judge.edited(edit, place, origin), mark)
        return edit

    def has_read(self, path: str, start: int, lines: list[str], total: int | None, cwd: str = "") -> None:
        """A part of a file, or all of it, was shown: its first line's number from 1, its lines, how many the file has."""
        self.files.part(self._place(path, cwd or self.origin.cwd), start, lines, total)

    def showed(self, ran: Effects, output: str, cwd: str = "") -> None:
        """The output of a command that ran may have shown a file."""
        found = reading_of(ran.commands, output)
        if found is not None:
            self.has_read(*found, cwd)

    def has_copy(self, path: str, read: Callable[[], str | None]) -> None:
        """The client keeps a copy of a file as it is now."""
        self.files.offer(self._place(path, self.origin.cwd), read)

    def command(self, line: str, *, failed: bool = False, said: str = "") -> Effects:
        """A command ran: what it may have changed is not known any more, and what it put to use is looked at again.

        ``said`` is its output: behind a pipe a check that failed has no other mark.
        """
        found = effects(line)
        self.turn.call(kind_of(found), failed or (bool(found.builds) and tells_failure(said)))
        self.context.counts.update(signals_of(line, found.commands))
        if not failed:
            self.context.count("unsaved_lost", self._unsaved.lost_by(found, self.origin.cwd))
        self._add_all(self.judge.ran(found.commands, line, self.origin))
        if found.everything:
            self.files.forget_all()
        self.files.forget_named(found.named)
        if found.commits or found.builds:
            self._looks += self._open.due("commit" if found.commits else "build", found.builds)
        return found

    def wrote(self, found: Effects, key: str, tool: str, origin: Origin, mark: str = "") -> None:
        """A command has ended well: the texts that stand in it and that it wrote are outputs of their own."""
        edits = [Edit(path, text, after=text) for path, text in found.written]
        edits += [self._appended(path, text, origin.cwd) for path, text in found.added]
        edits += [edit for patch in found.patches for edit in edits_of({"patch": patch})]
        for number, edit in enumerate(edits):
            if edit.written.strip():
                self.apply(edit, f"{key}:{number}:{edit.path}", tool, origin, mark)

    def _appended(self, path: str, text: str, cwd: str) -> Edit:
        before = self.files.text(self._place(path, cwd))
        return Edit(path, text, (("", text, False),), before, None if before is None else before + text)

    def _place(self, path: str, cwd: str) -> str:
        """Where a file is, whether its name is relative to the session's folder or not, on whichever system it was written."""
        if not path or "\0" in path:
            return ""
        if _WINDOWS.match(path) or (_WINDOWS.match(cwd) and not path.startswith("/")):
            return ntpath.normpath(ntpath.join(cwd, path)).replace("\\", "/")
        return os.path.normpath(os.path.join(cwd, path))

    def end_turn(self, end: End = "prompt") -> None:
        """The turn is over: look again at what its edits came to, and record what it was like."""
        self._looks += self._open.due("turn", ANY)
        self._open.close()
        self._add_all(self.judge.ended(self.origin, done=end in ("prompt", "idle")))
        if self.turn.messages:
            record = self.turn.record(self.origin, end, self._key)
            self.add(record)
            counts = self.counts()
            self.marks.append(
                Mark(hashing.of_text(f"{record.id}:{record.messages}", 12), changed(counts, self._marked))
            )
            self._marked = counts
            self.turn = Turn(self.turn.number + 1)
        self.context.leave("idle")

    @property
    def _key(self) -> str:
        """What tells the session from all others but its own copies."""
        return (
            f"{self.lineage or self.origin.session}:{self.part}" if self.part else self.lineage or self.origin.session
        )

    def prompted(self) -> None:
        """The turn before is over: a person said something, or, to an agent that another one started, that one did."""
        self.end_turn()
        if not self.origin.side_chain:
            self.context.count("prompts")

    def begin_message(self, time: str, effort: str = "", name: str = "") -> None:
        """Count a message of the model, which begins at a time in UTC and is written with an effort, if the client says so.

        Copies of a session keep the message's ``name``, if it has one, but perhaps not its time.

        Its turn is counted apart after more than an hour without a message; so is what follows a change of the effort.
        """
        if effort and self._effort not in ("", effort):
            self.context.enter("switched")
        self._effort = effort or self._effort
        if seconds_between(self._last_message, time) > AWAY_SECONDS:
            self.context.enter("idle")
        self._last_message = time
        self.context.count("messages")
        self.turn.message(name or time)

    def finish_session(self) -> None:
        """Nothing follows for now: the session has been idle."""
        self.end_turn("idle")
        self.context.counts["definitions_lost"] = self._open.definitions_lost()

    def event(
        self, name: str, key: str, *, reason: str = "", request: str = "", model_from: str = "", model_to: str = "",
        category: str = "",
    ) -> None:  # fmt: skip
        """Count an event and record it; ``key`` tells it from others of its name in the session."""
        self.events[name] += 1
        if name == "compact boundary":
            self.context.enter("compacted")
        elif name.startswith("model "):
            self.context.enter("switched")
        known = self.origin
        record = records.Event(
            id=identity("event", known.agent, self._key, name, key), event=name, time=known.time, agent=known.agent,
            agent_version=known.agent_version, session=known.session, reason=reason, request=request, model_from=model_from,
            model_to=model_to, category=category,
        )  # fmt: skip
        self.add(record)

    def add(self, record: Record, mark: str = "") -> None:
        """Add a record that is no output: a message, a turn, an event."""
        self._facts.append((record, mark))
        if isinstance(record, records.Message) and not record.side_chain:
            size = record.input_tokens + record.cache_read + record.cache_written
            self.context.enter(size_label(size), instead_of="context_")

    def _add_all(self, found: Sequence[Record], mark: str = "") -> None:
        for record in found:
            self._facts.append((record, mark))

    def facts(self) -> list[Record]:
        """The records so far that are no outputs, less those that were taken back; the list starts anew."""
        kept = [record for record, mark in self._facts if not mark or mark not in self._withdrawn]
        self._facts = []
        return kept

    def withdraw(self, *marks: str) -> None:
        """Take back what the records so marked brought."""
        self._withdrawn.update(marks)

    def drop_last(self) -> None:
        """Take back what a message that was broken off ended in."""
        self._outputs = [(output, mark) for output, mark in self._outputs if not output.last_of_message]

    def reply(self, text: str, message: str, origin: Origin, mark: str = "") -> None:
        """Add the code blocks of a reply."""
        self.turn.say(text)
        self._prose(text, message, origin, mark)
        for language, code, end in blocks(text):
            key = f"{message}:{hash_of(code)}"
            if not code.strip() or key in self._seen_text:
                continue
            self._seen_text.add(key)
            last = not text[end:].strip()
            self.emit(Output(key, "reply", code, code, "reply", "", origin, language or "text", None, last), mark)

    def _prose(self, text: str, message: str, origin: Origin, mark: str) -> None:
        """Add the model's words where something is wrong with them; words that are as they should be are no output."""
        key = f"{message}:words:{hash_of(text)}"
        if key in self._seen_text or not prose.is_odd(text):
            return
        self._seen_text.add(key)
        self.emit(Output(key, "message", text, text, "prose", "", origin), mark)

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
            found = value(text)
            if isinstance(found, dict):
                self.skipped[f"unknown shape of '{str(found.get('type'))[:30]}'"] += 1
            else:
                self.skipped["not valid JSON" if found is None else "not a JSON object"] += 1


def changed(counts: Counts, before: Counts) -> Counts:
    """The counts that are others than they were."""
    found = {
        name: {each: number for each, number in own.items() if number != before.get(name, {}).get(each)}
        for name, own in counts.items()
    }
    return {name: own for name, own in found.items() if own}


def hash_of(text: str) -> str:
    """A short stable hash of a text."""
    return hashing.of_text(text, 16)
