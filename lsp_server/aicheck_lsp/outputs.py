"""AI-written text that was recognised: looked up in the log, or checked and logged as a new output.

Runs on worker threads; nothing here knows LSP.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from aicheck_app.clock import now, parse
from aicheck_app.errors import AicheckError
from aicheck_app.hashing import of_text
from aicheck_app.log import queries, records
from aicheck_app.log.marks import mark
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import CHANGED, Log
from aicheck_app.observe import file_of, observe
from aicheck_app.origin import Origin, Output
from aicheck_checks.engine import Result, wanted
from aicheck_checks.surroundings import Disk

if TYPE_CHECKING:
    from aicheck_app.log.marks import Mark
    from aicheck_app.log.records import Body
    from aicheck_checks.worker import Worker
    from aicheck_lsp.document import Document
    from aicheck_lsp.spans import Span

PATIENCE_SECONDS = 5.0
"""So long another writer of the log is waited for, on a thread that checks need too; then the record goes to the spool."""
_RECENT = 400
"""Records looked through for the output that a text came from: hooks log within the second."""
_EXACT = ("hook", "transcript", "api")


class Judged(NamedTuple):
    """What is known of an output: its record, its verdict, the codes of its findings, where it came from, what kept
    its record out of the log, and if it was judged just now, what was found that the settings want to see."""

    record: str
    verdict: str
    codes: frozenset[str]
    origin: Origin
    trouble: str = ""
    result: Result | None = None


class Today(NamedTuple):
    """Outputs logged today (UTC), how many of them are suspect, the newest one's verdict, and which rates changed of late."""

    outputs: int
    suspect: int
    verdict: str
    changed: list[str]


def known(path: str, text: str, written: str) -> Judged | None:
    """The logged output of an agent that put this text into this file, by the hash of what it wrote or of the file."""
    hashes = {of_text(text), of_text(written), of_text(written.strip("\n")), of_text(written.strip("\n") + "\n")}
    try:
        with Log(read_only=True) as log:
            file = file_of(path, log)
            for record in reversed(list(queries.newest_outputs(log, _RECENT))):
                same = record.sha256 in hashes or record.file_sha256 in hashes
                there = record.file == file if record.file else _same_file(record.path, path)
                if same and there and (record.attribution or "transcript") in _EXACT:
                    return _judged(record)
    except AicheckError:  # no log yet, or none to be read: then nothing is known
        return None
    return None


def judge(span: Span, document: Document, text: str, worker: Worker) -> Judged:
    """Check an output and log it."""
    path, config = document.path, document.config
    written = text[span.start : span.end]
    time = now()
    origin = span.origin._replace(time=time, cwd=document.root or os.path.dirname(path))
    key = f"{path}:{of_text(written)}:{time}"
    output = Output(key, span.kind, written, text, "file", path, origin, None, span.baseline)
    with open_log(patience=PATIENCE_SECONDS) as log:
        (observed,) = observe([output], log, config, disk=Disk(), check=worker.check_all)
        result = observed.result
        trouble = log.trouble
    codes = frozenset(f.code for f in result.findings if f.suspect)
    return Judged(observed.record.id, result.verdict, codes, origin, trouble, wanted(result, config.checks))


def say(record: str, said: Mark, reason: str = "", finding: records.Finding | None = None) -> str:
    """Log a judgement or an outcome of an output, or of one of its findings; says what kept it out of the log, if anything did."""
    with open_log(patience=PATIENCE_SECONDS) as log:
        mark(log, record, said, reason, finding)
        return log.trouble


def logged_finding(record: str, code: str, words: str, line: int) -> records.Finding | None:
    """The finding of a logged output that is meant: of this rule, with these words, else the nearest to this line (from 1)."""
    body = find(record)
    found = records.read(records.Output, body).findings if body is not None else []
    same = [one for one in found if one.code == code]
    return min(same, key=lambda one: (one.message != words, abs(one.line - line)), default=None)


def today() -> Today:
    """Count today's outputs; nothing where there is no log."""
    start = f"{now()[:10]}T00:00:00.000Z"
    try:
        with Log(read_only=True) as log:
            verdicts, told = queries.verdicts(log, start), (log.captured(CHANGED) or {}).get("changed")
    except AicheckError:
        return Today(0, 0, "", [])
    changed = [str(each) for each in told] if isinstance(told, list) else []
    return Today(len(verdicts), verdicts.count("suspect"), verdicts[-1] if verdicts else "", changed)


def recent(limit: int, since: str = "") -> list[Body]:
    """The newest outputs, newest first, with what was said of them."""
    from aicheck_app.log.marks import judgements

    try:
        with Log(read_only=True) as log:
            said = judgements(log)
            found = queries.latest(log, limit, parse(since) if since else "")
    except AicheckError:
        return []
    return [{**body, "mark": said.get(body["id"], "")} for body in reversed(found)]


def find(identifier: str) -> Body | None:
    """The record with this id, if the log has it."""
    try:
        with Log(read_only=True) as log:
            return queries.find(log, identifier)
    except AicheckError:
        return None


def evidence(record: Body) -> str:
    """One output as Markdown for an issue; what it holds was redacted when it was logged."""
    from aicheck_app.report.sinks.markdown import block, text

    # An id of ours is a hash; as code it could not be picked by a double click.
    name = record["id"] if record["id"].isalnum() else text(record["id"])
    facts = [f"**{text(record['verdict'])}** output {name}"]
    names = ("time", "agent", "agent_version", "model", "tool", "language", "path", "sha256", "attribution")
    facts += [f"- {name}: {text(str(record[name]))}" for name in names if record.get(name)]
    for found in record.get("findings", []):
        facts.append(f"- {text(found['code'])} line {text(str(found['line']))}: {text(found['message'])}")
        facts += ["", *block(found["excerpt"]), ""] if found.get("excerpt") else []
    return "\n".join(facts) + "\n"


def _same_file(kept: str, path: str) -> bool:
    """Whether an older record may be about this file, by the path that it keeps: relative to its project, or a hash."""
    name = os.path.basename(kept)
    return not name or os.path.basename(path) == name or ("/" not in kept and "." in kept and _keyed(kept))


def _keyed(name: str) -> bool:
    stem = name.partition(".")[0]
    return len(stem) == 12 and all(char in "0123456789abcdef" for char in stem)


def _judged(record: records.Output) -> Judged:
    given = {name: getattr(record, name) for name in Origin._fields if name != "cwd"}
    origin = Origin(**{name: value for name, value in given.items() if value})
    codes = frozenset(found.code for found in record.findings if found.suspect)
    return Judged(record.id, record.verdict, codes, origin)
