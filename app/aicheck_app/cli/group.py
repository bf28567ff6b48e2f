"""The group of all commands, and the one place that turns failures into messages and exit codes."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from aicheck_app import __version__
from aicheck_app.cli.fault import FAILED, INTERRUPTED, bounded
from aicheck_app.report.sinks.terminal import echo, write

COMMANDS = {
    "check": "Check files for the marks of degraded AI output.",
    "ingest": "Read the sessions that agents keep, check every output and log it.",
    "log": "Look at the local log, judge its findings, verify it.",
    "trend": "Show rates over time, and what changed.",
    "selftest": "Try the change detection on your own history.",
    "report": "Export evidence from the log.",
    "serve": "Look at the log in a browser of this machine.",
    "verify": "Check a report that you were given.",
    "batch": "Check many outputs or sessions at once, on one machine or a cluster.",
    "team": "Set up and keep a team's log in PostgreSQL.",
    "otlp": "Send rates to a collector of OpenTelemetry, or take agents' own events.",
    "canary": "Ask a model fixed tasks through the API, and compare answers.",
    "ab": "Compare two versions of a client on the canary's tasks.",
    "rules": "List the rules.",
    "explain": "Print the page of a rule.",
    "demo": "Show the whole path on bundled sample sessions.",
    "index": "Say how old the package indexes are, or refresh them.",
    "doctor": "Say what aicheck found on this machine and what is missing.",
    "hook": "Check an edit of an agent, from its hook's JSON on standard input.",
    "lsp": "Run the language server.",
    "mcp": "Serve checks and the log to agents, by the Model Context Protocol.",
    "acp": "Start an agent for an editor, and log what it writes.",
    "init": "Set up aicheck in a project or client.",
}
"""Name and one line of each command; the module ``aicheck_app.cli.<name>`` has the rest."""


class _Lazy(click.Group):
    """A group whose commands are imported when they are needed, also not for ``--help``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"aicheck_app.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(error.format_message() + hint, ctx) from error


@click.command(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=True)
@click.version_option(__version__, "-V", "--version", prog_name="aicheck")
def aicheck() -> None:
    """Catch degraded AI-generated code, count it, and prove it.

    \b
    aicheck check src/            check files
    aicheck ingest                read your agents' sessions into the local log
    aicheck report -o issue.md    export evidence

    Exit codes: 0 clean, 1 suspect findings, 2 wrong use or own failure, 130 interrupted.
    Shell completion: eval "$(_AICHECK_COMPLETE=bash_source aicheck)" (or zsh_source, fish_source).
    """


def run() -> int:
    """Run the command line and return the exit code."""
    return bounded(_run)


def _run() -> int:
    try:
        code = aicheck.main(standalone_mode=False, prog_name="aicheck")
        if sys.stdout is not None:
            sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        _explain(error)
        return FAILED
    except SystemExit:
        if type(sys.stdout).__name__.endswith(
            "PacifyFlushWrapper"
        ):  # click ends so, with 1, where nobody reads any more
            raise BrokenPipeError from None
        raise


def _explain(error: click.ClickException) -> None:
    """As click does, but that what was typed can't reach the terminal raw."""
    if isinstance(error, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        write(f"{error.format_message()}\n", err=True)
        return
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context is not None:
        echo(*context.get_usage().splitlines(), f"Try '{context.command_path} -h' for help.", "", err=True)
    echo(f"Error: {error.format_message()}", err=True)
    if context is not None and isinstance(error, click.MissingParameter):
        echo("", "For example:", *(f"  {line}" for line in _examples(context)), err=True)


def _examples(context: click.Context) -> list[str]:
    """How to call a command: as its help shows it, else with all that it needs."""
    shown = [line.strip() for line in (context.command.help or "").splitlines()]
    found = [line for line in shown if line.startswith(context.command_path)]
    needed = [one for one in context.command.params if isinstance(one, click.Option) and one.required]
    options = [record[0].rpartition(", ")[2] for one in needed if (record := one.get_help_record(context))]
    arguments = [piece for piece in context.command.collect_usage_pieces(context) if piece != "[OPTIONS]"]
    return found or [" ".join([context.command_path, *options, *arguments])]
