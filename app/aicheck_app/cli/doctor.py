"""``aicheck doctor``."""

from __future__ import annotations

import os
import platform
import sys
import tempfile

import click

from aicheck_app import __version__, faults
from aicheck_app.capture.formats import FORMATS
from aicheck_app.errors import AicheckError
from aicheck_app.home import database, index_folder
from aicheck_app.hook import client
from aicheck_app.hook.setup import MAX_BYTES
from aicheck_app.init import pre_commit
from aicheck_app.init.tried import hooks
from aicheck_app.report.sinks.terminal import echo
from aicheck_checks.files import read_bytes
from aicheck_checks.languages import LANGUAGES
from aicheck_checks.packages.index import BadIndexError, open_index
from aicheck_checks.programs import everywhere, find, installed
from aicheck_checks.source import Source
from aicheck_checks.tools import pylint, ruff
from aicheck_checks.tools.pylint_worker import MEMORY_BYTES, memory_is_limited

_HEAD = 4_096
"""Bytes of a program that are looked at for whose it is."""


@click.command("doctor", short_help="Say what aicheck found on this machine and what is missing.")
def command() -> int:
    """Say what aicheck found on this machine, and what to do about what is missing."""
    echo(f"aicheck {__version__}, Python {platform.python_version()}, {platform.platform()}")
    results = [
        _ruff(),
        _pylint(),
        _grammars(),
        _indexes(),
        _git(),
        _log(),
        _config(),
        _sessions(),
        *_hooks(),
        _pre_commit(),
        _helper(),
        _home(),
        *_others(),
        *_namesakes(),
        _faults(),
    ]
    echo(*(("ok       " if good else "problem  ") + text for good, text in results))
    return 0 if all(good for good, _ in results) else 2


def _ruff() -> tuple[bool, str]:
    """Asked about a text with one undefined name, as the checks ask it: a version alone says nothing of whether it works."""
    program = ruff.executable()
    if program is None:
        return False, "ruff not found: undefined names and syntax of Python can't be judged; install 'ruff'"
    source = Source("print(undefined)\n", path="module.py")
    ruff.check([source])
    if [said.code for said in source.diagnostics or ()] != ["F821"]:
        why = source.unanswered.get("ruff", "it does not find an undefined name")
        return False, f"ruff at {program}: {why}; install 'ruff' again"
    return True, f"ruff at {program}"


def _pylint() -> tuple[bool, str]:
    """Asked about a text with an invented member: that it is installed says nothing of whether it starts."""
    worker = pylint.Worker()
    try:
        said = worker.ask("module.py", "import json\njson.dump_all()\n", [])
    except OSError as error:
        return False, f"pylint for --deep: {error}; install aicheck again, from where it came"
    finally:
        worker.stop()
    if [one.code for one in said] != ["no-member"]:
        return False, "pylint for --deep does not find an invented member; install aicheck again, from where it came"
    limit = f"at most {MEMORY_BYTES >> 30} GiB" if memory_is_limited() else "which this system does not limit"
    return True, f"pylint for --deep, in memory of its own ({limit})"


def _hooks() -> list[tuple[bool, str]]:
    """Each agent's hook, run on a damaged sample."""
    tried = [
        (not one.problem, f"hook of {one.title} ({one.path}) {one.problem or 'finds a damaged sample'}")
        for one in hooks()
    ]
    return tried or [(True, "no agent runs aicheck yet: 'aicheck init' looks which are here and offers to set them up")]


def _pre_commit() -> tuple[bool, str]:
    """What the current folder's configuration says."""
    try:
        text = read_bytes(pre_commit.FILE, MAX_BYTES).decode("utf-8")
        there = pre_commit.added(text, "x", "x", "aicheck") == text
    except FileNotFoundError:
        return True, f"pre-commit: no {pre_commit.FILE} here"
    except (OSError, UnicodeDecodeError, AicheckError) as error:
        return False, f"pre-commit: {error}"
    return True, f"pre-commit: {pre_commit.FILE} {'runs aicheck' if there else 'does not run aicheck'}"


def _home() -> tuple[bool, str]:
    """Whether the log's folder can be written to, tried by a file."""
    folder = os.path.dirname(database())
    above = folder
    while not os.path.exists(above):
        above = os.path.dirname(above)
    try:
        with tempfile.TemporaryFile(dir=above):
            return True, f"log's folder can be written to ({folder})"
    except OSError as error:
        return False, (
            f"log's folder can't be written to ({folder}: {error.strerror}), so nothing is logged; "
            "name another by AICHECK_HOME"
        )


