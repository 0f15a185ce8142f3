"""The inbox of open ends: what needs a person before anything becomes of it, and what that person can do.

Every way out is kept in the message's history with who took it, so that nothing disappears silently.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from capture import settling
from capture.assistant import Assistant
from capture.card import visits_of
from capture.filing import Filing
from capture.messages import from_json, to_json
from capture.values import CorrectionError
from jobs import Jobs, ShelvedJob
from jobs.queue import Attempt
from parsing import parse
from parsing.model import Crm, VisitMention
from store import changes, crm, deliveries, inbox, reps
from store.db import Db, Tx
from store.tables import Capture, Rep, RepEmail

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Understood:
    """One visit as a message reads now: names, for a person to look at."""

    account: str | None
    candidates: tuple[tuple[int, str], ...]
    """Accounts that fit, id and name, where none is sure."""
    on: date
    people: tuple[str, ...]
    actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """The use cases. ``by`` is how the history names who decides; each raises `CorrectionError` where it cannot be."""

    db: Db
    jobs: Jobs
    assistant: Assistant
    clock: Callable[[], datetime]

    def counts(self) -> dict[str, int]:
        """How many open ends there are of each kind that has any; ``shelved`` are jobs that gave up."""
        with self.db.read() as tx:
            found = inbox.counts(tx, self.clock())
        shelved = len(self.jobs.shelf())
        return {**found, **({"shelved": shelved} if shelved else {})}

    def understood(self, capture: Capture) -> tuple[Understood, ...]:
        """How a message reads now, whoever sent it."""
        with self.db.read() as tx:
            known = crm.snapshot(tx)
        return tuple(_told(known, visit) for visit in parse(from_json(capture.message), known).visits)

    def to_account(self, visit_id: int, account_id: int, by: str) -> None:
        """Answer the question of a card in its rep's stead."""
        self.assistant.settle(visit_id, account_id, by)

    def to_rep(self, capture_id: int, rep_id: int, by: str, *, remember: bool) -> None:
        """What an unknown sender said is this colleague's, and is read anew; with ``remember`` the sender is theirs.

        A mail that is not remembered is answered at the colleague's own address: a stranger learns nothing. Elsewhere
        who sent it is who is answered, so it is always remembered.
        """
        with self.db.write() as tx:
            capture, rep = self._in(tx, capture_id, "refused"), tx.get(Rep, rep_id)
            if rep is None or not rep.active:
                raise CorrectionError("no_rep", "There is no such colleague.")
            self._note(tx, capture, by, "taken", f"a message of {rep.name}")
            if remember or capture.via != "email":
                _remember(tx, rep, capture.sender)
            else:
                _answer_at(capture, rep.email)
            _hide_refusal(tx, capture)
            capture.state, capture.problem, capture.rep_id = "taken", None, rep.id
            capture.message = to_json(replace(from_json(capture.message), rep=rep.email))
            self._read(tx, capture)

    def file_anyway(self, capture_id: int, by: str) -> None:
        """Let a held or doubted message be filed as what the rep of its sender said."""
        self.assistant.release(capture_id, by)

    def again(self, capture_id: int, by: str) -> None:
        """Have a message read that could not be, or that got lost on its way."""
        with self.db.write() as tx:
            capture = self._in(tx, capture_id, "failed", "taken")
            if capture.rep_id is None:
                raise CorrectionError("no_rep", f"{capture.sender} is nobody here.")
            self._note(tx, capture, by, "taken", "read again")
            capture.state, capture.problem = "taken", None
            self._read(tx, capture)

    def no_visit(self, capture_id: int, by: str) -> None:
        """It reports no visit: what was filed of it is withdrawn."""
        with self.db.write() as tx:
            capture = self._in(tx, capture_id, "asked", "failed", "taken")
            self._note(tx, capture, by, "nothing", "no visit")
            if capture.rep_id is not None:
                self._withdraw(tx, capture, tx.get_one(Rep, capture.rep_id), by)
            capture.state, capture.not_a_report = "nothing", "nothing"
            tx.flush()
            self.assistant.show_again(tx, capture, f"inbox-{changes.last_id(tx)}")

    def dismiss(self, capture_id: int, reason: str, by: str) -> None:
        """Leave a message as it is, and out of the inbox, for a reason that is kept."""
        why = _reason(reason)
        with self.db.write() as tx:
            capture = self._in(tx, capture_id, *inbox.KINDS)
            self._note(tx, capture, by, capture.state, why)

    def job(self, job_id: str) -> ShelvedJob:
        """The job of this id that gave up."""
        found = next((one for one in self.jobs.shelf() if one.id == job_id), None)
        if found is None:
            raise CorrectionError("gone", "This work is not on the shelf any more.")
        return found

    def job_again(self, job_id: str) -> None:
        """Try work again that gave up."""
        self.jobs.replay(self.job(job_id))

    def drop_job(self, job_id: str, reason: str, by: str) -> None:
        """Give work up for good, for a reason that is kept."""
        job, why = self.job(job_id), _reason(reason)
        field = f"{inbox.SETTLED}:shelved"
        with self.db.write() as tx:
            changes.note(
                tx, at=self.clock(), by=by, record=("job", 0), field=field, old=f"{job.name} {job.arg}", new=why
            )
        self.jobs.drop(job)

    def _in(self, tx: Tx, capture_id: int, *states: str) -> Capture:
        capture = tx.get(Capture, capture_id, with_for_update=True)
        if capture is None:
            raise CorrectionError("gone", "There is no such message.")
        if capture.state not in states:
            raise CorrectionError("gone", "Somebody settled this meanwhile.")
        return capture

    def _withdraw(self, tx: Tx, capture: Capture, rep: Rep, by: str) -> None:
        before, road = changes.last_id(tx), Filing(tx, capture, from_json(capture.message), rep, self.clock())
        for visit in visits_of(tx, capture.id):
            if visit.withdrawn_at is None:
                settling.undo(road, visit)
        tx.flush()
        changes.sign(tx, before, f"rep:{rep.id}", by)

    def _note(self, tx: Tx, capture: Capture, by: str, state: str, why: str) -> None:
        record, field = ("capture", capture.id), f"{inbox.SETTLED}:{capture.state}"
        changes.note(tx, at=self.clock(), by=by, record=record, field=field, old=capture.state, new=state, words=why)

    def _read(self, tx: Tx, capture: Capture) -> None:
        # Not under the job's usual name: what was done once under it is not done again.
        series = f"file:{capture.id}:again-{uuid4().hex[:12]}"
        self.jobs.put(tx, Attempt(series, "file", str(capture.id)))


