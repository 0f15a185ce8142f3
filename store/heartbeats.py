"""Which processes live, and what they say of mailboxes and media."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from store.db import Tx, insert_into
from store.tables import Heartbeat

SILENT = timedelta(seconds=60)
"""A process that was not heard for so long is gone."""
FORGOTTEN = timedelta(days=1)
"""How long it is known that there was such a process."""


def beat(tx: Tx, process: str, kind: str, at: datetime, facts: Mapping[str, Any]) -> None:
    """Keep that a process lives; forget those that were not heard for long."""
    told = {"kind": kind, "at": at, "facts": dict(facts)}
    statement = insert_into(tx, Heartbeat).values(process=process, **told)
    tx.execute(statement.on_conflict_do_update(index_elements=["process"], set_=told))
    tx.execute(delete(Heartbeat).where(Heartbeat.at < at - FORGOTTEN))


def ended(tx: Tx, process: str) -> None:
    """Forget a process that ends in good order."""
    tx.execute(delete(Heartbeat).where(Heartbeat.process == process))


def heard(tx: Tx, since: datetime) -> Sequence[Heartbeat]:
    """Those that were heard from then on, the longest silent first."""
    return tx.scalars(select(Heartbeat).where(Heartbeat.at >= since).order_by(Heartbeat.at)).all()
