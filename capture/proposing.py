"""What a customer's signature tells of a contact who is known: a proposal for what is empty, never over a value."""

from collections.abc import Iterator, Sequence

from sqlalchemy import select

from capture.filing import Filing
from capture.values import CorrectionError
from parsing.mails import enclosed, new_correspondent
from parsing.model import ContactMention, Crm
from parsing.text import fold
from store import changes, crm
from store.db import Tx
from store.tables import Contact, ContactEmail, ContactPhone, Employment, Proposal, Visit

FIELDS = ("role", "phone", "email")


def propose(road: Filing, visits: Sequence[Visit], known: Crm, language: str) -> None:
    """Keep what the signature of the forwarded mail tells of those who were met; new ones have it already."""
    mail = enclosed(road.message, known, None) if road.message.forwarded else None
    read = new_correspondent(mail, language) if mail else None
    if read is None:
        return
    made = {one.record_id for one in changes.by(road.tx, road.by) if (one.record, one.field) == ("contact", "created")}
    proposed: set[int] = set()
    for visit in visits:
        for line in visit.contacts:
            contact = road.tx.get_one(Contact, line.contact_id)
            if contact.id not in made | proposed and _is(contact, read.value):
                proposed.add(contact.id)
                for field, value in _empty(contact, visit, read.value):
                    if not _told_before(road.tx, contact, field, value):
                        road.tx.add(Proposal(visit_id=visit.id, contact_id=contact.id, field=field, value=value))
    road.tx.flush()


def proposals_of(tx: Tx, visit: Visit) -> list[tuple[Proposal, Contact]]:
    """What is still proposed with a visit, and of whom."""
    if not visit.contacts:
        return []
    wanted = select(Proposal).where(Proposal.visit_id == visit.id, Proposal.accepted_at.is_(None)).order_by(Proposal.id)
    both = ((one, tx.get_one(Contact, one.contact_id)) for one in tx.scalars(wanted))
    return [(one, contact) for one, contact in both if contact.retired_at is None and _is_open(one, contact, visit)]


def accept(road: Filing, visit: Visit, proposal_id: int) -> None:
    """Fill what was empty. Raises `CorrectionError` where it was filled meanwhile, or is no proposal of the visit."""
    proposal = road.tx.get(Proposal, proposal_id)
    if proposal is None or proposal.visit_id != visit.id:
        raise CorrectionError("unknown", "This is not proposed.")
    contact = road.tx.get_one(Contact, proposal.contact_id)
    if proposal.accepted_at is not None or not _is_open(proposal, contact, visit):
        raise CorrectionError("as_is", "There is a value already.")
    proposal.accepted_at = road.at
    record = ("contact", contact.id)
    if proposal.field == "phone":
        contact.phones.append(ContactPhone(phone=proposal.value))
    elif proposal.field == "email":
        contact.emails.append(ContactEmail(email=proposal.value))
    else:
        job = next(job for job in contact.employments if job.account_id == visit.account_id)
        job.role, record = proposal.value, ("employment", job.id)
    by = f"rep:{road.rep.id}"
    changes.note(road.tx, at=road.at, by=by, record=record, field=proposal.field, new=proposal.value)
    # The visit's own history tells it too: its card is renewed after each of its changes.
    told = f"{contact.name}: {proposal.value}"
    changes.note(road.tx, at=road.at, by=by, record=("visit", visit.id), field="proposal", new=told)
    crm.touch(road.tx)


def _is(contact: Contact, read: ContactMention) -> bool:
    """Whether the sender of the mail is this contact: by address, else by name where the contact has none."""
    emails = {one.email for one in contact.emails}
    return read.email in emails if emails else fold(contact.name) == fold(read.name or "")


def _empty(contact: Contact, visit: Visit, read: ContactMention) -> Iterator[tuple[str, str]]:
    for field in FIELDS:
        value = getattr(read, field)
        if value and _is_free(contact, visit, field):
            yield field, value


def _is_free(contact: Contact, visit: Visit, field: str) -> bool:
    if field == "role":
        jobs: list[Employment] = [job for job in contact.employments if job.account_id == visit.account_id]
        return any(job.until is None and not job.role for job in jobs)
    return not (contact.phones if field == "phone" else contact.emails)


def _is_open(proposal: Proposal, contact: Contact, visit: Visit) -> bool:
    return _is_free(contact, visit, proposal.field)


def _told_before(tx: Tx, contact: Contact, field: str, value: str) -> bool:
    """Whether the same was proposed with another visit; once is enough to say no by saying nothing."""
    query = select(Proposal.id).where(
        Proposal.contact_id == contact.id, Proposal.field == field, Proposal.value == value
    )
    return tx.scalar(query.limit(1)) is not None
