"""The buttons of a card for a medium without buttons: links that are signed, good once, and for two weeks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from capture.presses import read_press
from capture.values import CorrectionError, Value
from store import secrets
from store.db import Db, Tx
from store.signing import read_signed, sign
from store.tables import Account, Rep, Visit

GOOD_FOR = timedelta(days=14)
LINKED = {"email"}
"""Media whose letters carry links instead of buttons."""
PARTS = 5
"""Whose, until when, which button, its value and its words: a link of another kind has not as many."""

Correct = Callable[[int, str, str, Value], None]
"""`Assistant.correct`."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a link would do: whose it is, about which visit, and in which words it stood in the letter."""

    rep_email: str
    language: str
    number: str
    account: str | None
    says: str
    action_id: str
    value: str
    expires_at: datetime


def linker(key: bytes, url: str, rep_id: int, now: datetime) -> Callable[[str, str, str], str]:
    """Makes the link of a button from its action, its value and its words."""
    expires = int((now + GOOD_FOR).timestamp())

    def link(action_id: str, value: str, says: str) -> str:
        return f"{url.rstrip('/')}/do/{sign(key, [rep_id, expires, action_id, value, says[:80]])}"

    return link


class Links:
    """The use cases of a link: it is looked at, which changes nothing, and then pressed."""

    def __init__(self, db: Db, correct: Correct, clock: Callable[[], datetime]) -> None:
        self._db, self._correct, self._clock = db, correct, clock

    def look(self, token: str) -> Offer | None:
        """What the link would do; None where it is not ours, too old, or was used."""
        with self._db.read() as tx:
            return self._offer(tx, token)

    def press(self, token: str) -> Offer | None:
        """Do it; None as in `look`. Raises `CorrectionError` where the visit does not allow it any more."""
        offer = self.look(token)
        if offer is None:
            return None
        pressed = read_press(offer.action_id, offer.value)
        # Pressed twice at once it is done twice, which is once: each of these corrections sets what it set before.
        self._correct(pressed.visit_id, offer.rep_email, pressed.what, pressed.value)
        with self._db.write() as tx:
            secrets.use(tx, token, self._clock(), offer.expires_at)
        return offer

    def _offer(self, tx: Tx, token: str) -> Offer | None:
        told = read_signed(secrets.link_key(tx), token)
        if told is None or len(told) != PARTS or secrets.is_used(tx, token):
            return None
        rep_id, expires, action_id, value, says = told
        expires_at = datetime.fromtimestamp(expires, UTC)
        rep = tx.get(Rep, rep_id)
        try:
            visit = tx.get(Visit, read_press(action_id, value).visit_id)
        except CorrectionError:
            return None
        if rep is None or not rep.active or visit is None or expires_at < self._clock():
            return None
        account = tx.get(Account, visit.account_id) if visit.account_id else None
        name = account.name if account else None
        return Offer(rep.email, rep.language, visit.number, name, says, action_id, value, expires_at)
