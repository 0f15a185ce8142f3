"""What the digests of a week tell, of many people at once: a fixed number of statements, however many they are."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import case, func, select

from digests.findings import (
    NOTABLE,
    Seen,
    amounts_of,
    asked_of,
    by_rep,
    due_of,
    gone_of,
    happened_of,
    is_silent,
    last_heard,
    overdue_of,
    teams_of,
    visits_of,
)
from digests.gaps import gaps_of
from digests.progress import progress
from digests.quiet import quiet
from letters.digest import Bar, Outcome, Rising, Sum, Week, WeekCount
from store import days_off, kinds
from store.db import Tx
from store.tables import Rep, Visit, VisitKeyword

WEEKS = 8
"""In the picture."""
BEFORE = 4
"""Weeks that a keyword is compared with."""
OFTEN, RISE, LISTED = 3, 1.5, 10
"""How many visits must tell of a keyword that rises, how much oftener than before, and how many are looked at."""
OUTCOMES = ("order", "quote_requested", "complaint", "lost", "no_show")
WEEK = timedelta(days=7)
Targets = Mapping[int, int | None]
Counts = Mapping[int, Mapping[date, int]]


def last_week(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week before the one that ``day`` is in."""
    monday = day - timedelta(days=day.weekday()) - WEEK
    return monday, monday + timedelta(days=6)


def weeks(tx: Tx, reps: Sequence[Rep], day: date) -> dict[int, Week]:
    """What each of these people reads of their own week, by id."""
    ids = [rep.id for rep in reps]
    first, last = last_week(day)
    seen = by_rep(visits_of(tx, ids, first, last + timedelta(days=1)))
    amounts = amounts_of(tx, _notable(seen))
    counts, targets = _counts(tx, ids, first), _targets(tx, ids, last)
    due, gone, silent = due_of(tx, ids, day), gone_of(tx, ids), quiet(tx, ids, day)
    gaps = gaps_of(tx, ids, dict.fromkeys(ids, first), day)
    labels = _labels(tx, reps)
    return {
        rep.id: Week(
            name=rep.name, rep_id=rep.id, team=False, day=day, first=first, last=last, people=1,
            bars=_bars([rep], counts, targets, first), trend=_trend([rep], counts, targets, first),
            outcomes=_outcomes(seen[rep.id], amounts, labels[rep.language]), due=tuple(due[rep.id]),
            gaps=tuple(gaps[rep.id]), gone=tuple(gone[rep.id]), quiet=tuple(silent[rep.id]),
        )
        for rep in reps
    }  # fmt: skip


def team_weeks(tx: Tx, managers: Sequence[Rep], day: date) -> dict[int, Week]:
    """What each of these managers reads of their team's week, by id."""
    teams = teams_of(tx, [manager.id for manager in managers])
    ids = [rep.id for team in teams.values() for rep in team]
    first, last = last_week(day)
    seen = by_rep(visits_of(tx, ids, first, last + timedelta(days=1)))
    amounts = amounts_of(tx, _notable(seen))
    counts, targets = _counts(tx, ids, first), _targets(tx, ids, last)
    off = days_off.of(tx, ids, day - WEEKS * WEEK, day)
    rising = _rising(tx, [manager.id for manager in managers], first)
    overdue, heard, asked, gone = overdue_of(tx, ids, day), last_heard(tx, ids), asked_of(tx, ids), gone_of(tx, ids)
    labels = _labels(tx, managers)
    told: dict[int, Week] = {}
    for manager in managers:
        team = teams[manager.id]
        visits = [one for rep in team for one in seen[rep.id] if one.status != "planned"]
        told[manager.id] = Week(
            name=manager.name, rep_id=manager.id, team=True, day=day, first=first, last=last, people=len(team),
            bars=_bars(team, counts, targets, first), trend=_trend(team, counts, targets, first),
            outcomes=_outcomes(visits, amounts, labels[manager.language]), rising=tuple(rising[manager.id]),
            happened=happened_of(visits, team, amounts, labels[manager.language]),
            silent=tuple(rep.name for rep in team if is_silent(rep, heard.get(rep.id), day, off[rep.id])),
            overdue=sum(overdue.get(rep.id, 0) for rep in team), asked=sum(len(asked[rep.id]) for rep in team),
            gone_count=sum(len(gone[rep.id]) for rep in team),
        )  # fmt: skip
    return told


