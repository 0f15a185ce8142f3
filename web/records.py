"""The history of an account or a contact in words: what changed, when, and who changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from store.db import Tx
from store.tables import Capture, Change, Contact, Rep
from web.templating import day

MOST = 50
"""Changes that a page shows."""
FIELDS = {"grade": "class", "owner": "account manager", "until": "left", "stale_since": "seems gone since"}
"""Fields that the pages call otherwise."""


@dataclass(frozen=True, slots=True)
class Line:
    """One change, in words."""

    at: datetime
    text: str
    by: str


def history(tx: Tx, records: Mapping[str, Sequence[int]], names: Mapping[tuple[str, int], str]) -> list[Line]:
    """The latest changes of these records (their kind to their ids), newest first, in four statements at most.

    ``names`` says what a record is called where the line does not go without.
    """
    wanted = [(Change.record == kind) & Change.record_id.in_(ids) for kind, ids in records.items() if ids]
    if not wanted:
        return []
    meant = wanted[0]
    for one in wanted[1:]:
        meant |= one
    found = list(tx.scalars(select(Change).where(meant).order_by(Change.id.desc()).limit(MOST)))
    makers, people = _makers(tx, found), _people(tx, found)
    return [Line(one.at, _what(one, names, people), makers.get(one.by, one.by)) for one in found]


def _makers(tx: Tx, found: Sequence[Change]) -> dict[str, str]:
    """How the makers of changes are called: the rep, or whose message it was."""
    reps = {int(one.by[4:]) for one in found if one.by.startswith("rep:")}
    captures = {int(one.by[8:]) for one in found if one.by.startswith("message:")}
    told = select(Capture.id, Rep.name).join(Rep, Rep.id == Capture.rep_id).where(Capture.id.in_(captures))
    named = select(Rep.id, Rep.name).where(Rep.id.in_(reps))
    makers = {"import": "an import", "web": "the office", "command": "the office"}
    makers |= {f"rep:{one}": name for one, name in (tx.execute(named) if reps else ())}
    makers |= {f"message:{one}": f"a message of {name}" for one, name in (tx.execute(told) if captures else ())}
    return {**{one.by: f"the rule “{one.by[5:]}”" for one in found if one.by.startswith("rule:")}, **makers}


def _people(tx: Tx, found: Sequence[Change]) -> dict[int, str]:
    ids = {
        value for one in found if one.field in {"successor", "merged", "merged_into"}
        for value in (one.old, one.new) if isinstance(value, int)
    }  # fmt: skip
    return dict(tx.execute(select(Contact.id, Contact.name).where(Contact.id.in_(ids))).all()) if ids else {}


def _what(change: Change, names: Mapping[tuple[str, int], str], people: Mapping[int, str]) -> str:
    where = names.get((change.record, change.record_id))
    before = f"At {where}: " if change.record == "employment" and where else ""
    if change.field == "created":
        return f"Entered as {change.new}"
    if change.field in {"merged", "merged_into"}:
        return _merged(change, people)
    old, new = (_value(change.field, value, people) for value in (change.old, change.new))
    field = FIELDS.get(change.field, change.field.removesuffix("_id").replace("_", " "))
    if change.old is None:
        return f"{before}{field}: {new}"
    return f"{before}{field}: {old} → {new}"


def _merged(change: Change, people: Mapping[int, str]) -> str:
    other = people.get(change.new or change.old, "another contact")
    if change.field == "merged":
        return f"{other} was the same person" if change.new else f"{other} is another person after all"
    return f"Is the same person as {other}" if change.new else f"Is not the same person as {other} after all"


def _value(field: str, value: object, people: Mapping[int, str]) -> str:
    if value is None or value == []:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if field == "successor" and isinstance(value, int):
        return people.get(value, "somebody")
    if field in {"until", "stale_since", "since"} and isinstance(value, str):
        return day(date.fromisoformat(value))
    return str(value)
