"""A list that somebody uploads: looked at, its columns set right, then brought in exactly as it was shown."""

import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from capture.attributes import field_of
from capture.headings import fields
from capture.importing import columns, contacts, customers, people
from capture.importing.folder import twice
from capture.importing.lines import Fault, Line, Plan, Planned
from capture.importing.noting import note_all
from capture.importing.sheets import Sheet, read_sheet
from capture.rights import Reach, Thing, Viewer
from capture.values import CorrectionError
from store import attributes, crm, imports
from store.db import Db, Tx
from store.tables import HouseAttribute, Import

KEPT_FOR = timedelta(hours=1)
MOST_WAITING = 5
LONGEST_NAME = 200
MAY: Mapping[str, Thing] = {"reps": "house", "accounts": "account", "contacts": "person"}
"""What one must have the right to edit of everybody. Who brings in reps makes administrators."""
RECORDS = {"accounts": "account", "contacts": "contact"}
"""Of which a house may keep attributes of its own, and lists tell them."""
KINDS = ("new", "changed", "unchanged", "forgotten")


def may_bring_in(who: Viewer) -> list[str]:
    """What somebody may bring in."""
    return [what for what, thing in MAY.items() if who.may("edit", thing) is Reach.ALL]


@dataclass(frozen=True, slots=True)
class Looked:
    """A list as it is shown before it is brought in."""

    row: Import
    sheet: Sheet
    mapped: Mapping[str, int]
    missing: Sequence[str]
    plan: Plan
    own: Sequence[HouseAttribute] = ()
    """What the house keeps of such records beside what everybody does: columns may be theirs."""

    @property
    def steps(self) -> Sequence[Planned]:
        """What each line comes to."""
        return self.plan.files.get(self.row.file_name, ())

    @property
    def mark(self) -> str:
        """Tells this plan from any other: what is confirmed must be what was shown."""
        told = [(one.line.number, one.kind, one.key, getattr(one.row, "id", None), sorted(one.fields))
                for one in self.steps]  # fmt: skip
        faults = [(one.line, one.column, one.key) for one in self.plan.faults]
        return hashlib.sha256(json.dumps([told, faults], default=str).encode()).hexdigest()

    @property
    def counts(self) -> dict[str, int]:
        """How many lines come to what."""
        lines = len({one.line for one in self.plan.faults})
        return {**{kind: self.plan.count(kind) for kind in KINDS}, "faults": lines}  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Uploads:
    """The use cases; each raises `CorrectionError` for what is not one's own, or is there no longer."""

    db: Db
    clock: Callable[[], datetime]

    def take(self, who: Viewer, what: str, file_name: str, raw: bytes) -> int:
        """Keep a list for a while; its id. Raises `SheetError` where it is none."""
        _check_right(who, what)
        sheet = read_sheet(raw)
        now = self.clock()
        with self.db.write() as tx:
            for old in imports.waiting(tx, who.rep_id or None, now)[MOST_WAITING - 1 :]:
                old.content = None
            row = Import(
                rep_id=who.rep_id or None, by=who.by, what=what, uploaded_at=now, expires_at=now + KEPT_FOR,
                file_name="".join(one for one in file_name if one.isprintable())[-LONGEST_NAME:] or "a file",
                content=_packed(sheet), columns=columns.guess(what, sheet, _own(tx, what)),
            )  # fmt: skip
            tx.add(row)
            tx.flush()
            return row.id

    def look(self, who: Viewer, import_id: int) -> Looked:
        """What would be done with it as the columns are told now; nothing is."""
        with self.db.read() as tx:
            return _looked(tx, self._waiting(tx, who, import_id))

    def set_columns(self, who: Viewer, import_id: int, told: Sequence[str]) -> None:
        """Say of each column which field it is; an empty text leaves it out."""
        with self.db.write() as tx:
            row = self._waiting(tx, who, import_id, changing=True)
            known, mapped = _fields(row.what, _own(tx, row.what)), {}
            for at, field in enumerate(told[: len(_unpacked(row).headings)]):
                if field and field in mapped:
                    raise CorrectionError("twice", f"Two columns are told to be the {field.replace('_', ' ')}.")
                if field in known:
                    mapped[field] = at
            row.columns = mapped

    def confirm(self, who: Viewer, import_id: int, mark: str) -> None:
        """Bring in what was shown under this mark, without the lines that are wrong; again has no second effect."""
        now = self.clock()
        with self.db.write() as tx:
            # The second of two clicks waits here until the first has brought it in.
            done = tx.get(Import, import_id, with_for_update=True)
            if done is not None and done.done_at is not None and done.rep_id == (who.rep_id or None):
                return
            row = self._waiting(tx, who, import_id)
            looked = _looked(tx, row)
            if looked.missing or mark != looked.mark:
                raise CorrectionError("changed", "Something changed since this was shown: look at it once more.")
            _bring_in(tx, looked, who, now)
            row.counts, row.done_at, row.content = looked.counts, now, None
            crm.touch(tx)

    def drop(self, who: Viewer, import_id: int) -> None:
        """Forget the list."""
        with self.db.write() as tx:
            tx.delete(self._waiting(tx, who, import_id, changing=True))

    def tick(self) -> int:
        """Forget what nobody confirmed in time."""
        with self.db.read() as tx:
            if not imports.are_old(tx, self.clock()):
                return 0
        with self.db.write() as tx:
            imports.forget(tx, self.clock())
        return 1

    def _waiting(self, tx: Tx, who: Viewer, import_id: int, *, changing: bool = False) -> Import:
        row = tx.get(Import, import_id, with_for_update=changing)
        if row is None or row.rep_id != (who.rep_id or None) or row.content is None or row.expires_at <= self.clock():
            raise CorrectionError("gone", "This list is not here, or no longer: upload it again.")
        _check_right(who, row.what)
        return row


