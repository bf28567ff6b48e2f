"""``aicheck index``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from aicheck_app.home import index_folder
from aicheck_app.package_index import REGISTRIES, configured, update
from aicheck_app.report.sinks.terminal import document, echo
from aicheck_checks.packages.index import open_index

if TYPE_CHECKING:
    from aicheck_checks.packages.index import Index, Registry


@click.group("index", short_help="Say how old the package indexes are, or refresh them.")
def command() -> None:
    """The offline lists of package names that tell an invented package from a real one."""


@command.command("status")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def status(form: str) -> None:
    """Say which indexes are in use: their names, their date, their file."""
    indexes = [open_index(registry, index_folder) for registry in REGISTRIES]
    if form == "json":
        from aicheck_app.report.sinks.json import dumps

        rows = [
            {"registry": i.registry, "made": i.made, "names": i.names, "complete": i.complete, "path": i.path}
            for i in indexes
        ]
        document(dumps({"version": 1, "indexes": rows}, indent=2) + "\n")
        return
    echo(*map(_line, indexes))


@command.command("update")
@click.argument("registry", type=click.Choice(REGISTRIES), default="pypi")
@click.option("--url", help="Ask this index instead of the one that pip or npm is configured for.")
def refresh(registry: Registry, url: str | None) -> None:
    """Fetch all names of REGISTRY from the index that your pip or npm is configured for.

    This is one of the few commands that use the network. npm's public registry
    gives no list of its packages; there the list that came with aicheck stays.
    """
    address = url or configured(registry)
    echo(f"asking {address}", err=True)
    if not sys.stderr.isatty():
        index = update(registry, address)
    else:
        from rich.console import Console
        from rich.progress import DownloadColumn, Progress, SpinnerColumn, TransferSpeedColumn

        columns = (SpinnerColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            index = update(registry, address, lambda size: bar.advance(task, size))
    echo(_line(index))


def _line(index: Index) -> str:
    extent = "all names" if index.complete else "the most used names"
    return f"{index.registry:5} {index.names:>9,} names, {extent} as of {index.made} ({index.path})"
