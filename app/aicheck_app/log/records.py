"""The kinds of records, one type a kind: whoever logs something builds one of them, and what is asked of the log comes as one.

A type also says of each string what it is (a name, a path, a hash ...), and so how much of it is kept and what is taken out
on its way in (``fields.py``). What a record says is stored in its canonical form (``chain.py``); members that are empty,
zero or false are left out of it, so every member has a default. Members that a newer aicheck wrote are passed over.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import lru_cache
from typing import Annotated, Any, Literal, TypeVar, get_args

from msgspec import DecodeError, Meta, Struct, ValidationError, convert, field
from msgspec.json import Decoder
from msgspec.structs import fields

Body = dict[str, Any]
"""A record as it is stored, hashed and shown: with what other versions of aicheck put there."""
Form = Literal["name", "hash", "id", "path", "time", "prose", "text"]
"""What a string is. Names and ids are a stranger's words; hashes are our own; prose is a sentence; a text is code."""
LENGTH: dict[Form, int] = {
    "name": 200,
    "hash": 200,
    "id": 200,
    "path": 1_000,
    "time": 200,
    "prose": 2_000,
    "text": 200_000,
}
"""Code points kept."""
_EMPTY: tuple[object, ...] = ("", None, 0, False, [], {})


def _is(description: str, form: Form = "name") -> Meta:
    limit = {} if form == "name" else {"x-form": form}
    return Meta(description=description, extra={"form": form}, extra_json_schema=limit)


Name = str
Time = Annotated[str, _is("UTC, ISO 8601 with milliseconds", "time")]
Keyed = Annotated[str, _is("the first digits of a keyed hash", "hash")]
Sha256 = Annotated[str, _is("64 hexadecimal digits", "hash")]
Id = Annotated[str, _is("an id as the agent or the service gave it", "id")]
Counts = dict[str, int]


class Finding(Struct, kw_only=True):
    """What a rule found in an output."""

    code: Name = ""
    message: Annotated[str, _is("what is wrong, in words", "prose")] = ""
    line: Annotated[int, _is("from 1")] = 0
    column: Annotated[int, _is("from 1, in code points")] = 0
    severity: Name = ""
    confidence: Name = ""
    excerpt: Annotated[str, _is("the line and those beside it", "prose")] = ""

    @property
    def suspect(self) -> bool:
        """Whether it alone makes its output suspect, as in ``aicheck_checks.finding``."""
        return self.severity == "error" and self.confidence != "low"


class Record(Struct, kw_only=True, tag_field="kind"):
    """What all kinds have."""

    id: Annotated[str, _is("made of what the record is about, so that a second capture is a no-op", "hash")] = ""
    time: Time = ""


class Caused(Record):
    """What is known of who wrote it."""

    agent: Name = ""
    agent_version: Name = ""
    model: Name = ""
    asked: Annotated[
        str, _is("the model that was asked for, where the client tells; 'model' is the one that served")
    ] = ""
    provider: Name = ""
    session: Id = ""
    request: Id = ""
    message: Id = ""
    stop_reason: Name = ""
    tokens: Annotated[int, _is("of the model's output, for the whole message")] = 0
    attribution: Annotated[str, _is("how it is known: hook, transcript, editor, heuristic, git or api")] = ""


class Output(Caused, tag="output"):
    """One piece of AI-generated code and what was found in it."""

    tool: Annotated[
        str, _is("the agent's name of the tool; 'reply' for a code block; 'turn' in an older aicheck's second looks")
    ] = ""
    unit: Annotated[str, _is("file, fragment, reply or deleted")] = ""
    language: Name = ""
    verdict: Annotated[str, _is("clean, suspect or unchecked")] = ""
    reason: Annotated[str, _is("why it is unchecked", "prose")] = ""
    path: Annotated[str, _is("relative to its project, or a keyed hash; never with a home folder", "path")] = ""
    project: Keyed = ""
    file: Keyed = ""
    sha256: Annotated[str, _is("of what the model wrote", "hash")] = ""
    file_sha256: Annotated[str, _is("of the whole file after the edit, where it is known and more", "hash")] = ""
    bytes: Annotated[int, _is("of what the model wrote, in UTF-8")] = 0
    lines: int = 0
    line_hashes: Annotated[str, _is("eight digits for each telling line", "hash")] = ""
    ruleset: Annotated[str, _is("the version of the rules", "hash")] = ""
    findings: list[Finding] = field(default_factory=list)
    more_findings: Annotated[int, _is("found, and not kept")] = 0
    skipped: Annotated[list[Annotated[str, _is("", "prose")]], _is("what was asked and did not answer")] = field(
        default_factory=list
    )
    not_asked: Annotated[list[str], _is("rules and tools that this way of capture had nothing to ask with")] = field(
        default_factory=list
    )
    turn: int = 0
    tool_use: Id = ""
    first_token: Annotated[int, _is("milliseconds until the model's first token")] = 0
    side_chain: Annotated[bool, _is("by an agent that another one started")] = False
    evidence: Annotated[str, _is("how an output that is known from git was attributed")] = ""
    text: Annotated[str, _is("what the model wrote, with excerpt = 'full'", "text")] = ""
    more_text: Annotated[int, _is("code points of it that were not kept")] = 0


