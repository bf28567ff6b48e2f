"""``aicheck batch``: bulk checking on one machine or a cluster."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from aicheck_app.cli.progress import telling
from aicheck_app.config import of_home
from aicheck_app.errors import AicheckError
from aicheck_app.report.sinks.json import dumps
from aicheck_app.report.sinks.terminal import document, echo

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aicheck_app.batch.inputs import Kind
    from aicheck_app.batch.options import Options
    from aicheck_app.batch.result import Result


@click.group(
    "batch", short_help="Check many outputs or sessions at once, on one machine or a cluster.", no_args_is_help=True
)
def command() -> None:
    """Check texts or whole sessions in bulk, and write records and counts as Parquet.

    Texts are rows of Parquet or lines of JSON with a column 'text'; beside it path, language, previous (the version before), agent,
    model, session, time and the other columns of docs/scale.md. All other files are read as sessions of agents. What was checked
    before is left out, so a second run adds nothing. 'aicheck trend --from FOLDER' shows the rates.
    """


def _common(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that both ways have."""
    for option in reversed(
        (
            click.option(
                "--input",
                "places",
                multiple=True,
                required=True,
                metavar="PLACE",
                help="What to check; may be given more than once.",
            ),
            click.option(
                "--output", "target", required=True, metavar="FOLDER", help="Where records and counts are written."
            ),
            click.option(
                "--kind",
                type=click.Choice(["auto", "texts", "sessions"]),
                default="auto",
                show_default=True,
                help="What the input holds; auto takes Parquet for texts, and all else for sessions.",
            ),
            click.option(
                "--person",
                default="",
                metavar="FOLDER",
                help="The folder in sessions' paths whose subfolders are named after people.",
            ),
            click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True),
        )
    ):
        function = option(function)
    return function


@command.command("local")
@_common
@click.option("--workers", type=click.IntRange(1), help="Processes; by default one for each core.")
def local(places: tuple[str, ...], target: str, kind: Kind, person: str, form: str, workers: int | None) -> None:
    """Check on this machine, over all its cores.

    \b
    aicheck batch local --input sessions/ --output checked/
    aicheck batch local --input outputs.parquet --output checked/
    """
    try:
        from aicheck_app.batch.local import Local
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(f"bulk checking needs '{error.name}', of the extra 'team': {wanted('team')}") from error
    done = 0
    with telling("checking") as progress:

        def tell(number: int) -> None:
            nonlocal done
            done += number
            progress(f"{done:,} files read")

        try:
            found = Local(_options(person), target, workers).run(places, kind, tell)
        except OSError as error:
            raise AicheckError(f"{error.filename or target}: {error.strerror or error}") from error
    _show(found, form)


@command.command("spark")
@_common
@click.option(
    "--master",
    default="",
    metavar="URL",
    help="The cluster, such as local[4] or spark://HOST:7077; by default spark-submit's.",
)
def spark(places: tuple[str, ...], target: str, kind: Kind, person: str, form: str, master: str) -> None:
    """Check on Spark; PLACE and FOLDER are any addresses that it reads and writes (s3a://, hdfs://, gs://, file://).

    aicheck has to be installed where the workers run (docs/scale.md).

    \b
    aicheck batch spark --input s3a://logs/sessions --output s3a://logs/checked --master spark://head:7077
    """
    try:
        from aicheck_app.batch.spark import run
    except ImportError as error:
        from aicheck_app.init.extras import wanted

        raise AicheckError(
            f"bulk checking on Spark needs '{error.name}', of the extra 'spark': {wanted('spark')}"
        ) from error
    _show(run(_options(person), places, target, kind, master), form)


def _options(person: str) -> Options:
    from aicheck_app.batch.options import Options
    from aicheck_app.home import database
    from aicheck_app.log import key
    from aicheck_app.team.names import has_team_key, team_key

    if has_team_key():
        return Options(team_key(), of_home(), person=person)
    os.makedirs(os.path.dirname(database()), mode=0o700, exist_ok=True)
    return Options(key.load(key.path_of(database())), of_home(), person=person)


def _show(found: Result, form: str) -> None:
    if form == "json":
        document(dumps({"version": 1, **found._asdict()}) + "\n")
        return
    echo(
        f"{found.records:,} new records, {found.outputs:,} of them outputs, {found.suspect:,} suspect"
        + (f"; {found.skipped:,} things could not be read (see the folder 'skipped')" if found.skipped else "")
    )
