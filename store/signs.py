"""Questions about what speaks for or against it that contacts are still reached."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zlib import crc32

from sqlalchemy import case, delete, func, literal, select, true
from sqlalchemy.orm import selectinload

from store.db import Tx, insert_into
from store.tables import (
    Account,
    Capture,
    Change,
    Contact,
    ContactEmail,
    ContactSign,
    Delivery,
    Employment,
    LookedInto,
    Rep,
    Revision,
    Visit,
)
from store.tables import VisitContact as Met

LOOKED = "contacts looked at"
"""The name of the count that changes with all by which somebody may seem gone, or alive again."""
READ = "automatic mails read"
"""The name of the count that holds up to which capture all of them were read."""
LOOK_S = 600
"""So often all are looked at although nothing seems to have changed: days go by, and a worker may have died."""
AT_ONCE = 500
AUTOMATIC = (Capture.via == "email", Capture.not_a_report == "away")


@dataclass(frozen=True, slots=True)
class Visited:
    """That a colleague met somebody."""

    rep: str
    on: date


@dataclass(frozen=True, slots=True)
class Doubted:
    """Somebody of whom something was heard: of each employment whether they seem gone and since when it is; and why."""

    contact_id: int
    jobs: list[tuple[bool, date | None]] = field(default_factory=list)
    signs: list[tuple[str, date, bool]] = field(default_factory=list)
    """Kind, day, and whether it is proved."""


def raw_of(tx: Tx, capture_id: int) -> bytes:
    """The whole mail of a capture; empty where none was kept."""
    return tx.scalar(select(Capture.raw).where(Capture.id == capture_id)) or b""


def unread(tx: Tx, most: int) -> list[Capture]:
    """The automatic mails that nobody has looked into yet, oldest first.

    One with a lower id may be seen later than one with a higher: ids are given before transactions end.
    """
    looked = select(LookedInto.capture_id).where(LookedInto.capture_id == Capture.id)
    waiting = select(Capture).where(Capture.id > _read_upto(tx), *AUTOMATIC, ~looked.exists())
    return list(tx.scalars(waiting.order_by(Capture.id).limit(most)))


def mark_read(tx: Tx, capture_id: int) -> bool:
    """This one has been looked into; False where another worker did so just before."""
    statement = insert_into(tx, LookedInto).values(capture_id=capture_id).on_conflict_do_nothing()
    return tx.scalar(statement.returning(LookedInto.capture_id)) is not None


def all_read_upto(tx: Tx, taken_before: datetime) -> int | None:
    """Up to which capture all were looked into that were taken in before; None where that is known already."""
    waiting = unread(tx, 1)
    upto = tx.scalar(select(func.max(LookedInto.capture_id)).join(Capture).where(Capture.taken_at < taken_before))
    if upto is None:
        return None
    return min(upto, waiting[0].id - 1) if waiting else upto


def forget_read(tx: Tx, upto: int) -> None:
    """Keep by one number that all up to this capture were looked into."""
    row = tx.get(Revision, READ)
    if row is None:
        tx.add(Revision(name=READ, count=upto))
    else:
        row.count = max(row.count, upto)
    tx.execute(delete(LookedInto).where(LookedInto.capture_id <= upto))


def _read_upto(tx: Tx) -> int:
    return tx.scalar(select(Revision.count).where(Revision.name == READ)) or 0


def contacts_at(tx: Tx, address: str) -> list[Contact]:
    """Who goes by this address."""
    by_address = select(Contact).join(ContactEmail).where(ContactEmail.email == address.lower())
    return list(tx.scalars(by_address.where(Contact.retired_at.is_(None)).options(selectinload(Contact.emails))))


def keep(tx: Tx, values: dict[str, Any]) -> bool:
    """Keep a sign; False where this mail's was kept before."""
    statement = insert_into(tx, ContactSign).values(**values)
    kept = statement.on_conflict_do_nothing(index_elements=["capture_id", "contact_id", "address"])
    return tx.scalar(kept.returning(ContactSign.id)) is not None


def of_contact(tx: Tx, contact: Contact) -> Sequence[ContactSign]:
    """What speaks for or against this person at the addresses that they have now: a corrected one starts clean."""
    addresses = ["", *(one.email for one in contact.emails)]
    statement = select(ContactSign).where(ContactSign.contact_id == contact.id, ContactSign.address.in_(addresses))
    return tx.scalars(statement.order_by(ContactSign.on, ContactSign.id)).all()


def refused(tx: Tx, on: date) -> int:
    """How many mails of a day other systems refused for who sends them or what is in them, whoever they went to."""
    about_us = ContactSign.kind.in_(("sender", "content"))
    return tx.scalar(select(func.count(ContactSign.id)).where(about_us, ContactSign.on == on)) or 0


def last_met(tx: Tx, contact_id: int) -> date | None:
    """The last day on which one of us met this person."""
    statement = select(func.max(Visit.on)).join(Met, Met.visit_id == Visit.id)
    standing = (Met.contact_id == contact_id, Visit.withdrawn_at.is_(None), Visit.status == "held")
    return tx.scalar(statement.where(*standing))


def met_by(tx: Tx, contact_id: int, most: int = 3) -> list[Visited]:
    """Which of us met this person, and when last, the latest first."""
    latest = func.max(Visit.on)
    statement = (
        select(Rep.name, latest)
        .join(Visit, Visit.rep_id == Rep.id)
        .join(Met, Met.visit_id == Visit.id)
        .where(Met.contact_id == contact_id, Visit.withdrawn_at.is_(None), Visit.status == "held")
        .group_by(Rep.id, Rep.name)
        .order_by(latest.desc(), Rep.name)
        .limit(most)
    )
    return [Visited(name, on) for name, on in tx.execute(statement)]


