"""Telling on a terminal how far long work is, on a line that goes away."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def telling(words: str) -> Iterator[Callable[[str], None]]:
    """What is to be called with each part of the work that is begun; where nobody looks it does nothing."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status(words) as status:
        yield lambda part: status.update(f"{words} {part}")
