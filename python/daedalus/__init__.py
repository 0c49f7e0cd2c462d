"""Point-in-time-correct training data for recommenders, from a raw interaction feed.

`load_config()` reads a configuration, `Catalog` looks into its sources, `run_skeleton_stage()` computes and publishes days,
`read_day()` reads one, and `aggregate_pit_table()` tries
an aggregation on any table of events. Tables come as `pyarrow.Table`, which Polars, pandas and
DuckDB take as they are.
"""

import os as _os

# First: the extension module is linked with the Arrow and Parquet libraries that these load.
import pyarrow as _pyarrow  # noqa: F401
import pyarrow.parquet as _parquet  # noqa: F401

from daeda._libraries import name_what_is_installed as _name_what_is_installed

_name_what_is_installed(_os.environ)

from ._aggregate import aggregate_pit_table
from ._catalog import Catalog, Source
from ._config import AggregationSpec, Config, load_config
from ._errors import ConfigError, DataError, DefectError, Error, InputError, InterruptedRun, MachineError, Problem
from ._native import version as __version__
from ._skeleton import DayReport, Progress, Report, RunWarning, Step, read_day, run_skeleton_stage

__all__ = [
    "AggregationSpec",
    "Catalog",
    "Config",
    "ConfigError",
    "DataError",
    "DayReport",
    "DefectError",
    "Error",
    "InputError",
    "InterruptedRun",
    "MachineError",
    "Problem",
    "Progress",
    "Report",
    "RunWarning",
    "Source",
    "Step",
    "aggregate_pit_table",
    "load_config",
    "read_day",
    "run_skeleton_stage",
]
