"""What a house keeps of its records beside what everybody does: making such attributes, and reading their values."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from sqlalchemy import select

from capture.headings import field_called, fields
from capture.house_lists import LABEL, free_key, lines_of
from capture.rights import Viewer
from capture.values import CorrectionError, read_text
from letters import wording
from parsing.model import LANGUAGES
from store import attributes, changes
from store.db import Db, Tx
from store.tables import Account, Contact, HouseAttribute, Visit

RECORDS = ("account", "contact", "visit")
KINDS = ("text", "number", "date", "choice")
MOST = 20
"""Attributes of one kind of record: a form with more is filled in by nobody, and Slack's takes a hundred blocks."""
LONGEST = 500
DIGITS = 15
MARK = "x-"
"""What stands before an attribute's key where fields of a record are named: in forms, in the history, in lists."""
LISTS = {"account": "accounts", "contact": "contacts"}
"""Records that lists of other systems tell of, as `capture.headings` calls them."""
Value = date | Decimal | str | None


def field_of(attribute: HouseAttribute) -> str:
    """The attribute as fields of its record are named."""
    return MARK + attribute.key


def label_of(attribute: HouseAttribute, language: str) -> str:
    """What it is called."""
    return str(attribute.labels.get(language) or attribute.labels.get("en") or attribute.key)


def read_value(attribute: HouseAttribute, said: Any) -> str | None:
    """A value as it is kept: days as ISO 8601, numbers with a point. Raises `CorrectionError` where it is none."""
    text = read_text(str(said) if isinstance(said, int | float | Decimal) else said, attribute.key, longest=LONGEST)
    if text is None or attribute.kind == "text":
        return text
    reader = {"number": _number, "date": _day}.get(attribute.kind)
    return reader(text) if reader else _choice(attribute, text)


def shown(attribute: HouseAttribute, kept: Any) -> Value:
    """A value for people and sheets: a number as a number, a day as a day."""
    if kept is None or kept == "":
        return None
    if attribute.kind == "number":
        return Decimal(str(kept))
    return date.fromisoformat(str(kept)) if attribute.kind == "date" else str(kept)


def values(
    known: Sequence[HouseAttribute], extra: Mapping[str, Any], language: str = "en"
) -> Iterator[tuple[str, Any]]:
    """The labels and values of what is known of a record."""
    for one in known:
        if (value := shown(one, extra.get(one.key))) is not None:
            yield label_of(one, language), value


def attributes_from(row: Mapping[str, str], known: Sequence[HouseAttribute]) -> dict[str, str | None]:
    """The values that a line of an import tells, by `field_of`; an empty cell tells nothing.

    A column that is no field's own is an attribute's where it `is_called` so. Raises `CorrectionError` with the column
    for key.
    """
    fixed = {name for one in known if one.record in LISTS for name in fields(LISTS[one.record])}
    cells = {_plain(name): (name, cell) for name, cell in row.items() if cell and name not in fixed}
    found: dict[str, str | None] = {}
    for one in known:
        column, cell = next((cells[name] for name in _names(one) if name in cells), ("", ""))
        try:
            if cell:
                found[field_of(one)] = read_value(one, cell)
        except CorrectionError as error:
            raise CorrectionError(column, str(error)) from error
    return found


def is_called(attribute: HouseAttribute, heading: str) -> bool:
    """Whether a column of this heading is the attribute's: by its key, or by a label in any language."""
    return _plain(heading) in _names(attribute)


def _names(attribute: HouseAttribute) -> list[str]:
    return [_plain(one) for one in (attribute.key, field_of(attribute), *map(str, attribute.labels.values()))]


def with_value(extra: Mapping[str, Any], key: str, value: str | None) -> dict[str, Any]:
    """What is kept of a record, with another value for one attribute."""
    rest = {name: one for name, one in extra.items() if name != key}
    return rest if value is None else {**rest, key: value}


def put(tx: Tx, row: Account | Contact | Visit, field: str, said: Any, note: Callable[[str, Any, Any], None]) -> None:
    """Let a record have this value; ``note`` keeps a change of the field. Raises `CorrectionError`."""
    record = row.__tablename__.removesuffix("s")
    known = {field_of(one): one for one in attributes.of(tx, record)}
    if field not in known:
        raise CorrectionError("unknown", f"{field} is nothing that is kept here.")
    key = known[field].key
    old, new = row.extra.get(key), read_value(known[field], said)
    if old != new:
        row.extra = with_value(row.extra, key, new)
        note(field, old, new)


def _number(text: str) -> str:
    plain = re.sub(r"(?<=\d)[ \u00a0\u202f'](?=\d{3}\b)", "", text)
    plain = plain.replace(",", ".") if "." not in plain else plain
    try:
        value = Decimal(plain)
    except InvalidOperation as error:
        raise CorrectionError("shape", f"{text!r} is no number.") from error
    if not value.is_finite() or len(value.as_tuple().digits) > DIGITS or abs(value.adjusted()) > DIGITS:
        raise CorrectionError("shape", f"{text!r} is no number.")
    return f"{value:f}"


