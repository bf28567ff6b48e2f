"""``aicheck team``: what whoever runs a team's log needs."""

from __future__ import annotations

import os

import click

from aicheck_app.cli.ask import confirmed
from aicheck_app.clock import parse
from aicheck_app.report.sinks.terminal import document, echo

_ADDRESS = click.argument("address", metavar="ADDRESS")


@click.group("team", short_help="Set up and keep a team's log in PostgreSQL.", no_args_is_help=True)
def command() -> None:
    """A team's log: a database of PostgreSQL to which people push what their own logs have of the team's projects.

    ADDRESS is postgresql://NAME@HOST/DATABASE; the password belongs in ~/.pgpass or PGPASSWORD, as for psql.
    """


@command.command("setup")
@_ADDRESS
@click.option("--print", "only_print", is_flag=True, help="Print the SQL, and run nothing.")
def setup(address: str, only_print: bool) -> None:
    """Make the tables, or bring them up to date; a second time does nothing.

    Run it as the database's owner, who may make roles. Then give each person's login the role aicheck_writer, and those who read
    the role aicheck_reader with 'aicheck team grant'.

    \b
    aicheck team setup postgresql://admin@db.example/aicheck
    """
    from aicheck_app.team.setup import script, set_up

    if only_print:
        document(script())
        return
    number = set_up(address)
    echo(f"set up: {number} script{'' if number == 1 else 's'} run" if number else "it is up to date")


@command.command("key")
def key() -> None:
    """Print a new key for the team's pseudonyms: made once, and given to all who push.

    Whoever has it can try out which person or project is behind a pseudonym; whoever only reads the database can't.

    \b
    aicheck team key > team.key    then AICHECK_TEAM_KEY=$(cat team.key), or the file team.key in aicheck's state folder
    """
    from aicheck_app.team.names import new_key

    echo(new_key())


@command.command("name")
@click.option("--person", metavar="NAME", help="A person, as in 'log push --as NAME'.")
@click.option("--project", metavar="ADDRESS", help="The address of a repository, or a project's name.")
def name(person: str | None, project: str | None) -> None:
    """Print the pseudonym of a person or a project.

    \b
    aicheck team name --project https://git.example/team/shop
    """
    from aicheck_app.team.names import of_person, of_project, team_key

    if (person is None) == (project is None):
        raise click.UsageError("give either --person or --project")
    found = of_person(team_key(), person) if person is not None else of_project(team_key(), project or "")
    echo(found)


@command.command("grant")
@_ADDRESS
@click.argument("login", metavar="LOGIN")
@click.option(
    "--project",
    "projects",
    multiple=True,
    metavar="ADDRESS",
    help="A project that LOGIN may read: the address of its repository, or the name that it is pushed under.",
)
@click.option("--all", "every", is_flag=True, help="LOGIN may read all projects.")
@click.option("--revoke", is_flag=True, help="LOGIN may read them no more.")
def grant(address: str, login: str, projects: tuple[str, ...], every: bool, revoke: bool) -> None:
    """Say which projects a login may read.

    \b
    aicheck team grant postgresql://admin@db.example/aicheck ana --project https://git.example/team/shop
    """
    from aicheck_app.team.access import ALL, allow
    from aicheck_app.team.names import of_project, team_key

    if every == bool(projects):
        raise click.UsageError("give either --project or --all")
    if folders := [project for project in projects if os.path.isabs(project)]:
        raise click.UsageError(
            f"{folders[0]} is a folder: give the address of its repository, or the name that it is pushed under"
        )
    names = [ALL] if every else [of_project(team_key(), project) for project in projects]
    allow(address, login, names, revoke=revoke)
    echo(f"{login} may read {'no more ' if revoke else ''}{'all projects' if every else ', '.join(projects)}")


@command.command("retain")
@_ADDRESS
@click.option(
    "--before", required=True, metavar="TIME", help="Records of months that ended before this go (2026-01-01, 180d)."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
def retain(address: str, before: str, yes: bool) -> None:
    """Delete old records, a whole month at a time; the counts that rates are made of stay.

    \b
    aicheck team retain postgresql://admin@db.example/aicheck --before 180d
    """
    from aicheck_app.team.access import drop_records

    day = parse(before)[:10]
    if not yes:
        confirmed(f"Delete the records of all months that ended before {day}? This can't be undone.", abort=True)
    echo(f"{drop_records(address, day):,} records deleted")
