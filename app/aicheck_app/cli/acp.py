"""``aicheck acp``: its help; the work is begun by ``aicheck_app.cli.main``, without click."""

from __future__ import annotations

import os

import click

from aicheck_app.acp import proxy


@click.command("acp", short_help="Start an agent for an editor, and log what it writes.")
@click.argument("agent", nargs=-1, required=True, type=click.UNPROCESSED)
def command(agent: tuple[str, ...]) -> None:
    """Start AGENT (a program with its arguments, behind --) that speaks the Agent Client Protocol, and log its edits.

    For the settings of an editor: every byte is passed on unchanged, and the exit code is the agent's. Failures of aicheck stop
    nothing; 'aicheck doctor' tells of them.

    \b
    aicheck acp -- opencode acp
    aicheck acp -- gemini --experimental-acp
    """
    proxy.main(agent, os.environ)
