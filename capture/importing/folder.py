"""Bringing in a folder of CSV files, or only saying what that would do."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capture.importing import contacts, customers, owed, people
from capture.importing.lines import Fault, ImportingError, Line, Plan, Planned, Progress
from capture.importing.reading import read_lines
from store import crm, kinds
from store.db import Db, Tx

COLUMNS: Mapping[str, Collection[str]] = {
    people.FILE: people.COLUMNS, customers.FILE: customers.COLUMNS, contacts.FILE: contacts.COLUMNS,
}  # fmt: skip
Files = Mapping[str, Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Imported:
    """How many records the files held, and how many of them were new."""

    reps: int
    accounts: int
    contacts: int
    new: int


class _TrialError(Exception):
    """Ends a transaction that was only to be tried."""


def import_folder(db: Db, folder: Path, now: datetime, progress: Progress = lambda *_: None) -> Imported:
    """Bring in ``reps.csv``, ``accounts.csv`` and ``contacts.csv``, and what is owed where the folder tells it.

    All of them, or nothing and `ImportingError`.
    """
    files, more = _read(folder)
    with db.write() as tx:
        plan = _plan(tx, files)
        if plan.faults:
            raise ImportingError(plan.faults)
        wrong = _apply(tx, plan, more, now, progress).faults
        if wrong:
            raise ImportingError(wrong)
        crm.touch(tx)
    reps, accounts, theirs = (len(files[name]) for name in COLUMNS)
    return Imported(reps, accounts, theirs, plan.count("new"))


def dry_run(db: Db, folder: Path, now: datetime) -> Plan:
    """What `import_folder` would do, and everything that is wrong; nothing is written."""
    try:
        files, more = _read(folder)
    except ImportingError as error:
        return Plan({}, error.faults)
    with db.read() as tx:
        plan = _plan(tx, files)
    if plan.faults or not more:
        return plan
    # What is owed may be owed by somebody who comes in with it: it is done for all to see, and taken back.
    tried = Plan({})
    with suppress(_TrialError), db.write() as tx:
        plan = _plan(tx, files)
        tried = plan if plan.faults else _apply(tx, plan, more, now, lambda *_: None)
        raise _TrialError
    return Plan({**plan.files, **tried.files}, tried.faults)


def _read(folder: Path) -> tuple[Files, Files]:
    """The files of `COLUMNS`, and those that may be there; what is wrong with any of them is told at once."""
    faults: list[Fault] = []
    read: dict[str, list[Line]] = {}
    there = {name: columns for name, columns in owed.COLUMNS.items() if (folder / name).exists()}
    for name, columns in {**COLUMNS, **there}.items():
        try:
            read[name] = read_lines(folder / name, columns)
        except ImportingError as error:
            faults += error.faults
    if faults:
        raise ImportingError(faults)
    return {name: read[name] for name in COLUMNS}, {name: read[name] for name in there}


def _plan(tx: Tx, files: Files) -> Plan:
    faults = list(_faults(tx, files))
    if faults:
        return Plan({}, faults)
    numbers = frozenset(line["external_id"] for line in files[customers.FILE])
    accounts = customers.plan(tx, files[customers.FILE])
    numbered = {one.line["external_id"]: one.row.id for one in accounts if one.row is not None}
    return Plan({
        people.FILE: people.plan(tx, files[people.FILE]),
        customers.FILE: accounts,
        contacts.FILE: contacts.plan(tx, files[contacts.FILE], numbers, numbered),
    })  # fmt: skip


def _faults(tx: Tx, files: Files) -> Iterator[Fault]:
    reps, accounts, theirs = (files[name] for name in COLUMNS)
    emails = {line["email"].lower() for line in reps}
    numbers = frozenset(line["external_id"] for line in accounts)
    for name, lines in files.items():
        yield from twice(name, lines, "email" if name == people.FILE else "external_id")
    yield from people.faults(tx, people.FILE, reps)
    yield from customers.faults(tx, customers.FILE, accounts, emails)
    yield from contacts.faults(tx, contacts.FILE, theirs, numbers)


def twice(file: str, lines: Sequence[Line], column: str) -> Iterator[Fault]:
    """Lines that are about the same as one above them."""
    seen: dict[str, int] = {}
    for line in lines:
        key = line[column].lower() if column == "email" else line[column]
        if key and seen.setdefault(key, line.number) != line.number:
            yield Fault(file, line.number, column, "twice", {"value": repr(key), "line": str(seen[key])})


def _apply(tx: Tx, plan: Plan, more: Files, now: datetime, progress: Progress) -> Plan:
    """Do it all; what came of the files that may be there."""
    kinds.add_defaults(tx)
    people.apply(tx, plan.files[people.FILE], progress)
    customers.apply(tx, plan.files[customers.FILE], now, progress)
    contacts.apply(tx, plan.files[contacts.FILE], now, progress)
    done: dict[str, list[Planned]] = {}
    faults: list[Fault] = []
    for name, lines in more.items():
        done[name], wrong = owed.bring_in(tx, name, lines, now)
        faults += wrong
    return Plan(done, faults)
