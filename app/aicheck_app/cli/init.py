"""``aicheck init``."""

from __future__ import annotations

import difflib
import os
import sys

import click

from aicheck_app import __version__
from aicheck_app.cli.ask import confirmed
from aicheck_app.errors import AicheckError
from aicheck_app.hook import setup
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import echo
from aicheck_app.writing import replace
from aicheck_checks.files import read_bytes
from aicheck_checks.programs import find, installed

FILE = ".pre-commit-config.yaml"


@click.group("init", short_help="Set up aicheck in a project or client.", no_args_is_help=True)
def command() -> None:
    """Set up aicheck in a project or client."""


@command.command("pre-commit")
@click.option(
    "--repo", required=True, metavar="URL|PATH", help="The git repository of aicheck: a URL, or a path to a clone."
)
@click.option("--rev", default=f"v{__version__}", show_default=True, help="The tag or commit to use.")
@click.option("--only-ai", is_flag=True, help="Check only the files with AI-written lines (hook aicheck-ai-only).")
def pre_commit(repo: str, rev: str, only_ai: bool) -> None:
    """Add the aicheck hook to .pre-commit-config.yaml in the current folder."""
    entry = f"  - repo: {repo}\n    rev: {rev}\n    hooks:\n      - id: aicheck{'-ai-only' if only_ai else ''}\n"
    try:
        text = read_bytes(FILE, setup.MAX_BYTES).decode("utf-8")
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise AicheckError(f"{FILE} can't be read: {error}") from error
    if "id: aicheck" in text:
        echo(f"{FILE} has the hook already")
        return
    if text.strip() and "\nrepos:" not in f"\n{text}":
        echo(*entry.splitlines(), err=True)
        raise AicheckError(f"{FILE} has no 'repos:' list; add the lines above to it")
    if text.rstrip().endswith("repos: []"):
        text = text.rstrip()[: -len(" []")] + "\n"
    updated = (text.rstrip("\n") + "\n" if text.strip() else "repos:\n") + entry
    try:
        replace(FILE, updated, inside=".")
    except OSError as error:
        raise AicheckError(f"{FILE} can't be written: {error.strerror}") from error
    echo(f"added the aicheck hook to {FILE}; run 'pre-commit install' once to activate it")


def _for_agent(name: str, target: setup.Target) -> click.Command:
    @click.option("--project", is_flag=True, help=f"Change the project's {target.project} instead of {target.user}.")
    @click.option("--remove", is_flag=True, help="Take aicheck's hooks out again.")
    @click.option("--yes", "-y", is_flag=True, help="Do not ask.")
    def run(project: bool, remove: bool, yes: bool) -> int:
        return _change(target, project, remove, yes)

    what = f"Run 'aicheck hook' at every edit of {target.title}: shows the change to its settings and asks first."
    return command.command(name, help=what, short_help=f"Check every edit of {target.title}.")(run)


for _name, _target in setup.TARGETS.items():
    _for_agent(_name, _target)


def _change(target: setup.Target, project: bool, remove: bool, yes: bool) -> int:
    path = setup.path_of(target, project=project)
    before = setup.read(path)
    after = setup.removed(before) if remove else setup.added(before, target, _program())
    if after == before:
        echo(f"{path} {'has no hooks of aicheck' if remove else 'has the hooks already'}: nothing to do")
        return 0
    echo(*difflib.unified_diff(_lines(before), _lines(after), path, path, lineterm=""))
    if not yes and not confirmed(f"Change {path}?", default=True):
        echo("nothing was changed")
        return 0
    try:
        setup.write(path, after, inside="." if project else "")
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error
    echo(f"changed {path}", *([target.note] if target.note and not remove else []))
    return 0


def _program() -> str:
    """How a shell finds this program: by its name where it is on the path, else by its place."""
    return (
        "aicheck"
        if find("aicheck")
        else installed("aicheck") or os.path.join(os.path.dirname(sys.executable), "aicheck")
    )


def _lines(settings: dict[str, object]) -> list[str]:
    return dumps(settings, indent=2).splitlines() if settings else []
