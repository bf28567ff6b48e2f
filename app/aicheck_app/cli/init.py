"""``aicheck init``."""

from __future__ import annotations

import difflib
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from aicheck_app import git
from aicheck_app.cli.ask import confirmed
from aicheck_app.cli.fault import FAILED
from aicheck_app.config import load
from aicheck_app.errors import AicheckError
from aicheck_app.hook import extensions, setup
from aicheck_app.init import found, origin, pre_commit, settings_text
from aicheck_app.report.sinks.terminal import echo
from aicheck_app.writing import replace
from aicheck_checks.files import read_bytes, relative
from aicheck_checks.programs import installed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_EVERYWHERE = frozenset(("/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"))
"""Folders that are on the path of every terminal, and of programs that no terminal has started."""
_YES = click.option("--yes", "-y", is_flag=True, help="Do not ask.")
_REMOVE = click.option("--remove", is_flag=True, help="Take aicheck out again.")


@click.group("init", short_help="Set up aicheck in a project or client.", invoke_without_command=True)
@_YES
@click.pass_context
def command(context: click.Context, yes: bool) -> int:
    """Set up aicheck in a project or client.

    Without a command, this looks which agents, editors, pre-commit and CI are here, and offers each in turn: it shows
    the change and asks first. Each can be taken out again by its own command with --remove.
    """
    return 0 if context.invoked_subcommand is not None else _offer_all(yes)


def _offer_all(yes: bool) -> int:
    agents = found.agents()
    with_pre_commit = found.pre_commit()
    hints = found.hints()
    extended = [(name, extensions.EXTENSIONS[name]) for name in found.extended()]
    if not agents and not extended and not with_pre_commit and not hints:
        echo("no agent, editor, pre-commit or CI was found here; 'aicheck init --help' lists what can be set up")
        return 0
    parts = [(setup.TARGETS[name].title, partial(_change_agent, setup.TARGETS[name], yes=yes)) for name in agents]
    parts += [(each.title, partial(_change_extension, name, each, yes=yes)) for name, each in extended]
    if with_pre_commit:
        parts.append(("pre-commit", partial(_change_pre_commit, yes=yes)))
    failed = [title for title, change in parts if not _offered(title, change)]
    for title, what in hints:
        echo(f"== {title}", what)
    echo("'aicheck doctor' tests what is set up")
    return FAILED if failed else 0


def _offered(title: str, change: Callable[[], int]) -> bool:
    """Offer one change; one that fails is told and costs no other."""
    echo(f"== {title}")
    try:
        change()
    except AicheckError as error:
        echo(f"aicheck: {error}", err=True)
        return False
    return True


@command.command("pre-commit")
@click.option(
    "--repo", metavar="URL|PATH", help="The git repository of aicheck, if not the one that this was installed from."
)
@click.option("--rev", help="The tag or commit to use; without it, this version's tag or the newest commit.")
@click.option("--only-ai", is_flag=True, help="Check only the files with AI-written lines (hook aicheck-ai-only).")
@_REMOVE
@_YES
def for_pre_commit(repo: str | None, rev: str | None, only_ai: bool, remove: bool, yes: bool) -> int:
    """Add the aicheck hook to the repository's .pre-commit-config.yaml: shows the change and asks first."""
    return _change_pre_commit(repo, rev, only_ai=only_ai, remove=remove, yes=yes)


def _change_pre_commit(
    repo: str | None = None, rev: str | None = None, *, only_ai: bool = False, remove: bool = False, yes: bool = False
) -> int:
    top = git.root(os.getcwd())
    if top is None:
        raise AicheckError("there is no git repository here, and pre-commit needs one: go to yours, or run 'git init'")
    path = relative(os.path.join(top, pre_commit.FILE))
    before = _read(path)
    if remove:
        after = pre_commit.removed(before)
    elif pre_commit.added(before, "x", "x", "aicheck") == before and before:
        if only_ai and not pre_commit.has_only_ai(before):
            raise AicheckError(f"{path} has the hook for all lines: run 'aicheck init pre-commit --remove' first")
        after = before
    else:
        source = _source(repo, rev)
        after = pre_commit.added(before, source.repo, source.rev, pre_commit.HOOKS[only_ai])
    if after == before:
        echo(f"{path} {'has no hook of aicheck' if remove else 'has the hook already'}: nothing to do")
        return 0
    _refuse_invalid(before, after)
    ours_alone = remove and after.strip() == "repos: []"
    if not _agreed(before.splitlines(), [] if ours_alone else after.splitlines(), path, yes):
        return 0
    try:
        if ours_alone:
            os.unlink(path)
        else:
            replace(path, after, inside=top)
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error
    if ours_alone:
        echo(
            f"removed {path}, which held nothing else",
            "run 'pre-commit uninstall' too: without this file it stops every commit",
        )
    else:
        echo(f"changed {path}", *([] if remove else ["run 'pre-commit install' once to activate it"]))
    return 0


