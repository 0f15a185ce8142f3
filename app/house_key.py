"""Whether a database is this house's own: nobody is written to from a copy of it.

The database keeps the seal of a key that lies elsewhere: in `DEBRIEF_HOUSE_KEY`, or in a file beside an SQLite
database, and then with the place where that lies. Without either it is sealed with where PostgreSQL and the pages are.
"""

import hashlib
import os
import secrets as random
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app.settings import Settings
from letters import Courier, CourierError, Letter
from store import secrets
from store.db import Db

BELIEVED_S = 60.0
"""How long it is taken to be ours without looking again."""
AGAIN_S = 600.0
NEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
ADOPT = "this database was copied or moved from another house; if it is to write to people from here: `debrief adopt`"


@dataclass(slots=True)
class HouseKey:
    """Looks, and adopts."""

    settings: Settings
    db: Db
    _seen: float = field(default=-BELIEVED_S, repr=False)

    def is_ours(self) -> bool:
        """Whether the seal fits; a database that has none gets ours."""
        if time.monotonic() - self._seen < BELIEVED_S:
            return True
        if self.fits() is None:
            self.adopt(only_new=True)
        ours = bool(self.fits())
        self._seen = time.monotonic() if ours else -BELIEVED_S
        return ours

    def fits(self) -> bool | None:
        """Whether the seal is ours; None where there is none yet. Changes nothing."""
        with self.db.read() as tx:
            seal = secrets.house(tx)
        return None if seal is None else seal == self._seal(create=False)

    def adopt(self, *, only_new: bool = False) -> None:
        """From now on it is ours."""
        seal = self._seal(create=True)
        with self.db.write() as tx:
            secrets.seal(tx, seal, only_new=only_new)

    def _seal(self, *, create: bool) -> str:
        """The seal as it is here; that of no database where the file of the key is missing."""
        settings = self.settings
        given = settings.house_key.get_secret_value() if settings.house_key else ""
        file = settings.sqlite_file
        if given:
            told = ["key", given]
        elif file is not None:
            told = ["file", _read(file.with_suffix(".key"), create=create), str(file.resolve())]
        else:
            url = make_url(settings.database_url)
            told = ["place", url.host or "", str(url.port or ""), url.database or "", settings.public_url or ""]
        return hashlib.sha256("\0".join(told).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class OursAlone:
    """A courier that carries nothing out of a database that is another house's."""

    courier: Courier
    key: HouseKey

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        """As the courier does; raises `CourierError` where the database is not ours."""
        self._look(letter_id)
        return self.courier.send(letter_id, letter, to)

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """As the courier does; raises as `send`."""
        self._look(letter_id)
        return self.courier.update(letter_id, letter, receipt)

    def _look(self, letter_id: str) -> None:
        if not self.key.is_ours():
            raise CourierError(f"{letter_id} was not sent: {ADOPT}", after_s=AGAIN_S)


def _read(path: Path, *, create: bool) -> str:
    if create and not path.exists():
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(made, NEW, 0o600), "w", encoding="ascii") as file:
            file.write(random.token_urlsafe(32) + "\n")
        with suppress(FileExistsError):  # two processes that begin at once agree on the file that was whole first
            os.link(made, path)
        made.unlink()
    return path.read_text("ascii").strip() if path.exists() else ""
