"""Visits that one word of their rep would complete: which customer it was, what it was about, who was met."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from sqlalchemy import and_, exists, or_, select

from letters.digest import Gap
from store.db import Tx
from store.tables import Account, Visit, VisitContact, VisitKeyword

ASKED_ABOUT = timedelta(days=60)
"""How old a visit may be whose customer is asked for; the rest is asked about the last working day alone."""


def gaps_of(tx: Tx, rep_ids: Collection[int], since: Mapping[int, date], day: date) -> defaultdict[int, list[Gap]]:
    """What their visits lack; ``since`` is the last working day of each. Of one visit only one thing."""
    people = exists().where(VisitContact.visit_id == Visit.id)
    terms = exists().where(VisitKeyword.visit_id == Visit.id)
    bare = and_(Visit.subject.is_(None), Visit.outcome.is_(None), ~terms)
    first = min((since[one] for one in rep_ids), default=day)
    statement = (
        select(Visit.rep_id, Visit.id, Visit.on, Visit.account_id, Account.name, bare, people)
        .outerjoin(Account, Account.id == Visit.account_id)
        .where(Visit.rep_id.in_(rep_ids), Visit.withdrawn_at.is_(None), Visit.status == "held")
        .where(Visit.on >= day - ASKED_ABOUT, Visit.on < day)
        .where(or_(Visit.account_id.is_(None), and_(Visit.on >= first, or_(bare, ~people))))
        .order_by(Visit.on, Visit.id)
    )
    found: defaultdict[int, list[Gap]] = defaultdict(list)
    for rep_id, visit_id, on, account_id, account, lacks_subject, met in tx.execute(statement):
        asks = "account" if account_id is None else "about" if lacks_subject else "who" if not met else None
        if asks and (asks == "account" or on >= since[rep_id]):
            found[rep_id].append(Gap(visit_id=visit_id, on=on, account=account, asks=asks))
    return found
