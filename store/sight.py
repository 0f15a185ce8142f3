"""Which visits somebody may see, as a condition on rows."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, union, union_all
from sqlalchemy.orm import aliased

from store.db import Tx
from store.tables import Account, Attachment, Capture, Rep, Visit


@dataclass(frozen=True, slots=True)
class Sight:
    """The visits of some people; and, where ``going`` is given, those at accounts that this person has to do with."""

    rep_ids: frozenset[int]
    going: int | None = None

    def of_visits(self) -> ColumnElement[bool]:
        """Rows of ``visits`` that are seen."""
        seen = Visit.rep_id.in_(self.rep_ids)
        if self.going is None:
            return seen
        # By ids, not by "or": each part has an index, and together a database would go through every visit.
        own, reported, there, account = aliased(Visit), aliased(Visit), aliased(Visit), aliased(Account)
        visited = select(own.account_id).where(own.rep_id == self.going, own.account_id.is_not(None))
        accounts: Any = union(select(account.id).where(account.owner_id == self.going), visited)
        told = select(reported.id).where(reported.rep_id.in_(self.rep_ids))
        return Visit.id.in_(union_all(told, select(there.id).where(there.account_id.in_(accounts))))


def sees_visit(tx: Tx, sight: Sight, visit_id: int) -> bool:
    """Whether the visit is seen."""
    return tx.scalar(select(Visit.id).where(Visit.id == visit_id, sight.of_visits())) is not None


def sees_attachment(tx: Tx, sight: Sight, attachment_id: int) -> bool:
    """Whether a file is seen: by those who see its sender's messages, or a visit that its message reported."""
    of_file = select(Attachment.capture_id).where(Attachment.id == attachment_id).scalar_subquery()
    told = select(Capture.id).where(Capture.id == of_file, Capture.rep_id.in_(sight.rep_ids))
    filed = select(Visit.id).where(Visit.capture_id == of_file, sight.of_visits())
    return tx.scalar(told) is not None or tx.scalar(filed) is not None


def team_of(tx: Tx, manager_id: int) -> frozenset[int]:
    """The ids of everybody whose manager this is, or whose manager's manager, and their own."""
    found, newest = {manager_id}, {manager_id}
    while newest:
        reports = select(Rep.id).where(Rep.manager_id.in_(newest))
        newest = set(tx.scalars(reports)) - found
        found |= newest
    return frozenset(found)


def among(rep_ids: Collection[int] | None, rep_id: int | None) -> bool:
    """Whether a person is one of those; None stands for everybody."""
    return rep_ids is None or rep_id in rep_ids
