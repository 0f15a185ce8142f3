"""Questions about contacts: who they are, where they work, and what speaks for it that they are reached."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from store.db import Db, Tx, plan_anew
from store.tables import (
    Account,
    Contact,
    ContactEmail,
    ContactPhone,
    ContactSign,
    Employment,
    Rep,
    Visit,
    VisitContact,
)
from store.typed import has, words_of

PAGE = 50
"""Contacts on one page of a list."""
AT_ONCE = 500
"""Contacts that are read at once for one who takes out the whole list."""
MOST = 1_000
"""Contacts that are counted and leafed through; whoever sees so many types on."""
FEWEST_DIGITS = 4
"""Fewer digits are no part of a phone number that anybody looks for."""


@dataclass(frozen=True, slots=True)
class Job:
    """That somebody works, or worked, at an account; with whose account it is and who followed."""

    employment: Employment
    account: Account
    owner: str | None
    successor: Contact | None = None


@dataclass(frozen=True, slots=True)
class ListedContact:
    """A contact in a list."""

    contact: Contact
    jobs: tuple[Job, ...]
    met: date | None


@dataclass(frozen=True, slots=True)
class ContactList:
    """One page of a list by name, and how many there are; of more than are counted ``whole`` is false."""

    contacts: tuple[ListedContact, ...]
    total: int
    whole: bool = True
    page: int = 1

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty list has one."""
        return max(1, -(-self.total // PAGE))


def list_contacts(tx: Tx, typed: str = "", page: int = 1, *, gone: bool = False) -> ContactList:
    """The contacts in whose name, address, phone number or account every word of ``typed`` stands.

    ``gone``: only those who seem gone and of whom nobody has said yet.
    """
    conditions, skipped = _conditions(typed, gone=gone), (page - 1) * PAGE
    plan_anew(tx)
    found = tx.scalars(_by_name(conditions).with_only_columns(Contact.id).limit(MOST + 1)).all()
    ids = found[:MOST]
    shown = tx.scalars(_by_name([Contact.id.in_(ids[skipped : skipped + PAGE])])).all()
    return ContactList(_listed(tx, shown), len(ids), len(found) <= MOST, page)


def each_contact(db: Db, typed: str = "", *, gone: bool = False) -> Iterator[ListedContact]:
    """Every contact of such a list, by name, for one who takes it out.

    Each batch is read in a transaction that has ended before it is handed on.
    """
    conditions = _conditions(typed, gone=gone)
    beyond: ColumnElement[bool] = sa.true()
    while rows := _some(db, [*conditions, beyond]):
        yield from rows
        place: Any = sa.tuple_(Contact.name, Contact.id)
        beyond = place > (rows[-1].contact.name, rows[-1].contact.id)


def _some(db: Db, conditions: Sequence[ColumnElement[bool]]) -> tuple[ListedContact, ...]:
    with db.read() as tx:
        return _listed(tx, list(tx.scalars(_by_name(conditions).limit(AT_ONCE))))


def _conditions(typed: str, *, gone: bool) -> list[ColumnElement[bool]]:
    conditions = [Contact.retired_at.is_(None), *(_named(word) for word in words_of(typed))]
    if gone:
        conditions.append(Contact.employments.any(Employment.stale_since.is_not(None) & Employment.until.is_(None)))
    return conditions


def _by_name(conditions: Sequence[ColumnElement[bool]]) -> sa.Select[Contact]:
    parts = (selectinload(Contact.emails), selectinload(Contact.phones))
    return select(Contact).where(*conditions).order_by(Contact.name, Contact.id).options(*parts)


def _listed(tx: Tx, rows: Sequence[Contact]) -> tuple[ListedContact, ...]:
    ids = [one.id for one in rows]
    jobs, met = jobs_of(tx, ids), last_met(tx, ids)
    return tuple(ListedContact(one, jobs[one.id], met.get(one.id)) for one in rows)


def _named(word: str) -> ColumnElement[bool]:
    """Whether the word stands in a name, an address, an account's name, or as a number's digits.

    Each is looked for by itself and not as one of several conditions: so each can be found by an index of its own.
    """
    there = select(Employment.contact_id).join(Account, Account.id == Employment.account_id)
    found = [
        select(Contact.id).where(has(Contact.name, word)),
        select(ContactEmail.contact_id).where(has(ContactEmail.email, word)),
        there.where(has(Account.name, word)),
    ]
    digits = "".join(char for char in word if char.isdecimal() and char.isascii())
    if len(digits) >= FEWEST_DIGITS:
        bare: ColumnElement[str] = func.replace(ContactPhone.phone, " ", "")
        for sign in "-./()":
            bare = func.replace(bare, sign, "")
        found.append(select(ContactPhone.contact_id).where(bare.contains(digits.lstrip("0") or digits)))
    return Contact.id.in_(sa.union(*found))


def find_contact(tx: Tx, contact_id: int) -> Contact | None:
    """The contact with addresses, phone numbers and employments; taken back or not."""
    parts = (selectinload(Contact.emails), selectinload(Contact.phones), selectinload(Contact.employments))
    return tx.scalar(select(Contact).where(Contact.id == contact_id).options(*parts))


def jobs_of(tx: Tx, contact_ids: Collection[int]) -> defaultdict[int, tuple[Job, ...]]:
    """Where these people work, then where they worked."""
    found: defaultdict[int, tuple[Job, ...]] = defaultdict(tuple)
    statement = (
        select(Employment, Account, Rep.name)
        .join(Account, Account.id == Employment.account_id)
        .outerjoin(Rep, Rep.id == Account.owner_id)
        .where(Employment.contact_id.in_(contact_ids))
        .order_by(Employment.until.is_not(None), Employment.until.desc(), Employment.id)
    )
    rows = tx.execute(statement).all() if contact_ids else []
    ids = {job.successor_id for job, _, _ in rows if job.successor_id}
    followers = {one.id: one for one in tx.scalars(select(Contact).where(Contact.id.in_(ids)))}
    for job, account, owner in rows:
        found[job.contact_id] += (Job(job, account, owner, followers.get(job.successor_id or 0)),)
    return found


def last_met(tx: Tx, contact_ids: Collection[int]) -> dict[int, date]:
    """The last day on which one of us met each of these people; nobody who was never met."""
    statement = (
        select(VisitContact.contact_id, func.max(Visit.on))
        .join(Visit, Visit.id == VisitContact.visit_id)
        .where(VisitContact.contact_id.in_(contact_ids), Visit.withdrawn_at.is_(None), Visit.status == "held")
        .group_by(VisitContact.contact_id)
    )
    return dict(tx.execute(statement).all()) if contact_ids else {}


def signs_of(tx: Tx, contact_ids: Collection[int]) -> defaultdict[int, list[ContactSign]]:
    """What speaks for or against it that these people are reached at the addresses that they have now, in order."""
    theirs = select(ContactEmail.id).where(
        ContactEmail.contact_id == ContactSign.contact_id, ContactEmail.email == ContactSign.address
    )
    statement = select(ContactSign).where(
        ContactSign.contact_id.in_(contact_ids), (ContactSign.address == "") | theirs.exists()
    )
    found: defaultdict[int, list[ContactSign]] = defaultdict(list)
    for sign in tx.scalars(statement.order_by(ContactSign.on, ContactSign.id)) if contact_ids else ():
        found[sign.contact_id].append(sign)
    return found


def owners_of(jobs: Sequence[Job]) -> frozenset[int]:
    """Whose contact somebody is: the owners of the accounts where they work or worked."""
    return frozenset(job.account.owner_id for job in jobs if job.account.owner_id)
