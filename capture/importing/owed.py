"""Bringing in what is owed, from files that may be there: ``targets.csv`` and ``intervals.csv``."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from capture.importing.lines import Fault, Kind, Line, Planned
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

Change = tuple[str | None, str | None]
"""What was, and what is to be."""
Take = Callable[[Tx, Line, datetime], Change]


def bring_in(tx: Tx, name: str, lines: Sequence[Line], now: datetime) -> tuple[list[Planned], list[Fault]]:
    """Set what the lines of this file say, again without a second effect; what came of them, and what is wrong."""
    take: Take = {"targets.csv": _set_target, "intervals.csv": _set_interval}[name]
    done: list[Planned] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            old, new = take(tx, line, now)
        except CorrectionError as error:
            faults.append(Fault(name, line.number, "", "owed", {"text": str(error)}))
        else:
            kind: Kind = "unchanged" if old == new else "new" if old is None else "changed"
            changed = (None, {}, {}) if old == new else (None, {"owed": old}, {"owed": new})
            done.append(Planned(line, kind, _whose(line), *changed))
    return done, faults


def _whose(line: Line) -> str:
    cells = ("whose", "measure") if "whose" in line else ("class", "account_external_id")
    return " ".join(line[cell] for cell in cells if line[cell])


def _set_target(tx: Tx, line: Line, now: datetime) -> Change:
    """The first target that changes stands for all of them: a line may be about every rep of a team."""
    told: Change = (None, None)
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
        told = told if told != (None, None) else (_says(held) if held else None, _says(kept))
    return told


def _says(target: Target) -> str:
    return f"{target.value} a {target.period} from {target.since}"


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


def _set_interval(tx: Tx, line: Line, now: datetime) -> Change:
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
        return None, _every(days)
    old = kept.days
    if old != days:
        kept.days, kept.set_at, kept.set_by = days, now, BY
    return _every(old), _every(days)


def _every(days: int | None) -> str:
    return f"every {days} days" if days else "never"
