"""Which days somebody works: their weekdays, without public holidays of where they live, without their days off."""

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from functools import cache, lru_cache

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


def works_on(day: date, weekdays: Collection[int], timezone: str, off: Collection[date] = frozenset()) -> bool:
    """Whether somebody with these working ``weekdays`` (Monday = 0) and days ``off`` works on the day."""
    return day.weekday() in weekdays and day not in off and not is_holiday(day, timezone)


def days(first: date, last: date) -> Iterator[date]:
    """From the first to the last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def working_days(
    first: date, last: date, weekdays: Collection[int], timezone: str, off: Collection[date] = frozenset()
) -> int:
    """How many of these days somebody works."""
    usual = _usual_days(first, last, tuple(weekdays), timezone)
    return len(usual) - sum(day in usual for day in off)


def last_working_day(
    before: date, weekdays: Collection[int], timezone: str, off: Collection[date] = frozenset()
) -> date:
    """The last day before this one on which they worked; the day before where that is a fortnight ago or more."""
    found = (before - timedelta(days=n) for n in range(1, 15))
    return next((day for day in found if works_on(day, weekdays, timezone, off)), before - timedelta(days=1))


def bounds(period: str, day: date) -> tuple[date, date]:
    """First and last day of the ``day``, ``week`` (Monday to Sunday), ``month`` or ``quarter`` that ``day`` is in."""
    if period == "day":
        return day, day
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    months = 3 if period == "quarter" else 1
    first = day.replace(day=1, month=(day.month - 1) // months * months + 1)
    after = (first + timedelta(days=31 * months)).replace(day=1)
    return first, after - timedelta(days=1)


@lru_cache(maxsize=4096)
def _usual_days(first: date, last: date, weekdays: tuple[int, ...], timezone: str) -> frozenset[date]:
    """The days of these on which people with these weekdays work there: most of a house share a few such sets."""
    return frozenset(day for day in days(first, last) if works_on(day, weekdays, timezone))
