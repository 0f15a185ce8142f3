"""A target as somebody wants it: whether it makes sense, and the rows that it comes to."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from sqlalchemy import select

from capture.values import CorrectionError
from store import kinds, measures, targets
from store.db import Tx
from store.tables import Rep, Target

GRADES = ("A", "B", "C", "D", "E")
CURRENCY = "EUR"
"""Where money is owed and nobody said of which country."""
MOST = Decimal(10) ** 12
LONG_TEXT = 500
_UNITS = {"d": 1.0, "t": 1.0, "p": 1.0, "w": 7.0, "v": 7.0, "m": 365.25 / 12, "k": 365.25 / 12, "": 1.0}
"""Days of a unit by its first letter: day dag Tag päivä, week Woche viikko, month maand Monat kuukausi."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A target as somebody wants it; ``each``: for every rep of the team, and not for all of them together."""

    level: str
    rep_id: int | None = None
    team: str | None = None
    each: bool = False
    measure: str = "visits"
    period: str = "week"
    value: Decimal
    currency: str | None = None
    since: date
    until: date | None = None
    reason: str | None = None


def check(tx: Tx, wanted: Wanted) -> None:
    """Raises `CorrectionError` where this is no target: what it says and what is missing, in words."""
    unit = _unit(tx, wanted.measure)
    if wanted.period not in targets.PERIODS:
        raise CorrectionError("period", f"A period is one of {', '.join(targets.PERIODS)}.")
    if not wanted.value.is_finite() or not 0 <= wanted.value < MOST:
        raise CorrectionError("value", "How much is owed must be a number, and not below nothing.")
    if unit != "money" and wanted.value != wanted.value.to_integral_value():
        raise CorrectionError("value", "Only money is owed in parts: take a whole number.")
    if wanted.currency is not None and not re.fullmatch("[A-Za-z]{3}", wanted.currency):
        raise CorrectionError("currency", "A currency has three letters, such as EUR.")
    if wanted.until is not None and wanted.until < wanted.since:
        raise CorrectionError("until", "The last day comes before the first.")
    if len(wanted.reason or "") > LONG_TEXT:
        raise CorrectionError("reason", f"The reason is longer than {LONG_TEXT} characters.")
    _check_owner(tx, wanted)


def _unit(tx: Tx, name: str) -> str:
    measure = measures.read(name)
    if measure is None:
        raise CorrectionError("measure", f"{name!r} is nothing that is counted here.")
    family, _, key = name.partition(":")
    if family == "class" and key not in GRADES:
        raise CorrectionError("measure", "A class is one of A to E.")
    if family in {"type", "medium", "outcome"} and key not in kinds.keys(tx, family):
        raise CorrectionError("measure", f"There is no {family} {key!r} here.")
    return measure.unit


def _check_owner(tx: Tx, wanted: Wanted) -> None:
    if wanted.level == "rep":
        rep = tx.get(Rep, wanted.rep_id or 0)
        if rep is None or not rep.active:
            raise CorrectionError("rep", "There is no such rep here.")
    elif wanted.level == "team":
        if tx.scalar(select(Rep.id).where(Rep.team == wanted.team, Rep.active).limit(1)) is None:
            raise CorrectionError("team", "Nobody here is in such a team.")
    elif wanted.level != "house":
        raise CorrectionError("level", f"A target is that of a {', a '.join(targets.LEVELS)}.")


def rows(tx: Tx, wanted: Wanted) -> list[Target]:
    """The row, or the rows where each of a team is to owe as much."""
    unit = measures.NAMED.get(wanted.measure, (None, "visits"))[1]
    said = {
        "measure": wanted.measure, "period": wanted.period, "value": wanted.value, "since": wanted.since,
        "until": wanted.until, "reason": (wanted.reason or "").strip() or None,
        "currency": (wanted.currency or CURRENCY).upper() if unit == "money" else None,
    }  # fmt: skip
    if wanted.level == "team" and wanted.each:
        members = select(Rep.id).where(Rep.team == wanted.team, Rep.active, Rep.role == "rep").order_by(Rep.id)
        return [Target(level="rep", rep_id=rep_id, **said) for rep_id in tx.scalars(members)]  # type: ignore[arg-type]
    owner = {"rep": {"rep_id": wanted.rep_id}, "team": {"team": wanted.team}}.get(wanted.level, {})
    return [Target(level=wanted.level, **owner, **said)]  # type: ignore[arg-type]


def read_days(text: str) -> int | None:
    """How many days "28", "4 weeks", "30d" or "3 kuukautta" are; None where it says no such thing."""
    said = re.fullmatch(r"\s*(\d{1,4})\s*([^\W\d_]*)\.?\s*", text)
    unit = _UNITS.get(said[2][:1].lower()) if said else None
    return round(int(said[1]) * unit) if said and unit else None


def read_amount(text: str) -> Decimal:
    """The number that was typed. Raises `CorrectionError`."""
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise CorrectionError("value", "How much is owed must be a number.") from error


def read_day(text: str) -> date:
    """The day that was typed. Raises `CorrectionError`."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise CorrectionError("day", "A day is written as 2026-03-31.") from error