def _check_right(who: Viewer, what: str) -> None:
    if what not in may_bring_in(who):
        raise CorrectionError("not_yours", "You have no right to bring this in.")


def _packed(sheet: Sheet) -> bytes:
    return zlib.compress(json.dumps([sheet.headings, sheet.rows, sheet.told], ensure_ascii=False).encode())


def _unpacked(row: Import) -> Sheet:
    headings, rows, told = json.loads(zlib.decompress(row.content or b""))
    return Sheet(headings, [(number, cells) for number, cells in rows], told)


def _looked(tx: Tx, row: Import) -> Looked:
    sheet, own = _unpacked(row), _own(tx, row.what)
    known = _fields(row.what, own)  # an attribute may have been retired since
    mapped = {field: int(at) for field, at in row.columns.items() if field in known}
    missing = columns.missing(row.what, mapped)
    return Looked(row, sheet, mapped, missing, Plan({}) if missing else _plan(tx, row, sheet, mapped), own)


def _own(tx: Tx, what: str) -> Sequence[HouseAttribute]:
    return attributes.of(tx, RECORDS[what]) if what in RECORDS else ()


def _fields(what: str, own: Sequence[HouseAttribute]) -> set[str]:
    """What a column may be told to be."""
    return {*fields(what), *map(field_of, own)}


def _plan(tx: Tx, row: Import, sheet: Sheet, mapped: Mapping[str, int]) -> Plan:
    file, lines = row.file_name, columns.lines(row.what, sheet, mapped)
    part = {"reps": people, "accounts": customers, "contacts": contacts}[row.what]
    faults = [*columns.too_long(row.what, file, lines), *_twice(row.what, file, lines), *part.faults(tx, file, lines)]
    good, wrong = _divided(lines, faults)
    if row.what == "reps":
        faults += people.left_without(tx, file, good, wrong)
        good, _ = _divided(lines, faults)
    return Plan({file: part.plan(tx, good)}, sorted(faults, key=lambda one: one.line))


def _divided(lines: Sequence[Line], faults: Sequence[Fault]) -> tuple[list[Line], list[Line]]:
    """The lines without a fault, and the others."""
    numbers = {one.line for one in faults}
    good, wrong = ([line for line in lines if (line.number in numbers) is bad] for bad in (False, True))
    return good, wrong


def _twice(what: str, file: str, lines: Sequence[Line]) -> list[Fault]:
    """Lines about the same as one above them, by what tells them apart in this list."""
    if what == "reps":
        return list(twice(file, lines, "email"))
    rest = [line for line in lines if not line["external_id"]]
    found, seen = list(twice(file, lines, "external_id")), dict[tuple[str, ...], int]()
    told = ("postcode", "city") if what == "accounts" else ("email", "account", "account_external_id")
    for line in rest:
        key = tuple(line[column].casefold() for column in ("name", *told))
        if seen.setdefault(key, line.number) != line.number:
            values = {"value": repr(line["name"]), "line": str(seen[key])}
            found.append(Fault(file, line.number, "name", "twice", values))
    return found


def _bring_in(tx: Tx, looked: Looked, who: Viewer, now: datetime) -> None:
    steps = [one for one in looked.steps if one.kind in {"new", "changed"}]
    if looked.row.what == "reps":
        rows: Sequence[object] = people.apply(tx, steps)
    elif looked.row.what == "accounts":
        rows = customers.apply(tx, steps, now)
    else:
        rows = contacts.apply(tx, steps, now)
    note_all(tx, looked.row.what, zip(steps, rows, strict=True), by=who.by, at=now)
