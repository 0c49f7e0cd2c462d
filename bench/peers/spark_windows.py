"""Peer: Spark SQL, `collect_list` over a window with `rangeBetween`, a window per number of days.

As in DuckDB's frames, events of one instant have no order within a list, so the lists are right as multisets.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from columns import Column, rolling_columns
from resources import MEMORY_GB, THREADS
from pyspark.sql import Column as Expression
from pyspark.sql import SparkSession, Window, WindowSpec
from pyspark.sql import functions as f

DAY_MICROS = 86_400_000_000
SETTINGS = {
    "spark.driver.memory": f"{MEMORY_GB}g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.parquet.compression.codec": "zstd",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": str(4 * THREADS),
    "spark.ui.enabled": "false",
}


@contextmanager
def start() -> Iterator[SparkSession]:
    """A session; at the end its JVM is waited for, so that its memory counts as this process's."""
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{THREADS}]").config(map=SETTINGS)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    jvm = session.sparkContext._gateway.proc
    try:
        yield session
    finally:
        session.stop()
        jvm.stdin.close()
        jvm.wait()


def window(column: Column) -> WindowSpec:
    oldest = Window.unboundedPreceding if column.days is None else -column.days * DAY_MICROS
    return Window.partitionBy("user_id").orderBy("micros").rangeBetween(oldest, -1)


def in_window(column: Column) -> Expression:
    matches = f.col("event").isin(*column.events)
    if column.value is None:
        return f.count(f.when(matches, 1)).over(window(column)).alias(column.name)
    return f.collect_list(f.when(matches, f.col(column.value))).over(window(column)).alias(column.name)


def finished(column: Column) -> Expression:
    """The column as it has to be."""
    values = f.col(column.name)
    if column.value is None:
        return values
    values = f.reverse(values)
    if column.flatten:
        values = f.flatten(values)
    if column.exclude_self:
        values = f.filter(values, lambda x: x != f.col(column.value))
    if column.distinct:
        values = f.array_distinct(values)
    return values.alias(column.name)


def compute(session: SparkSession, spine: str, result: str) -> None:
    key = ["user_id", "event_timestamp", "artwork_id", "event"]
    columns = rolling_columns()
    events = session.read.parquet(spine)
    events = events.withColumn("micros", f.unix_micros(f.col("event_timestamp").cast("timestamp")))
    rows = events.select(*key, "wanted", *map(in_window, columns)).where("wanted")
    rows.select(*key, *map(finished, columns)).write.mode("overwrite").parquet(result)
