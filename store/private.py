"""Questions about private notes: each is asked for one person and answers with that person's alone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, select

from store import persons
from store.db import Tx
from store.tables import Capture, PrivateNote, Visit, VisitSource


def of_visit(tx: Tx, rep_id: int, visit: Visit) -> Sequence[PrivateNote]:
    """What this person noted at the visit, or in messages that told of it, oldest first."""
    told = select(VisitSource.capture_id).where(VisitSource.visit_id == visit.id)
    here = (PrivateNote.visit_id == visit.id) | (PrivateNote.capture_id == visit.capture_id)
    statement = select(PrivateNote).where(_whose(rep_id), here | PrivateNote.capture_id.in_(told))
    return tx.scalars(statement.order_by(PrivateNote.id)).all()


def find(tx: Tx, rep_id: int, note_id: int) -> PrivateNote | None:
    """This person's note of this id; None where there is none or it is another's."""
    return tx.scalar(select(PrivateNote).where(PrivateNote.id == note_id, _whose(rep_id)))


def of_message(tx: Tx, capture_id: int) -> Sequence[PrivateNote]:
    """What stood in a message; for looking after it, not for showing it."""
    return tx.scalars(select(PrivateNote).where(PrivateNote.capture_id == capture_id).order_by(PrivateNote.id)).all()


def drop(tx: Tx, capture_id: int) -> None:
    """Forget what stood in a message, and with it the message as it came: that holds the same words."""
    gone = delete(PrivateNote).where(PrivateNote.capture_id == capture_id).returning(PrivateNote.id)
    if tx.scalars(gone).all():
        persons.drop_raw(tx, [capture_id])


def drop_one(tx: Tx, note: PrivateNote) -> None:
    """Forget one note, and the message as it came that it stood in."""
    if note.capture_id is not None:
        persons.drop_raw(tx, [note.capture_id])
    tx.delete(note)


def _whose(rep_id: int) -> ColumnElement[bool]:
    own = select(Capture.id).where(Capture.rep_id == rep_id)
    return (PrivateNote.rep_id == rep_id) | (PrivateNote.rep_id.is_(None) & PrivateNote.capture_id.in_(own))
