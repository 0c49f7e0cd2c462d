"""What must be published of `fault_world`, in plain Python and by hand: no run of the program is asked. Rows, lists, qids and staleness
follow from the feed's rows, from whom the content filter hides, and from what was run before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import fault_world as fw

WINDOW = timedelta(days=7)
Row = dict[str, Any]


@dataclass
class PublishedDay:
    made_of: tuple[str, int]  # see PublishedModel.makes_of()
    rows: list[Row]


@dataclass
class PublishedModel:
    """The world and its output. `rows_in` is how many rows each feed file has; `changes` how often one was written anew."""

    hidden: str = "ben"
    rows_in: dict[str, int] = field(default_factory=lambda: {day: fw.ROWS_PER_DAY for day in fw.DAYS})
    changes: int = 0
    published: dict[str, PublishedDay] = field(default_factory=dict)
    sessions: list[str] = field(default_factory=list)  # of the map, by qid from 1

    def makes_of(self) -> tuple[str, int]:
        """What a day that is computed now is made of: every day of the month reads every file of it."""
        return self.hidden, self.changes

    def stale(self, days: list[str]) -> list[str]:
        return [day for day in days if day not in self.published or self.published[day].made_of != self.makes_of()]

    def rows(self, day: str) -> list[Row]:
        """The rows of a day if it were computed now, with `session` in place of the qid."""
        mine = [row for row in self.events(day) if row["user_id"] != self.hidden]
        likes = [row for each in fw.DAYS for row in self.events(each) if row["event"] == "like"]
        for row in mine:
            start = row["event_timestamp"] - WINDOW
            before = [each for each in likes if each["user_id"] == row["user_id"] and start <= each["event_timestamp"] < row["event_timestamp"]]
            before.sort(key=lambda each: each["event_timestamp"], reverse=True)
            row["likes_7d"] = len(before)
            row["liked_7d"] = [each["artwork_id"] for each in before if each["artwork_id"] != row["artwork_id"]]
        return sorted(mine, key=lambda row: (row["user_id"], row["event_timestamp"]))

    def events(self, day: str) -> list[Row]:
        named = [dict(zip(fw.FEED_COLUMNS, fw.feed_row(day, place))) for place in range(self.rows_in[day])]
        return [row | {"event_timestamp": datetime.fromisoformat(row["event_timestamp"])} for row in named]

    def with_sessions_of(self, days: list[str]) -> list[str]:
        """The map once these days have numbered their sessions, in this order."""
        known = list(self.sessions)
        for day in days:
            rows = sorted(self.rows(day), key=lambda row: (row["event_timestamp"], row["feed_session"]))
            known += [session for session in dict.fromkeys(row["feed_session"] for row in rows) if session not in known]
        return known

    def publish(self, day: str) -> None:
        self.published[day] = PublishedDay(self.makes_of(), self.rows(day))
