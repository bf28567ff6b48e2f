"""Six writers, killed in the midst of writing: nothing that was acknowledged is lost, and every warning was told.

``python -m benchmarks.kills`` does the same 500 times, and on a full and on a read-only disk.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from benchmarks.kills import FAULTS, Fault, run


@pytest.mark.e2e
@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("fault", [f for f in FAULTS if not f.mounts], ids=lambda fault: fault.name)
def test_nothing_acknowledged_is_lost(fault: Fault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AICHECK_HOME", "XDG_RUNTIME_DIR"):  # which the run sets
        monkeypatch.setenv(name, "")
    figures = run(fault, tmp_path, kills=12)
    assert figures.acknowledged >= 12
    assert fault.name == "none" or figures.kept == figures.acknowledged
    assert figures.told == figures.acknowledged
    assert (figures.lost, figures.faults) == (0, 0)
