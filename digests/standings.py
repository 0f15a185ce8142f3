"""Where reps, teams and the house stand with everything that they owe, in as many statements for all as for one."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from digests.calendar import bounds, working_days, works_on
from digests.counting import Ask, Owner, done
from digests.pace import pace
from store import days_off
from store.db import Tx
from store.filters import VisitFilter
from store.measures import Measure, read
from store.tables import Rep, Target
from store.targets import LEVELS, in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far somebody is with one target in the running period."""

    target_id: int
    owner: Owner
    whose: str
    """The rep's or the team's name; empty for the house."""
    measure: str
    unit: str
    currency: str | None
    period: str
    first: date
    last: date
    done: Decimal
    target: Decimal
    share: float
    """How much of the period's working days lies behind, 0 to 1; of a team's, the mean of its reps'."""
    working_days_left: int
    """After today; of a team's reps those of whoever has most."""
    works_today: bool
    signed: bool
    records: VisitFilter
    """The visits that are counted; of money and of contacts those that they were spoken of or met at."""

    @property
    def pace(self) -> str | None:
        """As `digests.pace.pace` has it."""
        return pace(self.done, self.target, self.share)


_Calendar = tuple[tuple[int, ...], str, frozenset[date]]
"""Weekdays, time zone and days off of whoever owes."""


class _Clocks:
    """How far the period is for whoever owes: by the working days of each of them."""

    def __init__(self, people: Sequence[Rep], off: Mapping[int, Collection[date]], day: date) -> None:
        self._day = day
        # Thousands of people share a few calendars: each is counted once, for as many as have it.
        self._members: defaultdict[Owner, Counter[_Calendar]] = defaultdict(Counter)
        for rep in people:
            calendar = tuple(rep.working_days), rep.timezone, frozenset(off.get(rep.id, ()))
            for owner in (Owner("house"), Owner("rep", rep.id), Owner("team", rep.team)):
                self._members[owner][calendar] += 1
        self._known: dict[tuple[Owner, str], tuple[float, bool, int]] = {}

    def of(self, owner: Owner, period: str) -> tuple[float, bool, int]:
        """The share of the work that lies behind, whether today is a working day, and how many are left after it."""
        if (owner, period) not in self._known:
            clocks = [(*self._clock(one, period), many) for one, many in self._members.get(owner, {}).items()]
            shares = [(gone / whole, many) for gone, today, left, many in clocks if (whole := gone + today + left)]
            people = sum(many for _, many in shares)
            share = sum(share * many for share, many in shares) / people if people else 0.0
            most = max((left for _, _, left, _ in clocks), default=0)
            self._known[owner, period] = share, any(today for _, today, _, _ in clocks), most
        return self._known[owner, period]

    def _clock(self, calendar: _Calendar, period: str) -> tuple[int, bool, int]:
        first, last = bounds(period, self._day)
        before, after = self._day - timedelta(days=1), self._day + timedelta(days=1)
        return (
            working_days(first, before, *calendar),
            works_on(self._day, *calendar),
            working_days(after, last, *calendar),
        )


def standings(
    tx: Tx, day: date, rep_ids: Collection[int] | None = None, levels: Collection[str] = LEVELS
) -> list[Standing]:
    """All targets that hold on ``day`` and how far each is: the reps' by name, then the teams', then the house's.

    ``rep_ids`` narrows the reps whose own targets are told; teams' and the house's are those of all their people.
    """
    targets = [one for one in in_force(tx, day, rep_ids) if one.level in levels and read(one.measure)]
    if not targets:
        return []
    people = _people(tx, targets)
    first, last = bounds("quarter", day)
    week = timedelta(days=6)  # a week may begin before its quarter does, and end after it
    clocks = _Clocks(people, days_off.of(tx, [rep.id for rep in people], first - week, last + week), day)
    names = {rep.id: rep.name for rep in people}
    owners = {level: {owner_of(one).key for one in targets if one.level == level} for level in levels}
    counted = done(tx, {_ask(one): None for one in targets}, owners, day)
    told = []
    for one in targets:
        whose = names.get(one.rep_id or 0, "") if one.level == "rep" else one.team or ""
        told.append(_standing(one, whose, counted.get((_ask(one), owner_of(one).key), Decimal(0)), clocks, day))
    return sorted(told, key=lambda one: (LEVELS.index(one.owner.level), one.whose, one.target_id))


def owner_of(target: Target) -> Owner:
    """Who owes it."""
    return Owner(target.level, {"rep": target.rep_id, "team": target.team}.get(target.level))


def records(owner: Owner, measure: Measure, first: date, last: date) -> VisitFilter:
    """The visits behind a figure: those that the same conditions count."""
    found = replace(measure.visits, since=first, until=last)
    if owner.level == "rep":
        return replace(found, rep_id=int(owner.key or 0))
    return replace(found, team=str(owner.key)) if owner.level == "team" else found


def _ask(target: Target) -> Ask:
    measure = read(target.measure)
    if measure is None:
        raise ValueError(f"target {target.id} counts {target.measure!r}, which is nothing that can be counted")
    return Ask(target.level, measure, target.period, target.currency)


def _people(tx: Tx, targets: Iterable[Target]) -> Sequence[Rep]:
    """Whose working days matter: of everybody who reports where teams or the house owe something, else of who does."""
    wanted = select(Rep).where(Rep.active, Rep.role == "rep")
    if all(one.level == "rep" for one in targets):
        wanted = select(Rep).where(Rep.id.in_([one.rep_id for one in targets]))
    return tx.scalars(wanted.options(lazyload(Rep.emails)).order_by(Rep.id)).all()


def _standing(target: Target, whose: str, counted: Decimal, clocks: _Clocks, day: date) -> Standing:
    ask, owner = _ask(target), owner_of(target)
    first, last = bounds(target.period, day)
    share, today, left = clocks.of(owner, target.period)
    return Standing(
        target_id=target.id, owner=owner, whose=whose, measure=target.measure, unit=ask.measure.unit,
        currency=target.currency, period=target.period, first=first, last=last, done=counted, target=target.value,
        share=share, working_days_left=left, works_today=today, signed=target.signed_at is not None,
        records=records(owner, ask.measure, first, last),
    )  # fmt: skip
