"""``aicheck mcp``."""

from __future__ import annotations

import os
import sys

import click

from aicheck_app.errors import AicheckError


@click.command("mcp", short_help="Serve checks and the log to agents, by the Model Context Protocol.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False),
    help="The project's folder: files below it alone are read. Without it, the folder that this is started in.",
)
@click.option("--all-projects", is_flag=True, help="Tell of the log's other projects too.")
def command(root: str | None, all_projects: bool) -> None:
    """Serve checks and the log to an agent on standard input and output; agents start this themselves.

    The tools only read: they check a text or a file, explain a rule, list suspect outputs and a session's signals.

    \b
    claude mcp add aicheck -- aicheck mcp
    """
    if sys.stdin is not None and sys.stdin.isatty():
        raise click.UsageError("nothing on standard input: agents start this, see docs/mcp.md")
    try:
        from aicheck_app.mcp.server import serve
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(f"serving needs '{error.name}', of the extra 'mcp': {wanted('mcp')}") from error
    if root is not None:
        os.chdir(root)
    serve(everything=all_projects)
