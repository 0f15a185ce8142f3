"""What a day means on the day it was said: the one place where expressions become dates."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from parsing.when.feasts import feast
from parsing.when.model import Day, Direction

FRIDAY = 4
WEEK, MONTHS = 7, 12
Dates = tuple[date, date]


def _safe(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day (the 30th of February)."""
    if not date.min.year < year < date.max.year:
        return None
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _shift(day: date, days: int) -> date | None:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def monday(day: date) -> date:
    """The Monday of the ISO week of ``day``."""
    return day - timedelta(days=day.weekday())


def _weekday(said: Day, today: date, direction: Direction | None) -> date:
    """The nearest such weekday before or after today; never today itself."""
    weekday = said.weekday or 0
    if direction == "future":
        ahead = (weekday - today.weekday() - 1) % WEEK + 1
        return today + timedelta(days=ahead)
    back = (today.weekday() - weekday - 1) % WEEK + 1
    return today - timedelta(days=back)


def _dated(said: Day, today: date, direction: Direction | None, *, month_first: bool) -> date | None:
    """The date of a day and month: in the year named, else the nearest such day in the direction."""
    day, month = said.day or 1, said.month or 1
    if month_first and not said.swapped and 1 <= day <= MONTHS:
        day, month = month, day
    year = today.year + said.offset if said.unit == "year" else said.year
    if year is not None:
        return _safe(year, month, day)
    near = [found for year in (today.year - 1, today.year, today.year + 1) if (found := _safe(year, month, day))]
    if said.weekday is not None:
        fitting = [found for found in near if found.weekday() == said.weekday]
        near = fitting or near
    if direction == "past":
        near = [found for found in near if found <= today] or near
    elif direction == "future":
        near = [found for found in near if found >= today] or near
    return min(near, key=lambda found: (abs((found - today).days), found < today)) if near else None


def _months(today: date, shift: int) -> tuple[int, int]:
    year, month = divmod(today.year * 12 + today.month - 1 + shift, 12)
    return year, month + 1


def _day_of_month(said: Day, today: date, direction: Direction | None) -> date | None:
    day = said.day or 1
    around = [_months(today, shift) for shift in range(-3, 4)]
    near = [found for year, month in around if (found := _safe(year, month, day))]
    if said.weekday is not None:
        near = [found for found in near if found.weekday() == said.weekday] or near
    if direction == "past":
        near = [found for found in near if found <= today]
    elif direction == "future":
        near = [found for found in near if found >= today]
    return min(near, key=lambda found: (abs((found - today).days), found < today)) if near else None


def _stretch(first: date, last: date, edge: str | None) -> Dates:
    if edge == "end":
        return last, last
    if edge == "begin":
        return first, first
    if edge == "middle":
        middle = first + (last - first) // 2
        return middle, middle
    return first, last


def _month(year: int, month: int, edge: str | None) -> Dates | None:
    first = _safe(year, month, 1)
    if first is None:
        return None
    if edge == "middle":
        return date(year, month, 15), date(year, month, 15)
    return _stretch(first, date(year, month, calendar.monthrange(year, month)[1]), edge)


def _week(start: date, edge: str | None) -> Dates:
    return _stretch(start, start + timedelta(days=FRIDAY), "middle" if edge == "middle" else edge)


def _unit(said: Day, today: date, _: Direction | None) -> Dates | None:
    if said.unit == "week":
        return _week(monday(today) + timedelta(days=WEEK * said.offset), said.edge)
    if said.unit == "month":
        return _month(*_months(today, said.offset), said.edge)
    year = today.year + said.offset
    return _stretch(date(year, 1, 1), date(year, 12, 31), said.edge)


def _numbered_week(said: Day, today: date, direction: Direction | None) -> Dates | None:
    years = [said.year] if said.year else [today.year - 1, today.year, today.year + 1]
    starts = [date.fromisocalendar(year, said.week or 1, 1) for year in years if _has_week(year, said.week or 1)]
    if direction == "past":
        starts = [start for start in starts if start <= today] or starts
    elif direction == "future":
        starts = [start for start in starts if start + timedelta(days=WEEK - 1) >= today] or starts
    if not starts:
        return None
    start = min(starts, key=lambda found: abs((found - today).days))
    if said.weekday is not None:
        day = start + timedelta(days=said.weekday)
        return day, day
    return _week(start, said.edge)


def _has_week(year: int, week: int) -> bool:
    return week <= date(year, 12, 28).isocalendar().week


def _feast_days(name: str, today: date, direction: Direction | None) -> Dates | None:
    years = [feast(name, year) for year in (today.year - 1, today.year, today.year + 1)]
    found = [days for days in years if days]
    if direction == "past":
        found = [days for days in found if days[0] <= today] or found
    elif direction == "future":
        found = [days for days in found if days[1] >= today] or found
    return min(found, key=lambda days: abs((days[0] - today).days)) if found else None


