"""Limits of files and their modes: what may not grow is told as what it is, what others could read is closed to them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from aicheck_app.cli.group import aicheck
from aicheck_app.log.store import Log

if TYPE_CHECKING:
    pass

DATABASE = "log.sqlite3"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits of files are POSIX's")
@pytest.mark.parametrize("limit", [4_096, 20_000, 40_000, 60_000])
def test_a_file_that_may_not_grow_is_told_as_what_it_is(home: Path, limit: int) -> None:
    code = f"""
import resource
from aicheck_app.log.store import Log
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
with Log() as log:
    log.take([{{"id": str(n), "kind": "event", "reason": "x" * 90}} for n in range(3_000)])
"""
    said = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=False).stderr
    assert "disk I/O error" in said.splitlines()[-1]
    assert "rollback" not in said.splitlines()[-1]


def test_what_went_wrong_is_told_where_sqlite_has_rolled_back_itself(home: Path) -> None:
    def ended_by_itself(log: Log) -> None:
        with log._transaction():
            log.db.execute("ROLLBACK")
            raise KeyError("the true cause")

    with Log() as log, pytest.raises(KeyError):
        ended_by_itself(log)


FILES = ("log.sqlite3", "log.sqlite3-wal", "log.sqlite3-shm", "log.key")


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_files_that_others_could_read_are_closed_to_them_when_the_log_is_opened(home: Path) -> None:
    with Log() as log:
        log.take([{"id": "a", "kind": "event", "project": log.keyed("x")}])
        for name in FILES:
            (home / name).chmod(0o666)
        with Log() as other:
            other.take([{"id": "b", "kind": "event", "project": other.keyed("x")}])
            assert {name: stat.S_IMODE((home / name).stat().st_mode) for name in FILES} == dict.fromkeys(FILES, 0o600)


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_what_others_can_write_to_is_told_by_the_doctor(home: Path) -> None:
    home.mkdir(mode=0o700)
    assert "others can write" not in CliRunner().invoke(aicheck, ["doctor"]).output
    home.chmod(0o777)
    said = CliRunner().invoke(aicheck, ["doctor"])
    assert "problem  others can write to the log's folder" in said.output
    home.chmod(0o775)
    assert "problem  others can write to the log's folder" in CliRunner().invoke(aicheck, ["doctor"]).output
