"""Recurrence rules (RFC 5545 3.3.10) of meetings: the days that a series falls on.

The rules that people make are covered: daily to yearly, by weekday, "the second Tuesday", "the last workday". Days are
tried one by one, so that no rule, however odd, takes longer than another; libraries search an impossible one for ever.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_WEEKDAYS = {name: number for number, name in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"))}
_LONGEST_YEARS = 30
_MANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as read; empty sets mean that the rule does not say."""

    freq: str
    interval: int
    count: int
    weekdays: frozenset[tuple[int, int]]
    """(which one of its month, 0 for each; weekday, Monday 0)."""
    month_days: frozenset[int]
    months: frozenset[int]
    positions: frozenset[int]


def read_rule(said: str) -> Rule | None:
    """The rule that ``said`` states, or None where it is none that a meeting has."""
    parts = dict(part.split("=", 1) for part in said.strip().upper().split(";") if "=" in part)
    freq = parts.get("FREQ", "")
    interval = _number(parts.get("INTERVAL", "1"))
    if freq not in {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"} or interval is None or interval < 1:
        return None
    weekdays = set()
    for match in re.finditer(r"([+-]?\d{0,2})(MO|TU|WE|TH|FR|SA|SU)\b", parts.get("BYDAY", "")):
        weekdays.add((_number(match.group(1)) or 0, _WEEKDAYS[match.group(2)]))
    if "BYDAY" in parts and not weekdays:
        return None
    return Rule(
        freq=freq,
        interval=interval,
        count=_number(parts.get("COUNT", "")) or _MANY,
        weekdays=frozenset(weekdays),
        month_days=_numbers(parts.get("BYMONTHDAY", "")),
        months=_numbers(parts.get("BYMONTH", "")),
        positions=_numbers(parts.get("BYSETPOS", "")),
    )


def days(rule: Rule, first: date, last: date) -> Iterator[date]:
    """The days of a series that begins on ``first``, up to ``last``; of one older than 30 years none but the first."""
    yield first
    if last.year - first.year > _LONGEST_YEARS:
        return
    found, day = 1, first
    while day < last and found < rule.count:
        day += timedelta(days=1)
        if _falls(rule, first, day):
            found += 1
            yield day


def _falls(rule: Rule, first: date, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.freq == "DAILY":
        named = bool(rule.weekdays or rule.month_days)
        return (day - first).days % rule.interval == 0 and (not named or _fits(rule, first, day))
    if rule.freq == "WEEKLY":
        weeks = (day - timedelta(days=day.weekday()) - first + timedelta(days=first.weekday())).days // 7
        wanted = _is_weekday(rule, day) if rule.weekdays else day.weekday() == first.weekday()
        return weeks % rule.interval == 0 and wanted
    months = (day.year - first.year) * 12 + day.month - first.month
    if rule.freq == "MONTHLY":
        return months % rule.interval == 0 and _falls_in_month(rule, first, day)
    in_month = bool(rule.months) or day.month == first.month
    return in_month and (day.year - first.year) % rule.interval == 0 and _falls_in_month(rule, first, day)


def _falls_in_month(rule: Rule, first: date, day: date) -> bool:
    if not rule.positions:
        return _fits(rule, first, day)
    length = calendar.monthrange(day.year, day.month)[1]
    fitting = [one for one in range(1, length + 1) if _fits(rule, first, day.replace(day=one))]
    return day.day in fitting and any(
        -len(fitting) <= place - (place > 0) < len(fitting) and fitting[place - (place > 0)] == day.day
        for place in rule.positions
    )


def _fits(rule: Rule, first: date, day: date) -> bool:
    """Whether the day is one that the rule names, its positions aside."""
    length = calendar.monthrange(day.year, day.month)[1]
    if rule.month_days and not {day.day, day.day - length - 1} & rule.month_days:
        return False
    if not rule.weekdays:
        return bool(rule.month_days) or day.day == first.day
    from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    return any((which, day.weekday()) in rule.weekdays for which in (0, from_start, from_end))


def _is_weekday(rule: Rule, day: date) -> bool:
    return any(day.weekday() == weekday for _, weekday in rule.weekdays)


def _number(said: str) -> int | None:
    return int(said) if re.fullmatch(r"[+-]?\d{1,6}", said.strip()) else None


def _numbers(said: str) -> frozenset[int]:
    return frozenset(number for part in said.split(",") if (number := _number(part)) is not None and number)
