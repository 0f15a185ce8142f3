"""A person's own notes: told from the report before it is kept, and from then on that person's alone.

Nothing else of the house reads them: what is searched, exported, shown and mailed is made from the message without
them. Only the message as it came still holds them, so it is shown to nobody where there are any, and
goes with the first of them that is forgotten.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from capture.answering import visits_before
from capture.revising import worded_at
from capture.rights import Viewer
from capture.values import CorrectionError
from parsing.model import Message
from parsing.private import told_apart
from store import changes, private
from store.db import Db, Tx
from store.tables import Capture, PrivateNote, Visit

LONGEST = 4_000
SHORTEST = 4
"""Letters; what is shorter is no part of a note but a key such as ``on``."""
HIDDEN = "…"
"""Stands in the history for words that were private from then on."""


def apart(message: Message) -> tuple[Message, str | None]:
    """The message as everybody may read it, and what is private in it."""
    found = told_apart(message.text, wrapped=message.via == "email")
    return (replace(message, text=found.text), found.note) if found.note else (message, None)


def keep(tx: Tx, capture: Capture, note: str, at: datetime) -> bool:
    """Keep what was private in a new message; whether there is nothing else in it, so that it is answered at once."""
    under = visits_before(tx, capture)
    visit_id = under[0].id if len(under) == 1 else None
    tx.add(PrivateNote(capture_id=capture.id, visit_id=visit_id, text=note, written_at=at))
    capture.reply_to = {**capture.reply_to, "private": True}
    alone = not (capture.text.strip() or capture.message.get("forwarded") or capture.message.get("invitation"))
    if alone and capture.state == "taken":
        capture.state, capture.not_a_report = "nothing", "private"
        return True
    return False


def reword(tx: Tx, capture: Capture, sender: str, note: str | None, at: datetime) -> None:
    """Let what is private in a message be what its wording of that moment says; an older wording is nothing.

    What anybody could read until then is taken out of the message's history too.
    """
    before = private.of_message(tx, capture.id)
    if capture.sender != sender.lower() or at <= worded_at(tx, capture) or not (before or note):
        return
    if [one.text for one in before] == [note]:
        return
    private.drop(tx, capture.id)
    capture.reply_to = {key: value for key, value in capture.reply_to.items() if key != "private"}
    if note:
        tx.add(PrivateNote(capture_id=capture.id, text=note, written_at=at))
        capture.reply_to = {**capture.reply_to, "private": True}


def hide(tx: Tx, capture: Capture) -> None:
    """Take the words of a message's notes out of its former wordings, and of what was read from these."""
    said = [line.strip() for one in private.of_message(tx, capture.id) for line in one.text.splitlines()]
    lines = [line for line in said if line]
    if not lines:
        return
    for change in [*changes.of(tx, "capture", capture.id), *changes.by(tx, f"message:{capture.id}")]:
        change.old, change.new = _without(change.old, lines), _without(change.new, lines)


def retract(tx: Tx, capture: Capture) -> None:
    """Forget what was private in a message that its rep deleted."""
    private.drop(tx, capture.id)


def _without(value: Any, lines: Sequence[str]) -> Any:
    """A value of the history without these lines, and without what was read from a part of one."""
    if isinstance(value, list):
        return [_without(one, lines) for one in value]
    if isinstance(value, dict):
        return {key: _without(one, lines) for key, one in value.items()}
    if not isinstance(value, str):
        return value
    if len(value) >= SHORTEST and any(value in line for line in lines):
        return HIDDEN
    for line in lines:
        value = value.replace(line, HIDDEN)
    return value


def write(db: Db, who: Viewer, visit: Visit, text: str, at: datetime) -> None:
    """Keep a note of one's own at a visit that one may see. Raises `CorrectionError` where it says nothing."""
    said = text.strip()
    if not said or not who.rep_id:
        raise CorrectionError("shape", "A note needs words, and somebody whose it is.")
    with db.write() as tx:
        tx.add(PrivateNote(rep_id=who.rep_id, visit_id=visit.id, text=said[:LONGEST], written_at=at))


def forget(db: Db, who: Viewer, note_id: int) -> None:
    """Let a note of one's own be gone; one that is another's, or gone already, is nothing."""
    with db.write() as tx:
        note = private.find(tx, who.rep_id, note_id) if who.rep_id else None
        if note is not None:
            private.drop_one(tx, note)
