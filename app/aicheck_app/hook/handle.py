"""One payload of a hook: edits become outputs, what is suspect is told, and no fault of ours is ever seen."""

from __future__ import annotations

import os
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app import config as settings
from aicheck_app import faults
from aicheck_app.capture.agents import PROVIDERS
from aicheck_app.capture.edits import edits_of
from aicheck_app.capture.on_disk import with_file
from aicheck_app.capture.session import Session
from aicheck_app.clock import now
from aicheck_app.errors import AicheckError
from aicheck_app.hashing import of_text
from aicheck_app.hook.answer import answer, fact
from aicheck_app.hook.client import MAX_PAYLOAD
from aicheck_app.hook.event import Event, expanded, parse
from aicheck_app.hook.happened import record_of
from aicheck_app.hook.transcript import awaited, lags, told
from aicheck_app.log import records
from aicheck_app.log.fields import cleaned, message
from aicheck_app.log.queries import outputs_of
from aicheck_app.log.spooling import open_log
from aicheck_app.observe import observe, whole
from aicheck_app.origin import Origin, Output
from aicheck_app.redaction.page import OWN
from aicheck_checks.files import relative
from aicheck_checks.isolation import NOT_ASKED, check_isolated
from aicheck_checks.surroundings import Disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aicheck_app.config import Config
    from aicheck_app.log.records import Body
    from aicheck_app.log.store import Log
    from aicheck_app.observe import Observed
    from aicheck_app.origin import Look
    from aicheck_checks.engine import Result
    from aicheck_checks.settings import Settings
    from aicheck_checks.source import Source
    from aicheck_checks.tools.ruff_server import RuffServer

PATIENCE = 5.0
"""Seconds that another writer of the log is waited for."""
RECENT = 400
"""Outputs of a session that are looked through for what was said before."""
MAX_FACTS = 10


class Means(NamedTuple):
    """How this process works: with a warm ruff if there is one, how texts that take too long are ended, and how to answer
    before the work is done."""

    ruff: RuffServer | None = None
    check: Callable[[Sequence[Source], Settings], list[Result]] = check_isolated
    answer: Callable[[bytes], None] | None = None


def handle(data: bytes, cwd: str, hint: str = "", means: Means | None = None) -> bytes:
    """What to print for a payload; nothing if it is none, or if anything fails."""
    try:
        event = parse(data, cwd, hint)
        return b"" if event is None else _handle(event, means or Means())
    except Exception as error:  # noqa: BLE001 - the agent's work is never disturbed by a fault of ours
        faults.note("hook", error)
        return b""


def too_large(cwd: str) -> bytes:
    """Log that a payload was too large to be read; the agent can't be told, since who it is stands in there."""
    faults.note("hook", f"a payload of more than {MAX_PAYLOAD:,} bytes was not read, in {os.path.basename(cwd)}")
    return b""


_EVERY_CONTEXT = """
password = "x1y2z3w4"; if (token == 'x1y2z3w4') setSecret("x1y2z3w4") --password x1y2z3w4 -p x
export API_KEY=x1y2z3w4
ENV TOKEN x1y2z3w4
https://user:x1y2z3w4@host.invalid/ a@b.invalid postgres://u:p@h/d?password=x1y2z3w4
Authorization: Bearer x1y2z3w4x1y2z3w4 Cookie: session=x1y2z3w4x1y2z3w4; curl -u user:x1y2z3w4
<password>x1y2z3w4</password> <input type="password" value="x1y2z3w4"> CREATE USER u IDENTIFIED BY 'x1y2z3w4';
machine h login u password x1y2z3w4
-----BEGIN PRIVATE KEY-----
x1y2z3w4x1y2z3w4x1y2z3w4x1y2z3w4x1y2z3w4x1y2z3w4x1y2z3w4x1y2z3w4
-----END PRIVATE KEY-----
"""
"""A text that each kind of redaction has to look at closely, with nothing in it that is a secret."""


