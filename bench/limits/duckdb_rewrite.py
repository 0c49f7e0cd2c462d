"""Limit: DuckDB reading the published day and writing it again."""

from database import connect as start


def compute(con, published: str, result: str) -> None:
    con.execute(f"COPY (FROM '{published}/part-*.parquet') TO '{result}/part-0.parquet' (COMPRESSION zstd)")
