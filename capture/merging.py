"""Two contacts that are one person become one: everything that points at the one points at the other, and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from capture.values import CorrectionError
from parsing.taught import phrase_of
from store import changes, crm, steps
from store.db import Db, Tx
from store.steps import Journal
from store.tables import Contact, Employment, Step, Visit, VisitContact

TOLD = {
    "visit_contacts": "visits at which they were met", "employments": "employments", "contact_emails": "addresses",
    "contact_phones": "phone numbers", "contact_signs": "signs of being reached or not", "lessons": "learned names",
    "proposals": "proposals", "actions": "things to do",
}  # fmt: skip
"""What the tables that point at a contact hold, for people."""
FILLED = {"contacts": ("language",), "employments": ("role", "since", "stale_since")}
"""What is taken over where the one that stays has nothing."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How much of one kind would move."""

    what: str
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What merging would do: who stays, who goes into them, and what moves."""

    stays: Contact
    goes: Contact
    moved: tuple[Moved, ...]


class Merging:
    """The use cases."""

    def __init__(self, db: Db, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    def preview(self, stays_id: int, goes_id: int) -> Preview:
        """What `merge` would do. Raises `CorrectionError` where it would not."""
        with self._db.read() as tx:
            stays, goes = _both(tx, stays_id, goes_id)
            return Preview(stays, goes, tuple(_moved(tx, goes_id)))

    def merge(self, stays_id: int, goes_id: int, by: str) -> int:
        """Let the second contact go into the first; the id of the step. Raises `CorrectionError`."""
        with self._db.write() as tx:
            crm.touch(tx)  # first: of two that merge the same at once the second waits here
            stays, goes = _both(tx, stays_id, goes_id)
            tx.flush()
            now = self._clock()
            journal = Journal(tx)
            _remember_name(tx, journal, stays, goes, now)
            _move_all(tx, journal, "contacts", goes_id, stays_id)
            _mend_evidence(tx, journal, goes_id, stays_id)
            _fill(journal, stays, goes, now)
            step = Step(kind="merge", from_id=goes_id, to_id=stays_id, at=now, by=by, journal=journal.entries)
            tx.add(step)
            changes.note(tx, at=now, by=by, record=("contact", stays_id), field="merged", new=goes_id)
            changes.note(tx, at=now, by=by, record=("contact", goes_id), field="merged_into", new=stays_id)
            tx.flush()
            tx.expire_all()
            return step.id

    def undo(self, step_id: int, by: str) -> int:
        """Take a merge back; how many rows could not be put back, as they were changed since. `CorrectionError`."""
        with self._db.write() as tx:
            crm.touch(tx)
            step = tx.get(Step, step_id)
            if step is None or step.kind != "merge" or step.undone_at is not None:
                raise CorrectionError("gone", "This was taken back already.")
            if steps.into(tx, "merge", step.to_id) is not None:
                raise CorrectionError("gone", "This contact went into another one since: take that back first.")
            newer = [one.id for one in steps.latest(tx, "merge", step.to_id) if one.id > step.id]
            if newer:
                raise CorrectionError("gone", "Another contact went into this one since: take that back first.")
            failed = steps.undo(tx, step.journal)
            now = self._clock()
            step.undone_at, step.undone_by = now, by
            changes.note(tx, at=now, by=by, record=("contact", step.to_id), field="merged", old=step.from_id)
            changes.note(tx, at=now, by=by, record=("contact", step.from_id), field="merged_into", old=step.to_id)
            return failed


def _both(tx: Tx, stays_id: int, goes_id: int) -> tuple[Contact, Contact]:
    stays, goes = tx.get(Contact, stays_id), tx.get(Contact, goes_id)
    if stays is None or goes is None:
        raise CorrectionError("no_contact", "There is no such contact.")
    if stays_id == goes_id:
        raise CorrectionError("twice", "A contact cannot go into itself.")
    for one in (stays, goes):
        if one.retired_at is not None:
            raise CorrectionError("no_contact", f"{one.name} is no contact any more.")
    return stays, goes


def _moved(tx: Tx, goes_id: int) -> list[Moved]:
    found: dict[str, int] = {}
    for table, column in steps.referring("contacts"):
        what = "successions" if column.name == "successor_id" else TOLD.get(table.name, table.name)
        count = tx.scalar(select(func.count()).select_from(table).where(column == goes_id)) or 0
        found[what] = found.get(what, 0) + count
    return [Moved(what, count) for what, count in found.items() if count]


def _move_all(tx: Tx, journal: Journal, to: str, old_id: int, new_id: int) -> None:
    """Let everything that points at the one row point at the other; what both have stays once."""
    for table, column in steps.referring(to):
        pointing = select(table).where(column == old_id).order_by(*table.primary_key.columns)
        for row in [dict(one) for one in tx.execute(pointing).mappings()]:
            twin = _twin(tx, table, column, row, new_id)
            if twin is not None:
                _absorb(tx, journal, table, row, twin)
            else:
                journal.change(table, steps.key_of(table, row), {column.name: new_id})


def _twin(
    tx: Tx, table: sa.Table, column: sa.Column[Any], row: Mapping[str, Any], new_id: int
) -> Mapping[str, Any] | None:
    """The row that says the same of the other one, where there may be only one such."""
    for constraint in table.constraints:
        if not isinstance(constraint, sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            continue
        others = [one for one in constraint.columns if one is not column]
        if column.name not in constraint.columns or any(row[one.name] is None for one in others):
            continue
        same = select(table).where(column == new_id, *(one == row[one.name] for one in others))
        found = tx.execute(same).mappings().first()
        if found is not None:
            return dict(found)
    return None


def _absorb(tx: Tx, journal: Journal, table: sa.Table, row: Mapping[str, Any], twin: Mapping[str, Any]) -> None:
    """Let the twin have what it lacks, and what points at the row, and take the row out."""
    values = {name: row[name] for name in FILLED.get(table.name, ()) if twin[name] is None and row[name] is not None}
    if table.name == "employments":
        values |= _still_there(row, twin)
    if values:
        journal.change(table, steps.key_of(table, twin), values)
    if "id" in table.c:
        _move_all(tx, journal, table.name, row["id"], twin["id"])
    journal.remove(table, steps.key_of(table, row))


def _still_there(row: Mapping[str, Any], twin: Mapping[str, Any]) -> dict[str, date | int | None]:
    """One person works there as long as one of the two did."""
    if twin["until"] is not None and row["until"] is None:
        return {"until": None, "successor_id": None}
    return {}


def _mend_evidence(tx: Tx, journal: Journal, old_id: int, new_id: int) -> None:
    """The words of a report that named the one name the other; and nobody follows themselves."""
    met = select(VisitContact.visit_id).where(VisitContact.contact_id == new_id)
    for visit_id, evidence in tx.execute(select(Visit.id, Visit.evidence).where(Visit.id.in_(met)).order_by(Visit.id)):
        read = evidence.get("contacts", ())
        if any(one.get("contact_id") == old_id for one in read):
            mended = [{**one, "contact_id": new_id} if one.get("contact_id") == old_id else one for one in read]
            journal.change(steps.table_of("visits"), {"id": visit_id}, {"evidence": {**evidence, "contacts": mended}})
    own = select(Employment.id).where(Employment.contact_id == new_id, Employment.successor_id == new_id)
    for job_id in tx.scalars(own).all():
        journal.change(steps.table_of("employments"), {"id": job_id}, {"successor_id": None})


def _fill(journal: Journal, stays: Contact, goes: Contact, now: datetime) -> None:
    """What the contact that stays has not, it takes over; the other one is no name any more.

    The id outside goes over too, so that an import of the other system goes on with the one that stays.
    """
    table = steps.table_of("contacts")
    values = {name: getattr(goes, name) for name in FILLED["contacts"] if not getattr(stays, name)}
    values["extra"] = {**goes.extra, **stays.extra}
    journal.change(table, {"id": goes.id}, {"retired_at": now})
    if stays.external_id is None and goes.external_id is not None:
        values["external_id"] = goes.external_id
        journal.change(table, {"id": goes.id}, {"external_id": None})
    journal.change(table, {"id": stays.id}, values)


def _remember_name(tx: Tx, journal: Journal, stays: Contact, goes: Contact, now: datetime) -> None:
    """Where reports named the one that goes, that name means the one that stays from now on."""
    phrase = phrase_of(goes.name)
    if not phrase or phrase == phrase_of(stays.name):
        return
    first = func.min(Visit.id)
    met = (
        select(Visit.account_id, first)
        .join(VisitContact, VisitContact.visit_id == Visit.id)
        .where(VisitContact.contact_id == goes.id, Visit.account_id.is_not(None), Visit.withdrawn_at.is_(None))
        .group_by(Visit.account_id)
        .order_by(Visit.account_id)
    )
    for account_id, visit_id in tx.execute(met).all():
        journal.insert(
            steps.table_of("lessons"),
            {
                "rep_id": None, "kind": "contact", "phrase": phrase, "said": goes.name, "account_id": account_id,
                "contact_id": stays.id, "visit_id": visit_id, "taught_at": now, "times": 0,
            },
        )  # fmt: skip
