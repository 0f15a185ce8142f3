"""What an import from a page changes is in the history, as if its person had typed it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from capture.importing.lines import Planned
from store import changes
from store.db import Tx

RECORDS = {"reps": "rep", "accounts": "account", "contacts": "contact"}
NAMES = {"class": "grade", "email": "emails", "phone": "phones"}
"""Fields that the history calls otherwise."""
LISTS = frozenset({"aliases", "email", "phone"})


def note_all(tx: Tx, what: str, done: Iterable[tuple[Planned, Any]], *, by: str, at: datetime) -> None:
    """Note what was done to each row."""
    for one, row in done:
        record = RECORDS[what], row.id
        if one.kind == "new":
            changes.note(tx, at=at, by=by, record=record, field="created", new=row.name)
            continue
        for name, old, new in one.fields:
            if what == "contacts" and name in {"role", "account"}:
                _note_job(tx, one, row, name, by=by, at=at)
            else:
                was, told = (_value(name, value) for value in (old, new))
                changes.note(tx, at=at, by=by, record=record, field=NAMES.get(name, name), old=was, new=told)


def _note_job(tx: Tx, one: Planned, row: Any, name: str, *, by: str, at: datetime) -> None:
    job = next(job for job in row.employments if job.account_id == one.account)
    entered = "account" in one.values
    if name == "account":
        changes.note(tx, at=at, by=by, record=("employment", job.id), field="created", new=job.account_id)
    elif not entered:
        old, new = one.was.get("role"), one.values["role"]
        changes.note(tx, at=at, by=by, record=("employment", job.id), field="role", old=old, new=new)


def _value(name: str, value: str | None) -> Any:
    return [part for part in (value or "").split(", ") if part] if name in LISTS else value
