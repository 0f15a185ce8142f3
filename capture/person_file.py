"""Everything that is kept of a person, as plain values for a file that people and machines read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from store import persons
from store.db import Tx
from store.tables import Access, Account, Capture, Change, Contact, ContactSign, Employment, Rep, SendingAddress, Visit


def gathered(tx: Tx, people: Sequence[Contact]) -> dict[str, Any]:
    """What is kept of these contacts, who are one person."""
    ids = [one.id for one in people]
    about = persons.near(tx, ids)
    return {
        "contacts": [_contact(tx, one) for one in people],
        "visits": [_visit(tx, visit) for visit in _visits(tx, about.visits)],
        "messages": [_message(one) for one in _captures(tx, about.captures)],
        "signs": [
            {"on": one.on, "kind": one.kind, "address": one.address, "words": one.words}
            for one in tx.scalars(select(ContactSign).where(ContactSign.contact_id.in_(ids)).order_by(ContactSign.id))
        ],
        "mailings": _mailings(tx, people),
        "history": [
            {"at": one.at, "field": one.field, "from": one.old, "to": one.new, "by": one.by}
            for one in tx.scalars(select(Change).where(_own(tx, ids)).order_by(Change.id))
        ],
        "read by": _readers(tx, ids),
    }


def _contact(tx: Tx, one: Contact) -> dict[str, Any]:
    jobs = select(Employment, Account.name).join(Account, Account.id == Employment.account_id)
    rows = tx.execute(jobs.where(Employment.contact_id == one.id).order_by(Employment.id)).all()
    return {
        "id": one.id, "external id": one.external_id, "name": one.name, "language": one.language,
        "more": dict(one.extra), "since": one.created_at, "emails": [row.email for row in one.emails],
        "phones": [row.phone for row in one.phones],
        "works at": [
            {"account": account, "role": job.role, "since": job.since, "until": job.until,
             "doubted since": job.stale_since}
            for job, account in rows
        ],
    }  # fmt: skip


def _visits(tx: Tx, ids: frozenset[int]) -> list[Visit]:
    return list(tx.scalars(select(Visit).where(Visit.id.in_(ids)).order_by(Visit.on, Visit.id)))


def _visit(tx: Tx, visit: Visit) -> dict[str, Any]:
    account = tx.get(Account, visit.account_id) if visit.account_id else None
    return {
        "number": visit.number, "day": visit.on, "account": account.name if account else None,
        "subject": visit.subject, "report": visit.report, "taken back": visit.withdrawn_at,
        "to do": [action.text for action in visit.actions], "keywords": [line.term for line in visit.keywords],
    }  # fmt: skip


def _captures(tx: Tx, ids: frozenset[int]) -> list[Capture]:
    return list(tx.scalars(select(Capture).where(Capture.id.in_(ids)).order_by(Capture.id)))


def _message(capture: Capture) -> dict[str, Any]:
    said = {name: capture.message.get(name) for name in ("subject", "forwarded", "invitation")}
    return {"sent": capture.sent_at, "by": capture.via, "text": capture.text, **{k: v for k, v in said.items() if v}}


def _mailings(tx: Tx, people: Sequence[Contact]) -> list[dict[str, Any]]:
    emails = [row.email for one in people for row in one.emails]
    rows = tx.scalars(select(SendingAddress).where(SendingAddress.email.in_(emails)).order_by(SendingAddress.id))
    return [{"address": one.email, "came back": one.kind, "on": one.bounced_on} for one in rows]


def _own(tx: Tx, ids: Sequence[int]) -> Any:
    jobs = list(tx.scalars(select(Employment.id).where(Employment.contact_id.in_(ids))))
    return or_(
        (Change.record == "contact") & Change.record_id.in_(ids),
        (Change.record == "employment") & Change.record_id.in_(jobs),
    )


def _readers(tx: Tx, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Who of us read it without having the person in their care (Article 15 (1) c)."""
    names = {f"rep:{rep_id}": name for rep_id, name in tx.execute(select(Rep.id, Rep.name))}
    read = select(Access).where(Access.thing == "contact", Access.thing_id.in_(ids)).order_by(Access.id)
    return [{"day": one.day, "who": names.get(one.by, one.by), "where": one.how} for one in tx.scalars(read)]
