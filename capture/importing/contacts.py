"""Bringing in contacts: by their own number, else by their name with their mail address or at their account.

One whom a report made has no number yet: a line that gives one, and is about nobody else, gives it to them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from capture.attributes import MARK, with_value
from capture.importing.lines import Fault, Line, Planned, Progress, Values, batches, given_once, joined, planned, silent
from capture.importing.own import Own
from capture.persons import were_erased
from store.db import Tx
from store.tables import Account, Contact, ContactEmail, ContactPhone, Employment

FILE = "contacts.csv"
COLUMNS = ("external_id", "account_external_id", "name", "role", "email", "phone", "language")
MORE = ("account",)
"""A column that may be there: the account's name, where it has no number of its own."""
LONGEST_LANGUAGE = 12


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts at which contacts may work: ids by own number and by name, and numbers that come in with them."""

    by_number: Mapping[str, int]
    by_name: Mapping[str, Sequence[int]]
    coming: frozenset[str] = frozenset()
    names: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, tx: Tx, coming: frozenset[str] = frozenset(), numbered: Mapping[str, int] = MappingProxyType({})
    ) -> "Accounts":
        """Those that are here; ``numbered`` are ids of those that get their numbers by what comes in with them."""
        numbers: dict[str, int] = {}
        by_name: dict[str, list[int]] = {}
        names: dict[int, str] = {}
        here = select(Account.id, Account.external_id, Account.name, Account.retired_at).order_by(Account.id)
        for account_id, number, name, retired in tx.execute(here):
            names[account_id] = name
            if number:
                numbers[number] = account_id
            if retired is None:
                by_name.setdefault(name.casefold(), []).append(account_id)
        return cls({**numbers, **numbered}, by_name, coming, names)

    def at(self, line: Line) -> Sequence[int | str]:
        """Where a line says that somebody works: more than one where it may be any of them."""
        number, name = line["account_external_id"], line["account"]
        if number:
            return [self.by_number[number]] if number in self.by_number else [number] if number in self.coming else []
        return self.by_name.get(name.casefold(), []) if name else []


def faults(tx: Tx, file: str, lines: Sequence[Line], coming: frozenset[str] = frozenset()) -> Iterator[Fault]:
    """What is wrong with lines about contacts; ``coming`` are own numbers of accounts that come in with them."""
    accounts, own = Accounts.of(tx, coming), Own.read(tx, "contact")
    for line in lines:
        yield from own.faults(file, line)
        for column, key, values in _of_line(line, accounts):
            yield Fault(file, line.number, column, key, values)


def _of_line(line: Line, accounts: Accounts) -> Iterator[tuple[str, str, dict[str, str]]]:
    for column in ("external_id", "name"):
        if (column in line or column == "name") and not line[column]:
            yield column, "empty", {}
    if line["email"] and "@" not in line["email"]:
        yield "email", "email", {"value": repr(line["email"])}
    if len(line["language"]) > LONGEST_LANGUAGE:
        yield "language", "long", {"most": str(LONGEST_LANGUAGE)}
    column = "account" if line["account"] and not line["account_external_id"] else "account_external_id"
    found, value = accounts.at(line), repr(line[column])
    if not found and (line[column] or "account_external_id" in line or "account" in line):
        yield column, "no_account" if line[column] else "empty", {"value": value}
    elif len(found) > 1:
        yield column, "several", {"value": value}


class _Known:
    """Contacts that lines may be about."""

    def __init__(self, tx: Tx, lines: Sequence[Line], accounts: Accounts) -> None:
        self._accounts = accounts
        self._by_number = {
            row.external_id: row for row in _rows(tx, Contact.external_id, [line["external_id"] for line in lines])
        }
        rest = [line for line in lines if line["external_id"] not in self._by_number]
        emails = {line["email"].lower() for line in rest}
        names = {line["name"].casefold() for line in rest}
        ids: set[int] = set()
        for some in batches(one for one in emails if one):
            ids |= set(tx.scalars(select(ContactEmail.contact_id).where(ContactEmail.email.in_(some))))
        if names:
            here = tx.execute(select(Contact.id, Contact.name).where(Contact.retired_at.is_(None)))
            ids |= {contact_id for contact_id, name in here if name.casefold() in names}
        self._by_name: dict[str, list[Contact]] = {}
        for row in _rows(tx, Contact.id, sorted(ids)):
            if row.retired_at is None:
                self._by_name.setdefault(row.name.casefold(), []).append(row)

    def find(self, line: Line) -> Contact | None:
        """The contact of the line; an address alone is not enough, as several share one (info@)."""
        number = line["external_id"]
        if number in self._by_number:
            return self._by_number[number]
        at = self._accounts.at(line)
        named = self._by_name.get(line["name"].casefold(), [])
        named = [one for one in named if one.external_id is None] if number else named
        email = line["email"].lower()
        same = [one for one in named if email and email in {row.email for row in one.emails}]
        there = [one for one in named if at and at[0] in {job.account_id for job in one.employments}]
        if number:
            likely = same or there
            return likely[0] if len(likely) == 1 else None
        alone = named if not at and not email else []
        return next(iter([*same, *there, *alone]), None)


def _rows(tx: Tx, column: InstrumentedAttribute[Any], values: Iterable[Any]) -> list[Contact]:
    parts = (selectinload(Contact.emails), selectinload(Contact.phones), selectinload(Contact.employments))
    found: list[Contact] = []
    for some in batches(one for one in values if one):
        found += tx.scalars(select(Contact).where(column.in_(some)).options(*parts))
    return found


def plan(
    tx: Tx, lines: Sequence[Line], coming: frozenset[str] = frozenset(),
    numbered: Mapping[str, int] = MappingProxyType({}),
) -> list[Planned]:  # fmt: skip
    """What the lines come to; ``coming`` and ``numbered`` are of accounts that come in with them."""
    accounts, own = Accounts.of(tx, coming, numbered), Own.read(tx, "contact")
    known, erased, made = _Known(tx, lines, accounts), were_erased(tx), []
    for line, contact in zip(lines, given_once(lines, [known.find(line) for line in lines]), strict=True):
        if (contact is None or contact.external_id != (line["external_id"] or contact.external_id)) and erased(
            line["external_id"], line["email"]
        ):
            # The other system still has them; the person asked us to forget.
            made.append(Planned(line, "forgotten", line["name"]))
            continue
        at = next(iter(accounts.at(line)), None)
        now = {**_now(contact, at, accounts), **own.now(contact.extra)} if contact else {}
        wanted = {**_wanted(line, contact, at, accounts), **own.of(line)}
        made.append(planned(line, line["name"], contact, now=now, wanted=wanted, account=at))
    return made


def _now(contact: Contact, at: int | str | None, accounts: Accounts) -> Values:
    here = next((job for job in contact.employments if job.account_id == at), None)
    return {
        "external_id": contact.external_id, "name": contact.name, "language": contact.language,
        "email": joined([row.email for row in contact.emails], ()),
        "phone": joined([row.phone for row in contact.phones], ()),
        "role": here.role if here else None,
        "account": accounts.names.get(here.account_id) if here else None,
    }  # fmt: skip


def _wanted(line: Line, contact: Contact | None, at: int | str | None, accounts: Accounts) -> Values:
    wanted: dict[str, str | None] = {"name": line["name"]}
    if contact and line["external_id"]:
        wanted["external_id"] = line["external_id"]
    if "language" in line:
        wanted["language"] = line["language"] or None
    if line["email"]:
        wanted["email"] = joined([row.email for row in contact.emails] if contact else (), [line["email"].lower()])
    if line["phone"]:
        wanted["phone"] = joined([row.phone for row in contact.phones] if contact else (), [line["phone"]])
    if at is not None:
        wanted["account"] = accounts.names.get(at) if isinstance(at, int) else at
        if "role" in line:
            wanted["role"] = line["role"] or None
    return wanted


def apply(tx: Tx, some: Sequence[Planned], now: datetime, progress: Progress = silent) -> list[Contact]:
    """Do it; the contacts of the lines, in order, without those who are left out."""
    numbers = {one.account for one in some if isinstance(one.account, str)}
    ids = Accounts.of(tx).by_number if numbers else {}
    rows: list[Contact] = []
    for count, one in enumerate(some, start=1):
        if one.kind != "forgotten":
            rows.append(_apply(tx, one, now, ids[one.account] if isinstance(one.account, str) else one.account))
        progress(FILE, count, len(some))
    tx.flush()
    return rows


def _apply(tx: Tx, one: Planned, now: datetime, account_id: int | None) -> Contact:
    contact: Contact | None = one.row
    if contact is None:
        contact = Contact(external_id=one.line["external_id"] or None, name=one.line["name"], created_at=now)
        tx.add(contact)
    contact.external_id = one.values.get("external_id") or contact.external_id
    contact.name = one.values.get("name") or contact.name
    if "language" in one.values:
        contact.language = one.values["language"]
    if "email" in one.values:
        contact.emails.append(ContactEmail(email=one.line["email"].lower()))
    if "phone" in one.values:
        contact.phones.append(ContactPhone(phone=one.line["phone"]))
    for name, value in one.values.items():
        if name.startswith(MARK):
            contact.extra = with_value(contact.extra, name.removeprefix(MARK), value)
    if account_id is not None:
        _employ(contact, account_id, one)
    return contact


def _employ(contact: Contact, account_id: int, one: Planned) -> None:
    """Enter the employment where there is none; who left here according to a report stays away."""
    here = next((job for job in contact.employments if job.account_id == account_id), None)
    if here is None:
        contact.employments.append(Employment(account_id=account_id, role=one.values.get("role")))
    elif "role" in one.values:
        here.role = one.values["role"]
