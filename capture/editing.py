"""What is kept of accounts and contacts, edited by those whose work that is; every change is in the history."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from capture.attributes import MARK, put
from capture.fixing import FixError, MeanwhileError
from capture.handbook import Handbook
from capture.importing import CLASSES, STATUSES
from capture.values import MOST, CorrectionError, read_text
from store import changes, crm
from store.db import Db, Tx
from store.tables import Account, AccountAlias, Change, Contact, ContactEmail, ContactPhone, Employment, Rep

FACTS = ("name", "street", "postcode", "city", "country", "region", "industry", "grade", "status")
"""Columns of an account that are edited as they are."""
FEWEST_DIGITS = 5
"""A phone number with fewer is none that can be called from elsewhere."""

Values = Mapping[str, str]


class Editing:
    """The use cases. ``seen`` is the version that was shown; ``by`` is how the history names who edits.

    Both raise `CorrectionError` where there is no such record, `MeanwhileError` where somebody changed it since, and
    `FixError` with what is wrong field by field; then nothing is kept.
    """

    def __init__(self, db: Db, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    def account(self, account_id: int, by: str, values: Values, seen: int) -> None:
        """Set the facts of an account; ``aliases`` with commas between them, ``owner`` the id of one of us."""
        with self._db.write() as tx:
            crm.touch(tx)
            account = tx.get(Account, account_id, options=[selectinload(Account.aliases)])
            if account is None:
                raise CorrectionError("no_account", "There is no such account.")
            _not_meanwhile(tx, ("account", account_id), seen)
            road = _Road(tx, self._clock(), by)
            steps: dict[str, Callable[[], None]] = {
                field: partial(_fact, road, account, field, values.get(field, "")) for field in FACTS
            }
            steps["aliases"] = partial(_aliases, road, account, values.get("aliases", ""))
            steps["owner"] = partial(_owner, road, account, values.get("owner", ""))
            steps |= _extra(road, "account", account, values)
            road.each(steps)

    def contact(self, contact_id: int, by: str, values: Values, seen: int) -> None:
        """Set what is kept of a contact: ``name``, ``language``, ``emails`` and ``phones``, one a line.

        ``role-<id>`` is the role in each employment.
        """
        with self._db.write() as tx:
            crm.touch(tx)
            parts = (selectinload(Contact.emails), selectinload(Contact.phones), selectinload(Contact.employments))
            contact = tx.get(Contact, contact_id, options=parts)
            if contact is None:
                raise CorrectionError("no_contact", "There is no such contact.")
            _not_meanwhile(tx, ("contact", contact_id), seen)
            road = _Road(tx, self._clock(), by)
            edited = {"name": _name, "language": _language, "emails": _emails, "phones": _phones}
            steps: dict[str, Callable[[], None]] = {
                field: partial(edit, road, contact, values.get(field, "")) for field, edit in edited.items()
            }
            for job in contact.employments:
                if f"role-{job.id}" in values:
                    steps[f"role-{job.id}"] = partial(_role, road, job, values[f"role-{job.id}"])
            steps |= _extra(road, "contact", contact, values)
            road.each(steps)


def version_of(tx: Tx, record: str, record_id: int) -> int:
    """The version of an account or contact: it rises with every change that is noted of it."""
    last = select(func.max(Change.id)).where(Change.record == record, Change.record_id == record_id)
    return tx.scalar(last) or 0


class _Road:
    """One edit on its way: where it is kept, when, and by whom."""

    def __init__(self, tx: Tx, at: datetime, by: str) -> None:
        self.tx, self._at, self._by = tx, at, by
        self.book = Handbook.read(tx)

    def each(self, steps: Mapping[str, Callable[[], None]]) -> None:
        """Take every step; what is wrong is told of all of them at once."""
        errors: dict[str, CorrectionError] = {}
        for field, step in steps.items():
            try:
                step()
            except CorrectionError as error:
                errors[field] = error
        if errors:
            raise FixError({field: self._quoted(field, one) for field, one in errors.items()})

    def _quoted(self, field: str, error: CorrectionError) -> CorrectionError:
        record = "contact" if field in {"phones", "emails", "language"} or field.startswith("role") else "account"
        error.reason = error.reason or self.book.why(field.removesuffix("s").partition("-")[0], "en", record)
        return error

    def note(self, record: str, record_id: int, field: str, old: Any, new: Any) -> None:
        changes.note(self.tx, at=self._at, by=self._by, record=(record, record_id), field=field, old=old, new=new)


def _not_meanwhile(tx: Tx, record: tuple[str, int], seen: int) -> None:
    query = select(Change.field).where(Change.record == record[0], Change.record_id == record[1], Change.id > seen)
    fields = list(tx.scalars(query.order_by(Change.id)))
    if fields:
        raise MeanwhileError(dict.fromkeys(fields))


def _fact(road: _Road, account: Account, field: str, text: str) -> None:
    new = read_text(text, field, needed=field in {"name", "status"})
    if field == "country" and new is not None:
        new = new.upper()
        if not re.fullmatch(r"[A-Z]{2}", new):
            raise CorrectionError("country", "A country has two letters, such as NL.")
    if field == "grade" and new is not None:
        new = new.upper()
        if new not in CLASSES:
            raise CorrectionError("no_kind", "A class is A, B, C, D or E.")
    if field == "status" and new not in STATUSES:
        raise CorrectionError("no_kind", f"A status is {' or '.join(STATUSES)}.")
    if field == "name" and new is not None:
        new = road.book.spelled(new)
    old = getattr(account, field)
    if old != new:
        setattr(account, field, new)
        road.note("account", account.id, field, old, new)


def _aliases(road: _Road, account: Account, text: str) -> None:
    new = _once(read_text(one, "aliases") for one in text.split(","))
    old = [row.alias for row in account.aliases]
    if new != old:
        kept = {row.alias: row for row in account.aliases}
        account.aliases = [kept.get(one) or AccountAlias(alias=one) for one in new]
        road.note("account", account.id, "aliases", old, new)


def _owner(road: _Road, account: Account, text: str) -> None:
    owner = road.tx.get(Rep, int(text)) if text.isascii() and text.isdecimal() and len(text) < 10 else None  # noqa: PLR2004
    if text and (owner is None or not (owner.active or owner.id == account.owner_id)):
        raise CorrectionError("no_rep", "This is nobody here.")
    if (owner.id if owner else None) == account.owner_id:
        return
    before = road.tx.get(Rep, account.owner_id) if account.owner_id else None
    account.owner_id = owner.id if owner else None
    road.note("account", account.id, "owner", before.name if before else None, owner.name if owner else None)


def _name(road: _Road, contact: Contact, text: str) -> None:
    new = road.book.spelled(read_text(text, "name", needed=True) or "", name=True)
    if new != contact.name:
        road.note("contact", contact.id, "name", contact.name, new)
        contact.name = new


def _language(road: _Road, contact: Contact, text: str) -> None:
    new = (read_text(text, "language") or "").lower() or None
    if new is not None and not re.fullmatch(r"[a-z]{2}", new):
        raise CorrectionError("language", "A language has two letters, such as nl.")
    if new != contact.language:
        road.note("contact", contact.id, "language", contact.language, new)
        contact.language = new


def _emails(road: _Road, contact: Contact, text: str) -> None:
    new = _once((read_text(one, "email") or "").lower() for one in text.splitlines())
    for one in new:
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", one):
            raise CorrectionError("email", f"{one!r} is no mail address.")
    old = [row.email for row in contact.emails]
    if new != old:
        kept = {row.email: row for row in contact.emails}
        contact.emails = [kept.get(one) or ContactEmail(email=one) for one in new]
        road.note("contact", contact.id, "emails", old, new)


def _phones(road: _Road, contact: Contact, text: str) -> None:
    new = _once(read_text(one, "phone") for one in text.splitlines())
    for one in new:
        if sum(char.isdecimal() for char in one) < FEWEST_DIGITS:
            raise CorrectionError("phone", f"{one!r} is no phone number.")
    kept_as_is, country = {row.phone for row in contact.phones}, _country(road, contact)
    new = _once([one if one in kept_as_is else road.book.phone(one, country) for one in new])
    old = [row.phone for row in contact.phones]
    if new != old:
        kept = {row.phone: row for row in contact.phones}
        contact.phones = [kept.get(one) or ContactPhone(phone=one) for one in new]
        road.note("contact", contact.id, "phones", old, new)


def _country(road: _Road, contact: Contact) -> str | None:
    """Where a number of theirs belongs that names no country: where they work now."""
    works = [job.account_id for job in contact.employments if job.until is None]
    return road.tx.scalar(select(Account.country).where(Account.id.in_(works), Account.country.is_not(None)).limit(1))


def _role(road: _Road, job: Employment, text: str) -> None:
    said = read_text(text, "role")
    new = road.book.spelled(said, name=True) if said else None
    if new != job.role:
        road.note("employment", job.id, "role", job.role, new)
        job.role = new


def _extra(road: _Road, record: str, row: Account | Contact, values: Values) -> dict[str, Callable[[], None]]:
    """A step for each of the house's own attributes that was sent."""
    noted = partial(road.note, record, row.id)
    return {
        field: partial(put, road.tx, row, field, said, noted)
        for field, said in values.items() if field.startswith(MARK)
    }  # fmt: skip


def _once(values: Iterator[str | None] | Sequence[str | None]) -> list[str]:
    """Those that say something, each once."""
    found = list(dict.fromkeys(one for one in values if one))
    if len(found) > MOST:
        raise CorrectionError("too_many", f"{MOST} at most.")
    return found
