"""What the digests of many people tell of a day: a fixed number of statements, however many they are."""

from collections.abc import Sequence
from datetime import date, timedelta

from digests.bars import bar_of, labels_of, more_bars, owed_of, team_bars
from digests.calendar import bounds, last_working_day
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
from digests.plans import plans_of
from digests.progress import Progress, progress
from digests.quiet import begins_week, quiet
from letters.digest import Morning, TeamMorning
from store import days_off
from store.db import Tx
from store.tables import Rep

MILESTONES = (75, 50, 25)
"""Hundredths of a target; the whole of it is told by the counter itself."""
LOOK_BACK = timedelta(days=30)
"""So far back days off are looked at for the last working days."""


def mornings(tx: Tx, reps: Sequence[Rep], day: date) -> dict[int, Morning]:
    """What each of these people reads on the morning of ``day``, by id."""
    ids = [rep.id for rep in reps]
    stands = {one.rep_id: one for one in progress(tx, day, ids)}
    off = days_off.of(tx, ids, day - LOOK_BACK, day)
    since = {rep.id: last_working_day(day, rep.working_days, rep.timezone, off[rep.id]) for rep in reps}
    seen = by_rep(visits_of(tx, ids, min(since.values(), default=day), day))
    due, gaps = due_of(tx, ids, day), gaps_of(tx, ids, since, day)
    gone, plans = gone_of(tx, ids), plans_of(tx, ids, day)
    silent = quiet(tx, [one for one in ids if begins_week(day, since[one])], day)
    bars, owed = more_bars(tx, reps, day, labels_of(tx, reps)), owed_of(tx, ids, day)
    return {
        rep.id: Morning(
            name=rep.name, rep_id=rep.id, day=day, bar=bar_of(rep, stands.get(rep.id)), last_day=since[rep.id],
            more_bars=tuple(bars[rep.id]), owed=tuple(owed[rep.id]),
            customers=_customers(seen[rep.id], since[rep.id]),
            milestone=_milestone(stands.get(rep.id), seen[rep.id], since[rep.id], day),
            due=tuple(due[rep.id]), gaps=tuple(gaps[rep.id]), plans=tuple(plans[rep.id]),
            gone=tuple(gone[rep.id]), quiet=tuple(silent[rep.id]),
        )
        for rep in reps
    }  # fmt: skip


def team_mornings(tx: Tx, managers: Sequence[Rep], day: date) -> dict[int, TeamMorning]:
    """What each of these managers reads on the morning of ``day``, by id: of those whose manager they are."""
    teams = teams_of(tx, [manager.id for manager in managers])
    ids = [rep.id for team in teams.values() for rep in team]
    stands = {one.rep_id: one for one in progress(tx, day, ids)}
    off = days_off.of(tx, [*ids, *(manager.id for manager in managers)], day - LOOK_BACK, day)
    since = {one.id: last_working_day(day, one.working_days, one.timezone, off[one.id]) for one in managers}
    seen = by_rep(visits_of(tx, ids, min(since.values(), default=day), day))
    amounts = amounts_of(tx, [one.id for some in seen.values() for one in some if one.outcome in NOTABLE])
    overdue, heard = overdue_of(tx, ids, day), last_heard(tx, ids)
    asked, gone = asked_of(tx, ids), gone_of(tx, ids)
    labels = labels_of(tx, managers)
    together = team_bars(tx, teams, managers, day, labels)
    told: dict[int, TeamMorning] = {}
    for manager in managers:
        team = teams[manager.id]
        last = since[manager.id]
        visits = [one for rep in team for one in seen[rep.id] if last <= one.on < day and one.status != "planned"]
        told[manager.id] = TeamMorning(
            name=manager.name, rep_id=manager.id, day=day, last_day=last,
            people=len(team), bars=(*together[manager.id], *(bar_of(rep, stands.get(rep.id)) for rep in team)),
            visits=sum(one.status == "held" for one in visits),
            happened=happened_of(visits, team, amounts, labels[manager.language]),
            silent=tuple(rep.name for rep in team if is_silent(rep, heard.get(rep.id), day, off[rep.id])),
            overdue=sum(overdue.get(rep.id, 0) for rep in team), asked=sum(len(asked[rep.id]) for rep in team),
            gone=sum(len(gone[rep.id]) for rep in team),
        )  # fmt: skip
    return told


def _customers(seen: Sequence[Seen], last_day: date) -> tuple[str, ...]:
    held = (one.account for one in seen if one.on >= last_day and one.status == "held")
    return tuple(dict.fromkeys(account for account in held if account))


def _milestone(stands: Progress | None, seen: Sequence[Seen], last_day: date, day: date) -> int | None:
    """The part of the target that was passed on the last working day, where it was one of those that are told."""
    if stands is None or not stands.target or stands.done >= stands.target or last_day < bounds(stands.period, day)[0]:
        return None
    new = sum(one.status == "held" and one.on >= last_day for one in seen)
    now, before = stands.done / stands.target, (stands.done - new) / stands.target
    return next((share for share in MILESTONES if before < share / 100 <= now), None)
