"""What every contestant may use: as much as the shipped configuration gives the program's DuckDB."""

THREADS = 2
MEMORY_GB = 4
