"""Bringing in a house's people, accounts and contacts from CSV files. Again is harmless: ids from outside decide."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from capture.importing_targets import COLUMNS as OWED
from capture.importing_targets import bring_in
from capture.persons import were_erased
from parsing.model import LANGUAGES
from store import crm, kinds
from store.db import Db, Tx
from store.tables import (
    Account,
    AccountAlias,
    Contact,
    ContactEmail,
    ContactPhone,
    Employment,
    Preference,
    Rep,
    RepEmail,
)

COLUMNS = {
    "reps.csv": ("email", "name", "slack_id", "role", "team", "manager_email", "language", "timezone"),
    "accounts.csv": (
        "external_id", "name", "aliases", "street", "postcode", "city", "country", "industry", "class", "status",
        "owner_email",
    ),
    "contacts.csv": ("external_id", "account_external_id", "name", "role", "email", "phone", "language"),
}  # fmt: skip
ROLES = ("rep", "manager", "operator", "marketing", "administrator")
CLASSES = ("", "A", "B", "C", "D", "E")
STATUSES = ("customer", "prospect")

Line = Mapping[str, str]
Progress = Callable[[str, int, int], None]
"""Called with a file's name, the lines done and the lines in all."""


class ImportingError(Exception):
    """The files cannot be brought in as they are; one line a fault, each with its file and line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records the files held, and how many of them were new."""

    reps: int
    accounts: int
    contacts: int
    new: int


def import_folder(db: Db, folder: Path, now: datetime, progress: Progress = lambda *_: None) -> Imported:
    """Bring in ``reps.csv``, ``accounts.csv`` and ``contacts.csv``, and what is owed where the folder tells it.

    All of them, or nothing and `ImportingError`.
    """
    lines = {name: _read(folder / name, columns) for name, columns in COLUMNS.items()}
    owed = {name: _read(folder / name, some) for name, some in OWED.items() if (folder / name).exists()}
    faults = [fault for name in COLUMNS for fault in _faults(name, lines)]
    if faults:
        raise ImportingError(faults)
    with db.write() as tx:
        kinds.add_defaults(tx)
        new = _reps(tx, lines["reps.csv"], progress)
        new += _accounts(tx, lines["accounts.csv"], now, progress)
        new += _contacts(tx, lines["contacts.csv"], now, progress)
        if owed and (faults := bring_in(tx, owed, now)):
            raise ImportingError(faults)
        crm.touch(tx)
    return Imported(len(lines["reps.csv"]), len(lines["accounts.csv"]), len(lines["contacts.csv"]), new)


def _read(path: Path, columns: tuple[str, ...]) -> list[Line]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Where the comma is in numbers, spreadsheets put a semicolon between cells.
            header = file.readline()
            file.seek(0)
            separator = ";" if ";" in header and "," not in header else ","
            reader = csv.DictReader(file, strict=True, delimiter=separator)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise ImportingError(
                    [f"{path.name}: column {', '.join(missing)} is missing; it has {reader.fieldnames}"]
                )
            lines = list(reader)
            faults = [
                f"{path.name}, line {number}: {len(line) - 1 + len(line[None])} cells under {len(line) - 1} headings; "
                f"quote what holds a {separator}"
                for number, line in enumerate(lines, start=2)
                if None in line
            ]
            if faults:
                raise ImportingError(faults)
            return [{key: (value or "").strip() for key, value in line.items()} for line in lines]
    except FileNotFoundError as error:
        raise ImportingError([f"{path.name}: there is no such file in {path.parent}"]) from error
    except UnicodeDecodeError as error:
        raise ImportingError([f"{path.name}: not UTF-8 (byte {error.start}); save it as CSV UTF-8"]) from error
    except csv.Error as error:
        raise ImportingError([f"{path.name}: not readable as CSV: {error}"]) from error


def _faults(name: str, files: Mapping[str, list[Line]]) -> Iterator[str]:
    """What is wrong with each line of a file, with the line's number as an editor counts."""
    emails = {line["email"].lower() for line in files["reps.csv"]}
    accounts = {line["external_id"] for line in files["accounts.csv"]}
    seen: set[str] = set()
    slack_ids: set[str] = set()
    for number, line in enumerate(files[name], start=2):
        key = line.get("external_id") or line["email"].lower()
        checks = {
            "reps.csv": lambda one: _rep_faults(one, emails),
            "accounts.csv": lambda one: _account_faults(one, emails),
            "contacts.csv": lambda one: _contact_faults(one, accounts),
        }
        for fault in (*([f"{key!r} stands there twice"] if key in seen else []), *checks[name](line)):
            yield f"{name}, line {number}: {fault}"
        seen.add(key)
        if (slack_id := line.get("slack_id")) in slack_ids:
            yield f"{name}, line {number}: slack_id {slack_id!r} stands there twice"
        slack_ids.update([slack_id] if slack_id else [])


