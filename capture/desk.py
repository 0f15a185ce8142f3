"""What a rep may do with what was filed: look names up, correct one field, fix several at once, forget a lesson."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from threading import Lock

from capture import corrections, fixing, settling, teaching
from capture.filing import Filing
from capture.handbook import Handbook, quote
from capture.messages import from_json
from capture.values import CorrectionError, Value
from letters.model import FixForm
from parsing.model import Crm, KnownAccount, KnownContact, KnownRep, Message, VisitMention
from parsing.searching import find_accounts, find_contacts
from store import captures, changes, crm, reps
from store.db import Db, Tx
from store.tables import Capture, Lesson, Rep, Visit


class Desk(ABC):
    """The part of the `Assistant` that changes filed visits. Each use case is one transaction, kept whole or not."""

    _db: Db
    _clock: Callable[[], datetime]

    def __init__(self) -> None:
        self._memo: Crm | None = None
        self._memo_lock = Lock()

    @abstractmethod
    def _say(self, tx: Tx, capture: Capture, job: str, arg: str) -> None:
        """Have a letter said, or renewed, in the place where the message was."""

    def correct(self, visit_id: int, by_rep: str, what: str, value: Value = None) -> None:
        """Change a filed visit as its rep says; what was wrong about names is learnt.

        ``what`` is ``account`` (``value``: its id, or ``{"name": ...}`` for a new one), ``new_account`` (its name),
        ``undo``, or one of `capture.corrections.FIELDS`. Raises `CorrectionError` with words for the rep.
        """
        todo = _action_in(value) if what == "action" else None
        with self._db.read() as tx:
            visit, _ = self._visit_of(tx, visit_id, by_rep, todo)
            message, mention = self._light(tx, visit, value if what == "account" else None)
        with self._db.write() as tx:
            visit, rep = self._visit_of(tx, visit_id, by_rep, todo)
            capture = captures.of(tx, visit.capture_id)
            try:
                corrections.correct(Filing(tx, capture, message, rep, self._clock()), visit, what, value, mention)
            except CorrectionError as error:
                quote(tx, error, what, rep.language)
                raise
            tx.flush()
            self._say(tx, capture, "renew", f"{capture.id}:{fixing.version_of(tx, visit)}")

    def settle(self, visit_id: int, account_id: int, by: str) -> None:
        """Say which account was meant in the stead of the visit's rep; ``by`` is how the history names who says so.

        Raises `CorrectionError`.
        """
        with self._db.read() as tx:
            visit = tx.get(Visit, visit_id)
            message, mention = self._light(tx, visit, account_id) if visit else (None, None)
        with self._db.write() as tx:
            visit = tx.get(Visit, visit_id)
            if visit is None or message is None or visit.withdrawn_at is not None:
                raise CorrectionError("gone", "This visit does not exist any more.")
            before, capture, rep = changes.last_id(tx), captures.of(tx, visit.capture_id), tx.get_one(Rep, visit.rep_id)
            road = Filing(tx, capture, message, rep, self._clock())
            corrections.correct(road, visit, "account", account_id, mention)
            tx.flush()
            changes.sign(tx, before, f"rep:{rep.id}", by)
            self._say(tx, capture, "renew", f"{capture.id}:{fixing.version_of(tx, visit)}")

    def form(self, visit_id: int, by_rep: str, meanwhile: Sequence[str] = ()) -> FixForm:
        """A visit with every field that its rep may change; raises `CorrectionError`."""
        with self._db.read() as tx:
            visit, rep = self._visit_of(tx, visit_id, by_rep)
            return fixing.form_of(tx, visit, rep.language, meanwhile)

    def fix(self, visit_id: int, by_rep: str, wanted: Mapping[str, Value], seen: int) -> None:
        """Change several fields of a visit at once, all or none; fields as in `capture.fixing.ORDER`.

        ``seen`` is the version that the rep saw. Raises `CorrectionError` where the visit cannot be changed at all,
        `FixError` with what is wrong field by field, `MeanwhileError` where one of them was changed since.
        """
        with self._db.read() as tx:
            visit, _ = self._visit_of(tx, visit_id, by_rep)
            message, mention = self._light(tx, visit, wanted.get("account"))
        with self._db.write() as tx:
            visit, rep = self._visit_of(tx, visit_id, by_rep)
            capture = captures.of(tx, visit.capture_id)
            road = Filing(tx, capture, message, rep, self._clock())
            if fixing.fix(road, visit, wanted, seen, mention, language=rep.language):
                tx.flush()
                self._say(tx, capture, "renew", f"{capture.id}:{fixing.version_of(tx, visit)}")

    def sheet(self, visit_id: int, language: str) -> FixForm:
        """A visit with every field, for whoever has the right to edit it; raises `CorrectionError`."""
        with self._db.read() as tx:
            return fixing.form_of(tx, _standing(tx, visit_id), language)

    def edit(self, visit_id: int, by: str, wanted: Mapping[str, Value], seen: int) -> None:
        """As `fix`, where need be in the stead of the visit's rep; ``by`` is how the history names who does it.

        Whether they have the right is looked at before. Raises as `fix` does.
        """
        with self._db.read() as tx:
            message, mention = self._light(tx, _standing(tx, visit_id), wanted.get("account"))
        with self._db.write() as tx:
            visit = _standing(tx, visit_id)
            before, capture, rep = changes.last_id(tx), captures.of(tx, visit.capture_id), tx.get_one(Rep, visit.rep_id)
            road = Filing(tx, capture, message, rep, self._clock())
            if fixing.fix(road, visit, wanted, seen, mention, language="en"):
                tx.flush()
                changes.sign(tx, before, f"rep:{rep.id}", by)
                self._say(tx, capture, "renew", f"{capture.id}:{fixing.version_of(tx, visit)}")

    def _light(self, tx: Tx, visit: Visit, account: Value) -> tuple[Message, VisitMention | None]:
        """The visit's message, and what it says where ``account`` is chosen: who was met is read in its light."""
        capture = captures.of(tx, visit.capture_id)
        message = from_json(capture.message)
        if not isinstance(account, str | int) or not str(account).isdecimal():
            return message, None
        language = capture.language or "en"
        return message, settling.reread(self._crm(tx), visit, message, language, str(account))

    def colleagues_like(self, typed: str, by_rep: str, most: int = 20) -> list[KnownRep]:
        """The colleagues whom a colleague may mean by what was typed so far."""
        with self._db.read() as tx:
            known = self._crm(tx).reps if reps.by_sender(tx, by_rep) else ()
        return [one for one in known if typed.casefold() in one.name.casefold()][:most]

    def why(self, field: str, sender: str) -> str | None:
        """The house's own reason for wanting a field told, in the sender's language."""
        with self._db.read() as tx:
            rep = reps.by_sender(tx, sender)
            return Handbook.read(tx).why(field, rep.language) if rep else None

    def accounts_like(self, typed: str, by_rep: str, most: int = 20) -> list[KnownAccount]:
        """The accounts that a colleague may mean by what was typed so far; nobody else is told of any."""
        with self._db.read() as tx:
            rep = reps.by_sender(tx, by_rep)
            return find_accounts(self._crm(tx), typed, rep.email, most) if rep else []

    def contacts_like(self, typed: str, by_rep: str, visit_id: int, most: int = 20) -> list[KnownContact]:
        """The people that a colleague may mean by what was typed so far, those at the visit's account first."""
        with self._db.read() as tx:
            visit, _ = self._visit_of(tx, visit_id, by_rep)
            account = str(visit.account_id) if visit.account_id else None
            return find_contacts(self._crm(tx), typed, account, most)

    def names(self) -> Crm:
        """What names mean now, for a form that whoever has the right to it fills in."""
        with self._db.read() as tx:
            return self._crm(tx)

    def forget(self, lesson_id: int, by: str) -> None:
        """Let what a correction taught hold no more; ``by`` is how the history names who wants it.

        Raises `CorrectionError` where there is no such lesson.
        """
        with self._db.write() as tx:
            lesson = tx.get(Lesson, lesson_id)
            if lesson is None or lesson.revoked_at is not None:
                raise CorrectionError("gone", "This was forgotten already.")
            teaching.forget(tx, lesson, self._clock(), by)

    def _visit_of(self, tx: Tx, visit_id: int, by_rep: str, todo: int | None = None) -> tuple[Visit, Rep]:
        """The visit and who changes it: its rep, or whoever is to do the action ``todo`` of it."""
        rep = reps.by_sender(tx, by_rep)
        visit = tx.get(Visit, visit_id)
        if visit is None:
            raise CorrectionError("gone", "This visit does not exist any more.")
        doers = {action.assignee_id for action in visit.actions if action.id == todo}
        if rep is None or rep.id not in {visit.rep_id, *doers}:
            raise CorrectionError("not_yours", "Only the rep who reported this visit can change it here.")
        if visit.withdrawn_at is not None:
            raise CorrectionError("withdrawn", f"{visit.number} was taken back already.")
        return visit, rep

    def _crm(self, tx: Tx) -> Crm:
        """What names mean now; read anew only when a name changed."""
        current = crm.revision_of(tx)
        with self._memo_lock:
            if self._memo is None or self._memo.revision != current:
                self._memo = crm.snapshot(tx)
            return self._memo


def _standing(tx: Tx, visit_id: int) -> Visit:
    """A visit that was not taken back; raises `CorrectionError`."""
    visit = tx.get(Visit, visit_id)
    if visit is None:
        raise CorrectionError("gone", "This visit does not exist any more.")
    if visit.withdrawn_at is not None:
        raise CorrectionError("withdrawn", f"{visit.number} was taken back already.")
    return visit


def _action_in(value: Value) -> int | None:
    """The action that is to be done, dropped or put off; None where more of it is to be changed."""
    if not isinstance(value, Mapping) or not set(value) <= {"id", "state", "due"}:
        return None
    told = str(value.get("id"))
    return int(told) if told.isdecimal() else None
