"""A local page that tests of its answers share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serve.browsing import Browser, browsing, filled


@pytest.fixture(scope="module")
def let_in() -> Iterator[Browser]:
    """One page for many tests: each has a log of its own."""
    with browsing() as found:
        yield found


@pytest.fixture
def browser(home: Path, let_in: Browser) -> Browser:
    filled()
    return let_in