def _day(text: str) -> str:
    for shape in (r"(\d{4})-(\d{1,2})-(\d{1,2})", r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})"):
        if found := re.fullmatch(shape, text, re.ASCII):
            parts = [int(one) for one in found.groups()]
            year, month, day = parts if len(found[1]) == len("2026") else parts[::-1]
            try:
                return date(year, month, day).isoformat()
            except ValueError as error:
                raise CorrectionError("date", f"{text!r} is no day such as 2026-03-02.") from error
    raise CorrectionError("date", f"{text!r} is no day such as 2026-03-02.")


def _choice(attribute: HouseAttribute, text: str) -> str:
    for one in attribute.choices:
        if str(one).casefold() == text.casefold():
            return str(one)
    raise CorrectionError("no_kind", f"{text!r} is none of {', '.join(map(str, attribute.choices))}.")


@lru_cache(2_000)
def _plain(name: str) -> str:
    return "".join(one for one in name.casefold() if one.isalnum())


@dataclass(frozen=True, slots=True)
class HouseAttributes:
    """The use cases; whether ``who`` may is looked at before. Each raises `CorrectionError`."""

    db: Db
    clock: Callable[[], datetime]

    def add(self, who: Viewer, record: str, kind: str, labels: Mapping[str, str], choices: str) -> int:
        """Keep one more thing of each such record; its id."""
        if record not in RECORDS or kind not in KINDS:
            raise CorrectionError(
                "unknown", "It is of an account, a contact or a visit; a text, number, date or choice."
            )
        with self.db.write() as tx:
            there = [one for one in attributes.every(tx) if one.record == record]
            if sum(one.active for one in there) >= MOST:
                raise CorrectionError("too_many", f"{MOST} at most: retire one first.")
            called = _labels(labels, there)
            _check_headings(who, record, called.values())
            row = HouseAttribute(
                record=record, kind=kind, labels=called, key=free_key(called["en"], {one.key for one in there}),
                choices=_choices(choices) if kind == "choice" else [],
            )  # fmt: skip
            tx.add(row)
            tx.flush()
            self._note(tx, who, row, "created", None, f"{record}: {called['en']}")
            return row.id

    def change(self, who: Viewer, attribute_id: int, labels: Mapping[str, str], choices: str) -> None:
        """Call it otherwise, or offer other choices; values that are there stay."""
        with self.db.write() as tx:
            row = _one(tx, attribute_id)
            others = [one for one in attributes.every(tx) if one.record == row.record and one.id != row.id]
            wanted: dict[str, Any] = {"labels": _labels(labels, others)}
            _check_headings(who, row.record, set(wanted["labels"].values()) - set(row.labels.values()))
            if row.kind == "choice":
                wanted["choices"] = _choices(choices)
            for field, new in wanted.items():
                if getattr(row, field) != new:
                    self._note(tx, who, row, field, getattr(row, field), new)
                    setattr(row, field, new)

    def switch(self, who: Viewer, attribute_id: int, *, active: bool) -> None:
        """Show it and ask for it, or no more; its values stay."""
        with self.db.write() as tx:
            row = _one(tx, attribute_id)
            if row.active != active:
                self._note(tx, who, row, "active", row.active, active)
                row.active = active

    def _note(self, tx: Tx, who: Viewer, row: HouseAttribute, field: str, old: Any, new: Any) -> None:  # noqa: PLR0917
        record = ("attribute", row.id)
        changes.note(tx, at=self.clock(), by=who.by, record=record, field=field, old=old, new=new)


def _one(tx: Tx, attribute_id: int) -> HouseAttribute:
    row = tx.scalar(select(HouseAttribute).where(HouseAttribute.id == attribute_id))
    if row is None:
        raise CorrectionError("gone", "There is no such attribute.")
    return row


def _labels(labels: Mapping[str, str], others: Sequence[HouseAttribute]) -> dict[str, str]:
    english = read_text(labels.get("en"), "The English label", needed=True, longest=LABEL) or ""
    named = {one: read_text(labels.get(one), "A label", longest=LABEL) or english for one in LANGUAGES}
    taken = {_plain(str(label)) for one in others for label in one.labels.values()}
    for label in named.values():
        if not _plain(label) or _plain(label) in taken:
            raise CorrectionError("twice", f"Another one is called “{label}” already.")
    return named


def _check_headings(who: Viewer, record: str, labels: Collection[str]) -> None:
    """Refuse what a list that is brought in would take for a field of every such record."""
    for label in labels:
        if record in LISTS and (field := field_called(LISTS[record], label)):
            raise CorrectionError("heading", wording(who.language).say("importing.heading", label=label, field=field))


def _choices(text: str) -> list[str]:
    found = lines_of(text, sought=False)
    if not found:
        raise CorrectionError("empty", "Say what there is to choose from, one a line.")
    return found
