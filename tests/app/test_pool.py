"""The last net: a process that the system kills, or that hangs, costs the file in hand alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence

import pytest

from aicheck_app import pool
from aicheck_checks.isolation import CRASHED, ENDED


def check(items: Sequence[int]) -> list[str]:
    for item in items:
        if item == 13:
            os.kill(os.getpid(), signal.SIGKILL)
        if item == 17:
            time.sleep(60)
    return [str(item) for item in items]


def lost(item: int, reason: str) -> list[str]:
    return [f"{item}: {reason}"]


def test_what_ends_a_process_costs_itself_alone_and_the_order_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK_SECONDS", 3.0)
    monkeypatch.setattr(pool, "ALONE_SECONDS", 2.0)
    chunks = [list(range(at, at + 5)) for at in range(0, 40, 5)]
    said = [word for answer in pool.on_all_cores(chunks, check, lost) for word in answer]
    expected = [str(n) for n in range(40)]
    expected[13], expected[17] = f"13: {CRASHED}", f"17: {ENDED}"
    assert said == expected