class Later(Record, tag="later"):
    """What was found of an output after it was logged: when a build or the end of the turn put its file to use."""

    target: Annotated[str, _is("the id of the output", "hash")] = ""
    when: Annotated[str, _is("build, commit or turn: what put the file to use")] = ""
    session: Id = ""
    verdict: Annotated[str, _is("suspect or clean: what this finding makes of the output")] = ""
    findings: list[Finding] = field(default_factory=list)
    file_sha256: Annotated[str, _is("of the whole file as it was then", "hash")] = ""
    ruleset: Annotated[str, _is("the version of the rules", "hash")] = ""


class Session(Record, tag="session"):
    """What a run of ingest counted in a session that no run before it had."""

    session: Id = ""
    agent: Name = ""
    agent_version: Name = ""
    model: Name = ""
    project: Keyed = ""
    side_chain: Annotated[bool, _is("of an agent that another one started")] = False
    settings: Annotated[
        str,
        _is(
            "a keyed hash of the project's files for agents, as they were when a session was read that had just ended",
            "hash",
        ),
    ] = ""
    tokens: int = 0
    calls: Annotated[Counts, _is("of tools, by name")] = field(default_factory=dict)
    applied: Annotated[Counts, _is("edits, by tool")] = field(default_factory=dict)
    rejected: Annotated[Counts, _is("edits, by tool")] = field(default_factory=dict)
    failed: Annotated[Counts, _is("edits, by tool")] = field(default_factory=dict)
    events: Annotated[Counts, _is("errors of the service, refusals, compactions")] = field(default_factory=dict)
    context: Annotated[Counts, _is("the session's signals (docs/signals.md)")] = field(default_factory=dict)
    segments: Annotated[Counts, _is("the same in parts of the session, as 'label/signal'")] = field(
        default_factory=dict
    )
    rules_kept: Annotated[Counts, _is("steps that keep a rule of the project's, by rule")] = field(default_factory=dict)
    rules_broken: Annotated[Counts, _is("steps that break one")] = field(default_factory=dict)


class Broken(Record, tag="broken"):
    """A step of a session that broke a rule which its project states."""

    agent: Name = ""
    agent_version: Name = ""
    model: Name = ""
    session: Id = ""
    project: Keyed = ""
    rule: Annotated[str, _is("its kind and what it names")] = ""
    step: Annotated[int, _is("which edit or command of the session, from 1")] = 0
    path: Annotated[str, _is("relative to its project, or a keyed hash; never with a home folder", "path")] = ""
    words: Annotated[str, _is("the command", "prose")] = ""


class Message(Caused, tag="message"):
    """One message of a model, with what the client recorded of it; what it does not record is not there."""

    turn: int = 0
    project: Keyed = ""
    entry: Annotated[str, _is("how the client was started: cli, sdk, an editor's name")] = ""
    effort: Name = ""
    permission_mode: Name = ""
    speed: Name = ""
    input_tokens: int = 0
    cache_read: Annotated[int, _is("tokens of the input that came from the service's cache")] = 0
    cache_written: Annotated[int, _is("tokens of the input that were put into it")] = 0
    thinking_tokens: int = 0
    thinking_blocks: int = 0
    signature: Annotated[int, _is("characters of the signatures of thinking blocks")] = 0
    characters: Annotated[int, _is("code points of text and of the calls' input")] = 0
    calls: int = 0
    first_token: Annotated[int, _is("milliseconds until the model's first token")] = 0
    milliseconds: Annotated[int, _is("until its last")] = 0
    side_chain: Annotated[bool, _is("by an agent that another one started")] = False
    category: Annotated[str, _is("of a refusal")] = ""


class Turn(Record, tag="turn"):
    """A turn: from a person's prompt to the next, or to the end of the session."""

    session: Id = ""
    agent: Name = ""
    agent_version: Name = ""
    model: Annotated[str, _is("of its last message")] = ""
    project: Keyed = ""
    number: int = 0
    end: Annotated[str, _is("prompt, interrupted, aborted or idle: what ended it")] = ""
    stop_reason: Annotated[str, _is("of its last message")] = ""
    messages: int = 0
    calls: int = 0
    edits: int = 0
    checks: Annotated[int, _is("commands that build, test or run")] = 0
    checks_failed: int = 0
    todo: Annotated[int, _is("items of the model's own list that were open at the end")] = 0
    milliseconds: int = 0
    side_chain: bool = False
    signals: Annotated[Counts, _is("what the turn's end was like (docs/signals.md)")] = field(default_factory=dict)
    said: Annotated[list[Annotated[str, _is("", "prose")]], _is("the words that the signals go by")] = field(
        default_factory=list
    )


class Event(Record, tag="event"):
    """A failure of the service, a change of the model, or a fault of the log itself: no output, but part of what a session was like."""

    event: Name = ""
    agent: Name = ""
    agent_version: Name = ""
    session: Id = ""
    request: Id = ""
    reason: Annotated[str, _is("in words", "prose")] = ""
    count: Annotated[int, _is("records that were lost")] = 0
    model_from: Annotated[str, _is("the model before a change")] = ""
    model_to: Annotated[str, _is("the model after it")] = ""
    category: Annotated[str, _is("of a refusal")] = ""


