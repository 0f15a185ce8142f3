"""What of the search index is to be brought up to date; the index itself differs by database (`store.search`)."""

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
