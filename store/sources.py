"""Questions about what was told more than once: which messages hand on the same, which visits have several sources."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from store.db import Tx
from store.tables import Capture, Origin, Rep, Visit, VisitSource


@dataclass(frozen=True, slots=True)
class ListedSource:
    """Another message that told of a visit, with who sent it."""

    source: VisitSource
    rep: str


def visits_of_the_same(tx: Tx, capture: Capture) -> list[Visit]:
    """The standing visits of other messages that hand on what this one hands on, oldest first.

    The rows that tell so stay locked: of two such messages that are filed at once the second waits for the first.
    """
    keys = [one.key for one in capture.origins]
    if not keys:
        return []
    alike = select(Origin.capture_id).where(Origin.key.in_(keys)).order_by(Origin.id).with_for_update()
    captures = set(tx.scalars(alike)) - {capture.id}
    standing = select(Visit).where(Visit.capture_id.in_(captures), Visit.withdrawn_at.is_(None))
    return list(tx.scalars(standing.order_by(Visit.id))) if captures else []


def visits_told_again(tx: Tx, capture_id: int) -> list[Visit]:
    """The visits of others' messages, or of earlier ones, that this message told of, in its order."""
    told = select(Visit).join(VisitSource, VisitSource.visit_id == Visit.id)
    return list(tx.scalars(told.where(VisitSource.capture_id == capture_id).order_by(VisitSource.position)))


def sources_of(tx: Tx, visit_ids: Sequence[int]) -> list[ListedSource]:
    """The other messages that told of these visits, oldest first."""
    wanted = select(VisitSource, Rep.name).join(Rep, Rep.id == VisitSource.rep_id)
    rows = tx.execute(wanted.where(VisitSource.visit_id.in_(visit_ids)).order_by(VisitSource.id)).all()
    return [ListedSource(source, name) for source, name in rows]