def said_by(tx: Tx, by: str) -> str:
    """Who that is, as the history names them."""
    kind, _, rep_id = by.partition(":")
    rep = tx.get(Rep, int(rep_id)) if kind == "rep" and rep_id.isdecimal() else None
    return rep.name if rep else {"web": "at this machine", "command": "by command"}.get(by, by)


def _reason(text: str) -> str:
    reason = " ".join(text.split())[:LONGEST_REASON]
    if not reason:
        raise CorrectionError("shape", "Say in a few words why.")
    return reason


def _remember(tx: Tx, rep: Rep, sender: str) -> None:
    if reps.by_sender(tx, sender) is not None:
        raise CorrectionError("twice", f"{sender} is a colleague already.")
    if "@" in sender:
        rep.emails.append(RepEmail(email=sender.lower()))
    elif rep.slack_id:
        raise CorrectionError("twice", f"{rep.name} is somebody else there.")
    else:
        rep.slack_id = sender.upper()
    tx.flush()


def _answer_at(capture: Capture, address: str) -> None:
    """Have what is said of a message go to this address, as a mail of its own."""
    capture.reply_to = {"address": address, "subject": capture.reply_to.get("subject")}
    capture.sender = address


def _hide_refusal(tx: Tx, capture: Capture) -> None:
    """Keep what the sender was told under another name: the card is a letter of its own."""
    told = deliveries.find(tx, f"reply-{capture.id}")
    if told is not None:
        told.letter_id = f"refusal-{capture.id}"
        tx.flush()


def _told(known: Crm, visit: VisitMention) -> Understood:
    meant = visit.account.value if visit.account else None
    names = {one.id: one.name for one in known.accounts}
    people = {one.id: one.name for one in known.contacts}
    return Understood(
        account=(names.get(meant.id) if meant.id else meant.name) if meant else None,
        candidates=tuple((int(one), names[one]) for one in meant.candidates if one in names) if meant else (),
        on=visit.on.value,
        people=tuple(_name(people, found.value.id, found.value.name) for found in visit.contacts),
        actions=tuple(found.value.text for found in visit.actions),
    )


def _name(people: dict[str, str], contact_id: str | None, name: str | None) -> str:
    return people.get(contact_id or "") or name or "?"
