"""Where everyone stands: one definition for the card, the dashboard and whatever else shows a counter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import lazyload

from digests.calendar import working_days, works_on
from letters.model import Counter
from store.db import Tx
from store.tables import Rep, Target, Visit

AHEAD, ON_TRACK, BEHIND = 1.2, 0.99, 0.81


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
    """Working days of the rep after ``day``, to the end of the period, without public holidays."""
    working_days_gone: int = 0
    """Their working days in the period before ``day``."""
    works_today: bool = True

    @property
    def expected(self) -> float | None:
        """How many visits would be done by now if each working day brought as many; None without a target."""
        if self.target is None:
            return None
        whole = self.working_days_gone + self.works_today + self.working_days_left
        return self.target * self.working_days_gone / whole if whole else 0.0

    @property
    def pace(self) -> str | None:
        """``reached``, ``ahead``, ``on_track``, ``behind`` or ``at_risk``; None without a target.

        The bands are those that sales teams use: from 99 % of what is expected on track, from 81 % behind.
        """
        if self.target is None or self.expected is None:
            return None
        if self.done >= self.target:
            return "reached"
        ratio = self.done / self.expected if self.expected else 1.0 + self.done
        bands = ((AHEAD, "ahead"), (ON_TRACK, "on_track"), (BEHIND, "behind"))
        return next((name for least, name in bands if ratio >= least), "at_risk")

    @property
    def counter(self) -> Counter:
        """What a card shows of it."""
        return Counter(done=self.done, target=self.target, period=self.period, working_days_left=self.working_days_left)


def progress(tx: Tx, day: date, rep_ids: Collection[int] | None = None) -> list[Progress]:
    """Every active rep's progress on ``day`` (their own calendar day), by name, in one statement; or that of some.

    A visit counts when it was held and not taken back; the week is ISO's, Monday to Sunday.
    """
    newest = func.row_number().over(partition_by=Target.rep_id, order_by=(Target.since.desc(), Target.id.desc()))
    ranked = select(Target.rep_id, Target.period, Target.visits, newest.label("rank")).where(Target.since <= day)
    target = ranked.subquery()
    first = {period: bounds(period, day)[0] for period in ("week", "month")}
    last = {period: bounds(period, day)[1] for period in ("week", "month")}
    in_period = case(
        (func.coalesce(target.c.period, "week") == "month", Visit.on.between(first["month"], last["month"])),
        else_=Visit.on.between(first["week"], last["week"]),
    )
    counts = (Visit.rep_id == Rep.id) & Visit.withdrawn_at.is_(None) & (Visit.status == "held") & in_period
    counts &= Visit.on.between(min(first.values()), max(last.values()))
    statement = (
        select(Rep, target.c.period, target.c.visits, func.count(Visit.id))
        .outerjoin(target, (target.c.rep_id == Rep.id) & (target.c.rank == 1))
        .outerjoin(Visit, counts)
        .where(Rep.active, Rep.role == "rep" if rep_ids is None else Rep.id.in_(rep_ids))
        .group_by(Rep.id, target.c.period, target.c.visits)
        .order_by(Rep.name)
        .options(lazyload(Rep.emails))
    )
    return [_progress(rep, period or "week", visits, done, day) for rep, period, visits, done in tx.execute(statement)]


def counter(tx: Tx, rep_id: int, day: date) -> Counter:
    """One rep's counter on ``day``."""
    return next((one.counter for one in progress(tx, day, (rep_id,))), Counter(done=0))


def bounds(period: str, day: date) -> tuple[date, date]:
    """First and last day of the week or month that ``day`` is in."""
    if period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _progress(rep: Rep, period: str, target: int | None, done: int, day: date) -> Progress:
    first, last = bounds(period, day)
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    return Progress(
        rep_id=rep.id, name=rep.name, team=rep.team, done=done, target=target, period=period,
        working_days_left=working_days(after, last, rep.working_days, rep.timezone),
        working_days_gone=working_days(first, before, rep.working_days, rep.timezone),
        works_today=works_on(day, rep.working_days, rep.timezone),
    )  # fmt: skip
