"""The two programs of docs/coming-from.md, as they stand there, give the same lists."""

from __future__ import annotations

import re
from typing import Any, Callable

import numpy as np
import pandas as pd
import pyarrow as pa

import daeda_process as dp
import daedalus

PAGE = (dp.PROJECT_ROOT / "docs/coming-from.md").read_text()


def function(name: str) -> Callable[[pd.DataFrame], Any]:
    """A function of the page."""
    [code] = [block for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL) if f"def {name}(" in block]
    scope: dict[str, Any] = {"pd": pd, "daedalus": daedalus}
    exec(code, scope)
    return scope[name]


def events(seed: int) -> pd.DataFrame:
    """Three days of a few users, in the order of time and one event an instant: a script knows no ties."""
    random = np.random.default_rng(seed)
    minutes = np.sort(random.choice(3 * 24 * 60, 400, replace=False))
    return pd.DataFrame({
        "user_id": random.choice(["u", "v", "w"], 400),
        "event_timestamp": pd.Timestamp("2026-05-15") + pd.to_timedelta(minutes, "min"),
        "event": random.choice(["like", "view"], 400),
        "artwork_id": random.choice(list("abcdefg"), 400),
    })  # fmt: skip


def test_the_script_and_daedalus_agree() -> None:
    for seed in range(5):
        script = function("with_pandas")(events(seed))
        ours: pa.Table = function("with_daedalus")(events(seed))
        assert ours["likes_1d"].to_pylist() == script["likes_1d"].tolist()
        assert ours["like_cnt_1d"].to_pylist() == script["like_cnt_1d"].tolist()
        assert max(map(len, script["likes_1d"])) > 10
