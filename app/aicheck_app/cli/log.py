"""``aicheck log``: list, show, confirm, dismiss, verify, prune, export, stats, trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.log_stats import stats
from aicheck_app.cli.progress import telling
from aicheck_app.cli.trouble import tell
from aicheck_app.clock import now, parse
from aicheck_app.errors import AicheckError
from aicheck_app.log import queries
from aicheck_app.log.found import found
from aicheck_app.log.listing import Wanted, older
from aicheck_app.log.marks import JUDGEMENTS, judge, judgements
from aicheck_app.log.spooling import open_log
from aicheck_app.log.store import Log
from aicheck_app.observe import file_of
from aicheck_app.report.evidence.collect import Filters, known_names
from aicheck_app.report.records import fault, page, table
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo
from aicheck_app.writing import append
from aicheck_checks.files import open_regular

if TYPE_CHECKING:
    from aicheck_app.log.marks import Mark

_FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)


@click.group("log", short_help="Look at the local log, judge its findings, verify it.", no_args_is_help=True)
def command() -> None:
    """The local log of every AI output that aicheck saw."""


@command.command("list")
@click.option("--verdict", type=click.Choice(["clean", "suspect", "unchecked"]), help="Only outputs with this verdict.")
@click.option("--agent", default="", help="Only outputs of this agent.")
@click.option("--model", default="", help="Only outputs of this model.")
@click.option(
    "--path", default="", help="Only outputs in this file or folder, named as the list does or as it is here."
)
@click.option("--since", metavar="TIME", help="Only from this time on (2026-04-01, 7d).")
@click.option("--judged", type=click.Choice(JUDGEMENTS), help="Only outputs of which a person said this last.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="The newest so many.")
@_FORMAT
def list_(
    verdict: str | None, agent: str, model: str, path: str, since: str | None, judged: str | None, limit: int, form: str
) -> None:
    """List outputs, oldest first by their own time.

    \b
    aicheck log list --verdict suspect --since 7d
    aicheck log list --agent codex --path src
    aicheck log list --verdict clean --judged confirmed    what no rule found
    """
    start = parse(since) if since else ""
    with Log(read_only=True) as log:
        name = path.replace("\\", "/").removeprefix("./").strip("/")
        marks = judgements(log)
        wanted = Wanted(
            verdict or "", agent, model, since=start, path=name, file=file_of(path, log),
            among=[one for one, said in marks.items() if said == judged] if judged else None,
        )  # fmt: skip
        found = older(log, limit, wanted)[::-1]
        if not found and queries.count(log):
            known_names(log, Filters(model=model, agent=agent))
    if form == "json":
        outputs = [{**body, **({"mark": marks[one.id]} if one.id in marks else {})} for one, body in found]
        document(dumps({"version": 1, "outputs": outputs}, indent=1) + "\n")
        return
    echo(*table([one for one, _ in found], marks) if found else ("no outputs",))


@command.command("show")
@click.argument("identifier", metavar="ID")
@_FORMAT
def show(identifier: str, form: str) -> None:
    """Show one record, with what was said of it since. The beginning of an id is enough.

    \b
    aicheck log show 1f7c02                   for people
    aicheck log show 1f7c02 --format json     all that is stored
    """
    with Log(read_only=True) as log:
        record = found(log, identifier)
        record = queries.whole(log, record).body if record["kind"] == "output" else record
        marks = queries.marks_of(log, record["id"])
    if form == "text":
        echo(*page(record, marks))
        return
    document(dumps({**record, **({"marks": marks} if marks else {})}, indent=2) + "\n")


@command.command("confirm")
@click.argument("identifier", metavar="ID")
@click.option("--reason", default="", help="Why.")
def confirm(identifier: str, reason: str) -> None:
    """Say that an output really is degraded. Rates stay by the rules alone: where none found anything, a report counts it apart.

    \b
    aicheck log confirm 1f7c02 --reason "half of the file is missing"
    """
    _mark(identifier, "confirmed", reason)


@command.command("dismiss")
@click.argument("identifier", metavar="ID")
@click.option("--reason", default="", help="Why.")
def dismiss(identifier: str, reason: str) -> None:
    """Say that a finding was a false alarm.

    \b
    aicheck log dismiss 1f7c02 --reason "generated on purpose"
    """
    _mark(identifier, "dismissed", reason)


@command.command("verify")
@click.option(
    "--head", metavar="HASH", help="A head made known before, or its first 8 digits: it must be in the chain."
)
def verify(head: str | None) -> int:
    """Recompute the hash chain; exit 1 and name the record if anything was changed.

    What was pruned is named, and what that leaves proven of a head from before.
    """
    from aicheck_app.log.verify import find_head, proven

    head = head.rstrip(".…") if head else head  # as it is shown where there is no room for all of it
    with Log(read_only=True) as log:
        count, faults = log.verify()
        newest, told = log.head(), queries.prunings(log)
        found = find_head(log, head) if head else None
        tell(log)
    echo(*map(fault, faults))
    if head and not found:
        echo(f"the head {head} is not in this log")
    if not faults and (found or not head):
        echo(f"{count:,} records, chain intact{' but for what was pruned' if told else ''}, head {newest}")
    for line in (*map(str, told), *(proven(found, told) if found else ())):
        echo(line)
    return 1 if faults or (head and not found) else 0


@command.command("prune")
@click.option("--before", required=True, metavar="TIME", help="Delete records older than this (2026-01-01, 90d).")
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(before: str, yes: bool) -> None:
    """Delete old records, by their own time. The chain keeps their hashes, so the rest still verifies.

    \b
    aicheck log prune --before 180d
    """
    limit = parse(before)
    if not yes and not confirmed(f"Delete all records before {limit}? This can't be undone."):
        echo("nothing was deleted")
        return
    with Log() as log:
        echo(f"{log.prune(limit, now()):,} records deleted")
        if left := queries.undated(log):
            echo(f"{left:,} records hold no time and were left")
        tell(log)


@command.command("import")
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False))
def import_(path: str) -> None:
    """Take in what a colleague's 'aicheck log export' wrote; a second time adds nothing.

    Its sessions and projects keep names of their own, so they are compared with themselves alone. Rates count them with yours:
    keep a team's log in a folder of its own (AICHECK_HOME).

    \b
    AICHECK_HOME=~/team aicheck log import colleague.jsonl
    """
    from aicheck_app.capture.lines import MAX_BYTES, lines_of
    from aicheck_app.log.foreign import take_in

    try:
        with open_regular(path) as file, Log() as log:
            lines = (b"" if line is None else line for line in lines_of(file, MAX_BYTES))
            taken = take_in(log, (line.decode("utf-8", "replace") for line in lines), path)
            tell(log)
    except OSError as error:
        raise AicheckError(f"{path} can't be read: {error.strerror}") from error
    echo(
        f"{taken.added:,} of {taken.total:,} records taken in, on the word of whoever wrote the export: its hashes can't be checked here"
    )
    if taken.stated not in (None, taken.total):
        echo(
            f"the export says that its log has {taken.stated:,} records: some are left out, or are of kinds that are not taken in"
        )


@command.command("note")
def note() -> None:
    """Write the log's head into a git note of the newest commit of this folder's repository (refs/notes/aicheck).

    Pushed or seen by others before a claim is made, it shows that nothing of the log was changed since. Nothing is pushed here:
    'git push origin refs/notes/aicheck' does that.
    """
    from aicheck_app import git

    root = git.top(".")
    if root is None:
        raise AicheckError("not in a git work tree: a note needs a commit")
    with Log(read_only=True) as log:
        head, number = log.head(), queries.count(log)
    git.note(root, f"aicheck log: {number:,} records, head {head}, {now()}")
    echo(f"noted at {git.head(root)[:12]} (git notes --ref=aicheck show): {number:,} records, head {head}")


@command.command("purge")
@click.argument("folder", default=".", metavar="[FOLDER]")
@click.option("--yes", is_flag=True, help="Do not ask.")
def purge(folder: str, yes: bool) -> None:
    """Delete all that the log has of a project: the records, those of its sessions, and what rates are made of.

    The project is named by the working folder that the agent recorded; without FOLDER it is the current one. The chain keeps the records' hashes, so the rest still verifies;
    a session that is read again does not bring them back.

    \b
    aicheck log purge ~/work/secret
    """
    import os

    place = os.path.abspath(folder)
    if not yes and not confirmed(f"Delete all records of {place}? This can't be undone."):
        echo("nothing was deleted")
        return
    with Log() as log:
        echo(f"{log.purge(log.keyed(place), now()):,} records deleted")
        tell(log)


@command.command("export")
@click.option(
    "-o", "--output", "path", type=click.Path(dir_okay=False), help="Write to this file instead of standard output."
)
@click.option("--since", metavar="TIME", help="Only records from this time on (2026-04-01, 7d).")
def export(path: str | None, since: str | None) -> None:
    """Write the log as it can be handed to others: JSON lines, without keys, line hashes and texts.

    Each record comes with its hash, so that it can be shown later that it is the one that was logged. Ids and hashes of
    texts are keyed hashes, which tell nothing to whoever guesses; 'aicheck log show' finds a record by them.
    """
    from aicheck_app.log.export import lines

    with Log(read_only=True) as log:
        written = lines(log, parse(since) if since else "")
        if path is None:
            for line in written:
                echo(line)
            return
        try:
            with open(path, "w", encoding="utf-8", newline="\n") as file:
                file.writelines(f"{line}\n" for line in written)
        except OSError as error:
            raise AicheckError(f"{path} can't be written: {error.strerror}") from error
    echo(f"wrote {path}", err=True)


command.add_command(stats)


@command.command("push")
@click.argument("address", metavar="ADDRESS")
@click.option(
    "--project",
    "folders",
    multiple=True,
    metavar="FOLDER[=NAME]",
    help="A project whose records are sent; by default the one round this folder.",
)
@click.option(
    "--all-projects", is_flag=True, help="Send what the log has of all projects, under names that tell nothing."
)
@click.option(
    "--as",
    "name",
    metavar="NAME",
    help="Who you are to the team, sent as a pseudonym; by default your login on this machine.",
)
@click.option(
    "--excerpts", is_flag=True, help="Also send findings' words, the few redacted lines of code round them, and paths."
)
@click.option(
    "--ids", is_flag=True, help="Also send the ids of sessions, messages and requests, which vendors ask for."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def push(
    address: str, folders: tuple[str, ...], all_projects: bool, name: str | None, excerpts: bool, ids: bool, form: str
) -> None:
    """Send what is new of chosen projects to a team's log in PostgreSQL; a second time adds nothing.

    Texts, line hashes, keys and words of findings stay here; people, projects and sessions go as pseudonyms made with the team's key
    (AICHECK_TEAM_KEY).
    A push that is broken off goes on where it was. What you purge here goes there too with the next push.

    \b
    aicheck log push postgresql://ana@db.example/aicheck --project ~/work/shop
    """
    from aicheck_app.team import names
    from aicheck_app.team.sending import send

    if folders and all_projects:
        raise click.UsageError("give either --project or --all-projects")
    key = names.team_key()
    with Log() as log, telling("pushing") as progress:
        chosen = names.everything(log, key) if all_projects else names.projects(log, key, folders or (".",))
        found = send(
            log,
            address,
            chosen,
            names.of_person(key, name or names.login()),
            key,
            excerpts=excerpts,
            ids=ids,
            progress=progress,
        )
        tell(log)
    if form == "json":
        document(dumps({"version": 1, **found._asdict()}) + "\n")
        return
    if not any(found):
        echo("nothing was sent: of these projects your log has nothing that is not there already ('aicheck log list')")
        return
    echo(
        f"{found.records:,} records and {found.facts:,} rows of counts sent"
        + (f", {found.removed:,} records of purged projects taken away" if found.removed else "")
    )


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
        append(path, text + "\n")
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error
    echo(f"appended to {path}")


def _mark(identifier: str, said: Mark, reason: str) -> None:
    with open_log() as log:
        words = judge(log, found(log, identifier), said, reason)
        tell(log)
    echo(words)
