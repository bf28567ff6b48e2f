"""A report on a log that was changed says so before anything else."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.log.store import Log
from tests.app.test_monitor import BAD, day, now, output

__all__ = ("now",)


@pytest.fixture
def damaged(now: None) -> None:
    with Log() as log:
        log.append([output(f"o{at}", day(100), verdict="suspect", findings=[BAD]) for at in range(3)])
        log.db.execute("UPDATE records SET body = replace(body, '\"m\"', '\"x\"') WHERE seq = 2")


@pytest.mark.parametrize("arguments", [[], ["--format", "html"], ["--format", "json"], ["--template", "codex"]])
def test_damage_is_said_first_and_on_standard_error(damaged: None, arguments: list[str]) -> None:
    agent = ["--agent", "a"] if "--template" in arguments else []
    done = CliRunner().invoke(aicheck, ["report", *arguments, *agent])
    words = "The log that this report was made from is damaged"
    assert f"aicheck: {words}" in done.stderr
    assert "record 2: the record or its hash was changed" in done.stderr
    if "json" not in arguments:
        before, _, after = done.stdout.partition(words)
        assert before[-2:] == "**" or before[-3:] == "<b>"
        assert "checked outputs were suspect" not in before
        assert "checked outputs were suspect" in after


def test_a_fault_of_no_record_names_none(damaged: None) -> None:
    with Log() as log:
        log.db.execute("ALTER TABLE records ADD COLUMN more TEXT")
    said = CliRunner().invoke(aicheck, ["log", "verify"]).stdout
    assert "record 0" not in said
    assert "the schema of the log was changed" in said
