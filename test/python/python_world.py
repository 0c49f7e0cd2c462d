"""The days of the world that the tests of the package share (see conftest.py)."""

DAYS = ["2026-05-13", "2026-05-14", "2026-05-15"]
