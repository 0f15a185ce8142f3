"""Counters as digests show them: the reader's visits, what else they owe, and what their team owes together."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from urllib.parse import urlencode

from digests.progress import Progress
from digests.standings import Standing, standings
from letters.digest import Bar, Owed
from letters.measures import called
from letters.wording import wording
from store import kinds
from store.db import Tx
from store.filters import VisitFilter
from store.intervals import due_accounts
from store.tables import Rep

MORE = 4
"""Counters of one person besides the visits."""
LISTED = 20
"""Accounts of one person that are looked at."""
Labels = Mapping[str, kinds.Labels]


def bar_of(rep: Rep, stands: Progress | None) -> Bar:
    """A rep's counter of visits."""
    if stands is None:
        return Bar(name=rep.name, rep_id=rep.id, done=0, target=None, period="week", days_left=0)
    return Bar(
        name=rep.name, rep_id=rep.id, done=stands.done, target=stands.target, period=stands.period,
        days_left=stands.working_days_left + stands.works_today, pace=stands.pace, place=address(stands.records),
    )  # fmt: skip


def labels_of(tx: Tx, people: Sequence[Rep]) -> Labels:
    """What kinds are called, in each of these people's languages."""
    return kinds.labels_in(tx, {one.language for one in people})


def more_bars(tx: Tx, reps: Sequence[Rep], day: date, labels: Labels) -> defaultdict[int, list[Bar]]:
    """What these people owe besides visits, by their ids."""
    languages = {rep.id: rep.language for rep in reps}
    found: defaultdict[int, list[Bar]] = defaultdict(list)
    for one in standings(tx, day, languages, levels=("rep",)):
        rep_id = int(one.owner.key or 0)
        if one.measure != "visits" and len(found[rep_id]) < MORE:
            found[rep_id].append(_bar(one, languages[rep_id], labels))
    return found


def team_bars(
    tx: Tx, teams: Mapping[int, Sequence[Rep]], managers: Sequence[Rep], day: date, labels: Labels
) -> dict[int, list[Bar]]:
    """What the teams of these managers owe together, by the managers' ids; a team that is not theirs alone too."""
    owed: defaultdict[str, list[Standing]] = defaultdict(list)
    for one in standings(tx, day, (), levels=("team",)):
        owed[one.whose].append(one)
    return {
        manager.id: [
            _bar(one, manager.language, labels)
            for name in sorted({rep.team for rep in teams[manager.id] if rep.team})
            for one in owed[name]
        ]
        for manager in managers
    }


def owed_of(tx: Tx, rep_ids: Collection[int], day: date) -> defaultdict[int, list[Owed]]:
    """The customers of these people who are overdue for a visit, with none planned; the longest first."""
    found: defaultdict[int, list[Owed]] = defaultdict(list)
    for one in due_accounts(tx, day, rep_ids):
        mine = found[one.owner_id or 0]
        if one.is_overdue(day) and one.planned is None and len(mine) < LISTED:
            mine.append(Owed(account=one.name, account_id=one.account_id, last=one.last))
    return found


def address(records: VisitFilter) -> str:
    """Where the visits behind a figure are listed."""
    return f"/visits?{urlencode(records.query())}"


def _bar(one: Standing, language: str, labels: Labels) -> Bar:
    what = called(wording(language), one.measure, labels[language])
    name = one.whose if one.owner.level == "team" else None
    money = f" ({one.currency})" if one.currency else ""
    return Bar(
        name=name, rep_id=int(one.owner.key or 0) if one.owner.level == "rep" else None, done=int(one.done),
        target=int(one.target), period=one.period, days_left=one.working_days_left + one.works_today, pace=one.pace,
        what=f"{name}: {what}{money}" if name else f"{what[:1].upper()}{what[1:]}{money}", place=address(one.records),
    )  # fmt: skip
