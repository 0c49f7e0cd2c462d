#!/usr/bin/env bash
# The benchmark suite: puts its peers into a venv of their own, then runs bench/run.py with the arguments given.
# Needs DAEDA (the program); `make bench` and `make bench-full` give it. `bench/run.sh --help` tells the arguments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
venv=.deps/bench-venv

if ! { cmp -s bench/requirements.txt "$venv/made_from" && "$venv/bin/python" -c 'import duckdb'; }; then
  echo "bench: installing DuckDB, Polars, PySpark ... into $venv" >&2
  python3 -m venv --clear "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r bench/requirements.txt
  cp bench/requirements.txt "$venv/made_from"
fi
exec "$venv/bin/python" bench/run.py "$@"
