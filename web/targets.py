"""The page of what is owed: targets and how far they are, how often customers are visited, and who is due."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture.goals import Goals
from capture.rights import Reach, Viewer, people
from capture.values import CorrectionError
from capture.wanting import GRADES, read_day, read_days
from digests.council import LEAST
from digests.effort import Quality, Spent, quality, spent
from digests.standings import Standing, standings
from letters.measures import NAMED, called
from store import intervals, kinds, reps, targets
from store.db import Tx
from store.reps import Named
from store.tables import Target
from web.gate import RowId, allowed
from web.shared import Shared
from web.target_form import TargetForm
from web.templating import ENGLISH

EFFORT = timedelta(days=28)
"""How far back it is told how reports were filled in, and what they took."""
SHOWN = 60
DUE = 100
"""Customers on the page who are due; more are told as a number."""
MANY = 300
"""Of more people than these what each of them owes is shown for one team at a time."""
LONGEST_TEAM = 100
Text = Annotated[str, Form(max_length=500)]


class _Page:
    """The page, and the way back to it."""

    def __init__(self, shared: Shared) -> None:
        self.shared, self.goals = shared, Goals(shared.db, shared.clock)

    def shown(
        self, who: Viewer, problem: str | None = None, status: int = 200, team: str | None = None
    ) -> HTMLResponse:
        """The page as it is now; of persons those of ``team`` alone, where one was chosen."""
        with self.shared.db.read() as tx:
            values = _values(tx, who, who.today(self.shared.clock()), team, council=self.shared.council)
            answer = self.shared.page("targets.html", who, place="targets", problem=problem, **values)
        answer.status_code = status
        return answer

    def done(self, who: Viewer, act: Callable[[], object]) -> Response:
        """Do it and show the page; where it cannot be done, with the reason."""
        allowed(who.may("edit", "progress"))
        try:
            act()
        except CorrectionError as error:
            return self.shown(who, str(error), 403 if error.key == "not_yours" else 409)
        return RedirectResponse("/targets", 303)


def router(shared: Shared) -> APIRouter:
    """The routes."""
    routes, page = shared.routes(), _Page(shared)
    _add_targets(routes, page)
    _add_intervals(routes, page)
    return routes


def _add_targets(routes: APIRouter, page: _Page) -> None:
    who_is = Depends(page.shared.gate.viewer)

    @routes.get("/targets")
    def targets_page(who: Annotated[Viewer, who_is], team: str = "") -> HTMLResponse:
        """What is owed by those whom the viewer may look at."""
        allowed(who.may("read", "progress"))
        return page.shown(who, team=team.replace("\0", "").strip()[:LONGEST_TEAM] or None)

    @routes.post("/targets")
    def set_target(who: Annotated[Viewer, who_is], form: Annotated[TargetForm, Form()]) -> Response:
        """Let a target hold from a day on."""
        return page.done(who, lambda: page.goals.set(who, form.wanted()))

    @routes.post("/targets/{target_id}/end")
    def end(target_id: RowId, who: Annotated[Viewer, who_is], last: Text) -> Response:
        """Let it hold no longer than to a day."""
        return page.done(who, lambda: page.goals.end(who, target_id, read_day(last)))

    @routes.post("/targets/{target_id}/sign")
    def sign(target_id: RowId, who: Annotated[Viewer, who_is]) -> Response:
        """Sign it off."""
        return page.done(who, lambda: page.goals.sign(who, target_id))


def _add_intervals(routes: APIRouter, page: _Page) -> None:
    who_is = Depends(page.shared.gate.viewer)

    @routes.post("/targets/intervals")
    def set_interval(
        who: Annotated[Viewer, who_is], grade: Text = "", account: Text = "", every: Text = ""
    ) -> Response:
        """Set how often customers of a class, or one, are visited; without an ``every`` the one is not asked for."""

        def act() -> None:
            days = read_days(every) if every.strip() else None
            if every.strip() and days is None:
                raise CorrectionError("days", "Say how often as in “4 weeks”, “30 days” or “3 months”.")
            if account.strip():
                page.goals.set_interval(who, days, account_id=_account(page.shared, account))
            else:
                page.goals.set_interval(who, days, grade=grade)

        return page.done(who, act)

    @routes.post("/targets/intervals/{interval_id}/drop")
    def drop(interval_id: RowId, who: Annotated[Viewer, who_is]) -> Response:
        """Let there be no interval any more."""
        return page.done(who, lambda: page.goals.drop_interval(who, interval_id))


@dataclass(frozen=True, slots=True)
class _InSight:
    """Whom a viewer sees here. ``shown`` are those who are told one by one, None for everybody."""

    teams: list[str]
    chosen: str | None
    many: bool
    shown: frozenset[int] | None
    listed: list[Named]
    """Those of ``shown`` who are one of us today, by name."""

    def tells(self, target: Target, whose: frozenset[int] | None) -> bool:
        """Whether a target that is to come is told."""
        return whose is None if target.rep_id is None else self.shown is None or target.rep_id in self.shown


def _in_sight(everyone: Sequence[Named], whose: frozenset[int] | None, team: str | None) -> _InSight:
    """A large house is looked at team by team: until one is chosen nobody is told by themselves."""
    seen = [one for one in everyone if whose is None or one.id in whose]
    teams = sorted({one.team for one in seen if one.team})
    many = len(seen) > MANY
    listed = [one for one in seen if one.team == team] if team else [] if many else seen
    shown = frozenset(one.id for one in listed) if team or many else whose
    return _InSight(teams, team, many, shown, listed)


def _values(tx: Tx, who: Viewer, today: date, team: str | None = None, *, council: bool) -> dict[str, Any]:
    """What the page shows; targets of teams and of the house to everybody whose own count in them."""
    whose, mine = people(tx, who, "read", "progress"), people(tx, who, "edit", "progress")
    everyone = reps.named(tx)
    seen = _in_sight(everyone, whose, team)
    teams = {team} if team else set(seen.teams)
    told = [one for one in standings(tx, today, seen.shown) if one.owner.level != "team" or one.owner.key in teams]
    ids = [one.id for one in seen.listed if one.role == "rep"]
    if council:  # persons are not told apart, of few of them not even the sum
        counts = Counter(one.team for one in everyone if one.role == "rep")
        told = [one for one in told if _may_be_told(one, who, counts)]
        ids = [one for one in ids if one == who.rep_id]
    due = intervals.due_accounts(tx, today, seen.shown)
    names = {one.id: one.name for one in everyone}
    labels = kinds.labels(tx, "en")
    return {
        "today": today, "standings": told, "called": lambda name: called(ENGLISH, name, labels), "address": address_of,
        "rows": targets.of_ids(tx, [one.target_id for one in told]),
        "to_come": [one for one in targets.to_come(tx, today) if seen.tells(one, whose)],
        "intervals": intervals.listed(tx), "due": due[:DUE], "more_due": max(0, len(due) - DUE),
        "overdue": intervals.overdue_count(due, today), "names": names, "seen": seen,
        "may_edit": who.may("edit", "progress"), "may_all": who.may("edit", "progress") is Reach.ALL,
        "owners": list(_owners(everyone, seen, who, mine)), "measures": _measures(labels), "grades": GRADES,
        "periods": targets.PERIODS, "effort": _effort(tx, ids[:SHOWN], today, names),
    }  # fmt: skip


def _may_be_told(one: Standing, who: Viewer, counts: Mapping[str | None, int]) -> bool:
    if one.owner.level == "rep":
        return one.owner.key == who.rep_id
    return one.owner.level == "house" or counts[str(one.owner.key)] >= LEAST


def _effort(tx: Tx, ids: Sequence[int], today: date, names: Mapping[int, str]) -> list[tuple[str, Quality, Spent]]:
    """Of each who reported in the last weeks how much of it is complete, and what it took."""
    first = today - EFFORT + timedelta(days=1)
    filled, took = quality(tx, first, today, ids), spent(tx, first, today, ids)
    return [(names[one], filled[one], took[one]) for one in ids if one in filled]


def _owners(
    everyone: Sequence[Named], seen: _InSight, who: Viewer, mine: frozenset[int] | None
) -> Iterator[tuple[str, str]]:
    """Whose targets the viewer may set: the form's value, and the words for it; of persons those who are shown."""
    if mine is None:
        yield "house", "The whole house"
    own = [one for one in everyone if one.id != who.rep_id and (mine is None or one.id in mine)]
    others = {one.team for one in everyone if mine is not None and one.id not in mine}
    for team in sorted({one.team for one in own if one.team}):
        if team not in others:
            yield f"team:{team}", f"{team}, all together"
            yield f"each:{team}", f"{team}, each of them"
    yield from (
        (f"rep:{one.id}", one.name) for one in own if one.role == "rep" and (seen.shown is None or one.id in seen.shown)
    )


def _measures(labels: kinds.Labels) -> list[tuple[str, str]]:
    named = [*NAMED, *(f"class:{one}" for one in GRADES)]
    named += [f"{family}:{key}" for family, key in labels if family in {"type", "medium", "outcome"}]
    return [(name, called(ENGLISH, name, labels)) for name in named]


def address_of(one: Standing) -> str:
    """Where the visits behind the figure are listed."""
    return f"/visits?{urlencode(one.records.query())}"


def _account(shared: Shared, text: str) -> int:
    with shared.db.read() as tx:
        found = intervals.account_named(tx, text.strip())
    if found is None:
        raise CorrectionError("account", f"There is no customer “{text.strip()}”, or more than one of that name.")
    return found
