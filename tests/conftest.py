"""Every test runs offline, in a home of its own, without the surroundings' settings."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

CORPUS = Path(os.environ.get("AICHECK_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
"""An optional corpus folder beside the checkout."""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("AICHECK_HOME", str(folder))
    for name in ("XDG_RUNTIME_DIR", "TMPDIR"):  # where records wait if they can't be logged
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("NO_COLOR", "VIRTUAL_ENV", "CONDA_PREFIX", "CLAUDE_CONFIG_DIR", "GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("the network was used")

    connect = socket.socket.connect

    def only_here(self: socket.socket, address: object) -> None:
        connect(self, address) if isinstance(address, str) or address[0] == "127.0.0.1" else refuse()  # type: ignore[index, arg-type]

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture(autouse=True)
def no_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that puts a named pipe into a folder is skipped where a file system holds none (Windows)."""

    def skip(*_: object) -> NoReturn:
        pytest.skip("no named pipes in this system's folders")

    if not hasattr(os, "mkfifo"):
        monkeypatch.setattr(os, "mkfifo", skip, raising=False)


@pytest.fixture
def corpus() -> Path:
    if not CORPUS.is_dir():
        pytest.skip(f"no corpus folder at {CORPUS} (set AICHECK_CORPUS)")
    return CORPUS
