"""Bringing in us: who reports, and whom reports are for."""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from capture.importing.lines import Fault, ImportingError, Line, Planned, Progress, Values, planned, silent
from parsing.model import LANGUAGES
from store.db import Tx
from store.tables import Preference, Rep, RepEmail

FILE = "reps.csv"
COLUMNS = ("email", "name", "slack_id", "role", "team", "manager_email", "language", "timezone")
ROLES = ("rep", "manager", "operator", "marketing", "administrator")


class Known:
    """Who is here already, by each of their addresses."""

    def __init__(self, tx: Tx) -> None:
        self.by_id = {rep.id: rep for rep in tx.scalars(select(Rep))}
        self.by_email = {email.email: rep for rep in self.by_id.values() for email in rep.emails}
        self.own = {one.rep_id: one.own for one in tx.scalars(select(Preference))}
        self.slack_ids = {rep.slack_id: rep.id for rep in self.by_id.values() if rep.slack_id}

    def first(self, email: str) -> str:
        """The address by which whoever has this one is named; it itself where nobody has it yet."""
        rep = self.by_email.get(email)
        return rep.email if rep is not None else email


def addresses(tx: Tx) -> dict[str, str]:
    """Every address of one of us, to the one that names them."""
    first: dict[int, str] = {}
    found = tx.execute(select(RepEmail.email, RepEmail.rep_id).order_by(RepEmail.id)).all()
    return {email: first.setdefault(rep_id, email) for email, rep_id in found}


def faults(tx: Tx, file: str, lines: Sequence[Line]) -> Iterator[Fault]:
    """What is wrong with lines about us."""
    known = Known(tx)
    emails = {line["email"].lower() for line in lines} | known.by_email.keys()
    seen: dict[str, int] = {}
    for line in lines:
        for column, key, values in (*_of_line(line, emails), *_of_slack(line, known, seen)):
            yield Fault(file, line.number, column, key, values)


def left_without(tx: Tx, file: str, good: Iterable[Line], wrong: Iterable[Line]) -> Iterator[Fault]:
    """What becomes wrong with good lines because their manager comes in by a wrong one, which is left out."""
    known = Known(tx).by_email.keys()
    here = known | {line["email"].lower() for line in good}
    under: dict[str, list[Line]] = {}
    for line in good:
        under.setdefault(line["manager_email"].lower(), []).append(line)
    out = [email for line in wrong if (email := line["email"].lower()) and email not in here]
    while out:
        for line in under.pop(out.pop(), ()):
            yield Fault(file, line.number, "manager_email", "nobody", {"value": repr(line["manager_email"])})
            out += {line["email"].lower()} - known


def _of_line(line: Line, emails: set[str]) -> Iterator[tuple[str, str, dict[str, str]]]:
    if "@" not in line["email"]:
        yield "email", "email", {"value": repr(line["email"])}
    if not line["name"]:
        yield "name", "empty", {}
    for column, choices, needed in (("role", ROLES, True), ("language", LANGUAGES, False)):
        said = line[column]
        if column in line and (said or needed) and said not in choices:
            yield column, "choice", {"value": repr(said), "choices": ", ".join(choices)}
    if line["manager_email"] and line["manager_email"].lower() not in emails:
        yield "manager_email", "nobody", {"value": repr(line["manager_email"])}
    try:
        ZoneInfo(line["timezone"] or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield "timezone", "zone", {"value": repr(line["timezone"])}


def _of_slack(line: Line, known: Known, seen: dict[str, int]) -> Iterator[tuple[str, str, dict[str, str]]]:
    slack_id, rep = line["slack_id"], known.by_email.get(line["email"].lower())
    if not slack_id:
        return
    if seen.setdefault(slack_id, line.number) != line.number:
        yield "slack_id", "twice", {"value": repr(slack_id), "line": str(seen[slack_id])}
    elif known.slack_ids.get(slack_id) not in {None, rep.id if rep else None}:
        yield "slack_id", "taken", {"value": repr(slack_id)}


def plan(tx: Tx, lines: Sequence[Line]) -> list[Planned]:
    """What the lines come to."""
    known, made = Known(tx), []
    for line in lines:
        email = line["email"].lower()
        rep = known.by_email.get(email)
        made.append(planned(line, email, rep, now=_now(rep, known) if rep else {}, wanted=_wanted(line, known, rep)))
    return made


def _now(rep: Rep, known: Known) -> Values:
    manager = known.by_id.get(rep.manager_id or 0)
    told = {name: getattr(rep, name) for name in ("name", "role", "team", "slack_id", "timezone", "language")}
    return {**told, "manager": manager.email if manager else None}


def _wanted(line: Line, known: Known, rep: Rep | None) -> Values:
    wanted: dict[str, str | None] = {"name": line["name"]}
    if "role" in line:
        wanted["role"] = line["role"]
    if "team" in line:
        wanted["team"] = line["team"] or None
    # What nobody filled in stays, and so does a language that somebody chose for themselves.
    own = known.own.get(rep.id, ()) if rep else ()
    wanted |= {name: line[name] for name in ("slack_id", "timezone") if line[name]}
    if line["language"] and "language" not in own:
        wanted["language"] = line["language"]
    if "manager_email" in line:
        manager = line["manager_email"].lower()
        wanted["manager"] = known.first(manager) if manager else None
    return wanted


def apply(tx: Tx, some: Sequence[Planned], progress: Progress = silent) -> list[Rep]:
    """Do it; those whom the lines are about, in order."""
    made: dict[str, Rep] = {}
    rows: list[Rep] = []
    for count, one in enumerate(some, start=1):
        values = {name: value for name, value in one.values.items() if name != "manager"}
        if one.kind == "new":
            made[one.key] = Rep(name=one.line["name"], emails=[RepEmail(email=one.key)])
            tx.add(made[one.key])
        rows.append(made[one.key] if one.row is None else one.row)
        for name, value in values.items():
            setattr(rows[-1], name, value)
        progress(FILE, count, len(some))
    tx.flush()
    by_email = {email: rep_id for rep_id, email in tx.execute(select(RepEmail.rep_id, RepEmail.email))}
    for one, row in zip(some, rows, strict=True):
        if "manager" in one.values:
            row.manager_id = _manager_id(one, by_email)
    tx.flush()
    return rows


def _manager_id(one: Planned, by_email: dict[str, int]) -> int | None:
    manager = one.values["manager"]
    if manager and manager not in by_email:
        raise ImportingError([Fault(FILE, one.line.number, "manager_email", "nobody", {"value": repr(manager)})])
    return by_email[manager] if manager else None