def _notable(seen: Mapping[int, Sequence[Seen]]) -> list[int]:
    return [one.id for some in seen.values() for one in some if one.outcome in {*NOTABLE, *OUTCOMES}]


def _labels(tx: Tx, people: Sequence[Rep]) -> dict[str, kinds.Labels]:
    return kinds.labels_in(tx, {one.language for one in people})


def _counts(tx: Tx, rep_ids: Collection[int], monday: date) -> Counts:
    """How many visits each held in the weeks of the picture, by its Monday."""
    since, until = monday - (WEEKS - 1) * WEEK, monday + WEEK
    counted = (
        select(Visit.rep_id, Visit.on, func.count(Visit.id))
        .where(Visit.rep_id.in_(rep_ids), Visit.on >= since, Visit.on < until)
        .where(Visit.status == "held", Visit.withdrawn_at.is_(None))
        .group_by(Visit.rep_id, Visit.on)
    )
    found: defaultdict[int, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    for rep_id, on, count in tx.execute(counted):
        found[rep_id][on - timedelta(days=on.weekday())] += count
    return found


def _targets(tx: Tx, rep_ids: Collection[int], sunday: date) -> Targets:
    """What each owed in that week; nothing of those whose target is for another period."""
    return {one.rep_id: one.target if one.period == "week" else None for one in progress(tx, sunday, rep_ids)}


def _bars(team: Sequence[Rep], counts: Counts, targets: Targets, monday: date) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            name=rep.name, rep_id=rep.id, done=counts.get(rep.id, {}).get(monday, 0), target=targets.get(rep.id),
            period="week", days_left=0,
        )
        for rep in team
    )  # fmt: skip


def _trend(team: Sequence[Rep], counts: Counts, targets: Targets, monday: date) -> tuple[WeekCount, ...]:
    """The weeks up to this one; what was owed is known of this one alone."""
    owed = sum(targets.get(rep.id) or 0 for rep in team) or None
    mondays = [monday - n * WEEK for n in reversed(range(WEEKS))]
    return tuple(
        WeekCount(
            monday=one, visits=sum(counts.get(rep.id, {}).get(one, 0) for rep in team),
            target=owed if one == monday else None,
        )
        for one in mondays
    )  # fmt: skip


def _outcomes(
    visits: Sequence[Seen], amounts: Mapping[int, Sequence[Sum]], labels: kinds.Labels
) -> tuple[Outcome, ...]:
    """What came out of the visits, as far as it is worth counting, with the money of orders and quotes."""
    found = []
    for key in OUTCOMES:
        these = [one for one in visits if one.outcome == key]
        if these:
            money = tuple(sum_ for one in these for sum_ in amounts.get(one.id, ())) if key in OUTCOMES[:2] else ()
            found.append(Outcome(label=labels.get(("outcome", key), key), key=key, count=len(these), sums=money))
    return tuple(found)


def _rising(tx: Tx, manager_ids: Collection[int], monday: date) -> defaultdict[int, list[Rising]]:
    """Keywords that a team told of more often in the week than in those before, those that rose most first."""
    new = func.sum(case((Visit.on >= monday, 1), else_=0))
    old = func.sum(case((Visit.on < monday, 1), else_=0))
    statement = (
        select(Rep.manager_id, VisitKeyword.term, new, old)
        .join(Visit, Visit.id == VisitKeyword.visit_id)
        .join(Rep, Rep.id == Visit.rep_id)
        .where(Rep.manager_id.in_(manager_ids), Rep.active, Rep.role == "rep", Visit.withdrawn_at.is_(None))
        .where(Visit.on >= monday - BEFORE * WEEK, Visit.on < monday + WEEK)
        .group_by(Rep.manager_id, VisitKeyword.term)
        .having(new >= OFTEN, new > RISE * old / BEFORE)
        .order_by((new - 1.0 * old / BEFORE).desc(), VisitKeyword.term)
    )
    found: defaultdict[int, list[Rising]] = defaultdict(list)
    for manager_id, term, now, before in tx.execute(statement):
        if len(found[manager_id]) < LISTED:
            found[manager_id].append(Rising(term=term, now=int(now), before=float(before) / BEFORE))
    return found
