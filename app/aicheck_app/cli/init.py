"""``aicheck init``."""

from __future__ import annotations

import os

import click

from aicheck_app import __version__
from aicheck_app.errors import AicheckError

FILE = ".pre-commit-config.yaml"


@click.group("init", short_help="Set up aicheck in a project or client.", no_args_is_help=True)
def command() -> None:
    """Set up aicheck in a project or client."""


@command.command("pre-commit")
@click.option(
    "--repo", required=True, metavar="URL|PATH", help="The git repository of aicheck: a URL, or a path to a clone."
)
@click.option("--rev", default=f"v{__version__}", show_default=True, help="The tag or commit to use.")
def pre_commit(repo: str, rev: str) -> None:
    """Add the aicheck hook to .pre-commit-config.yaml in the current folder."""
    entry = f"  - repo: {repo}\n    rev: {rev}\n    hooks:\n      - id: aicheck\n"
    try:
        with open(FILE, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        text = ""
    if "id: aicheck" in text:
        click.echo(f"{FILE} has the hook already")
        return
    if text.strip() and "\nrepos:" not in f"\n{text}":
        raise AicheckError(f"{FILE} has no 'repos:' list; add this to it:\n{entry}")
    if text.rstrip().endswith("repos: []"):
        text = text.rstrip()[: -len(" []")] + "\n"
    updated = (text.rstrip("\n") + "\n" if text.strip() else "repos:\n") + entry
    with open(f"{FILE}.new", "w", encoding="utf-8") as file:
        file.write(updated)
    os.replace(f"{FILE}.new", FILE)
    click.echo(f"added the aicheck hook to {FILE}; run 'pre-commit install' once to activate it")
