"""From what was understood to what is kept: one visit with its people, actions and amounts.

Nothing here opens or ends a transaction, and nothing here talks to anybody.
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from capture import leaving, planning
from capture.handbook import Handbook
from capture.road import Filing
from parsing.model import AccountMention, ContactChange, ContactMention, Crm, Found, VisitMention
from parsing.searching import nearest_accounts
from parsing.text import fold
from store import changes, crm, lessons, numbers, reps, signs
from store.db import Tx
from store.tables import (
    Account,
    Action,
    Amount,
    Contact,
    ContactEmail,
    ContactPhone,
    Employment,
    Visit,
    VisitContact,
    VisitKeyword,
)

__all__ = [
    "Filing", "account_by_name", "account_of", "add_account", "candidates_of", "doubt_new_account", "enter_contact",
    "evidence", "file_visit", "leave", "meet", "new_action", "once", "place", "take_back", "take_back_people",
    "value_of",
]  # fmt: skip
LAST_ASCII = 127


def file_visit(filing: Filing, mention: VisitMention, position: int) -> Visit:
    """Keep one visit, and what it brings that is new."""
    account = account_of(filing, mention)
    visit = Visit(
        number=numbers.next_visit_number(filing.tx, mention.on.value.year),
        capture_id=filing.capture.id,
        position=position,
        rep_id=filing.rep.id,
        account_id=account.id if account else None,
        on=mention.on.value,
        starts=value_of(mention.starts),
        ends=value_of(mention.ends),
        timezone=filing.rep.timezone,
        subject=_subject(filing, mention),
        type=value_of(mention.type),
        medium=value_of(mention.medium),
        outcome=value_of(mention.outcome),
        status="missed" if value_of(mention.outcome) == "no_show" else "held",
        report=filing.message.text,
        evidence=evidence(mention),
        candidates=candidates_of(mention.account),
        created_at=filing.at,
        keywords=[VisitKeyword(term=found.value, position=n) for n, found in enumerate(once(mention.keywords))],
        amounts=[Amount(value=found.value.value, currency=found.value.currency) for found in mention.amounts],
        actions=[new_action(filing, found.value) for found in mention.actions],
    )
    place(visit, mention, account)
    filing.tx.add(visit)
    filing.tx.flush()
    meet(filing, visit, mention, account)
    for found in mention.contact_changes:
        leave(filing, found.value, account, mention.on.value)
    filing.note("visit", visit.id, "created", new=visit.number)
    lessons.count_use(filing.tx, sorted({found.lesson for _, found in mention.found() if found.lesson}))
    return visit


def _subject(filing: Filing, mention: VisitMention) -> str | None:
    said = value_of(mention.subject) or filing.message.subject
    return Handbook.read(filing.tx).spelled(said) if said else None


def meet(filing: Filing, visit: Visit, mention: VisitMention, account: Account | None) -> None:
    """Enter the people met, with the words that name each; someone new becomes a contact of the account."""
    read = []
    for found in mention.contacts:
        contact = enter_contact(filing, found.value, account)
        read.append({**_words(found), "contact_id": contact.id})
        if contact.id not in {line.contact_id for line in visit.contacts}:
            visit.contacts.append(VisitContact(contact_id=contact.id, position=len(visit.contacts)))
    if read:
        visit.evidence = {**visit.evidence, "contacts": read}


def take_back(filing: Filing, visit: Visit) -> None:
    """Withdraw a visit: it counts no more, and what only it brought into the CRM is no name any more."""
    visit.withdrawn_at = filing.at
    take_back_people(filing)
    for change in changes.by(filing.tx, filing.by):
        if change.field == "created" and change.record == "account" and change.record_id == visit.account_id:
            if not _other_visits(filing.tx, visit, Visit.account_id == change.record_id):
                filing.tx.get_one(Account, change.record_id).retired_at = filing.at
        elif change.field == "created" and change.record == "contact":
            here = Visit.contacts.any(VisitContact.contact_id == change.record_id)
            if not _other_visits(filing.tx, visit, here):
                filing.tx.get_one(Contact, change.record_id).retired_at = filing.at
    crm.touch(filing.tx)


def take_back_people(filing: Filing) -> None:
    """Who left or moved by what the message said works again where they did, and nobody is to get in touch for it."""
    made = changes.by(filing.tx, filing.by)
    planned = [one.record_id for one in made if (one.record, one.field, one.new) == ("visit", "status", "planned")]
    for visit in filing.tx.scalars(select(Visit).where(Visit.id.in_(planned), Visit.status == "planned")):
        visit.withdrawn_at = visit.withdrawn_at or filing.at
    leaving.restore(_hand(filing), made)


def evidence(mention: VisitMention) -> dict[str, Any]:
    """Field to the words it was read from."""
    kept: dict[str, Any] = {}
    for field, found in mention.found():
        kept.setdefault(field, []).append(_words(found))
    return kept


def _words(found: Found[Any]) -> dict[str, Any]:
    words = {key: value for key, value in asdict(found).items() if key not in {"value", "lesson"}}
    return {**words, "lesson": found.lesson} if found.lesson else words


def _other_visits(tx: Tx, visit: Visit, condition: Any) -> bool:
    query = select(Visit.id).where(Visit.id != visit.id, Visit.withdrawn_at.is_(None), condition).limit(1)
    return tx.scalar(query) is not None


def value_of(found: Found[Any] | None) -> Any:
    return found.value if found else None


def once(keywords: tuple[Found[str], ...]) -> list[Found[str]]:
    return list({found.value: found for found in reversed(keywords)}.values())[::-1]


def candidates_of(found: Found[AccountMention] | None) -> list[int]:
    return [int(one) for one in found.value.candidates] if found and not found.value.id else []


def doubt_new_account(visit: Visit, mention: VisitMention, known: Crm) -> None:
    """Have the rep asked where the account that the message brought is spelt much like one that was there before."""
    name = mention.account.value.name if mention.account else None
    if name and visit.account_id and str(visit.account_id) not in {one.id for one in known.accounts}:
        visit.candidates = [int(one.id) for one in nearest_accounts(known, name)]


def new_action(filing: Filing, mention: Any) -> Action:
    colleague = reps.by_email(filing.tx, mention.assignee) if mention.assignee else None
    return Action(text=mention.text, due=mention.due, assignee_id=(colleague or filing.rep).id)


def place(visit: Visit, mention: VisitMention, account: Account | None) -> None:
    """The place that was said; the account's own address where nothing was said and the visit was there."""
    said = {field: value_of(getattr(mention, field)) for field in ("street", "postcode", "city")}
    if not any(said.values()) and account and value_of(mention.medium) in {None, "in_person"}:
        said = {"street": account.street, "postcode": account.postcode, "city": account.city}
    for field, value in said.items():
        setattr(visit, field, getattr(visit, field) or value)