def _rep_faults(line: Line, emails: set[str]) -> Iterator[str]:
    if "@" not in line["email"]:
        yield f"email {line['email']!r} is no mail address"
    if not line["name"]:
        yield "name is empty"
    if line["role"] not in ROLES:
        yield f"role {line['role']!r} is none of {', '.join(ROLES)}"
    if line["language"] and line["language"] not in LANGUAGES:
        yield f"language {line['language']!r} is none of {', '.join(LANGUAGES)}"
    if line["manager_email"] and line["manager_email"].lower() not in emails:
        yield f"manager_email {line['manager_email']!r} is nobody in this file"
    try:
        ZoneInfo(line["timezone"] or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"timezone {line['timezone']!r} is no IANA time zone such as Europe/Amsterdam"


def _account_faults(line: Line, emails: set[str]) -> Iterator[str]:
    if not line["external_id"] or not line["name"]:
        yield "external_id and name must be filled"
    if line["class"].upper() not in CLASSES:
        yield f"class {line['class']!r} is none of A to E"
    if line["status"] not in STATUSES:
        yield f"status {line['status']!r} is none of {', '.join(STATUSES)}"
    if line["owner_email"] and line["owner_email"].lower() not in emails:
        yield f"owner_email {line['owner_email']!r} is nobody in reps.csv"


def _contact_faults(line: Line, accounts: set[str]) -> Iterator[str]:
    if not line["external_id"] or not line["name"]:
        yield "external_id and name must be filled"
    if line["account_external_id"] not in accounts:
        yield f"account_external_id {line['account_external_id']!r} is not in accounts.csv"


def _reps(tx: Tx, lines: list[Line], progress: Progress) -> int:
    known = {email.email: rep for rep in tx.scalars(select(Rep)) for email in rep.emails}
    own = {one.rep_id: one.own for one in tx.scalars(select(Preference))}
    new = 0
    for count, line in enumerate(lines, start=1):
        email = line["email"].lower()
        rep = known.get(email)
        if rep is None:
            rep = known[email] = Rep(name=line["name"], emails=[RepEmail(email=email)])
            tx.add(rep)
            new += 1
        rep.name, rep.role, rep.team = line["name"], line["role"], line["team"] or None
        rep.slack_id, rep.timezone = line["slack_id"] or rep.slack_id, line["timezone"] or rep.timezone
        if "language" not in own.get(rep.id, ()):
            rep.language = line["language"] or rep.language
        progress("reps.csv", count, len(lines))
    tx.flush()
    for line in lines:
        manager = known.get(line["manager_email"].lower())
        known[line["email"].lower()].manager_id = manager.id if manager else None
    tx.flush()
    return new


def _accounts(tx: Tx, lines: list[Line], now: datetime, progress: Progress) -> int:
    owners = {email: rep_id for rep_id, email in tx.execute(select(RepEmail.rep_id, RepEmail.email))}
    rows = tx.scalars(select(Account).where(Account.external_id.is_not(None)).options(selectinload(Account.aliases)))
    known = {row.external_id: row for row in rows}
    new = 0
    for count, line in enumerate(lines, start=1):
        account = known.get(line["external_id"])
        if account is None:
            account = Account(external_id=line["external_id"], name=line["name"], created_at=now)
            tx.add(account)
            new += 1
        account.name, account.status, account.grade = line["name"], line["status"], line["class"].upper() or None
        account.owner_id = owners.get(line["owner_email"].lower())
        for field in ("street", "postcode", "city", "country", "industry"):
            setattr(account, field, line[field] or None)
        wanted = {alias.strip() for alias in line["aliases"].split("|") if alias.strip()}
        present = {row.alias for row in account.aliases}
        account.aliases.extend(AccountAlias(alias=alias) for alias in sorted(wanted - present))
        progress("accounts.csv", count, len(lines))
    tx.flush()
    return new


def _contacts(tx: Tx, lines: list[Line], now: datetime, progress: Progress) -> int:
    accounts = {
        external_id: account_id
        for account_id, external_id in tx.execute(select(Account.id, Account.external_id))
        if external_id
    }
    parts = (selectinload(Contact.emails), selectinload(Contact.phones), selectinload(Contact.employments))
    rows = tx.scalars(select(Contact).where(Contact.external_id.is_not(None)).options(*parts))
    known = {row.external_id: row for row in rows}
    new, erased = 0, were_erased(tx)
    for count, line in enumerate(lines, start=1):
        contact = known.get(line["external_id"])
        if contact is None:
            if erased(line["external_id"], line["email"]):
                continue  # the other system still has them; the person asked us to forget
            contact = Contact(external_id=line["external_id"], name=line["name"], created_at=now)
            tx.add(contact)
            new += 1
        contact.name, contact.language = line["name"], line["language"] or None
        _reach(contact, line)
        _employ(contact, accounts[line["account_external_id"]], line["role"] or None)
        progress("contacts.csv", count, len(lines))
    tx.flush()
    return new


def _reach(contact: Contact, line: Line) -> None:
    email, phone = line["email"].lower(), line["phone"]
    if email and email not in {row.email for row in contact.emails}:
        contact.emails.append(ContactEmail(email=email))
    if phone and phone not in {row.phone for row in contact.phones}:
        contact.phones.append(ContactPhone(phone=phone))


def _employ(contact: Contact, account_id: int, role: str | None) -> None:
    """Enter the employment where there is none; who left here according to a report stays away."""
    here = next((job for job in contact.employments if job.account_id == account_id), None)
    if here is None:
        contact.employments.append(Employment(account_id=account_id, role=role))
    else:
        here.role = role
