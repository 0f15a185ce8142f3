"""Where and by whom something is being filed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parsing.model import Message
from store import changes
from store.db import Tx
from store.tables import Capture, Rep


@dataclass(frozen=True, slots=True)
class Filing:
    """Where and by whom something is being filed."""

    tx: Tx
    capture: Capture
    message: Message
    rep: Rep
    at: datetime

    @property
    def by(self) -> str:
        """How the history names the maker."""
        return f"message:{self.capture.id}"

    def note(self, record: str, record_id: int, field: str, *, old: Any = None, new: Any = None) -> None:
        """Keep a change that this message made."""
        changes.note(self.tx, at=self.at, by=self.by, record=(record, record_id), field=field, old=old, new=new)
