"""Bulk checking on Spark, with two workers of a local cluster: what comes out equals what one machine makes of the same."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aicheck_app.batch import layout
from aicheck_app.batch.local import Local
from aicheck_app.batch.result import Result
from aicheck_app.log.facts import COUNTERS
from aicheck_app.monitor import sums
from aicheck_app.team.history import TeamHistory
from tests.batch.given import OPTIONS, lines, rows, session, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

pyspark = pytest.importorskip("pyspark", reason="PySpark is not installed: python3 scripts/setup_team.py")
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not installed: python3 scripts/setup_team.py"),
    pytest.mark.filterwarnings("ignore"),
]
RECORDS = "id, kind, day, agent, verdict, session, target, person, body"


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    folder = tmp_path_factory.mktemp("spark")
    builder = pyspark.sql.SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", "false")
    builder = (
        builder.config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.local.dir", str(folder))
    )
    made = (
        builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1").getOrCreate()
    )
    made.sparkContext.setLogLevel("OFF")
    yield made
    made.stop()


def test_spark_equals_one_machine_and_a_second_run_adds_nothing(spark: SparkSession, tmp_path: Path) -> None:
    from aicheck_app.batch.spark import Run

    for number in range(4):
        session(tmp_path / "sessions", number)
    given = lines(tmp_path / "texts", [*texts(60), "no json"])
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    for place, kind in ((str(tmp_path / "sessions"), "sessions"), (given, "texts")):
        alone = Local(OPTIONS, one, 2).run([place], kind)  # type: ignore[arg-type]
        assert Run(spark, OPTIONS, two).run([place], kind) == alone  # type: ignore[arg-type]
    assert Run(spark, OPTIONS, two).run([given], "texts") == Result(0, 0, 0, 0)
    for name, columns in (
        (layout.RECORDS, RECORDS),
        (layout.FACTS, "* EXCLUDE (day), day"),
        (layout.SKIPPED, "id, body"),
    ):
        assert rows(one, name, columns) == rows(two, name, columns), name
    spark.read.parquet(f"{two}/{layout.FACTS}").createOrReplaceTempView("facts")
    with sums.opened(TeamHistory(one).facts) as db:
        for by in (("model", "day"), ("person",)):
            asked = str(sums.question(by).compile(compile_kwargs={"literal_binds": True}))
            there = {tuple(row)[: len(by)]: tuple(row)[len(by) + 2 :] for row in spark.sql(asked).collect()}
            here = {one.values: tuple(one.counts[name] for name in COUNTERS) for one in sums.sums(db, by)}
            assert there == here


def test_a_folder_holds_what_it_holds_on_one_machine(spark: SparkSession, tmp_path: Path) -> None:
    from aicheck_app.batch.spark import Run

    session(tmp_path / "in", 1)
    (tmp_path / "in/deep").mkdir()
    pq.write_table(pa.Table.from_pylist(texts(12)), tmp_path / "in/deep/a.parquet")
    for kind in ("auto", "texts"):
        alone = Local(OPTIONS, str(tmp_path / f"one-{kind}"), 1).run([str(tmp_path / "in")], kind)
        there = Run(spark, OPTIONS, str(tmp_path / f"two-{kind}")).run([str(tmp_path / "in")], kind)
        assert there == alone
        assert alone.outputs == {"auto": 13, "texts": 12}[kind]