def preload() -> None:
    """Import all that a payload may need, load the grammars and compile the patterns: by checking the rules' own cases."""
    from aicheck_app.redaction import redact
    from aicheck_checks.engine import check_alone
    from aicheck_checks.registry import RULES
    from aicheck_checks.source import Source

    for rule in RULES:
        for case in (*rule.good, *rule.bad) if rule.tier == "instant" else ():
            check_alone(Source(case.text, language=case.language, kind=case.kind, previous=case.previous))
            redact(case.text)
    redact(_EVERY_CONTEXT)
    example = records.Output(id="0", findings=[records.Finding(message=_EVERY_CONTEXT)])
    for body in cleaned([records.body(example)]):
        records.read(records.Output, body)


def touch(ruff: RuffServer) -> None:
    """Go once through what a payload needs, so that a process that was just forked has its memory to itself."""
    from aicheck_checks.engine import check
    from aicheck_checks.source import Source

    parse(b'{"tool_name": "Write", "tool_input": {"file_path": "a.py", "content": "x = 1"}}', "/")
    source = Source("import os\nprint(os.sep)\n", path="a.py")
    source.diagnostics = ruff.diagnose(source)
    check(source, settings.Config().checks._replace(tiers=("instant", "quality")))


def _handle(event: Event, means: Means) -> bytes:
    config = _config(event.cwd)
    if event.name in ("edit", "batch"):
        return _edits(event, config, means)
    if event.name == "before":
        return _before(event, config)
    if event.name == "reply":
        return _said(event, config, means)
    happened = record_of(event)
    if happened is not None:
        with open_log(patience=PATIENCE) as log:
            log.append([happened])
    elif event.name in ("start", "prompt", "stop", "subagent stop"):
        from aicheck_app.hook import sweep, turn  # they import more than an edit needs

        with open_log(patience=PATIENCE) as log:
            if event.name in ("start", "prompt"):
                sweep.remember(event, log)
                return b""
            start = sweep.begun_at(event, log)
            if event.name == "subagent stop":  # its transcript is its own, and all of it one turn
                event, start = event._replace(transcript=str(event.raw.get("agent_transcript_path", ""))), 0
            swept = list(sweep.changed(event, log, _origin(event), start or 0))
            outputs, looks = turn.edited(event, start) if start is not None else ([], [])
            return _answer(event, _observed(swept + outputs, log, config, means, looks), log, config)
    return b""


def _edits(event: Event, config: Config, means: Means) -> bytes:
    outputs: list[Output] = []
    for call in _calls(event):
        try:
            outputs += _outputs(call)
        except Exception as error:  # noqa: BLE001 - what is odd in one call costs no other
            faults.note("hook: a call that can't be read", error)
    if not outputs:
        return b""
    with open_log(patience=PATIENCE) as log:
        if means.answer is None:
            return _answer(event, _observed(outputs, log, config, means), log, config)
        late = [call for call in _calls(event) if lags(call)]
        log.hold()
        done = _observed(outputs, log, config, means, quotes=False)
        means.answer(_answer(event, done, log, config))
        log.release(partial(_completed, late, {one.record.id: one for one in done}, log, config))
        return b""


def _completed(late: Sequence[Event], done: Mapping[str, Observed], log: Log, config: Config, body: Body) -> Body:
    """A record with what it takes from the text, and what the transcript tells by now of the call that made it."""
    if (one := done.get(body["id"])) is not None:
        (found,) = cleaned([records.body(whole(one, log, config))])
        body = {**body, **found}
    for call in late:
        if call.tool_use == body.get("tool_use"):
            origin = awaited(call, Origin(model=body.get("model", ""), agent_version=body.get("agent_version", "")))
            known = {name: getattr(origin, name) for name in ("model", "agent_version", "message", "request")}
            return body | {name: value for name, value in known.items() if value}
    return body


def _calls(event: Event) -> Iterator[Event]:
    """The calls of tools that an event tells of."""
    if event.name != "batch":
        yield event
        return
    calls = event.raw.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        if isinstance(call, dict):
            yield event._replace(
                tool=str(call.get("tool_name", "")), given=call.get("tool_input"), tool_use=str(call.get("tool_use_id", "")),
                response=call.get("tool_response"),
            )  # fmt: skip


