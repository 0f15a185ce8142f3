"""A person's data: everything that is kept of a contact in one file, and all of it gone, with a protocol.

The rights of Articles 15, 17 and 20 of the GDPR. A visit stays as the house's own record of its work; the person in it
is covered letter for letter, in every table that holds words, so that nothing else has to know of erasing.
"""

import hashlib
import hmac
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from capture.masking import Traits, cover_all
from capture.person_file import gathered
from capture.values import CorrectionError
from store import crm, persons, secrets, steps
from store.db import Db, Tx
from store.persons import Alike
from store.tables import Change, Contact, Employment, Erasure, Import

TEXTUAL = ("text/", "message/", "application/json", "application/xml", "application/rtf")
LONGEST_REFERENCE = 100


@dataclass(frozen=True, slots=True)
class Persons:
    """The use cases; each raises `CorrectionError` where there is no such contact."""

    db: Db
    clock: Callable[[], datetime]

    def export(self, contact_id: int) -> bytes:
        """Everything that is kept of the contact, as a ZIP of ``person.json`` and the files of its messages."""
        with self.db.read() as tx:
            people = _everybody(tx, contact_id)
            told = gathered(tx, people)
            files = persons.files_of(tx, persons.near(tx, [one.id for one in people]).captures)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("person.json", json.dumps(told, ensure_ascii=False, indent=2, default=str))
            for file, data in files:
                archive.writestr(f"files/{file.id}-{_plain(file.name)}", data)
        return packed.getvalue()

    def erase(self, contact_id: int, by: str, reference: str = "", *, keep_files: bool = False) -> Erasure:
        """Erase the contact from everything; what was done is kept without the person.

        Files of messages about the person go too, unless ``keep_files``: then only those that can be read as text and
        name the person. One transaction: all of it or nothing.
        """
        with self.db.read() as tx:  # the long look at everything holds up nobody who writes
            known_as = _traits(_everybody(tx, contact_id))
            known = _alike(tx, known_as, {})
        with self.db.write() as tx:
            people = _everybody(tx, contact_id)
            ids, traits = [one.id for one in people], _traits(people)
            alike = _alike(tx, traits, known if traits == known_as else {})
            about = persons.near(tx, ids)
            sure, near = traits.sure(), traits.near(persons.others_met(tx, about.visits, ids))
            naming = about.captures | _naming(tx, traits, alike["captures"])
            counts: dict[str, int] = {"files": _drop_files(tx, naming, near.search, keep=keep_files)}
            counts["raw messages"] = persons.drop_raw(tx, naming)
            counts["keywords"] = persons.drop_keywords(tx, about.visits, lambda term: bool(near.search(term)))
            _forget_changes(tx, people)
            # What lies uploaded may name them, packed; whoever uploaded it does so again.
            tx.execute(sa.update(Import).values(content=None).where(Import.content.is_not(None)))
            counts |= persons.drop_person(tx, ids, traits.emails)
            for table in persons.tables():
                close = persons.rows_near(tx, table, about)
                changed = persons.rewrite(tx, table, close, lambda value: cover_all(value, near))
                others = alike[table.name].ids - close
                changed += persons.rewrite(tx, table, others, lambda value: cover_all(value, sure))
                if changed:
                    counts[table.name] = changed
            crm.touch(tx)
            done = Erasure(
                at=self.clock(), by=by, contact_id=contact_id,
                reference=" ".join(reference.split())[:LONGEST_REFERENCE],
                counts={name: count for name, count in counts.items() if count},
                marks=[marked(tx, one) for one in (*traits.others, *traits.emails)],
            )  # fmt: skip
            tx.add(done)
            tx.flush()
            return done


def marked(tx: Tx, name: str) -> str:
    """What stands in the protocol for an id or an address, and tells it to nobody who has not the house's key."""
    return hmac.new(secrets.link_key(tx), name.strip().lower().encode(), hashlib.sha256).hexdigest()


def were_erased(tx: Tx) -> Callable[..., bool]:
    """Whether somebody who goes by one of these ids or addresses was erased: an import leaves them out."""
    marks = persons.erased_marks(tx)
    return lambda *names: bool(marks) and any(marked(tx, name) in marks for name in names if name)


def _everybody(tx: Tx, contact_id: int) -> list[Contact]:
    """The contact, and all who turned out to be the same person, whichever of them it is that is asked for."""
    ids, into = {contact_id}, steps.into(tx, "merge", contact_id)
    while into is not None and into not in ids:
        ids.add(into)
        into = steps.into(tx, "merge", into)
    new = set(ids)
    while new:
        new = {step.from_id for one in new for step in persons.merged_into(tx, one)} - ids
        ids |= new
    parts = (selectinload(Contact.emails), selectinload(Contact.phones))
    found = list(tx.scalars(select(Contact).where(Contact.id.in_(ids)).order_by(Contact.id).options(*parts)))
    if contact_id not in {one.id for one in found}:
        raise CorrectionError("no_contact", "There is no such contact.")
    return found


def _traits(people: list[Contact]) -> Traits:
    return Traits(
        names=tuple(dict.fromkeys(one.name for one in people)),
        emails=tuple(row.email for one in people for row in one.emails),
        phones=tuple(row.phone for one in people for row in one.phones),
        others=tuple(one.external_id for one in people if one.external_id),
    )


def _alike(tx: Tx, traits: Traits, known: Mapping[str, Alike]) -> dict[str, Alike]:
    """In every table, the rows that may name the person; of those ``known`` already only what came since."""
    chunks, numbers = traits.chunks(), traits.numbers()
    return {one.name: persons.rows_like(tx, one, chunks, numbers, known.get(one.name)) for one in persons.tables()}


def _naming(tx: Tx, traits: Traits, alike: Alike) -> frozenset[int]:
    """The messages that name the person for certain, among those that may."""
    table, sure = Contact.metadata.tables["captures"], traits.sure()
    names = [one.name for one in persons.texts_of(table)]
    return frozenset(
        row["id"] for row in persons.rows_of(tx, table, alike.ids)
        if sure.search(json.dumps([row[name] for name in names], ensure_ascii=False, default=str))
    )  # fmt: skip


def _drop_files(tx: Tx, capture_ids: frozenset[int], names: Callable[[str], Any], *, keep: bool) -> int:
    gone = []
    for file, data in persons.files_of(tx, capture_ids):
        if file.content_type.startswith(TEXTUAL) or keep:
            text = f"{file.name}\n{data.decode('utf-8', 'replace')}\n{data.decode('utf-16', 'replace')}"
            if not names(text):
                continue
        gone.append(file.id)
    return persons.drop_files(tx, gone)


def _forget_changes(tx: Tx, people: list[Contact]) -> None:
    """Leave of the person's own history that something changed, and not what."""
    ids = [one.id for one in people]
    jobs = select(Employment.id).where(Employment.contact_id.in_(ids))
    own = ((Change.record == "contact") & Change.record_id.in_(ids)) | (
        (Change.record == "employment") & Change.record_id.in_(jobs)
    )
    values: Mapping[str, Any] = {"old": None, "new": None, "words": None}
    tx.execute(sa.update(Change).where(own).values(values).execution_options(synchronize_session=False))


def _plain(name: str) -> str:
    """A file's name that leads nowhere else."""
    plain = "".join(letter if letter.isalnum() or letter in "._- " else "_" for letter in name)
    return plain.lstrip(".")[-100:] or "file"
