"""A team's log in a real PostgreSQL, and persons' logs to push to it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import psycopg
import pytest

from aicheck_app.team.setup import set_up
from tests.team import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgres.server() as address:
        yield address


@pytest.fixture
def team(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a team's log that holds nothing yet, for its owner."""
    monkeypatch.setenv("AICHECK_TEAM_KEY", "ab" * 32)
    name = f"team{next(_NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
        db.execute(f"CREATE DATABASE {name}".encode())
    address = f"{server}/{name}"
    set_up(address)
    return address


def login(team: str, name: str, role: str) -> str:
    """The address of a team's log for a login with a role."""
    with psycopg.connect(team, autocommit=True) as db:
        db.execute(f"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$".encode())
        db.execute(f"GRANT {role} TO {name}".encode())
    return team.replace(f"{postgres.OWNER}@", f"{name}@")
