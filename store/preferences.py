"""What people chose for themselves."""

from store.db import Tx
from store.tables import Preference


def of(tx: Tx, rep_id: int) -> Preference | None:
    """What this person chose; None where they never chose anything."""
    return tx.get(Preference, rep_id)


def to_change(tx: Tx, rep_id: int) -> Preference:
    """The row of this person, made where there was none, to be changed."""
    kept = tx.get(Preference, rep_id)
    if kept is None:
        kept = Preference(rep_id=rep_id)
        tx.add(kept)
    return kept


def is_quiet(chosen: Preference | None, hour: int) -> bool:
    """Whether nothing that was not asked for may come at this ``hour`` of their day."""
    if chosen is None or chosen.quiet_from is None or chosen.quiet_until is None:
        return False
    start, end = chosen.quiet_from, chosen.quiet_until
    return start <= hour < end if start <= end else hour >= start or hour < end
