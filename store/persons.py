"""Questions about everything that is kept of one person, wherever it stands."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from store.db import Tx
from store.tables import (
    Attachment,
    Blob,
    Capture,
    Contact,
    ContactEmail,
    ContactPair,
    Employment,
    Erasure,
    Lesson,
    Row,
    SendingAddress,
    Step,
    Visit,
    VisitContact,
    VisitSource,
)

LEFT_ALONE = frozenset({
    "contacts", "contact_emails", "contact_phones", "employments", "accounts", "account_aliases", "reps", "rep_emails",
    "kinds", "house_keywords", "revisions", "secrets", "erasures", "api_tokens", "webhooks", "web_sessions",
    "sign_in_links", "preferences", "targets", "visit_intervals", "days_off", "heartbeats", "blobs", "search_due",
    "origins", "used_links", "visit_numbers", "alembic_version",
})  # fmt: skip
"""Tables that hold nothing a message said, or that are taken care of by themselves."""
AT_ONCE = 500
BETWEEN_DIGITS = " \t\r\n\u00a0\u2007\u2009\u202f()/.-"
"""What the digits of a number are set apart by."""


@dataclass(frozen=True, slots=True)
class Near:
    """The visits at which a person was met, and the messages that told of these."""

    visits: frozenset[int]
    captures: frozenset[int]


def near(tx: Tx, contact_ids: Collection[int]) -> Near:
    """What is about these contacts for certain."""
    visits = frozenset(tx.scalars(select(VisitContact.visit_id).where(VisitContact.contact_id.in_(contact_ids))))
    told = select(Visit.capture_id).where(Visit.id.in_(visits))
    again = select(VisitSource.capture_id).where(VisitSource.visit_id.in_(visits))
    return Near(visits, frozenset(tx.scalars(told)) | frozenset(tx.scalars(again)))


def others_met(tx: Tx, visit_ids: Collection[int], contact_ids: Collection[int]) -> list[str]:
    """The names of others who were met there too."""
    met = select(VisitContact.contact_id).where(VisitContact.visit_id.in_(visit_ids))
    return list(tx.scalars(select(Contact.name).where(Contact.id.in_(met), Contact.id.not_in(contact_ids))))


def tables() -> list[sa.Table]:
    """Every table in which words of messages may stand."""
    return [table for table in Row.metadata.sorted_tables if table.name not in LEFT_ALONE]


def texts_of(table: sa.Table) -> list[sa.Column[Any]]:
    """Its columns of words: those that are no key."""
    return [one for one in table.columns if isinstance(one.type, sa.String | sa.JSON) and not one.primary_key]


@dataclass(frozen=True, slots=True)
class Alike:
    """Rows of a table that may hold what is looked for: ``ids`` among all up to the id ``upto``."""

    ids: frozenset[int] = frozenset()
    upto: int = 0


def rows_like(
    tx: Tx, table: sa.Table, chunks: Sequence[Sequence[str]], numbers: Sequence[str], known: Alike | None = None
) -> Alike:
    """The rows that hold every chunk of one of the lists in one column, or one of the runs of digits, set apart or not.

    More may be found than is meant. Those up to ``known.upto`` are not looked at again.
    """
    known = known or Alike()
    columns = [sa.func.lower(sa.cast(one, sa.Text)) for one in texts_of(table)]
    ways: list[ColumnElement[bool]] = [
        sa.and_(*(column.contains(chunk, autoescape=True) for chunk in some))
        for column in columns for some in chunks if some
    ]  # fmt: skip
    ways += [column.contains(number) for column in map(_closed_up, columns) for number in numbers]
    if not ways or "id" not in table.c:
        return known
    upto = tx.scalar(select(sa.func.max(table.c.id))) or 0
    found = tx.scalars(select(table.c.id).where(table.c.id > known.upto, sa.or_(*ways)))
    return Alike(known.ids | set(found), upto)


def _closed_up(column: ColumnElement[str]) -> ColumnElement[str]:
    """A text without what people set digits apart by, as it is or as JSON escapes it."""
    for apart in BETWEEN_DIGITS:
        for written in {apart, json.dumps(apart)[1:-1]}:
            column = sa.func.replace(column, written, "")
    return column


def rows_near(tx: Tx, table: sa.Table, about: Near) -> set[int]:
    """The ids of rows that belong to those visits and messages."""
    ways: list[ColumnElement[bool]] = []
    if table.name == "captures":
        ways.append(table.c.id.in_(about.captures))
    if table.name == "visits":
        ways.append(table.c.id.in_(about.visits))
    if table.name == "changes":
        ways += [
            (table.c.record == "visit") & table.c.record_id.in_(about.visits),
            (table.c.record == "capture") & table.c.record_id.in_(about.captures),
            table.c.by.in_([f"message:{one}" for one in about.captures]),
        ]
    if "capture_id" in table.c:
        ways.append(table.c.capture_id.in_(about.captures))
    if "visit_id" in table.c:
        ways.append(table.c.visit_id.in_(about.visits))
    return set(tx.scalars(select(table.c.id).where(sa.or_(*ways)))) if ways and "id" in table.c else set()


def rewrite(tx: Tx, table: sa.Table, ids: Collection[int], how: Callable[[Any], Any]) -> int:
    """Let every text of these rows be what ``how`` makes of it; how many rows changed."""
    columns, changed = texts_of(table), 0
    for row in rows_of(tx, table, ids):
        new = {one.name: how(row[one.name]) for one in columns}
        if any(new[name] != row[name] for name in new):
            tx.execute(sa.update(table).where(table.c.id == row["id"]).values(new))
            changed += 1
    tx.expire_all()
    return changed


def rows_of(tx: Tx, table: sa.Table, ids: Collection[int]) -> Iterator[sa.RowMapping]:
    """The id and the texts of these rows, a batch at a time."""
    columns = texts_of(table)
    for some in _batches(sorted(ids)):
        yield from tx.execute(select(table.c.id, *columns).where(table.c.id.in_(some))).mappings().all()


def drop_raw(tx: Tx, capture_ids: Collection[int]) -> int:
    """Forget these messages as they came; how many were kept so."""
    kept = sa.update(Capture).where(Capture.id.in_(capture_ids), Capture.raw.is_not(None))
    return len(tx.scalars(kept.values(raw=None).returning(Capture.id)).all())


def files_of(tx: Tx, capture_ids: Collection[int]) -> list[tuple[Attachment, bytes]]:
    """The files of these messages with their bytes."""
    statement = select(Attachment, Blob.data).join(Blob, Blob.sha256 == Attachment.sha256)
    rows = tx.execute(statement.where(Attachment.capture_id.in_(capture_ids)).order_by(Attachment.id))
    return [(row[0], row[1]) for row in rows]


def drop_files(tx: Tx, attachment_ids: Collection[int]) -> int:
    """Take files out, and their bytes where nobody else has the same."""
    gone = tx.execute(
        sa.delete(Attachment).where(Attachment.id.in_(attachment_ids)).returning(Attachment.id, Attachment.sha256)
    ).all()
    needed = select(Attachment.id).where(Attachment.sha256 == Blob.sha256).correlate(Blob).exists()
    tx.execute(sa.delete(Blob).where(Blob.sha256.in_({sha for _, sha in gone}), ~needed))
    return len(gone)


def drop_keywords(tx: Tx, visit_ids: Collection[int], is_theirs: Callable[[str], bool]) -> int:
    """Take keywords out that name the person: a term is a key, and cannot be covered."""
    table = Row.metadata.tables["visit_keywords"]
    rows = tx.execute(select(table.c.visit_id, table.c.term).where(table.c.visit_id.in_(visit_ids))).all()
    gone = [(visit_id, term) for visit_id, term in rows if is_theirs(term)]
    for visit_id, term in gone:
        tx.execute(sa.delete(table).where(table.c.visit_id == visit_id, table.c.term == term))
    return len(gone)


def drop_person(tx: Tx, contact_ids: Collection[int], emails: Collection[str]) -> dict[str, int]:
    """Take the contacts themselves out, and all that hangs on them; how many rows of what."""
    tx.execute(sa.update(Employment).where(Employment.successor_id.in_(contact_ids)).values(successor_id=None))
    merged = (Step.kind == "merge") & (Step.from_id.in_(contact_ids) | Step.to_id.in_(contact_ids))
    pairs = ContactPair.low_id.in_(contact_ids) | ContactPair.high_id.in_(contact_ids)
    counts: dict[str, int] = {}
    ways: list[tuple[str, type[Row], ColumnElement[bool]]] = [
        ("meetings", VisitContact, VisitContact.contact_id.in_(contact_ids)),
        ("lessons", Lesson, Lesson.contact_id.in_(contact_ids)),
        ("pairs", ContactPair, pairs),
        ("merges", Step, merged),
        ("mailings", SendingAddress, SendingAddress.email.in_(emails)),
    ]
    for name, row, which in ways:
        result: Any = tx.execute(sa.delete(row).where(which))
        counts[name] = result.rowcount
    for contact in tx.scalars(select(Contact).where(Contact.id.in_(contact_ids))):
        tx.delete(contact)
    tx.flush()
    return counts


def look_up(tx: Tx, typed: str, most: int = 20) -> list[Contact]:
    """The contacts in whose name or address every word stands; those too who are no name any more."""
    words = typed.split()[:8]
    named = [
        Contact.name.icontains(word, autoescape=True)
        | Contact.emails.any(ContactEmail.email.icontains(word, autoescape=True))
        for word in words
    ]
    statement = select(Contact).where(*named).order_by(Contact.name, Contact.id).limit(most)
    return list(tx.scalars(statement.options(selectinload(Contact.emails)))) if words else []


def merged_into(tx: Tx, contact_id: int) -> list[Step]:
    """The steps by which others became this contact, and are so still."""
    steps = select(Step).where(Step.kind == "merge", Step.to_id == contact_id, Step.undone_at.is_(None))
    return list(tx.scalars(steps))


def erasures(tx: Tx, most: int = 100) -> Sequence[Erasure]:
    """The protocol, the latest first."""
    return tx.scalars(select(Erasure).order_by(Erasure.id.desc()).limit(most)).all()


def erased_marks(tx: Tx) -> set[str]:
    """The keyed hashes of everybody who was erased."""
    return {mark for marks in tx.scalars(select(Erasure.marks)) for mark in marks}


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
