"""Where everyone stands: one definition for the card, the dashboard and whatever else shows a counter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.orm import lazyload

from digests.calendar import bounds, working_days, works_on
from digests.pace import pace
from letters.model import Counter
from store import days_off
from store.db import Tx
from store.filters import VisitFilter
from store.tables import DayOff, Rep, Target, Visit
from store.targets import PERIODS, holding, not_ended


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
    target = _targets(day)
    period = func.coalesce(target.c.period, "week")
    whose = Rep.active & (Rep.role == "rep") if rep_ids is None else Rep.active & Rep.id.in_(rep_ids)
    statement = (
        select(Rep, period, target.c.value, func.count(Visit.id), _off(day))
        .outerjoin(target, target.c.rep_id == Rep.id)
        .outerjoin(Visit, _counts(period, day))
        .where(whose)
        .group_by(Rep.id, target.c.period, target.c.value)
        .order_by(Rep.name, Rep.id)
        .options(lazyload(Rep.emails))
    )
    return [_progress(*row, day=day) for row in tx.execute(statement)]


def counter(tx: Tx, rep_id: int, day: date) -> Counter:
    """One rep's counter on ``day``."""
    return next((one.counter for one in progress(tx, day, (rep_id,))), Counter(done=0))


def _targets(day: date) -> Any:
    """The visits that each rep owes on the day: ``rep_id``, ``period``, ``value``."""
    ranked = holding(day)
    holds = (ranked.c.id == Target.id) & (ranked.c.rank == 1)
    owed = select(Target.rep_id, Target.period, Target.value).join(ranked, holds)
    return owed.where(Target.level == "rep", Target.measure == "visits", not_ended(day)).subquery()


def _counts(period: ColumnElement[str], day: date) -> ColumnElement[bool]:
    """The visits of a rep that count in the period that ``day`` is in."""
    spans = {one: bounds(one, day) for one in PERIODS}
    in_period = case(
        *[(period == one, Visit.on.between(*span)) for one, span in spans.items() if one != "week"],
        else_=Visit.on.between(*spans["week"]),
    )
    widest = Visit.on.between(min(first for first, _ in spans.values()), max(last for _, last in spans.values()))
    return (Visit.rep_id == Rep.id) & Visit.withdrawn_at.is_(None) & (Visit.status == "held") & widest & in_period


def _off(day: date) -> ColumnElement[str | None]:
    """A rep's days off around ``day``, in one text, that it takes no statement of its own."""
    first, last = bounds("quarter", day)
    span = cast(DayOff.first, String) + days_off.TO + cast(DayOff.last, String)
    # A week may begin before its quarter does, and end after it.
    near = (DayOff.last >= first - timedelta(days=6)) & (DayOff.first <= last + timedelta(days=6))
    texts = select(func.aggregate_strings(span, days_off.AND)).where(DayOff.rep_id == Rep.id, near)
    return texts.correlate(Rep).scalar_subquery()


def _progress(rep: Rep, period: str, value: Decimal | None, done: int, off: str | None, *, day: date) -> Progress:
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
