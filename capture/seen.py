"""Every reading of a contact's personal data by others than those in whose care they are is kept.

In care they are of the owner of an account where the contact works, the owner's team and whoever leads it. A page or
an export that shows personal data calls one function here, once, after it has decided what it shows.
"""

from collections.abc import Collection
from datetime import datetime

from capture.rights import Viewer
from store import access
from store.access import Reading
from store.db import Db, Tx
from store.sight import team_of

VISITING = ("rep", "manager")
"""Roles of those who share the care for customers with their team; the others see them for the whole house."""


def note_read(db: Db, who: Viewer, at: datetime, how: str, contacts: Collection[int]) -> None:
    """``who`` was shown addresses, numbers or the history of these contacts; ``how`` says where, in a few words.

    Once a day for each contact and way is kept. Where nothing is new it is a single question and no write.
    """
    reading = Reading(_by(who), at, "contact", how)
    with db.read() as tx:
        new = access.unnoted(tx, reading, set(contacts))
        if new and (cared_for := _cared_for(tx, who)):
            new -= access.in_care(tx, cared_for, new)
    _keep(db, reading, new)


def note_account(db: Db, who: Viewer, at: datetime, how: str, account_id: int) -> None:
    """``who`` was shown the people of an account."""
    with db.read() as tx:
        people = access.people_of(tx, account_id)
    note_read(db, who, at, how, people)


def note_visit(db: Db, who: Viewer, at: datetime, how: str, visit_id: int) -> None:
    """``who`` was shown the people who were met at a visit."""
    with db.read() as tx:
        people = access.met_at(tx, visit_id)
    note_read(db, who, at, how, people)


def note_message(db: Db, who: Viewer, at: datetime, how: str, capture_id: int) -> None:
    """``who`` was shown a message as it came in; kept where its sender is not of their team."""
    reading = Reading(_by(who), at, "message", how)
    with db.read() as tx:
        new = access.unnoted(tx, reading, {capture_id})
        if new and access.sent_by(tx, _cared_for(tx, who), capture_id):
            new = set()
    _keep(db, reading, new)


def note_file(db: Db, who: Viewer, at: datetime, attachment_id: int) -> None:
    """``who`` was given a file that came with a message."""
    reading = Reading(_by(who), at, "attachment", "opened")
    with db.read() as tx:
        new = access.unnoted(tx, reading, {attachment_id})
    _keep(db, reading, new)


def note_export(db: Db, who: Viewer, at: datetime, what: str) -> None:
    """``who`` took out a list with people in it; ``what`` says which one, how narrowed, and how long it is."""
    _keep(db, Reading(_by(who), at, "export", what[:500]), {0})


def _by(who: Viewer) -> str:
    return f"rep:{who.rep_id}" if who.rep_id else "web"


def _cared_for(tx: Tx, who: Viewer) -> frozenset[int]:
    """Those whose accounts are in this one's care too: of who visits the team, of anybody those whom they lead."""
    if not who.rep_id:
        return frozenset()
    return team_of(tx, who.rep_id) | (access.circle(tx, who.rep_id) if who.role in VISITING else frozenset())


def _keep(db: Db, reading: Reading, ids: set[int]) -> None:
    if ids:
        with db.write() as tx:
            access.keep(tx, reading, ids)
