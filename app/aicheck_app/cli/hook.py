"""``aicheck hook``: its help; the work is begun by ``aicheck_app.hook.client``, without click."""

from __future__ import annotations

import sys

import click

from aicheck_app.hook import client


@click.command("hook", short_help="Check an edit of an agent, from its hook's JSON on standard input.")
@click.option("--agent", metavar="NAME", help="Who is calling, where the payload does not tell.")
def command(agent: str | None) -> None:
    """Read a hook's JSON on standard input, check and log the edit that it tells of, and answer in the agent's dialect.

    Set it up with 'aicheck init claude-code' (or codex, gemini, cursor, copilot-cli, vscode). Clean edits are
    answered with silence. The exit code is always 0: an agent's work is never blocked by a fault of aicheck's.
    """
    if sys.stdin.isatty():
        raise click.UsageError("nothing on standard input: agents run this, see 'aicheck init --help'")
    client.main(["--agent", agent] if agent else [])
