"""What becomes of somebody's employment: still there, left, followed, at another customer, by another address.

Each change is kept in the history with its maker, so that all that one word of somebody's changed can be restored.
Nothing here opens or ends a transaction, and nothing here talks to anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from capture.values import CorrectionError
from parsing.directory import FREE_MAIL
from parsing.text import fold
from store import changes, crm, signs
from store.db import Tx
from store.tables import Account, Change, Contact, ContactEmail, ContactPhone, ContactSign, Employment, Visit
from store.tables import VisitContact as Met

DAYS = ("until", "since", "stale_since")
"""Columns of an employment that the history keeps as ISO dates."""


@dataclass(frozen=True, slots=True)
class Hand:
    """By whose word something changes: ``by`` is how the history names the maker, ``name`` what people call them."""

    tx: Tx
    at: datetime
    by: str
    name: str

    def note(self, record: str, record_id: int, field: str, *, old: Any = None, new: Any = None) -> None:
        """Keep a change."""
        changes.note(self.tx, at=self.at, by=self.by, record=(record, record_id), field=field, old=old, new=new)


def stay(hand: Hand, job: Employment) -> None:
    """The person is still there: what spoke against it counts no more."""
    sign = ContactSign(contact_id=job.contact_id, address="", kind="still_there", on=hand.at.date(), words=hand.name)
    hand.tx.add(sign)
    hand.tx.flush()
    hand.note("employment", job.id, "still_there", new=sign.id)
    if job.until is not None:
        set_job(hand, job, until=None, successor_id=None)
        crm.touch(hand.tx)


def leave(hand: Hand, job: Employment, on: date | None = None) -> None:
    """The person works there no more, since ``on`` or today; of somebody who left already nothing changes."""
    if job.until is None:
        set_job(hand, job, until=on or hand.at.date())
        crm.touch(hand.tx)


def follow(hand: Hand, job: Employment, named: Mapping[str, Any]) -> Contact:
    """Whoever is ``named`` (``name``, ``email``, ``phone``) follows; a contact of the account from now on."""
    successor = _enter(hand, named, job.account_id)
    if successor.id == job.contact_id:
        raise CorrectionError("as_is", "Nobody follows themselves.")
    set_job(hand, job, successor_id=successor.id)
    return successor


def move(hand: Hand, job: Employment, account: Account, on: date | None = None) -> Employment:
    """The person works at ``account`` now; the addresses of the work that they left are theirs no more."""
    if account.id == job.account_id:
        raise CorrectionError("as_is", "That is where they were.")
    leave(hand, job, on)
    contact = hand.tx.get_one(Contact, job.contact_id)
    there = next((one for one in contact.employments if one.account_id == account.id), None)
    if there is None:
        there = Employment(account_id=account.id, since=hand.at.date())
        contact.employments.append(there)
        hand.tx.flush()
        hand.note("employment", there.id, "created", new=account.name)
    elif there.until is not None:
        set_job(hand, there, until=None, since=hand.at.date(), stale_since=None)
    _set_emails(hand, contact, [one for one in _emails(contact) if one.rpartition("@")[2] in FREE_MAIL])
    crm.touch(hand.tx)
    return there


def readdress(hand: Hand, contact: Contact, old: str | None, new: str) -> None:
    """The person is reached by ``new`` instead of ``old``; what spoke against the old address counts no more."""
    before = _emails(contact)
    if new in before and old in {None, new}:
        raise CorrectionError("as_is", "That is the address that is known.")
    after = [new if one == old else one for one in before] if old in before else [new, *before]
    _set_emails(hand, contact, list(dict.fromkeys(after)))
    crm.touch(hand.tx)


def set_job(hand: Hand, job: Employment, **values: Any) -> None:
    """Let columns of an employment be these, with the history of each that changes."""
    for field, new in values.items():
        old = getattr(job, field)
        if old != new:
            setattr(job, field, new)
            hand.note("employment", job.id, NAMES.get(field, field), old=_told(old), new=_told(new))
    hand.tx.flush()


NAMES = {"successor_id": "successor"}
"""Columns that the history calls otherwise."""


# ------------------------------------------------------------------------------------------------- taking it back


def restore(hand: Hand, made: Sequence[Change]) -> None:
    """Let everything be as it was before these changes, unless it was changed again since; others' are left alone.

    Of one field's changes the first says what it was and the last what it became: the ways between do not matter.
    """
    fields: dict[tuple[str, int, str], list[Change]] = {}
    for one in made:
        if one.record in {"employment", "contact"}:
            fields.setdefault((one.record, one.record_id, one.field), []).append(one)
    for (record, record_id, field), changed in reversed(fields.items()):
        if record == "employment":
            _restore_job(hand, record_id, field, changed)
        elif field == "emails":
            contact = hand.tx.get(Contact, record_id)
            if contact is not None and _emails(contact) == changed[-1].new != changed[0].old:
                _set_emails(hand, contact, changed[0].old)
    hand.tx.flush()
    crm.touch(hand.tx)


def _restore_job(hand: Hand, job_id: int, field: str, changed: Sequence[Change]) -> None:
    job = hand.tx.get(Employment, job_id)
    if job is None:
        return
    if field == "created":
        if changed[-1].new is not None and not _met_at(hand.tx, job):
            hand.note("employment", job.id, "created", old=changed[-1].new)
            hand.tx.delete(job)
            hand.tx.flush()
            hand.tx.expire(hand.tx.get_one(Contact, job.contact_id), ["employments"])
    elif field == "still_there":
        for sign in (hand.tx.get(ContactSign, one.new) for one in changed if one.new):
            if sign is not None:
                hand.tx.delete(sign)
    elif field in {*DAYS, "successor"}:
        column = "successor_id" if field == "successor" else field
        if _told(getattr(job, column)) == changed[-1].new:
            old = changed[0].old
            set_job(hand, job, **{column: date.fromisoformat(old) if field in DAYS and old else old})


def retire_unmet(hand: Hand, made: Sequence[Change]) -> None:
    """Let accounts and people that only these changes brought be no names any more."""
    for one in made:
        if one.field != "created" or one.record not in {"account", "contact"}:
            continue
        row: Account | Contact
        if one.record == "account":
            row, where = hand.tx.get_one(Account, one.record_id), Visit.account_id == one.record_id
        else:
            row, where = hand.tx.get_one(Contact, one.record_id), Visit.contacts.any(Met.contact_id == one.record_id)
        standing = select(Visit.id).where(where, Visit.withdrawn_at.is_(None)).limit(1)
        if hand.tx.scalar(standing) is None:
            row.retired_at = row.retired_at or hand.at


def _met_at(tx: Tx, job: Employment) -> bool:
    met = select(Visit.id).join(Met, Met.visit_id == Visit.id).where(
        Met.contact_id == job.contact_id, Visit.account_id == job.account_id, Visit.withdrawn_at.is_(None),
        Visit.status == "held",
    )  # fmt: skip
    return tx.scalar(met.limit(1)) is not None


# ------------------------------------------------------------------------------------------------------- people


def _enter(hand: Hand, named: Mapping[str, Any], account_id: int) -> Contact:
    """The one who is named as a contact of the account: the one of that address or name where there is one."""
    address = str(named.get("email") or "").lower()
    known = next(iter(signs.contacts_at(hand.tx, address)), None) if address else None
    known = known or _of_that_name(hand.tx, str(named.get("name") or ""), account_id)
    if known is None:
        return _add(hand, named, account_id)
    if all(job.account_id != account_id for job in known.employments):
        job = Employment(account_id=account_id, since=hand.at.date())
        known.employments.append(job)
        hand.tx.flush()
        hand.note("employment", job.id, "created", new=hand.tx.get_one(Account, account_id).name)
        crm.touch(hand.tx)
    return known


def _of_that_name(tx: Tx, name: str, account_id: int) -> Contact | None:
    there = select(Contact).where(
        Contact.retired_at.is_(None), Contact.employments.any(Employment.account_id == account_id)
    )
    return next((one for one in tx.scalars(there) if name and fold(one.name) == fold(name)), None)


def _add(hand: Hand, named: Mapping[str, Any], account_id: int) -> Contact:
    contact = Contact(name=str(named.get("name") or named["email"]), created_at=hand.at)
    contact.employments = [Employment(account_id=account_id, since=hand.at.date(), role=named.get("role"))]
    contact.emails = [ContactEmail(email=str(named["email"]).lower())] if named.get("email") else []
    contact.phones = [ContactPhone(phone=str(named["phone"]))] if named.get("phone") else []
    hand.tx.add(contact)
    hand.tx.flush()
    hand.note("contact", contact.id, "created", new=contact.name)
    crm.touch(hand.tx)
    return contact


def _emails(contact: Contact) -> list[str]:
    return [one.email for one in contact.emails]


def _set_emails(hand: Hand, contact: Contact, wanted: list[str]) -> None:
    """Let the contact have these addresses, the first of them the one that is written to."""
    before = _emails(contact)
    if before == wanted:
        return
    contact.emails = []
    hand.tx.flush()
    contact.emails = [ContactEmail(email=one) for one in wanted]
    hand.tx.flush()
    hand.note("contact", contact.id, "emails", old=before, new=wanted)
    crm.touch(hand.tx)


def _told(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
