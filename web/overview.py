"""What the dashboard tells of a team or the house: in a fixed number of statements, every figure with a link."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import digests
from capture.rights import Reach, Viewer, people, sight
from digests.council import LEAST
from digests.effort import Quality, quality
from store import conversations, intervals, overview
from store.db import Tx
from store.filters import VisitFilter
from store.overview import MOST_LATE, Late
from store.visits import VisitList, list_visits
from web.charts import Chart, Column, chart

WEEKS = 12
QUALITY_DAYS = 30
SHOWN = 60
"""Counters on the page; where there are more, one chooses a team."""
MANY = 300
"""Of more people than these the figures that take long are shown team by team alone."""
LATES, DUE, TURNS = 8, 8, 8
MOST_COUNTED = MOST_LATE
"""Of open questions and of what is overdue so many are counted."""
BANDS = (0.2, 0.4, 0.6, 0.8)
"""Shares from which a cell of the map is drawn one step darker."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures these are. ``rep_ids`` None: everybody's; ``council``: nobody is to be told from the others."""

    who: Viewer
    today: date
    rep_ids: frozenset[int] | None
    team: str | None
    council: bool

    @property
    def visits(self) -> VisitFilter:
        """Their visits that took place."""
        mine = VisitFilter(status="held", team=self.team)
        if self.who.may("read", "progress") is Reach.TEAM:
            return replace(mine, manager_id=self.who.rep_id)
        return mine if self.rep_ids is None else replace(mine, rep_id=self.who.rep_id)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it counts, and where what it counts is looked at."""

    number: str
    what: str
    link: str
    warm: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the trend, with the address of its visits."""

    first: date
    visits: int
    orders: int
    complaints: int
    link: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One region and class of the map: customers, how many of them were visited in time, and how dark it is drawn."""

    accounts: int
    visited: int
    band: int
    link: str


def scope_of(tx: Tx, who: Viewer, today: date, team: str | None, *, council: bool) -> Scope:
    """Whose figures this viewer looks at."""
    whose = people(tx, who, "read", "progress")
    alone = who.may("read", "progress") is Reach.OWN
    return Scope(who, today, whose, team, council and not alone)


def gathered(tx: Tx, scope: Scope) -> dict[str, Any]:
    """Everything that the dashboard's template shows."""
    count = overview.how_many_report(tx, scope.rep_ids, scope.team)
    few = count <= MANY
    ids = overview.who_report(tx, scope.rep_ids, scope.team, MANY if few else SHOWN)
    enough = not scope.council or count >= LEAST
    teams = [] if few else digests.team_sums(tx, scope.today, scope.rep_ids, scope.team)
    progress = digests.progress(tx, scope.today, ids) if ids else []
    weeks = _weeks(tx, scope) if enough and few else []
    late, late_count = overview.late_actions(tx, scope.today, _assignees(tx, scope, ids, few=few), LATES)
    due = intervals.due_accounts(tx, scope.today, _owners(scope, ids)) if few else []
    overdue = [one for one in due if one.is_overdue(scope.today) and one.planned is None]
    asked = _asked(tx, scope)
    filled = quality(tx, scope.today - timedelta(days=QUALITY_DAYS - 1), scope.today, ids) if ids and few else {}
    told = {
        "council": scope.council, "least": LEAST, "people": count, "weeks": weeks, "trend": _trend(weeks),
        "sums": _sums(progress, teams, enough=enough), "teams": _teams(teams, scope), "or_more": or_more,
        "map": _map(tx, scope, _owners(scope, ids)) if few else None, "asked": asked,
        "late_count": late_count if enough else None, "overdue": overdue[:DUE],
        "overdue_count": len(overdue) if few else None, "quality": _quality(scope, filled) if enough else None,
        **_of_persons(tx, scope, progress, filled, late), "more": count - SHOWN,
    }  # fmt: skip
    return {**told, "figures": _figures(told)}


def _owners(scope: Scope, ids: Collection[int]) -> Collection[int] | None:
    """Whose customers are looked at; None: all, whoever owns them or nobody."""
    return None if scope.rep_ids is None and not scope.team else ids


def _assignees(tx: Tx, scope: Scope, ids: Collection[int], *, few: bool) -> Collection[int] | None:
    """Whose promises are looked at: of a team those of whoever reports in it, else of everybody in sight."""
    if not scope.team:
        return scope.rep_ids
    return ids if few else overview.who_report(tx, scope.rep_ids, scope.team)


def _asked(tx: Tx, scope: Scope) -> VisitList:
    """The visits whose customer nobody knows yet, the newest of them."""
    wanted = VisitFilter(open=True, sight=sight(tx, scope.who), team=scope.team)
    return list_visits(tx, wanted, size=LATES, most=MOST_COUNTED)


def or_more(count: int) -> str:
    """A number, as far as things are counted."""
    return str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"


def _turns(tx: Tx, scope: Scope) -> list[Any]:
    """What came in last, of those whose messages the viewer may read."""
    return conversations.latest(tx, rep_ids=people(tx, scope.who, "read", "message"), most=TURNS)[::-1]


def _teams(sums: Sequence[digests.TeamSum], scope: Scope) -> list[tuple[str, int, int | None]]:
    """For each team what is done, and what is owed where all owe it in the same period.

    Teams too small for a works council are left out where there is one.
    """
    found = []
    for team, parts in groupby((one for one in sums if one.team), key=lambda one: one.team):
        members = list(parts)
        if team and (not scope.council or sum(one.people for one in members) >= LEAST):
            found.append((team, sum(one.done for one in members), members[0].target if len(members) == 1 else None))
    return sorted(found)


