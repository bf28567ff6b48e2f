"""The bulk check on Spark: the same functions over batches of Arrow, and the same layout of what is written.

Everything that is written comes of a shuffle by ids, which are made of what was checked: a task that is run twice, or a second run,
adds nothing. Only the interface of data frames is used, so that it works on any file system that Spark reads and writes.
"""

from __future__ import annotations

import os
import sys
from functools import partial, reduce
from typing import TYPE_CHECKING

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema

from aicheck_app.batch import inputs, layout, work
from aicheck_app.batch.arrow import checked, facts
from aicheck_app.batch.result import Result
from aicheck_app.batch.schema import FACTS, ORIGIN, RECORDS, TEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame

    from aicheck_app.batch.options import Options

_SESSIONS_AT_ONCE = "32"
"""Rows of a batch of Arrow: sessions are large."""
_NO_FILES = "UNABLE_TO_INFER_SCHEMA"
"""What Spark says of a place that holds no file of the kind that is asked for."""
_SAID = ("later", "mark")
_COLUMNS = RECORDS.names


def run(options: Options, places: Sequence[str], target: str, kind: inputs.Kind = "auto", master: str = "") -> Result:
    """Check everything at some addresses, and add to the folder ``target`` what is new there."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("aicheck")
    spark = (builder.master(master) if master else builder).getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")  # what is not there yet is no news
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", _SESSIONS_AT_ONCE)
    return Run(spark, options, target).run(places, kind)


class Run:
    """One run on a session of Spark that is there."""

    def __init__(self, spark: SparkSession, options: Options, target: str) -> None:
        self.spark = spark
        spark.conf.set("spark.sql.sources.partitionColumnTypeInference.enabled", "false")  # a day is a text
        self.options = options
        self.target = target.rstrip("/")

    def run(self, places: Sequence[str], kind: inputs.Kind = "auto") -> Result:
        """Check, add what is new, and count the days anew that it touches."""
        found = reduce(
            lambda one, other: one.unionByName(other), (each for place in places for each in self._checked(place, kind))
        ).persist()
        try:
            return self._add(found)
        finally:
            found.unpersist()

    def _checked(self, place: str, kind: inputs.Kind) -> list[DataFrame]:
        return [
            given.mapInArrow(partial(checked, options=self.options), from_arrow_schema(RECORDS))
            for given in self._given(place, kind)
        ]

    def _given(self, place: str, kind: inputs.Kind) -> list[DataFrame]:
        """What is at or below a place, as ``inputs.files`` tells it apart: files of Parquet, and all others."""
        tables = [] if kind == "sessions" else self._tables(place)
        if place.rstrip("/").endswith(inputs.PARQUET) and tables:
            return tables
        return [*tables, self._lines(place) if kind == "texts" else self._sessions(place)]

    def _tables(self, place: str) -> list[DataFrame]:
        """The texts of files of Parquet; none where there are no such files."""
        read = self.spark.read.option("recursiveFileLookup", "true").option("pathGlobFilter", f"*{inputs.PARQUET}")
        try:
            given = read.parquet(place)
        except AnalysisException as error:
            if error.getCondition() != _NO_FILES:
                raise
            return []
        return [given.select(*(name for name in (*TEXT, *ORIGIN) if name in given.columns))]

    def _lines(self, place: str) -> DataFrame:
        read = self.spark.read.option("recursiveFileLookup", "true")
        if not os.path.splitext(place.rstrip("/"))[1]:  # a folder
            read = read.option("pathGlobFilter", f"*{inputs.LINES}")
        lines = read.text(place).withColumnRenamed("value", "line").withColumn("file", f.input_file_name())
        return lines.where(f.trim("line") != "")

    def _sessions(self, place: str) -> DataFrame:
        """Whole files; of one that is too large only its name."""
        files = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(place)
        fitting = f.col("length") <= work.MAX_SESSION
        small = files.where(
            fitting & reduce(lambda a, b: a | b, (f.col("path").endswith(one) for one in inputs.ENDINGS))
        )
        large = files.where(~fitting).select("path", f.lit(None).cast("binary").alias("content"))
        return small.select("path", "content").unionByName(large)

    def _add(self, found: DataFrame) -> Result:
        skipped = found.where(f.col("kind") == work.SKIPPED).dropDuplicates(["id"])
        left_out = self._without_known(skipped, layout.SKIPPED).select("id", "body")
        first = Window.partitionBy("id").orderBy("body")
        ranked = found.where(f.col("kind") != work.SKIPPED).withColumn("place", f.row_number().over(first))
        new = self._without_known(ranked.where(f.col("place") == 1).drop("place"), layout.RECORDS).persist()
        result = self._told(new, left_out.count())
        days = self._pending(self._days(new))
        if result.skipped:
            left_out.write.mode("append").parquet(self._folder(layout.SKIPPED))
        if result.records:
            parts = layout.PARTS[layout.RECORDS]
            new.repartition(*parts).write.mode("append").partitionBy(*parts).parquet(self._folder(layout.RECORDS))
        if days:
            self._count(days)
            self._put_pending([])
        new.unpersist()
        return result

    def _told(self, new: DataFrame, skipped: int) -> Result:
        outputs = new.where(f.col("kind") == "output")
        later = new.where((f.col("kind") == "later") & (f.col("verdict") == "suspect")).select(
            f.col("target").alias("id")
        )
        found_later = outputs.where(f.col("verdict") != "suspect").join(later.distinct(), "id", "left_semi").count()
        suspect = outputs.where(f.col("verdict") == "suspect").count() + found_later
        return Result(new.count(), outputs.count(), suspect, skipped)

    def _days(self, new: DataFrame) -> list[str]:
        """The days whose facts the new records change: their own, and those of the outputs of which they say something."""
        said = f.col("kind").isin(*_SAID)
        targets = new.where(said).select(f.col("target").alias("id")).distinct()
        known = self._there(layout.RECORDS)
        everything = new if known is None else new.unionByName(known)
        days = new.where(~said).select("day").union(everything.join(targets, "id", "left_semi").select("day"))
        return sorted({row[0] or "" for row in days.distinct().collect()})

    def _count(self, days: Sequence[str]) -> None:
        """Count the records of these days anew."""
        there = self._there(layout.RECORDS)
        if there is None:
            return
        said = f.col("kind").isin(*_SAID)
        own = there.where(~said & f.coalesce("day", f.lit("")).isin(list(days)))
        later = there.where(said).join(own.select(f.col("id").alias("target")), "target", "left_semi").select(*_COLUMNS)
        keyed = own.unionByName(later).withColumn("about", f.coalesce("target", "id"))
        grouped = (
            keyed.repartition("about")
            .sortWithinPartitions("about", "time")
            .select("id", "kind", "target", "person", "body")
        )
        grouped.mapInArrow(facts, from_arrow_schema(FACTS)).createOrReplaceTempView("counted")
        summed = self.spark.sql(layout.summed("counted"))
        parts = layout.PARTS[layout.FACTS]
        writer = summed.repartition(*parts).write.mode("overwrite").option("partitionOverwriteMode", "dynamic")
        writer.partitionBy(*parts).parquet(self._folder(layout.FACTS))

    def _pending(self, days: Sequence[str]) -> list[str]:
        """These days, and those of a run that ended before it had counted its own; written down before anything is done."""
        try:
            before = [
                row["day"] or ""
                for row in self.spark.read.schema("day string").json(self._folder(layout.PENDING)).collect()
            ]
        except AnalysisException:
            before = []
        found = sorted({*days, *before})
        if found:
            self._put_pending(found)
        return found

    def _put_pending(self, days: Sequence[str]) -> None:
        rows = self.spark.createDataFrame([(day,) for day in days], "day string")
        rows.coalesce(1).write.mode("overwrite").json(self._folder(layout.PENDING))

    def _without_known(self, found: DataFrame, name: str) -> DataFrame:
        known = self._there(name)
        return found if known is None else found.join(known.select("id"), "id", "left_anti").select(*found.columns)

    def _there(self, name: str) -> DataFrame | None:
        """What is there of a kind."""
        try:
            found = self.spark.read.parquet(self._folder(name))
        except AnalysisException:
            return None
        return found.select(*_COLUMNS) if name == layout.RECORDS else found

    def _folder(self, name: str) -> str:
        return f"{self.target}/{name}"
