"""Bringing in what is owed from CSV files that may be there: ``targets.csv`` and ``intervals.csv``."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from capture.values import CorrectionError
from capture.wanting import GRADES, Wanted, check, read_amount, read_day, read_days, rows
from store import changes, intervals, targets
from store.db import Tx
from store.tables import Account, RepEmail, Target, VisitInterval

COLUMNS = {
    "targets.csv": ("whose", "measure", "period", "value", "currency", "since", "until", "reason"),
    "intervals.csv": ("class", "account_external_id", "every"),
}
"""``whose``: a rep's mail address, ``team:`` with its name, or ``house``. ``every``: "4 weeks", or "never"."""
BY = "import"

Line = Mapping[str, str]
Take = Callable[[Tx, Line, datetime], None]


def bring_in(tx: Tx, files: Mapping[str, Sequence[Line]], now: datetime) -> list[str]:
    """Set what the lines say, again without a second effect; what is wrong with them, each with its file and line."""
    takers: dict[str, Take] = {"targets.csv": _set_target, "intervals.csv": _set_interval}
    return [
        f"{name}, line {number}: {fault}"
        for name, lines in files.items()
        for number, line in enumerate(lines, start=2)
        for fault in _faults(takers[name], tx, line, now)
    ]


def _faults(take: Take, tx: Tx, line: Line, now: datetime) -> Iterator[str]:
    try:
        take(tx, line, now)
    except CorrectionError as error:
        yield str(error)


def _set_target(tx: Tx, line: Line, now: datetime) -> None:
    wanted = _wanted(tx, line)
    check(tx, wanted)
    for target in rows(tx, wanted):
        held = targets.before(tx, target)
        if held is not None and _same(held, target):
            continue
        if held is not None and held.signed_at is not None and not target.reason:
            raise CorrectionError("reason", "What holds was signed off: a new one needs a reason.")
        target.set_at, target.set_by = now, BY
        kept = targets.put(tx, target)
        old = str(held.value) if held else None
        changes.note(tx, at=now, by=BY, record=("target", kept.id), field="value", old=old, new=str(kept.value))


def _wanted(tx: Tx, line: Line) -> Wanted:
    level, _, key = line["whose"].partition(":")
    rep_id = tx.scalar(select(RepEmail.rep_id).where(RepEmail.email == level.lower())) if "@" in level else None
    return Wanted(
        level="rep" if "@" in level else level, rep_id=rep_id, team=key.strip() or None,
        measure=line["measure"] or "visits", period=line["period"] or "week", value=read_amount(line["value"]),
        currency=line["currency"] or None, since=read_day(line["since"]),
        until=read_day(line["until"]) if line["until"] else None, reason=line["reason"],
    )  # fmt: skip


def _same(held: Target, target: Target) -> bool:
    """Whether the line tells what is there already."""
    fields = ("since", "period", "value", "currency", "until")
    return all(getattr(held, field) == getattr(target, field) for field in fields)


def _set_interval(tx: Tx, line: Line, now: datetime) -> None:
    grade, outside = line["class"].upper() or None, line["account_external_id"]
    account_id = tx.scalar(select(Account.id).where(Account.external_id == outside)) if outside else None
    if outside and account_id is None:
        raise CorrectionError("account", f"account_external_id {outside!r} is no customer.")
    if not outside and grade not in GRADES:
        raise CorrectionError("grade", "It is for a class, A to E, or for one account.")
    days = None if line["every"] == "never" else read_days(line["every"])
    if days is None and line["every"] != "never":
        raise CorrectionError("days", f"every {line['every']!r} is no time such as “4 weeks”.")
    kept = intervals.find(tx, None if outside else grade, account_id)
    if kept is None:
        grade = None if outside else grade
        tx.add(VisitInterval(grade=grade, account_id=account_id, days=days, set_at=now, set_by=BY))
        tx.flush()
    elif kept.days != days:
        kept.days, kept.set_at, kept.set_by = days, now, BY
