"""Questions about one account, for those who look at it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import lazyload, selectinload

from store.db import Tx
from store.sight import Sight
from store.tables import Account, Action, Contact, Employment, Rep, Visit
from store.visits import VisitFilter, VisitList, list_visits


@dataclass(frozen=True, slots=True)
class Employed:
    """A person who works, or worked, at the account."""

    contact: Contact
    employment: Employment
    successor: str | None


@dataclass(frozen=True, slots=True)
class OpenAction:
    """What somebody still has to do for the account."""

    text: str
    due: date | None
    who: str
    visit_id: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundAccount:
    """An account with its people, its latest visits and what is still to be done."""

    account: Account
    owner: str | None
    people: tuple[Employed, ...]
    visits: VisitList
    actions: tuple[OpenAction, ...]


def find_account(tx: Tx, account_id: int, sight: Sight | None = None) -> FoundAccount | None:
    """The account with everything that belongs to it and that ``sight`` allows, in a fixed number of statements."""
    account = tx.scalar(select(Account).where(Account.id == account_id).options(selectinload(Account.aliases)))
    if account is None:
        return None
    owner = tx.get(Rep, account.owner_id, options=[lazyload(Rep.emails)]) if account.owner_id else None
    return FoundAccount(
        account=account,
        owner=owner.name if owner else None,
        people=_people(tx, account_id),
        visits=list_visits(tx, VisitFilter(account_id=account_id, sight=sight)),
        actions=_actions(tx, account_id, sight),
    )


def _people(tx: Tx, account_id: int) -> tuple[Employed, ...]:
    """Those who work there first, then those who left."""
    statement = (
        select(Contact, Employment)
        .join(Employment, Employment.contact_id == Contact.id)
        .where(Employment.account_id == account_id, Contact.retired_at.is_(None))
        .order_by(Employment.until.is_not(None), Contact.name)
        .options(selectinload(Contact.emails), selectinload(Contact.phones))
    )
    rows = tx.execute(statement).all()
    followers = {employment.successor_id for _, employment in rows if employment.successor_id}
    names = dict(tx.execute(select(Contact.id, Contact.name).where(Contact.id.in_(followers))).all())
    return tuple(Employed(contact, job, names.get(job.successor_id or 0)) for contact, job in rows)


def _actions(tx: Tx, account_id: int, sight: Sight | None) -> tuple[OpenAction, ...]:
    """The soonest due first, those without a day last."""
    statement = (
        select(Action.text, Action.due, Rep.name, Visit.id, Visit.number)
        .join(Visit, Visit.id == Action.visit_id)
        .join(Rep, Rep.id == Action.assignee_id)
        .where(Visit.account_id == account_id, Visit.withdrawn_at.is_(None), Action.state == "open")
        .where(*([sight.of_visits()] if sight else []))
        .order_by(Action.due.is_(None), Action.due, Action.id)
    )
    return tuple(OpenAction(*row) for row in tx.execute(statement))
