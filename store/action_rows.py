"""What is to be done, in lists: by whom, by when, for which customer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import aliased, lazyload

from store.db import Db, Tx, plan_anew
from store.filters import LARGEST_ID, LONGEST
from store.sight import Sight, team_of
from store.tables import Account, Action, Rep, Visit
from store.visit_rows import AT_ONCE, MOST_COUNTED, PAGE

STATES = ("open", "done", "dropped")
DUE = {"overdue": -1, "today": 0, "week": 7}
"""What is due by then, in days from today."""
WHOSE = ("mine", "team", "all")
SOONEST = (Action.due.asc().nulls_last(), Action.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFilter:
    """Which actions are asked for, by somebody: of what ``sight`` shows and what is theirs to do."""

    me: int
    sight: Sight | None
    today: date
    text: str | None = None
    whose: str = "all"
    state: str | None = "open"
    """None: any."""
    due: str | None = None
    rep_id: int | None = None
    account_id: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], me: int, sight: Sight | None, today: date) -> "ActionFilter":
        """The filter of an address; what makes no sense there narrows nothing. Reps see first their own."""
        state, whose = query.get("state", ""), query.get("whose", "")
        usual = "all" if sight is None or not me else "mine"
        return cls(
            me=me, sight=sight, today=today,
            text=query.get("q", "").replace("\0", "").strip()[:LONGEST] or None,
            whose=whose if whose in WHOSE else usual,
            state=None if state == "any" else state if state in STATES else "open",
            due=query.get("due") if query.get("due") in DUE else None,
            rep_id=_id(query.get("rep", "")), account_id=_id(query.get("account_id", "")),
        )  # fmt: skip

    def query(self) -> dict[str, str]:
        """The address's parameters that ask for the same."""
        values = {
            "q": self.text, "whose": self.whose, "state": self.state or "any", "due": self.due, "rep": self.rep_id,
            "account_id": self.account_id,
        }  # fmt: skip
        return {name: str(value) for name, value in values.items() if value}

    def conditions(self, tx: Tx) -> Iterator[ColumnElement[bool]]:
        """What an action, joined with its visit, must be like."""
        yield Visit.withdrawn_at.is_(None)
        if self.whose == "mine":
            yield Action.assignee_id == self.me
        elif self.whose == "team":
            yield Action.assignee_id.in_(team_of(tx, self.me))
        if self.sight is not None and self.whose != "mine":
            mine, seen = aliased(Action), aliased(Action)
            of_visits = select(seen.id).join(Visit, Visit.id == seen.visit_id).where(self.sight.of_visits())
            own = select(mine.id).where(mine.assignee_id == self.me)
            yield Action.id.in_(sa.union_all(own, of_visits.correlate(None)))
        if self.state is not None:
            yield Action.state == self.state
        if self.due is not None:
            yield Action.due <= self.today + timedelta(days=DUE[self.due])
        if self.text:
            yield Action.text.icontains(self.text, autoescape=True)
        for column, value in ((Action.assignee_id, self.rep_id), (Visit.account_id, self.account_id)):
            if value is not None:
                yield column == value


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action in a list."""

    action: Action
    visit: Visit
    who: str
    account: str | None


@dataclass(frozen=True, slots=True)
class ActionRows:
    """One page of the list, the soonest due first; of more than are counted ``whole`` is false."""

    rows: tuple[ActionRow, ...]
    total: int
    whole: bool
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are to leaf through; an empty list has one."""
        return max(1, -(-self.total // PAGE))


def find_actions(tx: Tx, wanted: ActionFilter, page: int) -> ActionRows:
    """The page of the actions that ``wanted`` describes, those without a day last."""
    plan_anew(tx)
    first = select(Action.id).join(Visit, Visit.id == Action.visit_id).where(*wanted.conditions(tx)).order_by(*SOONEST)
    found = tx.scalars(first.limit(MOST_COUNTED + 1)).all()
    ids = found[:MOST_COUNTED]
    shown = _rows([Action.id.in_(ids[(page - 1) * PAGE : page * PAGE])])
    rows = tuple(ActionRow(*row) for row in tx.execute(shown))
    return ActionRows(rows, len(ids), len(found) <= MOST_COUNTED, page)


def each_action(db: Db, wanted: ActionFilter) -> Iterator[ActionRow]:
    """Every action that ``wanted`` describes, in the order of the list; each batch in a transaction of its own.

    It has ended before the rows are handed on.
    """
    for has_day in (True, False):
        kept = Action.due.is_not(None) if has_day else Action.due.is_(None)
        beyond: ColumnElement[bool] = sa.true()
        while rows := _some(db, wanted, kept, beyond):
            yield from rows
            beyond = _after(rows[-1].action.due, rows[-1].action.id)


def _some(db: Db, wanted: ActionFilter, *beyond: ColumnElement[bool]) -> list[ActionRow]:
    with db.read() as tx:
        return [ActionRow(*row) for row in tx.execute(_rows([*wanted.conditions(tx), *beyond]).limit(AT_ONCE))]


def _after(due: date | None, action_id: int) -> ColumnElement[bool]:
    place: Any = tuple_(Action.due, Action.id)
    return Action.id > action_id if due is None else place > (due, action_id)


def _rows(conditions: Sequence[ColumnElement[bool]]) -> Any:
    bare = tuple(lazyload(part) for part in (Visit.contacts, Visit.keywords, Visit.amounts, Visit.actions))
    return (
        select(Action, Visit, Rep.name, Account.name)
        .join(Visit, Visit.id == Action.visit_id)
        .join(Rep, Rep.id == Action.assignee_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(*conditions)
        .order_by(*SOONEST)
        .options(*bare)
    )


def _id(text: str) -> int | None:
    text = text[:LONGEST]
    return int(text) if text.isascii() and text.isdecimal() and int(text) <= LARGEST_ID else None
