"""A right that one process has at a time, on whatever machine: to be worker-1, to watch a mailbox."""

import fcntl
import hashlib
import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from store.db import Db, normal_url

KEEPALIVE = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
"""The server hears within 20 s that the machine of a holder is gone; by default it would take two hours."""
UNANSWERED_MS = 10_000
"""A holder without an answer for so long knows that it is cut off; by default it would be a quarter of an hour."""


class Lease:
    """Held from `take` to `free`, or until the process dies: nothing has to be cleared away after a crash.

    PostgreSQL: an advisory lock of a session of its own (postgresql.org/docs, 13.3.5). It ends with the connection, so
    `held` must be asked now and then; through PgBouncer it needs session pooling. SQLite: a lock on a small file beside
    the database.
    """

    def __init__(self, db: Db, name: str) -> None:
        self._url, self._name = make_url(normal_url(db.url)), name
        self._connection: sa.Connection | None = None
        self._file: int | None = None

    def take(self) -> bool:
        """Whether it is ours now; False where another process has it. Raises when the database cannot be reached."""
        self.free()
        if self._url.get_backend_name() == "sqlite":
            return self._lock_file()
        connection = _session(self._url)
        if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(self._key))):
            self._connection = connection
            return True
        connection.close()
        return False

    def held(self) -> bool:
        """Whether it is ours still."""
        if self._connection is None:
            return self._file is not None
        try:
            return self._connection.scalar(sa.select(1)) == 1
        except sa.exc.DBAPIError:
            self.free()
            return False

    def free(self) -> None:
        """Let others have it; again is harmless."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.invalidate()  # closes the session, also one that is broken
            connection.close()
        if self._file is not None:
            os.close(self._file)
            self._file = None

    @property
    def _key(self) -> int:
        """A signed number of 64 bits, as PostgreSQL names its locks."""
        digest = hashlib.sha256(f"debrief lease {self._name}".encode()).digest()
        return int.from_bytes(digest[:8], "big", signed=True)

    def _lock_file(self) -> bool:
        place = Path(self._url.database or "")
        name = hashlib.sha256(self._name.encode()).hexdigest()[:12]
        file = os.open(place.with_name(f"{place.name}-lease-{name}"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True


def _session(url: Any) -> sa.Connection:
    options = {
        "options": KEEPALIVE, "connect_timeout": 5, "keepalives_idle": 5, "keepalives_interval": 5,
        "keepalives_count": 3, "tcp_user_timeout": UNANSWERED_MS,
    }  # fmt: skip
    engine = sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=options)
    return engine.connect()