def _outputs(event: Event) -> Iterator[Output]:
    response = event.response if isinstance(event.response, dict) else {}
    if event.failed or response.get("staged") or response.get("userModified"):
        return  # not written, or not as the model wrote it
    edits = edits_of(event.given, response)
    origin = told(event, _origin(event)) if edits else Origin()
    for number, edit in enumerate(edits):
        path = os.path.normpath(os.path.join(event.cwd, expanded(edit.path))) if edit.path else ""
        known = with_file(edit._replace(path=path))
        key = event.tool_use
        if not key or event.agent == "cursor":  # which tells of one edit twice, once without an id
            key = f"{event.session}:{of_text(path, 24)}:{of_text(edit.written, 24)}"
        elif len(edits) > 1:
            key = f"{key}:{number}:{edit.path}"
        yield known.output(key, event.tool or event.said, origin)


def _observed(
    outputs: list[Output], log: Log, config: Config, means: Means, looks: Sequence[Look] = (), *, quotes: bool = True
) -> list[Observed]:
    """What is new, checked and logged."""
    fresh = {o.identity: o for o in outputs}
    new = [output for key, output in fresh.items() if not log.has(key)]
    return observe(new, log, config, looks=looks, disk=Disk(), ruff=means.ruff, check=means.check, quotes=quotes)


def _answer(event: Event, done: Sequence[Observed], log: Log, config: Config) -> bytes:
    """What to say of what is suspect and was not just said."""
    told = [one for one in done if one.new and (one.result.verdict == "suspect" or one.result.unchecked in NOT_ASKED)]
    said = _said_before(event.session, log, {one.record.id for one in done}) if told else {}
    facts = (fact for one in told for fact in _facts(event, one, said.get(one.record.file, set())))
    return answer(event, list(islice(facts, MAX_FACTS)), config.hook)


def _facts(event: Event, one: Observed, known: set[str]) -> Iterator[str]:
    """What is suspect and is not ``known`` to have been said just before."""
    path = one.output.path
    inside = os.path.normcase(path).startswith(os.path.join(os.path.normcase(event.cwd), ""))
    name = relative(path, event.cwd) if inside else path
    if one.result.unchecked is not None:
        yield fact(name, 1, "unchecked", one.result.unchecked)
    for found in one.result.findings:
        said = message(found.message) if found.suspect else ""
        if found.suspect and _words(found.code, said) not in known:
            yield fact(name, one.source.position(found.start).line, found.code, said)


def _said_before(session: str, log: Log, own: set[str]) -> dict[str, set[str]]:
    """What was found in the newest output before of each file of the session, by the file's keyed name."""
    return {
        record.file: {_words(found.code, message(found.message)) for found in record.findings}
        for record in outputs_of(log, session, RECENT)
        if record.id not in own
    }


def _words(code: str, said: str) -> str:
    """What a finding says, whichever rule it was by which a secret in it was taken out."""
    return f"{code} {OWN.sub('[REDACTED]', said)}"


def _origin(event: Event) -> Origin:
    return Origin(
        agent=event.agent, agent_version=event.version, model=event.model, session=event.session, tool_use=event.tool_use,
        provider=PROVIDERS.get(event.agent, ""),
        time=now(), cwd=event.cwd, side_chain=bool(event.side_chain), attribution="hook",
    )  # fmt: skip


def _before(event: Event, config: Config) -> bytes:
    """What a command that is about to run would lose, where the user wants that told."""
    if not config.guard:
        return b""
    from aicheck_app.hook import guard

    return guard.answer(event, guard.losses(event), blocks=config.guard == "block")


def _said(event: Event, config: Config, means: Means) -> bytes:
    """Log the code blocks of an answer, where a hook is the only one who is told of it; the model hears nothing of them."""
    session = Session(event.agent)
    key = str(event.raw.get("generation_id", "")) or of_text(str(event.raw.get("text", "")), 24)
    session.reply(str(event.raw.get("text", "")), f"{event.session}:{key}", _origin(event))
    outputs = session.finish()
    if outputs:
        with open_log(patience=PATIENCE) as log:
            _observed(outputs, log, config, means)
    return b""


def _config(cwd: str) -> Config:
    """The project's settings; where they can't be read, the user's: ``aicheck check`` says what is wrong with them."""
    try:
        return settings.load(cwd)
    except AicheckError:
        return settings.without_repository()
