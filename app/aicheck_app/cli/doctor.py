"""``aicheck doctor``."""

from __future__ import annotations

import os
import platform
import subprocess

import click

from aicheck_app import __version__
from aicheck_app.capture.formats import FORMATS
from aicheck_app.errors import AicheckError
from aicheck_app.home import database, index_folder
from aicheck_app.report.sinks.terminal import echo
from aicheck_checks.languages import LANGUAGES
from aicheck_checks.packages.index import BadIndexError, open_index
from aicheck_checks.programs import environment, find
from aicheck_checks.tools import ruff


@click.command("doctor", short_help="Say what aicheck found on this machine and what is missing.")
def command() -> int:
    """Say what aicheck found on this machine, and what to do about what is missing."""
    echo(f"aicheck {__version__}, Python {platform.python_version()}, {platform.platform()}")
    results = [_ruff(), _grammars(), _indexes(), _git(), _log(), _config(), _sessions()]
    echo(*(("ok       " if good else "problem  ") + text for good, text in results))
    return 0 if all(good for good, _ in results) else 2


def _ruff() -> tuple[bool, str]:
    program = ruff.executable()
    if program is None:
        return False, "ruff not found: undefined names and syntax of Python can't be judged; install 'ruff'"
    done = subprocess.run(
        [program, "--version"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        env=environment(),
    )
    return done.returncode == 0, f"{done.stdout.strip() or 'ruff'} at {program}"


def _grammars() -> tuple[bool, str]:
    missing = [language.name for language in LANGUAGES if language.missing]
    if missing:
        return (
            False,
            f"no grammars for {', '.join(missing)}: install aicheck with its extra 'languages', from where it came",
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
    from aicheck_app.capture.ingest import transcripts

    found = []
    for known in FORMATS:
        count = sum(1 for folder in known.folders() if os.path.isabs(folder) for _ in transcripts(folder, [known]))
        if count:
            found.append(f"{known.agent} {count:,}")
    if not found:
        return True, "no sessions of agents where they keep them"
    return True, f"sessions of agents: {', '.join(found)} files ('aicheck ingest' reads them)"
