"""Values: durations, the order DuckDB gives them, equality, the tie hash and the two encodings.

Every timestamp is an integer here: microseconds in UTC since 1970-01-01.
"""

from __future__ import annotations

import json
import math
from datetime import date, datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable

import xxhash

UNIT_US = {"s": 1_000_000, "m": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
DAY_US = UNIT_US["d"]
ISO_CODES = Path("/usr/share/iso-codes/json/iso_3166-1.json")
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def duration_us(text: str) -> int:
    """'Durations are a positive integer and one of s m h d.'"""
    return int(text[:-1]) * UNIT_US[text[-1]]


def day_start_us(day: date) -> int:
    """'A day is a UTC day.'"""
    return (day - date(1970, 1, 1)).days * DAY_US


def day_of(time_us: int) -> date:
    return date.fromordinal(date(1970, 1, 1).toordinal() + time_us // DAY_US)


def parse_timestamp(text: str | None) -> int | None:
    """ISO 8601 text with or without a zone; 'a naive timestamp in a source is UTC; finer ones are rounded down'."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text.strip())  # drops digits below a microsecond
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    delta = moment - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds


def order_key(value: Any) -> tuple:
    """'Values compare as DuckDB's ORDER BY ... ASC NULLS FIRST compares them; strings by bytes.'"""
    return (0,) if value is None else (1, _plain_key(value))


def _plain_key(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8")
    if isinstance(value, float):
        return (1, 0.0) if math.isnan(value) else (0, value)  # NaN is the greatest number, equal to itself
    if isinstance(value, (bool, int)):
        return (0, value)
    if isinstance(value, list):
        # Within a list a NULL is the greatest, whatever NULLS FIRST says of the column itself.
        return tuple((1,) if element is None else (0, _plain_key(element)) for element in value)
    return value


def same(left: Any, right: Any) -> bool:
    """Equality of two non-NULL values: NaN equals NaN, lists element by element."""
    return _plain_key(left) == _plain_key(right)


def tie(artwork_id: Any, event: str) -> int:
    """'XXH3-64 (seed 0, unsigned) of the UTF-8 bytes of artwork_id, one byte 0x1F, event; an integer id as decimal text'."""
    return xxhash.xxh3_64_intdigest(str(artwork_id).encode("utf-8") + b"\x1f" + event.encode("utf-8"))


@lru_cache(maxsize=1)
def iso3166() -> dict[str, int]:
    """alpha-2, alpha-3 and the numeric code as text without leading zeros -> numeric code."""
    codes: dict[str, int] = {}
    for entry in json.loads(ISO_CODES.read_text(encoding="utf-8"))["3166-1"]:
        number = int(entry["numeric"])
        for name in (entry["alpha_2"], entry["alpha_3"], str(number)):
            codes[name] = number
    return codes


def encode_country(value: Any) -> int:
    """'from alpha-2, alpha-3, digits or an integer; any case'; 'absent, NULL or unknown becomes 0'."""
    if value is None:
        return 0
    text = str(value)
    if text.isascii() and text.isdigit():
        return iso3166().get(str(int(text)), 0)
    return iso3166().get(text.upper(), 0) if text.isascii() and text.isalpha() else 0


def enum_encoder(enum: dict[str, int]) -> Callable[[Any], int]:
    """'the number from the catalog's enum (exact names; a number that the enum has stays)'."""
    numbers = {str(number): number for number in enum.values()}

    def encode(value: Any) -> int:
        if value is None:
            return 0
        if isinstance(value, str) and value in enum:
            return enum[value]
        return numbers.get(str(value), 0)

    return encode


def encoder(rule: str | dict[str, int]) -> Callable[[Any], int]:
    return encode_country if rule == "iso3166_numeric" else enum_encoder(rule)  # type: ignore[arg-type]
