"""Questions about contacts that may be one person, and the keeping of the pairs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased, selectinload

from store import crm
from store.db import Tx, insert_into
from store.tables import Account, Contact, ContactEmail, ContactPair, ContactPhone, Employment, Revision

LOOKED, LOOKED_AT = "duplicates looked for", "duplicates looked for at"
"""Counts that hold up to which revision of the names pairs were looked for, and when (seconds since 1970)."""
AT_ONCE = 500
PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact as far as pairs are found by it."""

    id: int
    name: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    accounts: tuple[int, ...]
    country: str | None
    """ISO 3166 alpha-2 of an account where they work: how a phone number without prefix is read."""


@dataclass(frozen=True, slots=True)
class ListedPair:
    """A pair with its people."""

    pair: ContactPair
    one: Contact
    other: Contact


def due(tx: Tx, before: datetime, small: int) -> int | None:
    """The revision of the names, where pairs are to be looked for anew.

    It changed, and either the house has at most ``small`` contacts or the last time was before this moment.
    """
    now = crm.revision(tx)
    seen = dict(tx.execute(select(Revision.name, Revision.count).where(Revision.name.in_((LOOKED, LOOKED_AT)))).all())
    if seen.get(LOOKED) == now:
        return None
    if seen.get(LOOKED_AT, 0) <= int(before.timestamp()):
        return now
    return now if (tx.scalar(select(func.count(Contact.id))) or 0) <= small else None


def claim(tx: Tx, revision: int, at: datetime) -> bool:
    """Keep that pairs are looked for at this revision of the names; of several who ask at once one is told so."""
    for name in (LOOKED, LOOKED_AT):
        row = insert_into(tx, Revision).values(name=name, count=0)
        tx.execute(row.on_conflict_do_nothing(index_elements=["name"]))
    ours = update(Revision).where(Revision.name == LOOKED, Revision.count < revision).values(count=revision)
    if tx.scalar(ours.returning(Revision.count)) is None:
        return False
    tx.execute(update(Revision).where(Revision.name == LOOKED_AT).values(count=int(at.timestamp())))
    return True


def people(tx: Tx) -> list[Person]:
    """All contacts, in four statements."""
    emails, phones = (
        _grouped(tx, ContactEmail.contact_id, ContactEmail.email),
        _grouped(tx, ContactPhone.contact_id, ContactPhone.phone),
    )
    accounts: defaultdict[int, list[int]] = defaultdict(list)
    countries: dict[int, str] = {}
    places = select(Employment.contact_id, Employment.account_id, Account.country).join(
        Account, Account.id == Employment.account_id
    )
    for contact_id, account_id, country in tx.execute(places):
        accounts[contact_id].append(account_id)
        if country:
            countries[contact_id] = country
    named = select(Contact.id, Contact.name).where(Contact.retired_at.is_(None)).order_by(Contact.id)
    return [
        Person(
            id=one, name=name, emails=tuple(emails.get(one, ())), phones=tuple(phones.get(one, ())),
            accounts=tuple(accounts.get(one, ())), country=countries.get(one),
        )
        for one, name in tx.execute(named)
    ]  # fmt: skip


def _grouped(tx: Tx, key: InstrumentedAttribute[int], value: InstrumentedAttribute[str]) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for one, text in tx.execute(select(key, value)):
        found[one].append(text)
    return found


def keep(tx: Tx, pairs: Sequence[tuple[int, int, str]], at: datetime) -> int:
    """Keep pairs that are not kept yet, at most `AT_ONCE`; how many are new."""
    rows = [{"low_id": low, "high_id": high, "reason": reason, "found_at": at} for low, high, reason in pairs]
    statement = insert_into(tx, ContactPair).values(rows)
    kept = statement.on_conflict_do_nothing(index_elements=["low_id", "high_id"]).returning(ContactPair.id)
    return len(tx.scalars(kept).all())


def listed(tx: Tx, page: int = 1) -> tuple[list[ListedPair], int]:
    """One page of the pairs of whom nobody has said yet, the surest reasons first, and how many there are in all."""
    one, other = aliased(Contact), aliased(Contact)
    open_pairs = (
        select(ContactPair, one, other)
        .join(one, one.id == ContactPair.low_id)
        .join(other, other.id == ContactPair.high_id)
        .where(ContactPair.different_at.is_(None), one.retired_at.is_(None), other.retired_at.is_(None))
    )
    total = tx.scalar(select(func.count()).select_from(open_pairs.with_only_columns(ContactPair.id).subquery())) or 0
    parts = [selectinload(part) for who in (one, other) for part in (who.emails, who.phones)]
    rows = tx.execute(
        open_pairs.order_by(ContactPair.reason, ContactPair.id).limit(PAGE).offset((page - 1) * PAGE).options(*parts)
    )
    return [ListedPair(*row) for row in rows], total


def of_contact(tx: Tx, contact_id: int) -> list[ListedPair]:
    """Those who may be the same person as this one; ``one`` is this one."""
    other = aliased(Contact)
    partner = (other.id == ContactPair.low_id) | (other.id == ContactPair.high_id)
    mine = (ContactPair.low_id == contact_id) | (ContactPair.high_id == contact_id)
    statement = (
        select(ContactPair, other)
        .join(other, partner & (other.id != contact_id))
        .where(mine, ContactPair.different_at.is_(None), other.retired_at.is_(None))
        .order_by(ContactPair.reason, ContactPair.id)
    )
    this = tx.get_one(Contact, contact_id)
    return [ListedPair(pair, this, partner_row) for pair, partner_row in tx.execute(statement)]


def set_different(tx: Tx, pair_id: int, at: datetime, by: str) -> None:
    """Keep that they are two people."""
    pair = tx.get(ContactPair, pair_id)
    if pair is not None and pair.different_at is None:
        pair.different_at, pair.different_by = at, by