def _sums(
    progress: Sequence[digests.Progress], teams: Sequence[digests.TeamSum], *, enough: bool
) -> list[tuple[str, int, int]]:
    """For each period what is done and what is owed, of all who owe something in it."""
    done: Counter[str] = Counter()
    owed: Counter[str] = Counter()
    for one in (teams or progress) if enough else ():
        if one.period is not None and one.target is not None:
            done[one.period] += one.done
            owed[one.period] += one.target
    return [(period, done[period], owed[period]) for period in owed]


def _weeks(tx: Tx, scope: Scope) -> list[Week]:
    """The last weeks, Monday to Sunday, oldest first; this one as far as it has got."""
    monday = scope.today - timedelta(days=scope.today.weekday())
    firsts = [monday - timedelta(weeks=ago) for ago in range(WEEKS - 1, -1, -1)]
    wanted = replace(scope.visits, since=firsts[0], until=monday + timedelta(days=6))
    counts = overview.by_day(tx, wanted)
    weeks = []
    for first in firsts:
        last = first + timedelta(days=6)
        days = [one for one in counts if first <= one.on <= last]
        link = _visits(replace(wanted, since=first, until=last))
        orders, complaints = sum(one.orders for one in days), sum(one.complaints for one in days)
        weeks.append(Week(first, sum(one.visits for one in days), orders, complaints, link))
    return weeks


def _trend(weeks: Sequence[Week]) -> Chart | None:
    if not any(week.visits for week in weeks):
        return None
    columns = [
        Column(
            f"W{week.first.isocalendar().week}",
            (
                (week.orders, "bar-good"), (week.complaints, "bar-bad"),
                (week.visits - week.orders - week.complaints, "bar"),
            ),
            f"{week.visits} visits, {week.orders} with an order, {week.complaints} with a complaint",
            week.link if week.visits else "",
        )
        for week in weeks
    ]  # fmt: skip
    return chart("trend", f"Visits in each of the last {WEEKS} weeks", columns)


def _map(tx: Tx, scope: Scope, owners: Collection[int] | None) -> dict[str, Any] | None:
    """Regions by classes: which share of the customers was visited in time."""
    found = overview.coverage(tx, scope.today, owners)
    if not found:
        return None
    grades = sorted({one.grade for one in found}, key=lambda grade: (grade is None, grade))
    rows: dict[str | None, dict[str | None, Cell]] = {}
    since = scope.today - timedelta(days=overview.QUARTER)
    for one in found:
        share = one.visited / one.accounts
        where = replace(scope.visits, grade=one.grade, region=one.region, since=since, until=scope.today)
        cell = Cell(one.accounts, one.visited, sum(share >= band for band in BANDS), _visits(where))
        rows.setdefault(one.region, {})[one.grade] = cell
    return {"grades": grades, "rows": rows}


def _quality(scope: Scope, filled: Mapping[int, Quality]) -> dict[str, Any] | None:
    """All of them together: how many visits tell the minimum, and what the others lack most."""
    visits = sum(one.visits for one in filled.values())
    if not visits:
        return None
    told = {part: sum(one.told[part] for one in filled.values()) for part in next(iter(filled.values())).told}
    first = scope.today - timedelta(days=QUALITY_DAYS - 1)
    lacking = replace(scope.visits, since=first, until=scope.today, complete="no")
    complete = sum(one.complete for one in filled.values())
    return {"visits": visits, "complete": complete, "told": told, "lacking": _visits(lacking)}


def _of_persons(
    tx: Tx, scope: Scope, progress: Sequence[digests.Progress], filled: Mapping[int, Quality], late: Sequence[Late]
) -> dict[str, Any]:
    """What tells one person from another: nothing of it for a works council."""
    if scope.council:
        return {"progress": [], "late": [], "filled": [], "turns": []}
    shown = progress[:SHOWN]
    return {
        "progress": shown, "late": late, "turns": _turns(tx, scope),
        "filled": [(one, filled[one.rep_id]) for one in shown if one.rep_id in filled],
    }  # fmt: skip


def _figures(told: Mapping[str, Any]) -> list[Figure]:
    """The numbers at the top: what is done, and what waits."""
    figures = []
    if told["weeks"]:
        week = told["weeks"][-1]
        figures.append(Figure(str(week.visits), "visits this week", week.link))
    figures.append(Figure(or_more(told["asked"].total), "open questions", "#asked", warm=bool(told["asked"].total)))
    if told["late_count"] is not None:
        figures.append(Figure(or_more(told["late_count"]), "things overdue", "#late", warm=bool(told["late_count"])))
    overdue = told["overdue_count"]
    if overdue is not None:
        figures.append(Figure(str(overdue), "customers overdue for a visit", "#due", warm=bool(overdue)))
    if told["quality"]:
        share = round(100 * told["quality"]["complete"] / told["quality"]["visits"])
        figures.append(Figure(f"{share}%", "of reports tell all they should", "#quality"))
    return figures


def _visits(wanted: VisitFilter) -> str:
    """The address where these visits are listed."""
    return f"/visits?{urlencode(wanted.query())}"
