"""Moments of a calendar's events."""

from datetime import UTC, date, datetime, time

import pytest
from icalendar import Calendar

from store.agenda import Entry
from web.calendars import written


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        (time(23, 30), datetime(2026, 3, 2, 22, 30, tzinfo=UTC)),
        (time(0, 30), datetime(2026, 3, 2, 23, 30, tzinfo=UTC)),
        (time(22, 0), datetime(2026, 3, 3, 21, 0, tzinfo=UTC)),
        (None, datetime(2026, 3, 2, 22, 0, tzinfo=UTC)),
    ],
)
def test_an_event_ends_after_it_begins(ends: time | None, told: datetime) -> None:
    entry = Entry(
        "visit", 1, date(2026, 3, 2), None, "Zuivelhuis", "V-1", 1, datetime(2026, 3, 1, tzinfo=UTC),
        starts=time(22, 0), ends=ends, timezone="Europe/Amsterdam",
    )  # fmt: skip
    [event] = Calendar.from_ical(written([entry], "Noor", None)).walk("VEVENT")
    assert told == event.decoded("dtend")