def account_of(filing: Filing, mention: VisitMention) -> Account | None:
    meant = value_of(mention.account)
    if meant is None or not (meant.id or meant.name):
        return None
    if meant.id:
        return filing.tx.get_one(Account, int(meant.id))
    return account_by_name(filing.tx, meant.name) or add_account(filing, meant.name, mention)


def account_by_name(tx: Tx, name: str) -> Account | None:
    """The account that goes by just this name: another message may have brought it a moment ago."""
    rows = tx.scalars(select(Account).where(Account.retired_at.is_(None), Account.name.ilike(_literal(name))))
    return next((row for row in rows if fold(row.name) == fold(name)), None)


def add_account(filing: Filing, name: str, mention: VisitMention | None = None) -> Account:
    """A new account, as a prospect of the rep who was there."""
    crm.touch(filing.tx)  # first: of two messages that bring the same name at once, the second waits here
    name = Handbook.read(filing.tx).spelled(name)
    if known := account_by_name(filing.tx, name):
        return known
    account = Account(name=name, status="prospect", owner_id=filing.rep.id, created_at=filing.at)
    if mention:
        account.street, account.postcode, account.city = (
            value_of(mention.street), value_of(mention.postcode), value_of(mention.city),
        )  # fmt: skip
    filing.tx.add(account)
    filing.tx.flush()
    filing.note("account", account.id, "created", new=name)
    return account


def enter_contact(filing: Filing, meant: ContactMention, account: Account | None) -> Contact:
    """The contact that is meant: the known one, one of that name at the account, or a new one."""
    if meant.id:
        return filing.tx.get_one(Contact, int(meant.id))
    return _colleague_of_that_name(filing.tx, meant, account) or _add_contact(filing, meant, account)


def _colleague_of_that_name(tx: Tx, meant: ContactMention, account: Account | None) -> Contact | None:
    if account is None:
        return None
    there = select(Contact).where(
        Contact.retired_at.is_(None), Contact.employments.any(Employment.account_id == account.id)
    )
    rows = tx.scalars(there.where(Contact.name.ilike(_literal(meant.name or ""))))
    return next((row for row in rows if fold(row.name) == fold(meant.name or "")), None)


def _add_contact(filing: Filing, meant: ContactMention, account: Account | None) -> Contact:
    book = Handbook.read(filing.tx)
    called = book.spelled(meant.name, name=True) if meant.name else meant.email
    contact = Contact(name=called or "?", created_at=filing.at)
    if meant.email:
        contact.emails.append(ContactEmail(email=meant.email.lower()))
    if meant.phone:
        contact.phones.append(ContactPhone(phone=book.phone_if(meant.phone, account.country if account else None)))
    if account:
        role = book.spelled(meant.role, name=True) if meant.role else None
        contact.employments.append(Employment(account_id=account.id, role=role))
    filing.tx.add(contact)
    filing.tx.flush()
    filing.note("contact", contact.id, "created", new=contact.name)
    crm.touch(filing.tx)
    return contact


def leave(filing: Filing, told: ContactChange, account: Account | None, on: date) -> None:
    """Let somebody known leave ``account`` (or wherever they work), with who follows and where they went."""
    if told.contact.id is None:
        return
    contact, hand = filing.tx.get_one(Contact, int(told.contact.id)), _hand(filing)
    employer = _employer(filing, told.employer)
    for job in list(contact.employments):
        if job.until is not None or (account and job.account_id != account.id) or job.account_id == _id(employer):
            continue
        leaving.leave(hand, job, on)
        if told.successor and account:
            leaving.set_job(hand, job, successor_id=enter_contact(filing, told.successor, account).id)
        if employer is not None:
            leaving.move(hand, job, employer)
            owner = signs.owner_of(filing.tx, filing.tx.get_one(Account, job.account_id), contact.id)
            planning.plan_contact(filing, owner or filing.rep, employer, contact)


def _employer(filing: Filing, meant: AccountMention | None) -> Account | None:
    """Where somebody works now; a new customer that may be one, where it is not known."""
    if meant is None or not (meant.id or meant.name):
        return None
    return filing.tx.get_one(Account, int(meant.id)) if meant.id else add_account(filing, meant.name or "")


def _id(account: Account | None) -> int | None:
    return account.id if account else None


def _hand(filing: Filing) -> leaving.Hand:
    return leaving.Hand(filing.tx, filing.at, filing.by, filing.rep.name)


def _literal(text: str) -> str:
    """``text`` for LIKE, without meaning for its wildcards: the exact comparison follows in Python."""
    return "".join("_" if char in "%_\\" or ord(char) > LAST_ASCII else char for char in text)
