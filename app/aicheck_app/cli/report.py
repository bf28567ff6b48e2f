"""``aicheck report``."""

from __future__ import annotations

import os

import click

from aicheck_app.cli.source import from_option
from aicheck_app.config import of_home
from aicheck_app.errors import AicheckError
from aicheck_app.report.evidence import FORMATS, asked, previewed, rendered
from aicheck_app.report.sinks.terminal import document, echo
from aicheck_app.report.templates.answers import VENDORS

_ENDINGS = {".md": "markdown", ".html": "html", ".json": "json", ".sarif": "sarif", ".csv": "csv"}


@click.command("report", short_help="Export evidence from the log.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Default: by the ending of -o, else markdown.")
@click.option("-o", "--output", metavar="FILE", help="Write to this file instead of standard output.")
@click.option("--since", metavar="TIME", help="Only from this day (UTC) on (2026-04-01, 30d).")
@click.option("--until", metavar="TIME", help="Only before this day (UTC).")
@click.option("--model", default="", help="Only outputs of this model.")
@click.option("--agent", default="", help="Only outputs of this agent.")
@click.option(
    "--finding",
    default="",
    metavar="CODE|ID",
    help="Only this rule or family counts as suspect; or only one output, by its id.",
)
@click.option(
    "--session", default="", metavar="ID", help="Only the outputs of this session; the beginning of its id is enough."
)
@click.option(
    "--template", type=click.Choice(VENDORS), help="Fill in this vendor's issue form, for you to complete and post."
)
@from_option
@click.option("--preview", is_flag=True, help="List what the report would hand out, and write nothing.")
@click.option(
    "--false-alarm",
    metavar="ID|FILE[:LINE]",
    help="Instead of evidence: the smallest text that still brings this finding, for an issue about a false alarm.",
)
@click.option(
    "--diff", "revision", metavar="REV", help="With --false-alarm FILE: the version before, as for 'aicheck check'."
)
@click.option("--yes", "-y", is_flag=True, help="With --false-alarm: do not ask before the file is written.")
@click.option("--show-paths", is_flag=True, help="Name files as the log does; by default keyed hashes stand for them.")
def command(
    form: str | None, output: str | None, since: str | None, until: str | None,
    model: str, agent: str, finding: str, session: str, template: str | None, source: str | None, preview: bool,
    false_alarm: str | None, revision: str | None, yes: bool, show_paths: bool,
) -> None:  # fmt: skip
    """Export evidence: counts and rates with their intervals, exhibits, counter-evidence, integrity.

    The report is written for you to read and to post; aicheck posts nothing.

    \b
    aicheck report -o issue.md            Markdown for an issue
    aicheck report -o report.html         one page with charts, opens offline
    aicheck report --template claude-code -o issue.md
    aicheck report --from postgresql://ana@db.example/aicheck --since 30d -o report.html
    aicheck report --false-alarm src/a.py:12
    """
    if false_alarm:
        if any((form, since, until, model, agent, session, template, source, show_paths)):
            raise click.UsageError("--false-alarm goes with --finding, --diff, --preview, -o and --yes alone")
        from aicheck_app.cli.false_alarm import report_false_alarm  # which starts the checks

        report_false_alarm(false_alarm, finding, revision=revision, output=output, preview=preview, yes=yes)
        return
    if revision or yes:
        raise click.UsageError("--diff and --yes are of --false-alarm alone")
    if template and (form or (output and not output.endswith(".md"))):
        raise click.UsageError("--template writes Markdown: leave --format out, and give -o a file that ends in .md")
    chosen = f"form:{template}" if template else form or _form_of(output)
    filters = asked.filters(
        since=since or "", until=until or "", model=model, agent=agent, finding=finding, session=session,
        vendor=template or "", source=source,
    )  # fmt: skip
    if preview:
        echo(*previewed(filters, show_paths=show_paths, source=source))
        return
    text = rendered(
        chosen, filters, show_paths=show_paths, alarms_a_year=of_home().false_alarms, source=source,
        warn=lambda words: echo(f"aicheck: {words}", err=True),
    )  # fmt: skip
    write(text, output)


def _form_of(output: str | None) -> str:
    """The format that a file's ending stands for."""
    ending = os.path.splitext(output or "")[1].lower()
    if output is None:
        return "markdown"
    if ending not in _ENDINGS:
        raise AicheckError(f"{output}: no format has this ending: use {', '.join(_ENDINGS)}, or say --format")
    return _ENDINGS[ending]


def write(text: str, output: str | None) -> None:
    """Write a finished report."""
    if output is None:
        document(text)
        return
    try:
        with open(output, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise AicheckError(f"{output}: can't be written: {error.strerror}") from error
    echo(f"wrote {output} ({len(text):,} characters)", err=True)
