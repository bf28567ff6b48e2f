"""The examples for teams do what they say, and name only what is there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.batch.given import texts

EXAMPLES = Path(__file__).parents[2] / "examples"
METRICS = {"aicheck_kpi_rate", "aicheck_kpi_low", "aicheck_kpi_high", "aicheck_kpi_changed", "aicheck_outputs_total"}
"""What `aicheck otlp send` sends, by the names that Prometheus makes of them."""


@pytest.mark.e2e
def test_other_engines_run_the_same_function(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist(texts(10)), tmp_path / "in.parquet")
    script = EXAMPLES / "team" / "ray_and_dask.py"
    subprocess.run([sys.executable, script, tmp_path / "in.parquet", tmp_path / "out.parquet"], check=True, timeout=60)
    assert pq.read_table(tmp_path / "out.parquet").column("verdict").to_pylist().count("suspect") == 2


@pytest.mark.parametrize("name", ["dashboard.json", "alerts.yaml"])
def test_dashboards_name_metrics_that_are_sent(name: str) -> None:
    text = (EXAMPLES / "otlp" / name).read_text("utf-8")
    found = set(re.findall(r"\baicheck_(?:kpi|outputs)_[a-z]+\b", text)) - {"aicheck_kpi_"}
    assert found
    assert found <= METRICS
    if name.endswith(".json"):
        board = json.loads(text)
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
