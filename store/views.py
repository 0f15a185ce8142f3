"""Questions about views of lists that somebody keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select

from store.db import Tx
from store.tables import Rep, SavedView


@dataclass(frozen=True, slots=True)
class ListedView:
    """A view with whose it is; ``owner`` is None where it is one's own."""

    view: SavedView
    owner: str | None


def listed(tx: Tx, rep_id: int, place: str) -> Sequence[ListedView]:
    """The views of a list that this person kept, and those that their team and their manager share, by name."""
    me = tx.get(Rep, rep_id) if rep_id else None
    own: ColumnElement[bool] = SavedView.rep_id == rep_id if rep_id else SavedView.rep_id.is_(None)
    statement = select(SavedView, Rep.name).outerjoin(Rep, Rep.id == SavedView.rep_id)
    seen = or_(own, SavedView.shared & _with(me)) if me is not None else own
    rows = tx.execute(statement.where(SavedView.place == place, seen).order_by(SavedView.name, SavedView.id))
    return [ListedView(view, None if view.rep_id == (rep_id or None) else name) for view, name in rows]


def _with(me: Rep) -> ColumnElement[bool]:
    """People with whom this one is in a team: of the same name, above or below."""
    together = [Rep.id == me.manager_id, Rep.manager_id == me.id]
    return or_(*together, Rep.team == me.team) if me.team else or_(*together)


def count_of(tx: Tx, rep_id: int) -> int:
    """How many views this person keeps."""
    own = SavedView.rep_id == rep_id if rep_id else SavedView.rep_id.is_(None)
    return tx.scalar(select(func.count(SavedView.id)).where(own)) or 0
