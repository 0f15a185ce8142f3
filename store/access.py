"""Questions about who read personal data, and the keeping of the answer."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, delete, func, or_, select

from store.db import Tx, insert_into
from store.tables import Access, Account, Capture, Contact, Employment, Rep, VisitContact

AT_ONCE = 500
"""Lines of one statement: SQLite takes 32766 values."""
PAGE = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody reads something: as the columns of `Access` have it."""

    by: str
    at: datetime
    thing: str
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessFilter:
    """Which lines are asked for; what is None does not matter. Days are inclusive."""

    by: str | None = None
    contact_id: int | None = None
    thing: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ListedAccess:
    """A line with the names of what it speaks of; ``what`` is None for what is not there any more."""

    access: Access
    who: str | None
    what: str | None


def unnoted(tx: Tx, reading: Reading, ids: Collection[int]) -> set[int]:
    """Those of the things that have no line yet for such a reading on its day."""
    if not ids:
        return set()
    same = (Access.by == reading.by, Access.day == reading.at.date(), Access.thing == reading.thing)
    noted = select(Access.thing_id).where(*same, Access.how == reading.how, Access.thing_id.in_(ids))
    return set(ids) - set(tx.scalars(noted))


def keep(tx: Tx, reading: Reading, ids: Collection[int]) -> None:
    """One line for each; what has one stays."""
    lines = [{**asdict(reading), "day": reading.at.date(), "thing_id": one} for one in sorted(ids)]
    for start in range(0, len(lines), AT_ONCE):
        statement = insert_into(tx, Access).values(lines[start : start + AT_ONCE])
        tx.execute(statement.on_conflict_do_nothing(index_elements=["by", "day", "thing", "thing_id", "how"]))


def people_of(tx: Tx, account_id: int) -> set[int]:
    """Who works, or worked, at an account."""
    return set(tx.scalars(select(Employment.contact_id).where(Employment.account_id == account_id)))


def in_care(tx: Tx, rep_ids: Collection[int], contact_ids: Collection[int]) -> set[int]:
    """Those of the contacts whose account is owned by one of these people."""
    owned = select(Employment.contact_id).join(Account, Account.id == Employment.account_id)
    return set(tx.scalars(owned.where(Account.owner_id.in_(rep_ids), Employment.contact_id.in_(contact_ids))))


def sent_by(tx: Tx, rep_ids: Collection[int], capture_id: int) -> bool:
    """Whether a message was sent by one of these people."""
    return tx.scalar(select(Capture.id).where(Capture.id == capture_id, Capture.rep_id.in_(rep_ids))) is not None


def met_at(tx: Tx, visit_id: int) -> set[int]:
    """Who was met at a visit."""
    return set(tx.scalars(select(VisitContact.contact_id).where(VisitContact.visit_id == visit_id)))


def circle(tx: Tx, rep_id: int) -> set[int]:
    """Everybody whose manager is this one's or who is of the same team, and this one; not those below."""
    me = tx.get(Rep, rep_id)
    if me is None:
        return set()
    same: list[ColumnElement[bool]] = [Rep.id == rep_id]
    if me.manager_id is not None:
        same.append(Rep.manager_id == me.manager_id)
    if me.team:
        same.append(Rep.team == me.team)
    return set(tx.scalars(select(Rep.id).where(or_(*same))))


def listed(tx: Tx, wanted: AccessFilter, page: int = 1) -> tuple[list[ListedAccess], int]:
    """One page of the lines, newest first, and how many there are in all."""
    conditions = _conditions(wanted)
    total = tx.scalar(select(func.count(Access.id)).where(*conditions)) or 0
    newest = select(Access).where(*conditions).order_by(Access.id.desc())
    rows = tx.scalars(newest.limit(PAGE).offset((page - 1) * PAGE)).all()
    readers = {int(row.by.removeprefix("rep:")) for row in rows if row.by.startswith("rep:")}
    contacts = {row.thing_id for row in rows if row.thing == "contact"}
    names = dict(tx.execute(select(Rep.id, Rep.name).where(Rep.id.in_(readers))).all())
    called = dict(tx.execute(select(Contact.id, Contact.name).where(Contact.id.in_(contacts))).all())
    return [
        ListedAccess(row, names.get(int(row.by[4:])) if row.by.startswith("rep:") else None,
                     called.get(row.thing_id) if row.thing == "contact" else None)
        for row in rows
    ], total  # fmt: skip


def readers(tx: Tx) -> list[tuple[int, str]]:
    """Everybody who may have read something, by name."""
    return [(rep_id, name) for rep_id, name in tx.execute(select(Rep.id, Rep.name).order_by(Rep.name))]


def forget(tx: Tx, before: date, most: int) -> int:
    """Clear away ``most`` lines of the days before; how many they were."""
    old = select(Access.id).where(Access.day < before).order_by(Access.day).limit(most)
    return len(tx.scalars(delete(Access).where(Access.id.in_(old)).returning(Access.id)).all())


def _conditions(wanted: AccessFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.by is not None:
        conditions.append(Access.by == wanted.by)
    if wanted.contact_id is not None:
        conditions += [Access.thing == "contact", Access.thing_id == wanted.contact_id]
    if wanted.thing is not None:
        conditions.append(Access.thing == wanted.thing)
    if wanted.since is not None:
        conditions.append(Access.day >= wanted.since)
    if wanted.until is not None:
        conditions.append(Access.day <= wanted.until)
    return conditions
