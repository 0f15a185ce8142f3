"""Questions about messages that need a person before anything becomes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, literal, or_, select
from sqlalchemy.orm import selectinload

from store.db import Tx
from store.tables import Capture, Change, Rep, Visit

SETTLED = "inbox"
"""Before the state, the field of a message's history that says that somebody ended the matter, and why."""
UNANSWERED = timedelta(days=1)
"""A question to the rep that waits for longer is somebody else's to look at."""
UNREAD = timedelta(hours=1)
"""Whatever was taken in is read within seconds; what waits for longer got lost on the way."""
KINDS = {
    "asked": "the rep was asked and did not answer",
    "refused": "nobody here goes by this sender",
    "failed": "could not be read",
    "forged": "not proved to be from its sender",
    "held": "too many at once",
    "taken": "not read yet",
}
"""States of a message that is open, and why."""


@dataclass(frozen=True, slots=True)
class OpenEnd:
    """A message that needs a person; ``rep`` is whose it is, where that is known."""

    capture: Capture
    rep: str | None


def listed(tx: Tx, now: datetime, kind: str | None = None, most: int = 200) -> list[OpenEnd]:
    """The open ends, of one kind or all, oldest first."""
    kinds = [kind] if kind in KINDS else list(KINDS)
    statement = select(Capture, Rep.name).outerjoin(Rep, Rep.id == Capture.rep_id)
    statement = statement.where(or_(*(_is_open(one, now) for one in kinds)), ~_settled())
    return [OpenEnd(capture, name) for capture, name in tx.execute(statement.order_by(Capture.id).limit(most))]


def counts(tx: Tx, now: datetime) -> dict[str, int]:
    """How many there are of each kind that has any."""
    open_now = or_(*(_is_open(one, now) for one in KINDS))
    statement = select(Capture.state, func.count(Capture.id)).where(open_now, ~_settled()).group_by(Capture.state)
    return dict(tx.execute(statement).all())


def oldest(tx: Tx, now: datetime) -> datetime | None:
    """When the one that waits longest came in."""
    open_now = or_(*(_is_open(one, now) for one in KINDS))
    return tx.scalar(select(func.min(Capture.taken_at)).where(open_now, ~_settled()))


def find(tx: Tx, capture_id: int) -> OpenEnd | None:
    """A message with its files, open or not."""
    whole = select(Capture, Rep.name).outerjoin(Rep, Rep.id == Capture.rep_id).where(Capture.id == capture_id)
    row = tx.execute(whole.options(selectinload(Capture.attachments))).first()
    return OpenEnd(row[0], row[1]) if row else None


def undecided(tx: Tx, capture_id: int) -> Sequence[Visit]:
    """The visits of a message that have no account yet."""
    open_visits = select(Visit).where(Visit.capture_id == capture_id, Visit.account_id.is_(None))
    return tx.scalars(open_visits.where(Visit.withdrawn_at.is_(None)).order_by(Visit.position)).all()


def settled_lately(tx: Tx, most: int = 50) -> Sequence[Change]:
    """How open ends were ended, the latest first."""
    ended = select(Change).where(Change.record.in_(("capture", "job")), Change.field.startswith(SETTLED))
    return tx.scalars(ended.order_by(Change.id.desc()).limit(most)).all()


def _is_open(state: str, now: datetime) -> ColumnElement[bool]:
    waits = {"asked": UNANSWERED, "taken": UNREAD}.get(state)
    here: ColumnElement[bool] = Capture.state == state
    return here & (Capture.taken_at < now - waits) if waits else here


def _settled() -> ColumnElement[bool]:
    """That somebody ended the matter as it stands; in another state it is another matter."""
    field = literal(f"{SETTLED}:") + Capture.state
    return exists().where(Change.record == "capture", Change.record_id == Capture.id, Change.field == field)
