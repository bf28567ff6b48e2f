"""The warm ruff says what the one started for each question says, and its death costs one answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aicheck_checks.source import Source
from aicheck_checks.tools import ruff, ruff_server
from aicheck_checks.tools.ruff_server import MAX_FAILURES, RuffServer

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = [
    "x = 1\n",
    "import os\nprint(sys.argv)\n",
    "def f(:\n    pass\n",
    "# 🙂 é\r\nx = json.loads('🙂'); y = q\r\n",
    "\ufeffprint(a)\n",
    "def f():\n    return g(\n",
    "a\x0cb\u2028c\n",
]


@pytest.fixture
def server() -> Iterator[RuffServer]:
    server = RuffServer()
    yield server
    server.close()


def test_it_says_what_ruff_says(server: RuffServer) -> None:
    sources = [Source(text, path="a.py") for text in TEXTS]
    warm = [server.diagnose(source) for source in sources]
    ruff.Run(sources, quality=True).collect()
    assert warm == [source.diagnostics for source in sources]


def test_a_killed_one_is_started_again(server: RuffServer) -> None:
    source = Source("print(sys)\n", path="a.py")
    first = server.diagnose(source)
    assert server._process is not None
    server._process.kill()
    server._process.wait()
    assert server.diagnose(source) is None
    assert server.diagnose(source) == first


def test_one_that_always_fails_is_left_alone(server: RuffServer, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[None] = []
    monkeypatch.setattr(ruff_server, "executable", lambda: asked.append(None))
    for _ in range(2 * MAX_FAILURES):
        assert server.diagnose(Source("x", path="a.py")) is None
    assert len(asked) == MAX_FAILURES
