"""``aicheck log``: list, show, confirm, dismiss, verify, prune, stats, trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.clock import now, parse
from aicheck_app.errors import AicheckError
from aicheck_app.log.marks import judgements, mark
from aicheck_app.log.store import Log
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo

if TYPE_CHECKING:
    from aicheck_app.log.marks import Mark
    from aicheck_app.log.store import Record

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("log", short_help="Look at the local log, judge its findings, verify it.", no_args_is_help=True)
def command() -> None:
    """The local log of every AI output that aicheck saw."""


@command.command("list")
@click.option("--verdict", type=click.Choice(["clean", "suspect", "unchecked"]), help="Only outputs with this verdict.")
@click.option("--model", help="Only outputs of this model.")
@click.option("--since", metavar="TIME", help="Only from this time on (2026-04-01, 7d).")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="The newest so many.")
@_FORMAT
def list_(verdict: str | None, model: str | None, since: str | None, limit: int, form: str) -> None:
    """List outputs, oldest first."""
    where, values = ["kind = 'output'"], []
    for test, value in (("verdict = ?", verdict), ("model = ?", model), ("time >= ?", parse(since) if since else None)):
        if value:
            where.append(test)
            values.append(value)
    condition = " AND ".join(where)
    with Log(read_only=True) as log:
        newest = f"seq IN (SELECT seq FROM records WHERE {condition} ORDER BY time DESC, seq DESC LIMIT {limit})"
        records = list(log.records(newest, values))
        marks = judgements(log)
    for record in records:
        if record["id"] in marks:
            record["mark"] = marks[record["id"]]
    if form == "json":
        document(dumps({"version": 1, "outputs": records}, indent=1) + "\n")
        return
    for r in records:
        codes = ",".join(f["code"] for f in r.get("findings", [])) or "-"
        mark = f" [{r['mark']}]" if "mark" in r else ""
        echo(
            f"{r['id']}  {r.get('time', '')[:19]:19}  {r['verdict']:9} {codes:8} {r.get('tool', ''):6}"
            f" {r.get('model', '-'):26} {r.get('path', '-')}{mark}"
        )
    if not records:
        echo("no outputs")


@command.command("show")
@click.argument("identifier", metavar="ID")
def show(identifier: str) -> None:
    """Print one record, with what was said of it since."""
    with Log(read_only=True) as log:
        record = _find(log, identifier)
        marks = list(log.records("kind = 'mark' AND target = ?", (record["id"],)))
    document(dumps({**record, **({"marks": marks} if marks else {})}, indent=2) + "\n")


@command.command("confirm")
@click.argument("identifier", metavar="ID")
@click.option("--reason", default="", help="Why.")
def confirm(identifier: str, reason: str) -> None:
    """Say that an output really is degraded."""
    _mark(identifier, "confirmed", reason)


@command.command("dismiss")
@click.argument("identifier", metavar="ID")
@click.option("--reason", default="", help="Why.")
def dismiss(identifier: str, reason: str) -> None:
    """Say that a finding was a false alarm."""
    _mark(identifier, "dismissed", reason)


@command.command("verify")
@click.option("--head", metavar="HASH", help="A chain head made known before: it must be in the chain.")
def verify(head: str | None) -> int:
    """Recompute the hash chain; exit 1 and name the record if anything was changed."""
    with Log(read_only=True) as log:
        count, faults = log.verify()
        newest = log.head()
        known = not head or bool(log.query("SELECT 1 FROM records WHERE hash = ?", (_bytes(head),)))
    for fault in faults:
        echo(f"record {fault.seq} {fault.id}: {fault.reason}")
    if not known:
        echo(f"the head {head} is not in this log")
    if faults or not known:
        return 1
    echo(f"{count:,} records, chain intact, head {newest}")
    return 0


@command.command("prune")
@click.option("--before", required=True, metavar="TIME", help="Delete records older than this (2026-01-01, 90d).")
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(before: str, yes: bool) -> None:
    """Delete old records. The chain keeps an anchor, so the rest still verifies."""
    limit = parse(before)
    if not yes:
        confirmed(f"Delete all records before {limit}? This can't be undone.", abort=True)
    with Log() as log:
        echo(f"{log.prune(limit, now()):,} records deleted")


@command.command("stats")
@click.option("--since", metavar="TIME", help="Count only outputs from this time on (2026-04-01, 7d).")
@_FORMAT
def stats(since: str | None, form: str) -> None:
    """Count the log: records, outputs by verdict, agent and model, and its size."""
    import os

    where, values = "kind = 'output' AND time >= ?", [parse(since) if since else ""]
    with Log(read_only=True) as log:
        by = {
            name: dict(
                log.query(
                    f"SELECT coalesce({name}, 'unknown'), count(*) FROM records WHERE {where} GROUP BY 1 ORDER BY 2 DESC",
                    values,
                )
            )
            for name in ("verdict", "agent", "model")
        }
        data = {
            "version": 1, "path": log.path, "bytes": os.path.getsize(log.path),
            "records": log.query("SELECT count(*) FROM records")[0][0], "head": log.head(),
            "first": log.query(f"SELECT min(time) FROM records WHERE {where}", values)[0][0],
            "last": log.query(f"SELECT max(time) FROM records WHERE {where}", values)[0][0],
            **{f"by_{name}": counts for name, counts in by.items()},
        }  # fmt: skip
    if form == "json":
        document(dumps(data, indent=2) + "\n")
        return
    period = f"{data['first']} to {data['last']}" if data["first"] else "no outputs"
    echo(f"{data['path']}: {data['records']:,} records, {data['bytes']:,} bytes, {period}")
    for name, counts in by.items():
        if counts:
            echo(f"  by {name}: " + ", ".join(f"{value} {n:,}" for value, n in counts.items()))


@command.command("trace")
@click.option(
    "-o", "--output", "path", type=click.Path(dir_okay=False), help="The file; .agent-trace/traces.jsonl is usual."
)
def trace(path: str | None) -> None:
    """Write which lines of this repository's files agents wrote, as an Agent Trace record (0.1.0).

    The lines are those of HEAD that an output in the log has written. The record is appended.
    """
    from aicheck_app import git
    from aicheck_app.attribution.export import traced

    root = git.top(".")
    if root is None:
        raise AicheckError("not in a git work tree: Agent Trace speaks of revisions")
    with Log(read_only=True) as log:
        text = dumps(traced(root, log))
    if path is None:
        document(text + "\n")
        return
    try:
        with open(path, "a", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error
    echo(f"appended to {path}")


def _find(log: Log, identifier: str) -> Record:
    found = list(log.records("id >= ? AND id < ? AND kind != 'mark'", (identifier, identifier + "\uffff")))
    if len(found) != 1:
        problem = "no record has" if not found else f"{len(found)} records have"
        raise AicheckError(f"{problem} an id that starts with '{identifier}' (see 'aicheck log list')")
    return found[0]


def _mark(identifier: str, said: Mark, reason: str) -> None:
    with Log() as log:
        record = _find(log, identifier)
        mark(log, record["id"], said, reason)
    echo(f"{record['id']} {said}")


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as error:
        raise AicheckError(f"'{text}' is no hash in hexadecimal") from error
