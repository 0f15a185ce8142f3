"""Programs that act as one of us: which scopes a token may have, and who it is that shows one."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from capture.rights import Reach, Thing, Verb, Viewer, viewer
from capture.values import CorrectionError, read_text
from store import tokens
from store.db import Db
from store.tables import ApiToken

SCOPES: Mapping[str, str] = {
    "read:visits": "read visits, and what became of a message",
    "write:visits": "report visits, correct them and take them back",
    "read:accounts": "read customers",
    "read:contacts": "read the people who work there",
    "write:contacts": "add and change these people",
    "read:actions": "read what was promised",
    "write:actions": "settle it, or move its day",
    "read:progress": "read where everyone stands",
    "read:reps": "read who we are",
    "manage:webhooks": "set webhooks up, and look at what they were sent",
    "calendar": "subscribe to one's own actions and planned visits (an address with this token in it)",
}
"""What a token may be good for, in words for its person. It never reaches further than they do themselves."""
CALENDAR = "calendar"
"""It stands alone: the token is part of an address that others keep."""
NEEDS: Mapping[str, tuple[Verb, Thing]] = {
    "read:visits": ("read", "visit"), "write:visits": ("read", "visit"), "read:accounts": ("read", "account"),
    "read:contacts": ("read", "person"), "write:contacts": ("edit", "person"), "read:actions": ("read", "visit"),
    "write:actions": ("read", "visit"), "read:progress": ("read", "progress"), "read:reps": ("read", "account"),
    "manage:webhooks": ("edit", "house"),
}  # fmt: skip
"""What its person must be allowed for a scope to be of use. Who may change which visit is for `Assistant` to say."""
LONGEST_HOLD = timedelta(days=3650)


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that showed a token: as whom it acts, and how far."""

    token_id: int
    who: Viewer
    scopes: frozenset[str]

    def may(self, scope: str) -> bool:
        """Whether both the token and its person reach as far as that."""
        verb, thing = NEEDS[scope]
        return scope in self.scopes and self.who.may(verb, thing) is not Reach.NONE


class Tokens:
    """The use cases."""

    def __init__(self, db: Db, clock: Callable[[], datetime]) -> None:
        self._db, self._clock = db, clock

    def make(self, rep_id: int, name: str, scopes: Collection[str], days: int | None = None) -> str:
        """A new token of this person, told this once; ``days`` is how long it holds. Raises `CorrectionError`."""
        called = read_text(name, "name", needed=True, longest=80) or ""
        wanted = [scope for scope in SCOPES if scope in scopes]
        if not wanted or set(scopes) - set(SCOPES):
            raise CorrectionError("scopes", "A token needs at least one scope, and of these: " + ", ".join(SCOPES))
        if CALENDAR in wanted and len(wanted) > 1:
            raise CorrectionError("scopes", "A calendar's token can have no other scope: it stands in an address.")
        if days is not None and not 0 < days <= LONGEST_HOLD.days:
            raise CorrectionError("days", f"A token holds from 1 to {LONGEST_HOLD.days} days, or until it is revoked.")
        now = self._clock()
        with self._db.write() as tx:
            until = now + timedelta(days=days) if days else None
            return tokens.make(tx, rep_id, called, wanted, now=now, expires_at=until)[0]

    def who(self, shown: str) -> Caller | None:
        """Who shows this token; None where it is none of ours, was revoked, or its person is here no more."""
        now = self._clock()
        with self._db.read() as tx:
            found = tokens.find(tx, shown, now)
        if found is None:
            return None
        token, rep = found
        if tokens.is_stale(token, now):
            with self._db.write() as tx:
                tokens.note_use(tx, token.id, now)
        return Caller(token.id, viewer(rep), frozenset(token.scopes))

    def tick(self) -> None:
        """Forget what was answered to requests with a key, a day later. A worker's chore."""
        now = self._clock()
        with self._db.read() as tx:
            if not tokens.any_to_clear(tx, now):
                return
        with self._db.write() as tx:
            tokens.clear_away(tx, now)

    def of(self, rep_id: int) -> list[ApiToken]:
        """The tokens of this person that hold."""
        with self._db.read() as tx:
            return tokens.of_rep(tx, rep_id, self._clock())

    def revoke(self, token_id: int, rep_id: int | None = None) -> bool:
        """Let a token hold no more, with ``rep_id`` only one of that person; whether there was one."""
        with self._db.write() as tx:
            return tokens.revoke(tx, token_id, self._clock(), rep_id)
