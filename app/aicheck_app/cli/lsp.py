"""``aicheck lsp``."""

from __future__ import annotations

import click


@click.command("lsp", short_help="Run the language server.")
@click.option("--stdio", is_flag=True, help="Talk over standard input and output (the default; editors pass it).")
@click.option("--tcp", metavar="HOST:PORT", help="Listen on an address, for debugging.")
@click.option("--pipe", metavar="PATH", help="Connect to the client's socket.")
@click.option("--clientProcessId", "client", type=int, hidden=True)
def command(stdio: bool, tcp: str | None, pipe: str | None, client: int | None) -> None:
    """Run the language server, for editors.

    \b
    aicheck lsp                       over standard input and output
    aicheck lsp --tcp 127.0.0.1:2087  for a debugger
    """
    from aicheck_lsp.start import serve

    serve(tcp=tcp, pipe=pipe)
