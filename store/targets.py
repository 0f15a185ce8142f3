"""Targets: what a rep, a team or the house owes from a day on, and which one holds."""

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, or_, select

from store.db import Tx
from store.tables import Target

PERIODS = ("day", "week", "month", "quarter")
LEVELS = ("rep", "team", "house")


def set_target(tx: Tx, rep_id: int, period: str, visits: int, since: date) -> None:
    """Let the rep owe so many visits a period from ``since`` on; the last word on a day counts."""
    put(tx, Target(rep_id=rep_id, period=period, value=Decimal(visits), since=since))


def put(tx: Tx, target: Target) -> Target:
    """Let this target hold from its day on; the one of the same day is overwritten, unless it was signed off."""
    there = tx.scalars(select(Target).where(*_same(target), Target.since == target.since)).all()
    same = next((one for one in there if one.signed_at is None), None)
    if same is None:
        tx.add(target)
        tx.flush()
        return target
    for field in ("period", "value", "currency", "until", "reason", "set_at", "set_by"):
        setattr(same, field, getattr(target, field))
    return same


def before(tx: Tx, target: Target) -> Target | None:
    """The target that holds on the day on which this one is to begin: the one whose place it takes."""
    found = [one for one in in_force(tx, target.since) if _key(one) == _key(target)]
    return found[0] if found else None


def holding(day: date) -> Subquery:
    """A table of ``id`` and ``rank``: of each kind of target those that have begun, the newest with rank 1."""
    newest = func.row_number().over(
        partition_by=(Target.level, Target.rep_id, Target.team, Target.measure),
        order_by=(Target.since.desc(), Target.id.desc()),
    )
    return select(Target.id, newest.label("rank")).where(Target.since <= day).subquery()


def in_force(tx: Tx, day: date, rep_ids: Collection[int] | None = None) -> Sequence[Target]:
    """The targets that hold on ``day``: of reps, of those alone where ``rep_ids`` are given; of teams; of the house."""
    ranked = holding(day)
    statement = select(Target).join(ranked, (ranked.c.id == Target.id) & (ranked.c.rank == 1)).where(not_ended(day))
    if rep_ids is not None:
        statement = statement.where(or_(Target.level != "rep", Target.rep_id.in_(rep_ids)))
    return tx.scalars(statement.order_by(Target.level, Target.measure, Target.id)).all()


def of_ids(tx: Tx, ids: Collection[int]) -> dict[int, Target]:
    """These targets by their ids."""
    return {one.id: one for one in tx.scalars(select(Target).where(Target.id.in_(ids)))}


def to_come(tx: Tx, day: date) -> Sequence[Target]:
    """The targets that begin after ``day``, the next first."""
    return tx.scalars(select(Target).where(Target.since > day).order_by(Target.since, Target.id)).all()


def not_ended(day: date) -> ColumnElement[bool]:
    """Targets that were not ended before the day."""
    return Target.until.is_(None) | (Target.until >= day)


def _key(target: Target) -> tuple[Any, ...]:
    return target.level, target.rep_id, target.team, target.measure


def _same(target: Target) -> tuple[ColumnElement[bool], ...]:
    """Of the same kind: owed by the same, and of the same measure."""
    whose = Target.rep_id == target.rep_id if target.rep_id is not None else Target.rep_id.is_(None)
    team = Target.team == target.team if target.team is not None else Target.team.is_(None)
    return Target.level == target.level, whose, team, Target.measure == target.measure
