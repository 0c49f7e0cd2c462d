"""Days, as callers write them."""

from __future__ import annotations

import datetime
from typing import Union

Day = Union[datetime.date, str]
"""A UTC day: a date, or text such as `"2026-05-15"`."""


def day_text(day: Day) -> str:
    return day if isinstance(day, str) else f"{day:%Y-%m-%d}"
