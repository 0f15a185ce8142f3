"""What of the search index is due, which itself differs by database (`store.search`), and views that are kept."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables.base import Row


class SearchDue(Row, kw_only=True):
    """That something changed by which a visit is found; written by triggers, whoever makes the change.

    There may be several of one visit. They are taken away by their ids, and only those that were there before the visit
    was read: a change that is kept later leaves its own, whatever the order of the commits.
    """

    __tablename__ = "search_due"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    visit_id: Mapped[int]


class SavedView(Row, kw_only=True):
    """A list as somebody wants to see it again."""

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    rep_id: Mapped[int | None] = mapped_column(ForeignKey("reps.id", ondelete="CASCADE"), index=True)
    """Whose it is; None where it is of whoever sits at the machine."""
    place: Mapped[str]
    """The list: ``visits``, ``actions`` or ``accounts``."""
    name: Mapped[str]
    query: Mapped[str]
    """The address's parameters."""
    shared: Mapped[bool] = mapped_column(default=False)
    """Whether their team sees it too."""
