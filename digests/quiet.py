"""Contacts whom nobody has met for long: told once a week, for silence alone says nothing of who is gone."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from letters.digest import Quiet
from store.db import Tx
from store.tables import Account, Contact, Employment, Visit, VisitContact

LONG = {"A": timedelta(days=91), "B": timedelta(days=182)}
"""By class of customer: three months, half a year."""
LONG_ELSE = timedelta(days=365)


def begins_week(day: date, last_day: date) -> bool:
    """Whether ``day`` is somebody's first working day of its week; ``last_day`` is the working day before it."""
    return day.isocalendar()[:2] != last_day.isocalendar()[:2]


def quiet(tx: Tx, rep_ids: Collection[int], day: date) -> defaultdict[int, list[Quiet]]:
    """Contacts at the accounts of these people whom one of us once met, and nobody for long; the best class first.

    Whoever was never met is no silence, and whoever seems gone is told of as such.
    """
    grade = func.upper(func.coalesce(Account.grade, ""))
    met = func.max(Visit.on)  # of these people's contacts alone: the house's visits are not gone through for a batch
    long = [(grade == one) & (met <= day - span) for one, span in LONG.items()]
    statement = (
        select(Account.owner_id, Contact.name, Account.name, Account.id, met)
        .join(Employment, Employment.account_id == Account.id)
        .join(Contact, Contact.id == Employment.contact_id)
        .join(VisitContact, VisitContact.contact_id == Contact.id)
        .join(Visit, Visit.id == VisitContact.visit_id)
        .where(Account.owner_id.in_(rep_ids), Account.retired_at.is_(None), Contact.retired_at.is_(None))
        .where(Employment.until.is_(None), Employment.stale_since.is_(None))
        .where(Visit.withdrawn_at.is_(None), Visit.status == "held")
        .group_by(Account.id, Contact.id, Employment.id)
        .having(or_(*long, grade.not_in(LONG) & (met <= day - LONG_ELSE)))
        .order_by(func.coalesce(func.nullif(grade, ""), "Z"), met, Employment.id)
    )
    found: defaultdict[int, list[Quiet]] = defaultdict(list)
    for owner_id, name, account, account_id, on in tx.execute(statement):
        found[owner_id or 0].append(Quiet(name=name, account=account, account_id=account_id, met=on))
    return found
