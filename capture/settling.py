"""A visit gets its account, another one, or is taken back; what only it brought into the CRM goes with it."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, select

from capture import filing, teaching
from capture.card import visits_of
from capture.filing import Filing
from capture.values import CorrectionError
from parsing import parse
from parsing.model import Crm, Found, Lesson, Message, VisitMention
from parsing.taught import phrase_of
from store import changes, crm
from store.tables import Account, Contact, Employment, Visit, VisitContact

PLACE = ("street", "postcode", "city")


def note(road: Filing, visit: Visit, field: str, old: Any, new: Any) -> None:
    """Keep that the rep changed ``field`` of the visit from ``old`` to ``new`` (JSON values)."""
    record = ("visit", visit.id)
    changes.note(road.tx, at=road.at, by=f"rep:{road.rep.id}", record=record, field=field, old=old, new=new)


def choose(
    road: Filing, visit: Visit, account_id: int, mention: VisitMention | None, by_person: Collection[str]
) -> None:
    """Give the visit this account. What a person set stays; the rest follows ``mention``, the message read anew."""
    account = road.tx.get(Account, account_id)
    if account is None or account.retired_at is not None:
        raise CorrectionError("no_account", "This account does not exist any more.")
    if visit.account_id == account_id:
        raise CorrectionError("as_is", f"{visit.number} is at {account.name} already.")
    old = road.tx.get(Account, visit.account_id) if visit.account_id else None
    read = mention or VisitMention(on=Found(visit.on))
    visit.account_id, visit.candidates = account.id, []
    if "city" not in by_person:
        _move(visit, old)
        filing.place(visit, read, account)
    gone = [] if "contacts" in by_person else _meet_there(road, visit, old, account, read)
    note(road, visit, "account_id", old.id if old else None, account.id)
    if all(one.account_id for one in visits_of(road.tx, road.capture.id)):
        road.capture.state = "filed"
    teaching.on_account(road, visit, account)
    retire_unused(road, contact_ids=gone, account_ids=[old.id] if old else [])


def confirm(road: Filing, visit: Visit) -> None:
    """The account that was added is a new one indeed, and none of those that are spelt much like it."""
    if visit.account_id is None:
        raise CorrectionError("no_account", "Which customer this was at is not known yet.")
    visit.candidates = []
    note(road, visit, "account_id", visit.account_id, visit.account_id)


def undo(road: Filing, visit: Visit) -> None:
    """Take the visit back, and what its corrections taught."""
    filing.take_back(road, visit)
    note(road, visit, "withdrawn", None, True)
    teaching.forget_of(road, visit)
    if all(one.withdrawn_at for one in visits_of(road.tx, road.capture.id)):
        road.capture.state = "withdrawn"


def reread(known: Crm, visit: Visit, message: Message, language: str, account_id: str) -> VisitMention | None:
    """The visit as the message reads when this account is meant by the words, and the others are out of the question.

    None where even so the message does not read as being about it.
    """
    others = {str(one) for one in (*visit.candidates, visit.account_id) if one} - {account_id}
    phrase = phrase_of(teaching.account_words(visit, message, language))
    said = Lesson(
        id="0", kind="account", phrase=phrase, means=account_id, rep=message.rep, taught_on=message.sent_at.date()
    )
    known = replace(known, lessons=(*known.lessons, said), revision=f"{known.revision} {visit.id}:{account_id}")
    mention = _read_as(known, visit, message, account_id) if phrase else None
    return mention or (_read_as(_without(known, others), visit, message, account_id) if others else None)


def _read_as(known: Crm, visit: Visit, message: Message, account_id: str) -> VisitMention | None:
    """The visit as the message reads with these names, where it is about that account."""
    extraction = parse(message, known, wanted=True)
    if len(extraction.visits) <= visit.position:
        return None
    mention = extraction.visits[visit.position]
    meant = mention.account.value.id if mention.account else None
    return mention if meant == account_id else None


def _without(known: Crm, accounts: Collection[str]) -> Crm:
    """The names without those of these accounts and of who works only there."""
    return replace(
        known,
        accounts=tuple(one for one in known.accounts if one.id not in accounts),
        contacts=tuple(one for one in known.contacts if not one.accounts or set(one.accounts) - set(accounts)),
        revision="",
    )


def retire_unused(road: Filing, *, contact_ids: Iterable[int] = (), account_ids: Iterable[int] = ()) -> None:
    """What this message brought into the CRM and no visit needs any more is no name that a report can mean."""
    road.tx.flush()
    made = {(one.record, one.record_id) for one in changes.by(road.tx, road.by) if one.field == "created"}
    for contact_id in contact_ids:
        if ("contact", contact_id) in made and not _used(
            road, Visit.contacts.any(VisitContact.contact_id == contact_id)
        ):
            road.tx.get_one(Contact, contact_id).retired_at = road.at
    for account_id in account_ids:
        if ("account", account_id) in made and not _used(road, Visit.account_id == account_id):
            road.tx.get_one(Account, account_id).retired_at = road.at
    crm.touch(road.tx)


def _used(road: Filing, condition: ColumnElement[bool]) -> bool:
    return road.tx.scalar(select(Visit.id).where(Visit.withdrawn_at.is_(None), condition).limit(1)) is not None


def _move(visit: Visit, old: Account | None) -> None:
    """Forget what the visit has of the address of the account that it was not."""
    for field in PLACE if old is not None else ():
        if getattr(visit, field) == getattr(old, field):
            setattr(visit, field, None)


def _meet_there(road: Filing, visit: Visit, old: Account | None, account: Account, mention: VisitMention) -> list[int]:
    """Who was met, read in the new account's light; returns those who were not met after all."""
    made = {one.record_id for one in changes.by(road.tx, road.by) if (one.record, one.field) == ("contact", "created")}
    gone = []
    for line in list(visit.contacts):
        contact = road.tx.get_one(Contact, line.contact_id)
        if any(job.account_id == account.id for job in contact.employments):
            continue
        if old is None or (contact.id in made and not mention.contacts):
            _employ(contact, old, account)
        else:
            visit.contacts.remove(line)
            gone.append(contact.id)
    road.tx.flush()
    if not visit.contacts or gone:
        filing.meet(road, visit, mention, account)
    return gone


def _employ(contact: Contact, old: Account | None, account: Account) -> None:
    """A person whom the message brought works where the visit was."""
    for job in contact.employments:
        if old is not None and job.account_id == old.id:
            job.account_id = account.id
    if not contact.employments:
        contact.employments.append(Employment(account_id=account.id))
