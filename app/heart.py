"""A process tells the house that it lives, and how its mailboxes and media fare."""

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from app.aside import Tally
from store import heartbeats
from store.db import Db

log = logging.getLogger("debrief.heart")

BEAT_S = 15.0


class Heart:
    """A thread that beats until it is stopped. A database that is away is waited for: silence tells of it by itself."""

    def __init__(
        self, db: Db, kind: str, clock: Callable[[], datetime], *, tallies: Mapping[str, Tally],
        watchers: Sequence[Any] = (),
    ) -> None:  # fmt: skip
        self.process = f"{kind} {socket.gethostname()} {os.getpid()}"
        self._db, self._kind, self._clock, self._tallies, self._watchers = db, kind, clock, tallies, watchers
        self._mailboxes: dict[str, dict[str, Any]] = {}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    @contextmanager
    def beating(self) -> Iterator[None]:
        """The process is known to live while the block runs."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join(timeout=5)
            try:
                with self._db.write() as tx:
                    heartbeats.ended(tx, self.process)
            except SQLAlchemyError as error:
                log.warning("could not take leave (%s)", type(error).__name__)

    def beat(self) -> None:
        """Tell once."""
        with self._db.write() as tx:
            heartbeats.beat(tx, self.process, self._kind, self._clock(), self._facts())

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.beat()
            except SQLAlchemyError as error:
                log.warning("the database cannot be asked (%s)", type(error).__name__)
            self._stop.wait(BEAT_S)

    def _facts(self) -> dict[str, Any]:
        return {
            "mailboxes": {str(one): self._mailbox(one) for one in self._watchers},
            "media": {
                via: {
                    "sent": one.sent, "limited": one.limited, "says": one.says,
                    "failing_since": one.failing_since.isoformat() if one.failing_since else None,
                }
                for via, one in self._tallies.items()
            },
        }  # fmt: skip

    def _mailbox(self, watcher: Any) -> dict[str, Any]:
        """Its state, what the server says, and since when it is so."""
        name, before = watcher.state.name, self._mailboxes.get(str(watcher))
        since = before["since"] if before and before["state"] == name else self._clock().isoformat()
        told = {"state": name, "says": watcher.state.says, "since": since}
        self._mailboxes[str(watcher)] = told
        return told
