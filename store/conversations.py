"""What reps said and what was answered, for those who look on."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import lazyload, selectinload

from store.captures import File
from store.db import Tx
from store.tables import Account, Attachment, Blob, Capture, Contact, Delivery, Employment, Rep, Visit
from store.visits import BARE


@dataclass(frozen=True, slots=True)
class Turn:
    """One message, its visits, and the letter that answered it; None while there is no answer."""

    capture: Capture
    rep: Rep | None
    visits: tuple[Visit, ...]
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Whom one may well meet where: what an example of a report is made from."""

    account: str
    contact: str | None


def latest(tx: Tx, *, rep_id: int | None = None, rep_ids: Collection[int] | None = None, most: int = 30) -> list[Turn]:
    """The latest messages, of one rep, of some or of all, oldest first, in four statements."""
    statement = select(Capture, Rep).outerjoin(Rep, Rep.id == Capture.rep_id)
    if rep_id is not None:
        statement = statement.where(Capture.rep_id == rep_id)
    if rep_ids is not None:
        statement = statement.where(Capture.rep_id.in_(rep_ids))
    rows = tx.execute(
        statement.order_by(Capture.id.desc())
        .limit(most)
        .options(selectinload(Capture.attachments), lazyload(Rep.emails))
    )
    found = rows.all()[::-1]
    ids = [capture.id for capture, _ in found]
    visits = _visits(tx, ids)
    answers = tx.scalars(select(Delivery).where(Delivery.capture_id.in_(ids)).order_by(Delivery.id))
    letters = {delivery.capture_id: delivery for delivery in answers}
    return [Turn(capture, rep, tuple(visits[capture.id]), letters.get(capture.id)) for capture, rep in found]


def find_file(tx: Tx, attachment_id: int) -> File | None:
    """The attachment with its bytes."""
    statement = select(Attachment.name, Attachment.content_type, Blob.data).join(Blob, Blob.sha256 == Attachment.sha256)
    row = tx.execute(statement.where(Attachment.id == attachment_id)).first()
    return File(name=row.name, content_type=row.content_type, data=row.data) if row else None


def people_who_report(tx: Tx) -> list[Rep]:
    """The active people who may report, reps before others, by name."""
    people = select(Rep).where(Rep.active).order_by(Rep.role != "rep", Rep.name)
    return list(tx.scalars(people.options(selectinload(Rep.emails))))


def meetings(tx: Tx, rep_id: int, most: int = 3) -> list[Meeting]:
    """Accounts with a person who works there: the rep's own first."""
    statement = (
        select(Account.name, Contact.name)
        .outerjoin(Employment, (Employment.account_id == Account.id) & Employment.until.is_(None))
        .outerjoin(Contact, Contact.id == Employment.contact_id)
        .where(Account.retired_at.is_(None))
        .order_by((Account.owner_id == rep_id).is_not(True), Contact.name.is_(None), Account.id, Employment.id)
        .limit(most * 5)
    )
    by_account: dict[str, str | None] = {}
    for account, contact in tx.execute(statement):
        by_account.setdefault(account, contact)
    return [Meeting(account, contact) for account, contact in list(by_account.items())[:most]]


def _visits(tx: Tx, capture_ids: Sequence[int]) -> defaultdict[int, list[Visit]]:
    found: defaultdict[int, list[Visit]] = defaultdict(list)
    visits = select(Visit).where(Visit.capture_id.in_(capture_ids)).order_by(Visit.position)
    for visit in tx.scalars(visits.options(*BARE)):
        found[visit.capture_id].append(visit)
    return found