def _read(path: str) -> str:
    """The text of a file, its line ends as they are; empty where there is none."""
    try:
        return read_bytes(path, setup.MAX_BYTES).decode("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise AicheckError(f"{path} can't be read: {error}") from error


def _source(repo: str | None, rev: str | None) -> origin.Source:
    """The repository that pre-commit is to fetch, with a revision that it has."""
    if repo is None:
        here = origin.source()
        if here is None:
            raise AicheckError(
                "it is not known which git repository this aicheck came from: say it by --repo (a URL, or a path to a clone)"
            )
        return here if rev is None else _with_revision(here.repo, rev)
    place = repo if "://" in repo or "@" in repo else os.path.abspath(repo)
    if rev is not None:
        return _with_revision(place, rev)
    newest = origin.revision_of(place)
    if newest is None:
        raise AicheckError(f"{repo} does not answer as a git repository with a commit; see 'git ls-remote {repo}'")
    return origin.Source(place, newest)


def _with_revision(repo: str, rev: str) -> origin.Source:
    if not origin.has_revision(repo, rev):
        raise AicheckError(f"{repo} has no tag or branch '{rev}'; 'git ls-remote --tags {repo}' lists its tags")
    return origin.Source(repo, rev)


def _refuse_invalid(before: str, after: str) -> None:
    """Raise AicheckError for a configuration that pre-commit refuses, as it is or as it would be."""
    said = pre_commit.refusal(before)
    if said:
        raise AicheckError(f"pre-commit refuses {pre_commit.FILE} as it is, so nothing was changed: {said}")
    said = pre_commit.refusal(after)
    if said:
        raise AicheckError(f"pre-commit would refuse the change, so nothing was changed: {said}")


def _for_agent(name: str, target: setup.Target) -> click.Command:
    @click.option("--project", is_flag=True, help=f"Change the project's {target.project} instead of {target.user}.")
    @_REMOVE
    @_YES
    def run(project: bool, remove: bool, yes: bool) -> int:
        return _change_agent(target, project=project, remove=remove, yes=yes)

    what = f"Run 'aicheck hook' at every edit of {target.title}: shows the change to its settings and asks first."
    return command.command(name, help=what, short_help=f"Check every edit of {target.title}.")(run)


for _name, _target in setup.TARGETS.items():
    _for_agent(_name, _target)


def _for_extension(name: str, extension: extensions.Extension) -> click.Command:
    @click.option("--project", is_flag=True, help=f"Use the project's {extension.project} instead of {extension.user}.")
    @_REMOVE
    @_YES
    def run(project: bool, remove: bool, yes: bool) -> int:
        return _change_extension(name, extension, project=project, remove=remove, yes=yes)

    what = f"Put a file for {extension.title} that runs 'aicheck hook' at every edit: shows it and asks first."
    return command.command(name, help=what, short_help=f"Check every edit of {extension.title}.")(run)


for _name, _extension in extensions.EXTENSIONS.items():
    _for_extension(_name, _extension)


def _change_extension(
    name: str, extension: extensions.Extension, *, project: bool = False, remove: bool = False, yes: bool = False
) -> int:
    folder, changed = extensions.folder_of(extension, project=project), False
    for file in extension.names:
        path = os.path.join(folder, file)
        before = extensions.read(path)
        after = "" if remove else extensions.text_of(name, extension, _program(shared=project))
        if before == after:
            echo(f"{path} {'is not there' if remove else 'is there already'}: nothing to do")
        elif _agreed(before.splitlines(), after.splitlines(), path, yes):
            try:
                extensions.write(path, after, inside="." if project else "")
            except OSError as error:
                raise AicheckError(f"{path} can't be written: {error.strerror}") from error
            echo(f"changed {path}")
            changed = True
    if changed and extension.note and not remove:
        echo(extension.note)
    return 0


def _change_agent(target: setup.Target, *, project: bool = False, remove: bool = False, yes: bool = False) -> int:
    path = setup.path_of(target, project=project)
    before = setup.read(path)
    guard = not remove and bool(load().guard)
    after = setup.removed(before) if remove else setup.added(before, target, _program(shared=project), guard=guard)
    if after == before:
        echo(f"{path} {'has no hooks of aicheck' if remove else 'has the hooks already'}: nothing to do")
        return 0
    held = _read(path)
    text = settings_text.changed(held, after)
    gone = not set(after) - {"version"}
    if not _agreed(held.splitlines(), [] if gone else text.splitlines(), path, yes):
        return 0
    try:
        setup.write(path, after, text, inside="." if project else "")
    except OSError as error:
        raise AicheckError(f"{path} can't be written: {error.strerror}") from error
    echo(f"changed {path}", *([target.note] if target.note and not remove else []))
    return 0


def _agreed(before: Sequence[str], after: Sequence[str], path: str, yes: bool) -> bool:
    """Show a change, and whether it is wanted."""
    echo(*(line.expandtabs(4) for line in difflib.unified_diff(before, after, path, path, lineterm="")))
    if yes or confirmed(f"Change {path}?", default=True):
        return True
    echo("nothing was changed")
    return False


def _program(*, shared: bool) -> str:
    """How an agent finds this program: by its place, for few have a terminal's path; settings that a team shares can't name one."""
    place = installed("aicheck") or os.path.join(os.path.dirname(sys.executable), "aicheck")
    return "aicheck" if shared or os.path.dirname(place) in _EVERYWHERE else place
