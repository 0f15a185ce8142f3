"""Bringing in accounts: by their own number, else by their name.

One that a report made has no number yet: a line that gives one, and is about no other, gives it to it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from capture.attributes import MARK, with_value
from capture.importing.lines import Fault, Line, Planned, Progress, Values, batches, given_once, joined, planned, silent
from capture.importing.own import Own
from capture.importing.people import addresses
from store.db import Tx
from store.tables import Account, AccountAlias, RepEmail

FILE = "accounts.csv"
COLUMNS = (
    "external_id", "name", "aliases", "street", "postcode", "city", "country", "industry", "class", "status",
    "owner_email",
)  # fmt: skip
MORE = ("region",)
"""A column that may be there."""
FACTS = {"street": "street", "postcode": "postcode", "city": "city", "country": "country", "region": "region",
         "industry": "industry"}  # fmt: skip
CLASSES = ("", "A", "B", "C", "D", "E")
STATUSES = ("customer", "prospect")


def faults(
    tx: Tx, file: str, lines: Sequence[Line], coming: set[str] | frozenset[str] = frozenset()
) -> Iterator[Fault]:
    """What is wrong with lines about accounts; ``coming`` are addresses of us that come in with them."""
    emails = addresses(tx).keys() | coming
    named, own = _named(tx, [line for line in lines if not line["external_id"]]), Own.read(tx, "account")
    for line in lines:
        yield from own.faults(file, line)
        for column, key, values in _of_line(line, emails):
            yield Fault(file, line.number, column, key, values)
        if not line["external_id"] and len(_alike(line, named)) > 1:
            yield Fault(file, line.number, "name", "several", {"value": repr(line["name"])})


def _of_line(line: Line, emails: set[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    for column in ("external_id", "name"):
        if (column in line or column == "name") and not line[column]:
            yield column, "empty", {}
    if line["class"].upper() not in CLASSES:
        yield "class", "choice", {"value": repr(line["class"]), "choices": ", ".join(CLASSES[1:])}
    if "status" in line and line["status"] not in STATUSES:
        yield "status", "choice", {"value": repr(line["status"]), "choices": ", ".join(STATUSES)}
    if line["owner_email"] and line["owner_email"].lower() not in emails:
        yield "owner_email", "nobody", {"value": repr(line["owner_email"])}


def plan(tx: Tx, lines: Sequence[Line]) -> list[Planned]:
    """What the lines come to."""
    known = {row.external_id: row for row in _rows(tx, Account.external_id, [line["external_id"] for line in lines])}
    named, emails, made = _named(tx, [line for line in lines if line["external_id"] not in known]), addresses(tx), []
    own = Own.read(tx, "account")
    told = tx.execute(select(RepEmail.rep_id, RepEmail.email).order_by(RepEmail.id.desc()))
    owners = {one.rep_id: one.email for one in told}  # the first of each stays
    found = [known.get(line["external_id"]) or _find_named(line, named) for line in lines]
    for line, account in zip(lines, given_once(lines, found), strict=True):
        now = {**_now(account, owners), **own.now(account.extra)} if account else {}
        wanted = {**_wanted(line, account, emails), **own.of(line)}
        made.append(planned(line, line["name"], account, now=now, wanted=wanted))
    return made


def _rows(tx: Tx, column: InstrumentedAttribute[Any], values: Iterable[Any]) -> list[Account]:
    found: list[Account] = []
    for some in batches(one for one in values if one):
        found += tx.scalars(select(Account).where(column.in_(some)).options(selectinload(Account.aliases)))
    return found


def _named(tx: Tx, lines: Sequence[Line]) -> dict[str, list[Account]]:
    """The accounts that go by the names of these lines, however they are cased (SQLite knows only of A to Z)."""
    names = {line["name"].casefold() for line in lines}
    if not names:
        return {}
    here = tx.execute(select(Account.id, Account.name).where(Account.retired_at.is_(None)).order_by(Account.id))
    found: dict[str, list[Account]] = {}
    for row in _rows(tx, Account.id, [account_id for account_id, name in here if name.casefold() in names]):
        found.setdefault(row.name.casefold(), []).append(row)
    return found


def _alike(line: Line, named: dict[str, list[Account]]) -> list[Account]:
    """The accounts of this name; of several those in the same place."""
    found = named.get(line["name"].casefold(), [])
    for column in ("postcode", "city"):
        same = [one for one in found if line[column] and line[column].lower() == (getattr(one, column) or "").lower()]
        found = same or found if len(found) > 1 else found
    return found


def _find_named(line: Line, named: dict[str, list[Account]]) -> Account | None:
    """The account of this name; for a line with a number the only one that has none, and is in no other place."""
    if not line["external_id"]:
        return next(iter(_alike(line, named)), None)
    name = line["name"].casefold()
    free = [one for one in named.get(name, []) if one.external_id is None and not _is_elsewhere(line, one)]
    found = _alike(line, {name: free})
    return found[0] if len(found) == 1 else None


def _is_elsewhere(line: Line, account: Account) -> bool:
    for column in ("postcode", "city"):
        said, kept = ("".join(one.split()).casefold() for one in (line[column], getattr(account, column) or ""))
        if said and kept:
            return said != kept
    return False


def _now(account: Account, owners: dict[int, str]) -> Values:
    told = {field: getattr(account, field) for field in FACTS.values()}
    aliases = joined([row.alias for row in account.aliases], ())
    return {
        **told, "external_id": account.external_id, "name": account.name, "status": account.status,
        "class": account.grade, "aliases": aliases, "owner": owners.get(account.owner_id or 0),
    }  # fmt: skip


def _wanted(line: Line, account: Account | None, emails: dict[str, str]) -> Values:
    """What the file says; of what it has no column for nothing."""
    wanted: dict[str, str | None] = {"name": line["name"]}
    if account and line["external_id"]:
        wanted["external_id"] = line["external_id"]
    if "status" in line:
        wanted["status"] = line["status"]
    if "class" in line:
        wanted["class"] = line["class"].upper() or None
    wanted |= {field: line[column] or None for column, field in FACTS.items() if column in line}
    if "owner_email" in line:
        owner = line["owner_email"].lower()
        wanted["owner"] = emails.get(owner, owner) or None
    if added := sorted(aliases_of(line)):
        wanted["aliases"] = joined([row.alias for row in account.aliases] if account else (), added)
    return wanted


def aliases_of(line: Line) -> set[str]:
    """The other names that a line tells."""
    return {alias.strip() for alias in line["aliases"].split("|") if alias.strip()}


def apply(tx: Tx, some: Sequence[Planned], now: datetime, progress: Progress = silent) -> list[Account]:
    """Do it; the accounts of the lines, in order."""
    owners = {email: rep_id for rep_id, email in tx.execute(select(RepEmail.rep_id, RepEmail.email))}
    rows: list[Account] = []
    for count, one in enumerate(some, start=1):
        account = one.row
        if account is None:
            number = one.line["external_id"] or None
            account = Account(external_id=number, name=one.line["name"], created_at=now)
            tx.add(account)
        for name, value in one.values.items():
            if name == "owner":
                account.owner_id = owners.get(value or "")
            elif name == "aliases":
                present = {row.alias for row in account.aliases}
                account.aliases.extend(AccountAlias(alias=alias) for alias in sorted(aliases_of(one.line) - present))
            elif name.startswith(MARK):
                account.extra = with_value(account.extra, name.removeprefix(MARK), value)
            else:
                setattr(account, "grade" if name == "class" else name, value)
        rows.append(account)
        progress(FILE, count, len(some))
    tx.flush()
    return rows