def _others() -> list[tuple[bool, str]]:
    """Whether other users can write to the log's folder: they could put files of theirs in the place of ours."""
    folder = os.path.dirname(database())
    if sys.platform == "win32" or not os.path.isdir(folder):
        return []
    status = os.stat(folder)
    if status.st_uid == os.geteuid() and not status.st_mode & 0o022:
        return []
    return [(False, f"others can write to the log's folder ({folder}): take that right from them (chmod 700)")]


def _namesakes() -> list[tuple[bool, str]]:
    """Other programs of our name on the PATH: another tool is distributed under it."""
    own = os.path.realpath(installed("aicheck") or sys.argv[0])
    others = [place for place in everywhere("aicheck") if os.path.realpath(place) != own and not _is_ours(place, own)]
    if not others:
        return []
    before = find("aicheck") == others[0]
    listed = ", ".join(others)
    if before:
        return [(False, f"a terminal's 'aicheck' is another program than this one: {listed}; remove it, or call {own}")]
    return [(True, f"another program is called aicheck too, after this one on the PATH: {listed}")]


def _is_ours(program: str, own: str) -> bool:
    """Whether a program is another installation of this one, or a script that calls it: those name our module or our place."""
    try:
        head = read_bytes(program, _HEAD)
    except OSError:
        return False
    return b"aicheck_app" in head or own.encode() in head


def _faults() -> tuple[bool, str]:
    found = faults.recorded()
    if not found.total:
        return True, "no failures of its own written down"
    return False, (
        f"failures of its own: {found.total:,}, the newest: {' | '.join(found.newest)}; please report it, "
        f"then delete {faults.path()}"
    )  # fmt: skip


def _helper() -> tuple[bool, str]:
    """Whether a warm helper of this installation listens for hooks."""
    if not client.wanted():
        return True, "hooks do their work alone: no helper on this system, or it is switched off"
    there = os.path.exists(os.path.join(client.folder(), client.socket_name()))
    return True, f"helper of hooks {'listens' if there else 'not started yet: the first hook does'} ({client.folder()})"


def _grammars() -> tuple[bool, str]:
    missing = [language.name for language in LANGUAGES if language.missing]
    if missing:
        from aicheck_app.init.extras import wanted

        return (
            True,
            f"not checked, as the extra 'languages' is not installed: {', '.join(missing)}; {wanted('languages')}",
        )
    return True, f"checks {', '.join(language.name for language in LANGUAGES)}"


def _indexes() -> tuple[bool, str]:
    try:
        indexes = [open_index(registry, index_folder) for registry in ("pypi", "npm")]
    except (OSError, BadIndexError) as error:
        return False, f"package indexes: {error}; install aicheck again, from where it came"
    return True, "package names: " + ", ".join(f"{i.names:,} of {i.registry} as of {i.made}" for i in indexes)


def _git() -> tuple[bool, str]:
    path = find("git")
    return (True, f"git at {path}") if path else (False, "git not found: --staged and --diff can't work")


def _log() -> tuple[bool, str]:
    path = database()
    if not os.path.exists(path):
        return True, f"log not begun yet ({path})"
    from aicheck_app.log import queries
    from aicheck_app.log.store import Log

    try:
        with Log(read_only=True) as log:
            count = queries.count(log)
        return True, f"log with {count:,} records ({path})"
    except AicheckError as error:
        return False, str(error)


def _config() -> tuple[bool, str]:
    from aicheck_app.config import load, settings_file

    try:
        config = load()
    except AicheckError as error:
        return False, str(error)
    if config.refused:
        return False, "; ".join(config.refused)
    return (
        True,
        f"settings (your own: {settings_file()}): excerpt = {config.excerpt}, paths = {config.paths}, max-bytes = {config.checks.max_bytes:,}",
    )


def _sessions() -> tuple[bool, str]:
    from aicheck_app.capture.reader import transcripts

    found = []
    for known in FORMATS:
        count = sum(1 for folder in known.folders() if os.path.isabs(folder) for _ in transcripts(folder, [known]))
        if count:
            found.append(f"{known.agent} {count:,}")
    if not found:
        return True, "no sessions of agents where they keep them"
    return True, f"sessions of agents: {', '.join(found)} files ('aicheck ingest' reads them)"
