"""Servers for the tests: one process each, ended whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.lsp.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Client]]:
    """Start a server on a folder (the test's own by default)."""
    started: list[Client] = []

    def begin(root: Path | None = None, **given: Any) -> Client:
        folder = root or tmp_path / "work"
        folder.mkdir(exist_ok=True)
        started.append(Client(str(folder), **given))
        return started[-1]

    yield begin
    for client in started:
        client.kill()


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The folder that servers start in by default."""
    folder = tmp_path / "work"
    folder.mkdir()
    return folder
