"""How often somebody's digests come: chosen on a page that their letters lead to, or ended by their mail program."""

from dataclasses import dataclass

from digests.composing import PAGE
from letters.todo import RHYTHMS
from store import preferences, secrets
from store.db import Db, Tx
from store.signing import read_signed
from store.tables import Rep

DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose digests they are, and how often they come."""

    name: str
    language: str
    rhythm: str


class Choosing:
    """The use cases. A ``token`` is the end of the page's address; it proves whose digests are meant."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def look(self, token: str) -> Reader | None:
        """Whose it is; None for a token that is not ours, or of somebody who is not here any more."""
        with self._db.read() as tx:
            rep = _reader(tx, token)
            return _shown(tx, rep) if rep else None

    def choose(self, token: str, rhythm: str) -> Reader | None:
        """Let digests come as in `RHYTHMS`; None as in `look`. Raises ValueError for another rhythm."""
        if rhythm not in RHYTHMS:
            raise ValueError(rhythm)
        with self._db.write() as tx:
            rep = _reader(tx, token)
            if rep is None:
                return None
            preferences.to_change(tx, rep.id).digest_rhythm = rhythm
            tx.flush()
            return _shown(tx, rep)


def _reader(tx: Tx, token: str) -> Rep | None:
    match read_signed(secrets.link_key(tx), token):
        case [str(page), int(rep_id)] if page == PAGE:
            rep = tx.get(Rep, rep_id)
            return rep if rep and rep.active else None
    return None


def _shown(tx: Tx, rep: Rep) -> Reader:
    chosen = preferences.of(tx, rep.id)
    return Reader(rep.name, rep.language, (chosen and chosen.digest_rhythm) or DAILY)
