"""Questions about lists that were uploaded to be brought in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import defer

from store.db import Tx
from store.tables import Import, Rep

MOST = 20


def waiting(tx: Tx, rep_id: int | None, now: datetime) -> Sequence[Import]:
    """What this person uploaded and has yet to confirm, the latest first."""
    own = Import.rep_id == rep_id if rep_id is not None else Import.rep_id.is_(None)
    mine = select(Import).where(own, Import.content.is_not(None), Import.expires_at > now)
    return tx.scalars(mine.order_by(Import.id.desc()).options(defer(Import.content))).all()


def protocol(tx: Tx, kinds: Sequence[str]) -> list[tuple[Import, str | None]]:
    """The latest that were brought in of these kinds, with the names of those who did."""
    rows = select(Import, Rep.name).outerjoin(Rep, Rep.id == Import.rep_id)
    done = rows.where(Import.done_at.is_not(None), Import.what.in_(kinds)).order_by(
        Import.done_at.desc(), Import.id.desc()
    )
    return [(one, name) for one, name in tx.execute(done.limit(MOST).options(defer(Import.content)))]


def are_old(tx: Tx, now: datetime) -> bool:
    """Whether there is anything for `forget`."""
    return bool(tx.scalar(select(exists().where(Import.content.is_not(None), Import.expires_at <= now))))


def forget(tx: Tx, now: datetime) -> None:
    """Forget the lists that nobody confirmed in time."""
    tx.execute(update(Import).where(Import.content.is_not(None), Import.expires_at <= now).values(content=None))
