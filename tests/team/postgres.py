"""A real PostgreSQL of the tests' own, where one is installed: started once a process, each test with a database of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

OWNER = "owner"
MISSING = "PostgreSQL is not installed: python3 scripts/setup_team.py"


@lru_cache(maxsize=1)
def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: int(one.parent.name))
    on_path = shutil.which("initdb")
    return found[-1] if found else Path(on_path).parent if on_path else None


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server that runs until the block ends, on this machine alone."""
    binaries = programs()
    if binaries is None:
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(prefix="aicheck-pg-", dir="/tmp") as folder:
        data, port = f"{folder}/data", _free_port()
        user = "postgres" if os.geteuid() == 0 else None  # which PostgreSQL refuses to run as root
        if user is not None:
            shutil.chown(folder, user)

        def run(*command: str) -> None:
            subprocess.run(command, user=user, check=True, capture_output=True, cwd=folder, timeout=60)

        run(
            str(binaries / "initdb"), "-D", data, "-A", "trust", "-U", OWNER, "--no-sync", "-E", "UTF8", "--locale", "C"
        )
        options = f"-p {port} -k {folder} -c fsync=off -c listen_addresses=127.0.0.1 -c max_connections=60"
        run(str(binaries / "pg_ctl"), "-D", data, "-w", "-o", options, "-l", f"{folder}/log", "start")
        try:
            yield f"postgresql://{OWNER}@127.0.0.1:{port}"
        finally:
            run(str(binaries / "pg_ctl"), "-D", data, "-m", "immediate", "stop")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
