"""Targets: what a rep owes from a day on."""

from datetime import date

from sqlalchemy import select

from store.db import Tx
from store.tables import Target


def set_target(tx: Tx, rep_id: int, period: str, visits: int, since: date) -> None:
    """Let the rep owe so many visits a period from ``since`` on; the last word on a day counts."""
    query = select(Target).where(Target.rep_id == rep_id, Target.period == period, Target.since == since)
    target = tx.scalar(query)
    if target is None:
        tx.add(Target(rep_id=rep_id, period=period, visits=visits, since=since))
    else:
        target.visits = visits