class Canary(Caused, tag="canary"):
    """One answer to a task of the canary."""

    task: Name = ""
    task_digest: Annotated[str, _is("of what was asked", "hash")] = ""
    family: Name = ""
    language: Name = ""
    attempt: int = 0
    verdict: Annotated[str, _is("passed, failed or error")] = ""
    reasons: Annotated[list[Annotated[str, _is("", "prose")]], _is("why it did not pass")] = field(default_factory=list)
    served: Annotated[str, _is("the model that the service says answered")] = ""
    milliseconds: int = 0
    input_tokens: int = 0
    sha256: Sha256 = ""
    lines: int = 0


class Mark(Record, tag="mark"):
    """What was said of an output afterwards: by a person, or by what became of it in the editor."""

    target: Annotated[str, _is("the id of the output", "hash")] = ""
    mark: Annotated[str, _is("confirmed or dismissed; kept, edited, deleted or fixed")] = ""
    code: Annotated[str, _is("of the one finding that is meant; without it the whole output is")] = ""
    line: Annotated[int, _is("of that finding, as the output's record has it")] = 0
    column: Annotated[int, _is("of that finding, as the output's record has it")] = 0
    reason: Annotated[str, _is("in the person's words", "prose")] = ""


class Prune(Record, tag="prune"):
    """What was deleted, and the hashes that vouch for what stays of it (docs/formats.md)."""

    before: Time = ""
    count: int = 0
    ranges: Annotated[list[list[int]], _is("first and last seq of each run that went")] = field(default_factory=list)
    first: int = 0
    last: int = 0
    digest: Sha256 = ""
    ids_digest: Sha256 = ""
    through: Annotated[int, _is("an older aicheck's: the last seq that went")] = 0
    hash: Annotated[str, _is("an older aicheck's: the hash of that record", "hash")] = ""


KINDS: tuple[type[Record], ...] = (Output, Later, Message, Turn, Session, Broken, Event, Canary, Mark, Prune)
Kind = TypeVar("Kind", bound=Struct)


def kind_of(record: type[Record]) -> str:
    """The kind as it stands in a record."""
    return str(record.__struct_config__.tag)


def body(record: Record) -> Body:
    """A record as it is stored, but for its salt: without what is empty, zero or false."""
    return {"kind": kind_of(type(record)), **_members(record)}


def read(kind: type[Kind], stored: Body) -> Kind:
    """A stored record as its type. A member of another shape than its type says counts as not there."""
    try:
        return convert(stored, kind)
    except ValidationError:
        return kind(**_fitting(kind, stored))


def decoded(kind: type[Kind], text: str) -> Kind:
    """A stored record as its type, from its canonical form. Raises json.JSONDecodeError if it is none."""
    decoder: Decoder[Kind] = _decoder(kind)
    try:
        return decoder.decode(text)
    except (DecodeError, UnicodeError):  # an odd shape, or half a surrogate pair
        return read(kind, json.loads(text))


@lru_cache(maxsize=8)
def _decoder(kind: type[Kind]) -> Decoder[Kind]:
    return Decoder(kind)


@lru_cache(maxsize=1)
def forms() -> dict[str, Form]:
    """What each string is that is no plain name, by its member; a finding's as ``findings.message``."""
    return {name: form for kind in KINDS for name, form in _forms(kind).items()}


def schema() -> dict[str, Any]:
    """The JSON schema (2020-12) of a record's body."""
    from msgspec.json import schema_components

    kinds, parts = schema_components(KINDS, ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A record of aicheck's log",
        "oneOf": list(kinds),
        "$defs": parts,
    }


def _members(given: Struct) -> Body:
    found = {name: getattr(given, name) for name in given.__struct_fields__}
    return {name: _plain(value) for name, value in found.items() if value not in _EMPTY}


def _plain(value: object) -> object:
    return [_members(each) for each in value] if isinstance(value, list) and isinstance(value[0], Struct) else value


def _fitting(kind: type[Struct], stored: Body) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in fields(kind):
        with suppress(ValidationError, KeyError):
            found[member.name] = convert(stored[member.encode_name], member.type)
    return found


def _forms(kind: type[Struct], above: str = "") -> dict[str, Form]:
    found: dict[str, Form] = {}
    for member in fields(kind):
        inner = _innermost(member.type)
        if isinstance(inner, type) and issubclass(inner, Struct):
            found |= _forms(inner, f"{member.name}.")
        elif (form := _form(inner)) != "name":
            found[f"{above}{member.name}"] = form
    return found


def _innermost(kind: Any) -> Any:
    """The type of a list's items, or the type itself."""
    bare = kind.__origin__ if hasattr(kind, "__metadata__") else kind
    return _innermost(get_args(bare)[0]) if getattr(bare, "__origin__", None) is list else kind


def _form(kind: Any) -> Form:
    found: Form = next((meta.extra["form"] for meta in getattr(kind, "__metadata__", ())), "name")
    return found
