"""Where everyone stands: one definition for the card, the dashboard and whatever else shows a counter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, bindparam, case, cast, func, select
from sqlalchemy.orm import aliased, lazyload

from digests.calendar import bounds, working_days, works_on
from digests.pace import pace
from letters.model import Counter
from store import days_off
from store.db import Tx
from store.filters import VisitFilter
from store.tables import DayOff, Rep, Target, Visit
from store.targets import PERIODS, not_ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """One rep's visits in the running period. ``target`` is None where nobody set one."""

    rep_id: int
    name: str
    team: str | None
    done: int
    target: int | None
    period: str
    working_days_left: int
    """Working days of the rep after ``day``, to the end of the period, without public holidays and days off."""
    working_days_gone: int = 0
    """Their working days in the period before ``day``."""
    works_today: bool = True
    first: date = date.min
    """The period's first day."""
    last: date = date.max

    @property
    def share(self) -> float:
        """How much of the period's working days lies behind, 0 to 1."""
        whole = self.working_days_gone + self.works_today + self.working_days_left
        return self.working_days_gone / whole if whole else 0.0

    @property
    def expected(self) -> float | None:
        """How many visits would be done by now if each working day brought as many; None without a target."""
        return None if self.target is None else self.target * self.share

    @property
    def pace(self) -> str | None:
        """As `digests.pace.pace` has it."""
        return pace(self.done, self.target, self.share)

    @property
    def counter(self) -> Counter:
        """What a card shows of it."""
        return Counter(done=self.done, target=self.target, period=self.period, working_days_left=self.working_days_left)

    @property
    def records(self) -> VisitFilter:
        """The visits that are counted."""
        return VisitFilter(rep_id=self.rep_id, status="held", since=self.first, until=self.last)


def progress(tx: Tx, day: date, rep_ids: Collection[int] | None = None) -> list[Progress]:
    """Every active rep's progress on ``day`` (their own calendar day), by name, in one statement; or that of some.

    A visit counts when it was held and not taken back; the week is ISO's, Monday to Sunday.
    """
    whose = {} if rep_ids is None else {"rep_ids": list(rep_ids)}
    statement = _statement(day, everyone=rep_ids is None)
    return [_progress(*row, day=day) for row in tx.execute(statement, whose)]


@lru_cache(maxsize=8)
def _statement(day: date, *, everyone: bool) -> Any:
    """What `progress` asks, put together once a day: each card shows a counter."""
    whose = Rep.role == "rep" if everyone else Rep.id.in_(bindparam("rep_ids", expanding=True))
    return (
        select(Rep, Target.period, Target.value, _held(day), _off(day))
        .outerjoin(Target, (Target.id == target_of(day)) & not_ended(day))
        .where(Rep.active, whose)
        .order_by(Rep.name, Rep.id)
        .options(lazyload(Rep.emails))
    )


def counter(tx: Tx, rep_id: int, day: date) -> Counter:
    """One rep's counter on ``day``."""
    return next((one.counter for one in progress(tx, day, (rep_id,))), Counter(done=0))


def target_of(day: date) -> ColumnElement[int | None]:
    """The id of the visits that a rep owes on the day. Looked up for each: a batch reads no more than its own."""
    one = aliased(Target)
    begun = (one.level == "rep", one.measure == "visits", one.rep_id == Rep.id, one.since <= day)
    newest = select(one.id).where(*begun).order_by(one.since.desc(), one.id.desc()).limit(1)
    return newest.correlate(Rep).scalar_subquery()


def _held(day: date) -> ColumnElement[int]:
    """How many visits of a rep count in the period of their target, a week where there is none."""
    first, last = (
        case({one: bounds(one, day)[end] for one in PERIODS}, value=Target.period, else_=bounds("week", day)[end])
        for end in (0, 1)
    )
    counts = (Visit.rep_id == Rep.id, Visit.withdrawn_at.is_(None), Visit.status == "held")
    counted = select(func.count(Visit.id)).where(*counts, Visit.on.between(first, last))
    return counted.correlate(Rep, Target).scalar_subquery()


def _off(day: date) -> ColumnElement[str | None]:
    """A rep's days off around ``day``, in one text, that it takes no statement of its own."""
    first, last = bounds("quarter", day)
    span = cast(DayOff.first, String) + days_off.TO + cast(DayOff.last, String)
    # A week may begin before its quarter does, and end after it.
    near = (DayOff.last >= first - timedelta(days=6)) & (DayOff.first <= last + timedelta(days=6))
    texts = select(func.aggregate_strings(span, days_off.AND)).where(DayOff.rep_id == Rep.id, near)
    return texts.correlate(Rep).scalar_subquery()


def _progress(rep: Rep, owed: str | None, value: Decimal | None, done: int, off: str | None, *, day: date) -> Progress:
    period = owed or "week"
    first, last = bounds(period, day)
    away = days_off.read(off)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    return Progress(
        rep_id=rep.id, name=rep.name, team=rep.team, done=done, target=None if value is None else int(value),
        period=period, first=first, last=last,
        working_days_left=working_days(after, last, rep.working_days, rep.timezone, away),
        working_days_gone=working_days(first, before, rep.working_days, rep.timezone, away),
        works_today=works_on(day, rep.working_days, rep.timezone, away),
    )  # fmt: skip