def _feast(said: Day, today: date, direction: Direction | None) -> Dates | None:
    """A feast; before it, the last working day before; after it, the first one after."""
    days = _feast_days(said.feast or "", today, direction)
    if days is None or said.edge is None:
        return days
    step = timedelta(days=-1 if said.edge == "begin" else 1)
    day = (days[0] if said.edge == "begin" else days[1]) + step
    while day.weekday() > FRIDAY:
        day += step
    return day, day


def _weekday_by_feast(said: Day, today: date, direction: Direction | None) -> date | None:
    days = _feast_days(said.feast or "", today, direction)
    if days is None:
        return None
    anchor = days[0] if said.offset < 0 else days[1]
    return _weekday(said, anchor, "past" if said.offset < 0 else "future")


def _workdays(said: Day, today: date, _: Direction | None) -> date:
    day, step = today, timedelta(days=1 if said.offset > 0 else -1)
    for _day in range(min(abs(said.offset), 260)):
        day += step
        while day.weekday() > FRIDAY:
            day += step
    return day


def _calendar(said: Day, today: date, _: Direction | None) -> date | None:
    year, month = _months(today, said.offset * (12 if said.unit == "year" else 1))
    if not date.min.year < year < date.max.year:
        return None
    return date(year, month, min(today.day, calendar.monthrange(year, month)[1]))


def resolve(said: Day, today: date, direction: Direction | None, *, month_first: bool = False) -> Dates | None:
    """The first and the last day that ``said`` means on ``today``; None where there is no such day.

    ``direction`` is where the clause looks; what the words themselves say goes before it. ``month_first`` reads
    "10/16" and "3/4" as Americans do.
    """
    direction = said.direction or direction
    if said.to is not None:
        first = resolve(_alone(said), today, direction, month_first=month_first)
        last = resolve(said.to, first[0] if first else today, "future", month_first=month_first)
        return (first[0], last[1]) if first and last else None
    if said.kind in STRETCHES:
        return STRETCHES[said.kind](said, today, direction)
    if said.kind == "date":
        day = _dated(said, today, direction, month_first=month_first)
    else:
        day = DAYS[said.kind](said, today, direction)
    return (day, day) if day else None


def _next_weekday(said: Day, today: date, _: Direction | None) -> date:
    """In Dutch and English "next Friday", said on a Monday, is not that of this week."""
    near = _weekday(said, today, "future")
    return near + timedelta(days=WEEK) if monday(near) == monday(today) else near


def _plain_weekday(said: Day, today: date, direction: Direction | None) -> date | None:
    day = _weekday(said, today, direction)
    return _shift(day, said.offset) if said.unit == "later" else day


def _week_day(said: Day, today: date, _: Direction | None) -> date | None:
    return _shift(monday(today), WEEK * said.offset + (said.weekday or 0))


def _alone(said: Day) -> Day:
    return Day(
        kind=said.kind, weekday=said.weekday, day=said.day, month=said.month, year=said.year, swapped=said.swapped
    )


def _named_month(said: Day, today: date, direction: Direction | None) -> Dates | None:
    month = said.month or 1
    if said.year is not None:
        return _month(said.year, month, said.edge)
    years = [today.year - 1, today.year, today.year + 1]
    this = (today.year, today.month)
    if direction == "past":
        years = [year for year in years if (year, month) <= this]
    elif direction == "future":
        years = [year for year in years if (year, month) >= this]
    year = min(years, key=lambda year: abs((year - today.year) * 12 + month - today.month))
    return _month(year, month, said.edge)


DAYS: dict[str, Callable[[Day, date, Direction | None], date | None]] = {
    "relative": lambda said, today, _: _shift(today, said.offset),
    "workdays": _workdays,
    "calendar": _calendar,
    "weekday": _plain_weekday,
    "next_weekday": _next_weekday,
    "week_day": _week_day,
    "day_of_month": _day_of_month,
    "weekday_by_feast": _weekday_by_feast,
}
STRETCHES: dict[str, Callable[[Day, date, Direction | None], Dates | None]] = {
    "week": _numbered_week,
    "unit": _unit,
    "month": _named_month,
    "feast": _feast,
}


def due(said: Day, today: date, *, month_first: bool = False) -> date | None:
    """The day a promise is owed: of a week its Friday, of an edge that day; None for a bare month or season."""
    if said.kind == "month" and said.edge is None:
        return None
    if said.kind == "unit" and said.unit != "week" and said.edge is None:
        return None
    if said.kind == "feast" and said.edge == "end":
        return None
    if said.kind == "feast" and said.edge is None and said.feast in ("vacation", "new_year"):
        return None
    days = resolve(said, today, "future", month_first=month_first)
    if days and said.unit == "week_of":
        return _shift(monday(days[0]), FRIDAY)
    return days[1] if days else None
