"""Whose digest is due, of which kind, and until when it is news: each in their own zone, hours and rhythm."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from digests.calendar import last_working_day, works_on
from digests.quiet import begins_week
from store.preferences import is_quiet
from store.tables import Preference, Rep

HOUR = 8
"""When the digest comes to those who chose no hour."""
NOON = 12
"""Until when a morning's digest still comes after an outage: from then on yesterday is no news any more."""
CATCH_UP = 4
"""How many hours later one still comes that somebody wants in the afternoon."""
DAY = 24
LOOK_BACK = timedelta(days=15)
"""How far back somebody's last working day is looked for."""
DAILY = {"rep": "morning", "manager": "team"}
"""Which digest a role reads; others read none."""
WEEKLY = {"rep": "week", "manager": "team_week"}
"""Which one it reads of a week."""


@dataclass(frozen=True, slots=True)
class Slot:
    """Somebody's digest: of which day in their zone, of which kind, and the moment from which on it is no news."""

    day: date
    kind: str
    until: datetime | None


def is_hour(rep: Rep, chosen: Preference | None, now: datetime) -> bool:
    """Whether it is the time of day at which this person reads a digest, on whatever day."""
    hours = window(chosen)
    return hours is not None and hours[0] <= now.astimezone(ZoneInfo(rep.timezone)).hour < hours[1]


def slot(rep: Rep, chosen: Preference | None, now: datetime, off: Collection[date] = frozenset()) -> Slot | None:
    """The digest that is due to this person now; None at every other moment, and for those who read none.

    ``off`` are their days off of the last fortnight, and today where it is one.
    """
    hours, day = window(chosen), now.astimezone(ZoneInfo(rep.timezone)).date()
    if hours is None or not is_hour(rep, chosen, now) or not works_on(day, rep.working_days, rep.timezone, off):
        return None
    kind = kind_of(rep, chosen, day, off)
    return Slot(day, kind, _moment(rep, day, hours[1])) if kind else None


def kind_of(rep: Rep, chosen: Preference | None, day: date, off: Collection[date] = frozenset()) -> str | None:
    """Which digest this person reads on a working day of theirs; None where they read none.

    A manager reads of the week that is gone on the first working day of the next, a rep who chose so too.
    """
    rhythm = chosen.digest_rhythm if chosen else None
    if rep.role not in DAILY or rhythm == "never":
        return None
    first = begins_week(day, last_working_day(day, rep.working_days, rep.timezone, off))
    if first and (rep.role == "manager" or rhythm == "weekly"):
        return WEEKLY[rep.role]
    return None if rhythm == "weekly" else DAILY[rep.role]


def window(chosen: Preference | None) -> tuple[int, int] | None:
    """From which hour of their day until which the digest may come: not in their quiet hours, but after them.

    None where the quiet hours leave no time for it.
    """
    hour = HOUR if chosen is None or chosen.digest_hour is None else chosen.digest_hour
    end = NOON if hour < NOON else min(DAY, hour + CATCH_UP)
    begins = next((one for one in range(hour, end) if not is_quiet(chosen, one)), None)
    return None if begins is None else (begins, end)


def _moment(rep: Rep, day: date, hour: int) -> datetime:
    """When this hour of their day begins; hour 24 is the next day's first."""
    on, left = (day + timedelta(days=1), 0) if hour == DAY else (day, hour)
    return datetime.combine(on, time(left), ZoneInfo(rep.timezone)).astimezone(UTC)
