"""Which days somebody works: their weekdays, without the public holidays of where they live."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache

import holidays
from babel.core import get_global


@cache
def country_of(timezone: str) -> str | None:
    """The country of a time zone, ISO 3166: ``Europe/Zurich`` is CH; None for UTC and its like (CLDR zone data)."""
    territory = get_global("zone_territories").get(timezone)
    return str(territory) if territory and territory != "001" else None


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    known = country in holidays.list_supported_countries()
    return frozenset(holidays.country_holidays(country, years=year)) if known else frozenset()


def is_holiday(day: date, timezone: str) -> bool:
    """Whether the whole country of the zone is off; holidays of a region are not known here."""
    country = country_of(timezone)
    return country is not None and day in _holidays(country, day.year)


def works_on(day: date, weekdays: Collection[int], timezone: str) -> bool:
    """Whether somebody with these working ``weekdays`` (Monday = 0) works on the day."""
    return day.weekday() in weekdays and not is_holiday(day, timezone)


def days(first: date, last: date) -> Iterator[date]:
    """From the first to the last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def working_days(first: date, last: date, weekdays: Collection[int], timezone: str) -> int:
    """How many of these days somebody works."""
    return sum(works_on(day, weekdays, timezone) for day in days(first, last))


def last_working_day(before: date, weekdays: Collection[int], timezone: str) -> date:
    """The last day before this one on which they worked; the day before where that is a fortnight ago or more."""
    found = (before - timedelta(days=n) for n in range(1, 15))
    return next((day for day in found if works_on(day, weekdays, timezone)), before - timedelta(days=1))
