"""What whole teams did of the visits that they owe: a house of thousands in two statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Subquery, case, func, select

from digests.calendar import bounds
from digests.progress import target_of
from store.db import Tx
from store.tables import Rep, Target, Visit
from store.targets import PERIODS, not_ended


@dataclass(frozen=True, slots=True)
class TeamSum:
    """Those of a team who owe visits in the same period; ``period`` and ``target`` are None for who owes none.

    What these did is that of the running week.
    """

    team: str | None
    period: str | None
    people: int
    done: int
    target: int | None


def team_sums(tx: Tx, day: date, among: Collection[int] | None = None, team: str | None = None) -> list[TeamSum]:
    """What `digests.progress` tells of each, added up, by team; ``among`` and ``team`` narrow the people."""
    begun = select(Target.period).where(Target.level == "rep", Target.measure == "visits", Target.since <= day)
    held = _held(day, {"week", *tx.scalars(begun.distinct())})
    done = case({one: held.c[one] for one in PERIODS if one in held.c}, value=Target.period, else_=held.c.week)
    statement = (
        select(Rep.team, Target.period, func.count(Rep.id), func.sum(func.coalesce(done, 0)), func.sum(Target.value))
        .outerjoin(Target, (Target.id == target_of(day)) & not_ended(day))
        .outerjoin(held, held.c.rep_id == Rep.id)
        .where(Rep.active, Rep.role == "rep")
        .group_by(Rep.team, Target.period)
        .order_by(Rep.team, Target.period)
    )
    if among is not None:
        statement = statement.where(Rep.id.in_(among))
    if team is not None:
        statement = statement.where(Rep.team == team)
    return [
        TeamSum(name, period, people, int(held_by), None if owed is None else int(owed))
        for name, period, people, held_by, owed in tx.execute(statement)
    ]


def _held(day: date, periods: Collection[str]) -> Subquery:
    """For each rep the visits of the running day, week, month or quarter, one column a period; in one pass."""
    spans = {one: bounds(one, day) for one in periods}
    counted = [func.sum(case((Visit.on.between(*span), 1), else_=0)).label(one) for one, span in spans.items()]
    widest = Visit.on.between(min(first for first, _ in spans.values()), max(last for _, last in spans.values()))
    held = select(Visit.rep_id, *counted).where(widest, Visit.status == "held", Visit.withdrawn_at.is_(None))
    return held.group_by(Visit.rep_id).subquery()
