"""Which digests were begun: each once, however many look at once."""

from collections.abc import Sequence
from typing import Any

from store.db import Tx, insert_into
from store.tables import DigestDay


def begin(tx: Tx, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Keep these rows; the ids of those that were not there. Two workers in one moment meet at the unique key."""
    statement = insert_into(tx, DigestDay).on_conflict_do_nothing(index_elements=["rep_id", "day", "kind"])
    return list(tx.scalars(statement.returning(DigestDay.id), list(rows))) if rows else []
