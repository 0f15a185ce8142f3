"""What can be shown of a visit in a list."""

from collections.abc import Callable, Mapping

from store.visit_rows import VisitRow
from web.lists.columns import Cell, Column
from web.lists.exports import money

Labels = Mapping[tuple[str, str], str]


def visit_columns(labels: Labels) -> tuple[Column[VisitRow], ...]:
    """The columns; ``labels`` are those of the kinds, by family and key."""

    def kind(family: str) -> Callable[[VisitRow], Cell]:
        def value(row: VisitRow) -> Cell:
            key = getattr(row.visit, family)
            return labels.get((family, key), key) if key else None

        return value

    return (
        Column("day", "Day", lambda row: row.visit.on),
        Column("from", "From", lambda row: row.visit.starts, usual=False),
        Column("to", "To", lambda row: row.visit.ends, usual=False),
        Column("account", "Account", lambda row: row.account.name if row.account else None),
        Column("town", "Town", lambda row: row.visit.city or (row.account.city if row.account else None), usual=False),
        Column("region", "Region", lambda row: row.account.region if row.account else None, usual=False),
        Column("class", "Class", lambda row: row.account.grade if row.account else None, usual=False),
        Column("rep", "Rep", lambda row: row.rep),
        Column("team", "Team", lambda row: row.team, usual=False),
        Column("people", "People", lambda row: "; ".join(row.people)),
        Column("type", "Type", kind("type"), usual=False),
        Column("medium", "Medium", kind("medium"), usual=False),
        Column("outcome", "Outcome", kind("outcome")),
        Column("status", "Status", kind("status"), usual=False),
        Column("subject", "Subject", lambda row: row.visit.subject, usual=False),
        Column("keywords", "Keywords", lambda row: "; ".join(row.keywords), usual=False),
        Column("amounts", "Amounts", lambda row: money(row.amounts), usual=False),
        Column("actions", "To do", lambda row: "; ".join(row.actions), usual=False),
        Column("files", "Files", lambda row: row.files or None, usual=False),
        Column("number", "Number", lambda row: row.visit.number),
        Column("report", "Report", lambda row: row.visit.report, usual=False),
    )
