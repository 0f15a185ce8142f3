"""Who works at a customer, as somebody in the office enters or changes it: every change is in the history."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from capture.attributes import MARK, put
from capture.handbook import Handbook
from capture.rights import Reach, Viewer
from capture.values import CorrectionError, read_day, read_id, read_list, read_text
from store import changes, crm
from store.db import Db, Tx
from store.tables import Account, Contact, ContactEmail, ContactPhone, Employment
from store.windows import contact as find_contact

Wanted = Mapping[str, Any]
"""``name``, ``language``, ``emails``, ``phones``, ``employments`` (each ``account_id``, ``role``, ``until``)."""
PLAIN = ("name", "language")


@dataclass(frozen=True, slots=True)
class Entering:
    """One transaction in which somebody changes a contact."""

    tx: Tx
    by: str
    at: datetime

    def note(self, record: tuple[str, int], field: str, old: Any, new: Any) -> None:
        """Keep a change."""
        changes.note(self.tx, at=self.at, by=self.by, record=record, field=field, old=old, new=new)


class Contacts:
    """The use cases."""

    def __init__(self, db: Db, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    def add(self, who: Viewer, wanted: Wanted) -> int:
        """Enter somebody; their id. Raises `CorrectionError`."""
        with self._db.write() as tx:
            entering = self._by(tx, who)
            name = Handbook.read(tx).spelled(read_text(wanted.get("name"), "name", needed=True) or "", name=True)
            contact = Contact(name=name, created_at=entering.at)
            tx.add(contact)
            tx.flush()
            entering.note(("contact", contact.id), "created", None, name)
            _become(entering, contact, wanted)
            return contact.id

    def change(self, who: Viewer, contact_id: int, wanted: Wanted, seen: Callable[[Contact], None]) -> None:
        """Let what is named of a contact be so. ``seen`` is asked first, and raises where it is not what was read.

        Raises `CorrectionError`.
        """
        with self._db.write() as tx:
            entering, contact = self._by(tx, who), find_contact(tx, contact_id)
            if contact is None or contact.retired_at is not None:
                raise CorrectionError("gone", "This contact does not exist any more.")
            seen(contact)
            _become(entering, contact, wanted)

    def _by(self, tx: Tx, who: Viewer) -> Entering:
        if who.may("edit", "person") is not Reach.ALL:
            raise CorrectionError("not_yours", "Only those who look after contacts can change them here.")
        return Entering(tx, f"rep:{who.rep_id}", self._clock())


def _become(entering: Entering, contact: Contact, wanted: Wanted) -> None:
    book = Handbook.read(entering.tx)
    for field in PLAIN:
        if field in wanted:
            new = read_text(wanted[field], field, needed=field == "name")
            new = book.spelled(new, name=True) if new and field == "name" else new
            if new != getattr(contact, field):
                entering.note(("contact", contact.id), field, getattr(contact, field), new)
                setattr(contact, field, new)
    if "emails" in wanted:
        _reach(entering, contact, "emails", [text.lower() for text in _texts(wanted["emails"], "emails")])
    if "phones" in wanted:
        there = {row.phone for row in contact.phones}
        phones = [one if one in there else book.phone(one, None) for one in _texts(wanted["phones"], "phones")]
        _reach(entering, contact, "phones", phones)
    for key, value in (wanted.get("extra") or {}).items():
        put(entering.tx, contact, MARK + key, value, partial(entering.note, ("contact", contact.id)))
    for one in read_list(wanted.get("employments"), "employments"):
        _employ(entering, contact, one)
    entering.tx.flush()
    crm.touch(entering.tx)


def _texts(value: Any, what: str) -> list[str]:
    read = [read_text(one, what, needed=True, longest=320) or "" for one in read_list(value, what)]
    return list(dict.fromkeys(read))


def _reach(entering: Entering, contact: Contact, field: str, wanted: Sequence[str]) -> None:
    """Let the person's addresses or numbers be these; a row that stays keeps its id."""
    rows: list[Any] = getattr(contact, field)
    name = field.removesuffix("s")
    old = [getattr(row, name) for row in rows]
    if old == list(wanted):
        return
    kept = {getattr(row, name): row for row in rows}
    make = (lambda value: ContactEmail(email=value)) if field == "emails" else (lambda value: ContactPhone(phone=value))
    setattr(contact, field, [kept.get(value) or make(value) for value in wanted])
    entering.note(("contact", contact.id), field, old, list(wanted))


def _employ(entering: Entering, contact: Contact, wanted: Wanted) -> None:
    """Enter that the person works there, or change it. An employment that is not named stays: people leave, on a day.

    Whoever comes back to where they left begins anew.
    """
    account = entering.tx.get(Account, read_id(wanted.get("account_id"), "account_id"))
    if account is None or account.retired_at is not None:
        raise CorrectionError("no_account", "This account does not exist any more.")
    role, until = read_text(wanted.get("role"), "role"), read_day(wanted.get("until"), "until")
    job = next((one for one in contact.employments if one.account_id == account.id), None)
    if job is None:
        job = Employment(account_id=account.id, role=role)
        contact.employments.append(job)
        entering.tx.flush()
        entering.note(("employment", job.id), "created", None, account.id)
    elif "role" in wanted and job.role != role:
        entering.note(("employment", job.id), "role", job.role, role)
        job.role = role
    if "until" in wanted and job.until != until:
        entering.note(("employment", job.id), "until", _iso(job.until), _iso(until))
        job.until = until


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