def stir(tx: Tx, now: datetime) -> int | None:
    """A number that is another one after anything was heard, met, changed or sent, and every ten minutes.

    None where it is the one that was looked at last.
    """
    rows = (ContactSign.id, Visit.id, Change.id, Delivery.id)
    latest = tx.execute(select(*(select(func.max(one)).scalar_subquery() for one in rows))).one()
    seen = (*latest, int(now.timestamp() // LOOK_S))
    number = crc32(repr(seen).encode()) >> 1  # a column has 31 bits of it
    return None if tx.scalar(select(Revision.count).where(Revision.name == LOOKED)) == number else number


def claim_look(tx: Tx, number: int) -> bool:
    """Whether whoever asks is to look at all contacts now: False where another worker did so just before."""
    claim = insert_into(tx, Revision).values(name=LOOKED, count=number)
    claim = claim.on_conflict_do_update(index_elements=["name"], set_={"count": number}, where=Revision.count != number)
    return tx.scalar(claim.returning(Revision.count)) is not None


def in_doubt(tx: Tx) -> list[Doubted]:
    """The contacts who may seem gone or alive again with time or a visit, in three statements however many they are.

    A sign on one day alone makes nobody seem gone, unless it says in words that they left.
    """
    left = func.max(case((ContactSign.kind == "left", 1), else_=0))
    signed = select(ContactSign.contact_id).group_by(ContactSign.contact_id)
    signed = signed.having((func.count(ContactSign.on.distinct()) > 1) | (left == 1))
    stale = select(Employment.contact_id).where(Employment.stale_since.is_not(None), Employment.until.is_(None))
    working = select(Employment.contact_id, Employment.stale_since, Employment.since).where(
        Employment.contact_id.in_(signed) | Employment.contact_id.in_(stale), Employment.until.is_(None)
    )
    found: dict[int, Doubted] = {}
    for contact_id, stale_since, since in tx.execute(working.order_by(Employment.contact_id, Employment.id)):
        found.setdefault(contact_id, Doubted(contact_id)).jobs.append((stale_since is not None, since))
    theirs = select(ContactEmail.id).where(
        ContactEmail.contact_id == ContactSign.contact_id, ContactEmail.email == ContactSign.address
    )
    heard = select(ContactSign.contact_id, ContactSign.kind, ContactSign.on, ContactSign.proved).where(
        ContactSign.contact_id.in_(signed) | ContactSign.contact_id.in_(stale),
        (ContactSign.address == "") | theirs.exists(),
    )
    met = (
        select(Met.contact_id, literal("met"), func.max(Visit.on), true())
        .join(Visit, Visit.id == Met.visit_id)
        .where(Met.contact_id.in_(signed) | Met.contact_id.in_(stale))
        .where(Visit.withdrawn_at.is_(None), Visit.status == "held")
        .group_by(Met.contact_id)
    )
    for statement in (heard.order_by(ContactSign.on, ContactSign.id), met):
        for contact_id, kind, on, proved in tx.execute(statement):
            if contact_id in found:
                found[contact_id].signs.append((kind, on, bool(proved)))
    return list(found.values())


def asked_of(tx: Tx, since: date) -> list[Employment]:
    """The employments of people who seem gone, or seemed so and left on ``since`` or later."""
    lately = Employment.until.is_(None) | (Employment.until >= since)
    statement = select(Employment).where(Employment.stale_since.is_not(None), lately)
    return list(tx.scalars(statement.order_by(Employment.id)))


def times_gone(tx: Tx, employment_ids: Sequence[int]) -> dict[int, int]:
    """The change by which each of these employments seemed gone the last time, of those that ever did."""
    latest: dict[int, int] = {}
    for start in range(0, len(employment_ids), AT_ONCE):
        marks = select(Change.record_id, Change.id, Change.new).where(
            Change.record == "employment", Change.field == "stale_since",
            Change.record_id.in_(employment_ids[start : start + AT_ONCE]),
        )  # fmt: skip
        latest |= {one: change_id for one, change_id, new in tx.execute(marks.order_by(Change.id)) if new}
    return latest


def jobs_of(tx: Tx, contact_id: int) -> list[tuple[Employment, Account]]:
    """Where somebody works now."""
    statement = select(Employment, Account).join(Account, Account.id == Employment.account_id)
    now = statement.where(Employment.contact_id == contact_id, Employment.until.is_(None)).order_by(Employment.id)
    return [(job, account) for job, account in tx.execute(now)]


def owner_of(tx: Tx, account: Account, contact_id: int) -> Rep | None:
    """Whose contact it is: the account's owner, else who met the person last."""
    if account.owner_id is not None:
        owner = tx.get(Rep, account.owner_id)
        if owner is not None and owner.active:
            return owner
    statement = (
        select(Rep)
        .join(Visit, Visit.rep_id == Rep.id)
        .join(Met, Met.visit_id == Visit.id)
        .where(Met.contact_id == contact_id, Visit.withdrawn_at.is_(None), Visit.status == "held", Rep.active)
        .order_by(Visit.on.desc(), Visit.id.desc())
        .limit(1)
    )
    return tx.scalar(statement)
