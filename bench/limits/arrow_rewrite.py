"""Limit: Arrow reading the published day and writing it again, a row group at a time, without dictionaries."""

from contextlib import nullcontext as start
from pathlib import Path

import pyarrow
from resources import THREADS
from pyarrow import parquet

pyarrow.set_cpu_count(THREADS)


def compute(_: None, published: str, result: str) -> None:
    for part in Path(published).glob("part-*.parquet"):
        source = parquet.ParquetFile(part)
        with parquet.ParquetWriter(
            f"{result}/{part.name}", source.schema_arrow, compression="zstd", use_dictionary=False
        ) as writer:
            for group in range(source.num_row_groups):
                writer.write_table(source.read_row_group(group))
