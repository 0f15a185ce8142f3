"""Whom a mailing reaches: people at living addresses, and why each of the others is left out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from store.db import Tx
from store.tables import Account, Contact, ContactSign, Employment, Rep, RepEmail, Visit, VisitContact, VisitKeyword


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Who is meant; what is None does not matter."""

    grade: str | None = None
    """The class of customer, A to E."""
    owner: str | None = None
    """The mail address of the account's owner."""
    country: str | None = None
    """ISO 3166 alpha-2."""
    region: str | None = None
    language: str | None = None
    keyword: str | None = None
    """A term of a visit at the account."""
    met_since: date | None = None
    not_met_since: date | None = None
    """Nobody of us met the person on that day or later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """One person at one account. ``left_out`` says why nothing goes there; None: it does."""

    name: str
    email: str
    role: str
    account: str
    city: str
    country: str
    language: str
    owner: str
    last_met: str
    left_out: str | None


def addressees(tx: Tx, meant: Segment) -> list[Addressee]:
    """Everybody of the segment by account and name, each address once, in a fixed number of statements."""
    met = (
        select(VisitContact.contact_id, func.max(Visit.on).label("on"))
        .join(Visit, Visit.id == VisitContact.visit_id)
        .where(Visit.withdrawn_at.is_(None), Visit.status == "held")
        .group_by(VisitContact.contact_id)
        .subquery()
    )
    statement = (
        select(Contact, Employment, Account, Rep.name, met.c.on)
        .join(Employment, Employment.contact_id == Contact.id)
        .join(Account, Account.id == Employment.account_id)
        .outerjoin(Rep, Rep.id == Account.owner_id)
        .outerjoin(met, met.c.contact_id == Contact.id)
        .where(Contact.retired_at.is_(None), *_conditions(meant))
        .order_by(Account.name, Contact.name, Employment.id)
        .options(selectinload(Contact.emails))
    )
    if meant.met_since:
        statement = statement.where(met.c.on >= meant.met_since)
    if meant.not_met_since:
        statement = statement.where(met.c.on.is_(None) | (met.c.on < meant.not_met_since))
    complained = set(tx.scalars(select(ContactSign.contact_id).where(ContactSign.kind == "feedback")))
    found: list[Addressee] = []
    written: set[str] = set()
    for contact, job, account, owner, on in tx.execute(statement):
        email = contact.emails[0].email if contact.emails else ""
        reason = _reason(contact, job, account, complained) or ("named above" if email in written else None)
        if reason is None:
            written.add(email)
        found.append(
            Addressee(
                name=contact.name, email=email, role=job.role or "", account=account.name, city=account.city or "",
                country=account.country or "", language=contact.language or "", owner=owner or "",
                last_met=on.isoformat() if on else "", left_out=reason,
            )
        )  # fmt: skip
    return found


def _conditions(meant: Segment) -> Iterator[ColumnElement[bool]]:
    for column, value in (
        (Account.grade, meant.grade), (Account.country, meant.country), (Account.region, meant.region),
        (Contact.language, meant.language),
    ):  # fmt: skip
        if value is not None:
            yield func.lower(column) == value.lower()
    if meant.owner is not None:
        yield Account.owner_id.in_(select(RepEmail.rep_id).where(RepEmail.email == meant.owner.lower()))
    if meant.keyword is not None:
        named = select(Visit.account_id).join(VisitKeyword, VisitKeyword.visit_id == Visit.id)
        named = named.where(func.lower(VisitKeyword.term) == meant.keyword.lower(), Visit.withdrawn_at.is_(None))
        yield Account.id.in_(named)


def _reason(contact: Contact, job: Employment, account: Account, complained: set[int]) -> str | None:
    """Why nothing may go there, the surest first."""
    if job.until is not None:
        return f"left on {job.until}"
    if account.retired_at is not None:
        return "the account is no customer any more"
    if not contact.emails:
        return "no address"
    if contact.id in complained:
        return "complained about a mailing"
    return f"seems gone since {job.stale_since}" if job.stale_since is not None else None
