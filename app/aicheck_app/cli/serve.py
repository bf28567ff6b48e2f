"""``aicheck serve``."""

from __future__ import annotations

from contextlib import nullcontext

import click

from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks.terminal import echo


@click.command("serve", short_help="Look at the log in a browser of this machine.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    help="On this machine alone; 0 takes any that is free.",
)
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def command(port: int, no_browser: bool) -> None:
    """Show the log as pages in a browser, until interrupted: outputs with filters, each with its findings, to be judged; series
    with their changes; reports before they leave.

    The address that is printed lets one browser in, once. Nothing leaves this machine.

    \b
    aicheck serve
    aicheck serve --port 8123 --no-browser
    """
    try:
        from aicheck_app.serve.running import Server, opening_browser
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(f"the page needs '{error.name}', of the extra 'serve': {wanted('serve')}") from error
    try:
        server = Server(port)
    except OSError as error:
        raise AicheckError(f"port {port} can't be listened on: {error.strerror}; choose another with --port") from error
    with nullcontext() if no_browser else opening_browser(server.access):
        echo(f"open {server.access.address}", "it lets one browser in, once; Ctrl-C ends the page", err=True)
        server.run()
