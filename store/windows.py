"""Long lists in windows: the next one is named by the last row of this one, so that none is missed or seen twice.

A page number would shift whenever a row is added, and the hundredth page would cost a hundred times the first.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import lazyload, selectinload

from store.db import Tx
from store.filters import VisitFilter
from store.sight import Sight
from store.tables import (
    Account,
    AccountAlias,
    Action,
    Contact,
    ContactEmail,
    Employment,
    Rep,
    Visit,
    VisitContact,
)

Place = Sequence[Any]
"""Where a window ends: the values that its list is sorted by."""
T = TypeVar("T")
OF_VISIT = (Visit.contacts, Visit.keywords, Visit.amounts, Visit.actions)


@dataclass(frozen=True, slots=True)
class Window(Generic[T]):
    """Rows of a list, and where the next ones begin; None where these are the last."""

    rows: tuple[T, ...]
    ends: Place | None


@dataclass(frozen=True, slots=True)
class WholeVisit:
    """A visit with everything that belongs to it, and the names of what it points at."""

    visit: Visit
    account: str | None
    rep: str
    people: dict[int, str]
    """The names of who was met, by their ids."""


@dataclass(frozen=True, slots=True)
class Promise:
    """An action, where it was promised, and who has to do it."""

    action: Action
    visit: Visit
    doer: str


def visits(tx: Tx, wanted: VisitFilter, after: Place | None, size: int) -> Window[WholeVisit]:
    """The visits that ``wanted`` describes, newest first; ``after`` is a day as text and an id."""
    at = None if after is None else (date.fromisoformat(after[0]), int(after[1]))
    statement = _of_visits().where(*wanted.conditions())
    if at is not None:
        statement = statement.where(tuple_(Visit.on, Visit.id) < at)
    rows = tx.execute(statement.order_by(Visit.on.desc(), Visit.id.desc()).limit(size + 1)).all()
    last = rows[size - 1][0] if len(rows) > size else None
    return Window(tuple(_whole(tx, rows[:size])), (last.on.isoformat(), last.id) if last else None)


def visit(tx: Tx, visit_id: int, sight: Sight | None) -> WholeVisit | None:
    """One visit, taken back or not; None where it is not seen."""
    seen = [sight.of_visits()] if sight else []
    return next(iter(_whole(tx, tx.execute(_of_visits().where(Visit.id == visit_id, *seen)).all())), None)


def _of_visits() -> Any:
    return (
        select(Visit, Account.name, Rep.name)
        .join(Rep, Rep.id == Visit.rep_id)
        .outerjoin(Account, Account.id == Visit.account_id)
        .options(*(selectinload(part) for part in OF_VISIT))
    )


def _whole(tx: Tx, rows: Iterable[Any]) -> list[WholeVisit]:
    found = list(rows)
    names: defaultdict[int, dict[int, str]] = defaultdict(dict)
    met = (
        select(VisitContact.visit_id, Contact.id, Contact.name)
        .join(Contact, Contact.id == VisitContact.contact_id)
        .where(VisitContact.visit_id.in_([visit.id for visit, _, _ in found]))
    )
    for visit_id, contact_id, name in tx.execute(met) if found else ():
        names[visit_id][contact_id] = name
    return [WholeVisit(visit, account, rep, names[visit.id]) for visit, account, rep in found]


def accounts(tx: Tx, like: str | None, owner_id: int | None, after: Place | None, size: int) -> Window[Account]:
    """The accounts that are in use, in the order in which they came."""
    statement = select(Account).where(Account.retired_at.is_(None)).options(selectinload(Account.aliases))
    if like:
        alias = Account.aliases.any(AccountAlias.alias.icontains(like, autoescape=True))
        statement = statement.where(Account.name.icontains(like, autoescape=True) | alias)
    if owner_id is not None:
        statement = statement.where(Account.owner_id == owner_id)
    return _by_id(tx, statement, Account.id, after, size)


def account(tx: Tx, account_id: int) -> Account | None:
    """One account, in use or not."""
    return tx.scalar(select(Account).where(Account.id == account_id).options(selectinload(Account.aliases)))


def contacts(tx: Tx, like: str | None, account_id: int | None, after: Place | None, size: int) -> Window[Contact]:
    """The contacts that are in use, in the order in which they came; ``like`` is part of a name or an address."""
    statement = select(Contact).where(Contact.retired_at.is_(None)).options(*_OF_CONTACT)
    if like:
        address = Contact.emails.any(ContactEmail.email.icontains(like, autoescape=True))
        statement = statement.where(Contact.name.icontains(like, autoescape=True) | address)
    if account_id is not None:
        statement = statement.where(Contact.employments.any(Employment.account_id == account_id))
    return _by_id(tx, statement, Contact.id, after, size)


def contact(tx: Tx, contact_id: int) -> Contact | None:
    """One contact, in use or not."""
    return tx.scalar(select(Contact).where(Contact.id == contact_id).options(*_OF_CONTACT))


_OF_CONTACT = tuple(selectinload(part) for part in (Contact.emails, Contact.phones, Contact.employments))


def actions(
    tx: Tx, sight: Sight | None, own: int, after: Place | None, size: int, *,
    state: str | None = None, assignee_id: int | None = None, due_until: date | None = None,
) -> Window[Promise]:  # fmt: skip
    """Actions of the visits that are seen, and those that ``own`` has to do, in the order in which they came."""
    statement = _of_actions(sight, own)
    for column, value in ((Action.state, state), (Action.assignee_id, assignee_id)):
        if value is not None:
            statement = statement.where(column == value)
    if due_until is not None:
        statement = statement.where(Action.due <= due_until)
    if after is not None:
        statement = statement.where(Action.id > int(after[0]))
    rows = tx.execute(statement.order_by(Action.id).limit(size + 1)).all()
    found = tuple(Promise(*row) for row in rows[:size])
    return Window(found, (found[-1].action.id,) if len(rows) > size else None)


def action(tx: Tx, sight: Sight | None, own: int, action_id: int) -> Promise | None:
    """One action; None where it is not seen."""
    row = tx.execute(_of_actions(sight, own).where(Action.id == action_id)).first()
    return Promise(*row) if row else None


def _of_actions(sight: Sight | None, own: int) -> Any:
    statement = (
        select(Action, Visit, Rep.name)
        .join(Visit, Visit.id == Action.visit_id)
        .join(Rep, Rep.id == Action.assignee_id)
        .where(Visit.withdrawn_at.is_(None))
        .options(*(lazyload(part) for part in OF_VISIT))
    )
    return statement if sight is None else statement.where((Action.assignee_id == own) | sight.of_visits())


def _by_id(tx: Tx, statement: Any, key: Any, after: Place | None, size: int) -> Window[Any]:
    beyond: list[ColumnElement[bool]] = [] if after is None else [key > int(after[0])]
    rows = list(tx.scalars(statement.where(*beyond).order_by(key).limit(size + 1)))
    last: Any = rows[size - 1] if len(rows) > size else None
    return Window(tuple(rows[:size]), (last.id,) if last else None)
