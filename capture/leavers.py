"""What people say of somebody who seemed gone: by a button, in a form, or in words under the card."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from capture import filing, leaving, planning
from capture.filing import Filing
from capture.leaving import Hand
from capture.messages import to_json
from capture.reviewing import Reviewing, lane_of, letter_id, liveliness_at
from capture.values import CorrectionError, read_text
from jobs import Jobs
from parsing.model import Crm, Message
from parsing.telling import Told, read_told
from store import captures, changes, deliveries, reps, signs
from store.db import Db, Tx
from store.sight import team_of
from store.tables import Account, Capture, Change, Contact, Delivery, Employment, Rep, Visit

ANSWERS = ("still", "left", "followed", "undo")
"""What one press may say: still there, left, left and the named successor follows, not so after all."""
UNDO = timedelta(days=14)
"""How long after somebody left it can be undone by one press."""
LETTERS = "leaver-"
SETTLING = frozenset({"until", "successor", "still_there", "created", "since"})
"""Fields of an employment that somebody's word changes."""
_ADDRESS = re.compile(r"[^@\s<>\",;:()]{1,64}@[^@\s<>\",;:()]{1,250}\.[^@\s<>\",;:().]{2,63}")


@dataclass(frozen=True, slots=True)
class _Case:
    """One employment that somebody speaks of, and who they are."""

    tx: Tx
    job: Employment
    contact: Contact
    account: Account
    who: Rep
    owner: Rep | None


class Leavers:
    """The use cases. Only the account's owner, whoever met the person last, or a manager of theirs may say so.

    Each raises `CorrectionError`.
    """

    def __init__(self, db: Db, jobs: Jobs, clock: Callable[[], datetime]) -> None:
        self._db, self._jobs, self._clock = db, jobs, clock
        self._reviewing = Reviewing(jobs, clock)

    def answer(self, employment_id: int, by: str, said: str) -> None:
        """Take what is said by one press: one of `ANSWERS`."""
        if said not in ANSWERS:
            raise CorrectionError("unknown", "This button does nothing any more.")
        now = self._clock()
        with self._db.write() as tx:
            case = _case(tx, employment_id, by)
            hand = Hand(tx, now, f"rep:{case.who.id}", case.who.name)
            if said == "still":
                leaving.stay(hand, case.job)
            elif said == "undo":
                _undo(hand, case)
            elif case.job.until is None:
                leaving.leave(hand, case.job)
                named = named_successor(tx, case.contact) if said == "followed" else None
                if named and (named.get("name") or named.get("email")):
                    leaving.follow(hand, case.job, named)
            self._show(case, said, now, by)

    def succeed(self, employment_id: int, by: str, name: str, email: str = "", phone: str = "") -> None:
        """Somebody left, and whoever is named follows."""
        named = {
            "name": read_text(name, "name", needed=True),
            "email": _address(email),
            "phone": read_text(phone, "phone"),
        }
        now = self._clock()
        with self._db.write() as tx:
            case = _case(tx, employment_id, by)
            hand = Hand(tx, now, f"rep:{case.who.id}", case.who.name)
            leaving.leave(hand, case.job)
            leaving.follow(hand, case.job, named)
            self._show(case, "succeed", now, by)

    def readdress(self, employment_id: int, by: str, address: str) -> None:
        """Somebody is reached by another address."""
        new = _address(address, needed=True)
        now = self._clock()
        with self._db.write() as tx:
            case = _case(tx, employment_id, by)
            hand = Hand(tx, now, f"rep:{case.who.id}", case.who.name)
            leaving.readdress(hand, case.contact, _bad_address(tx, case, now), new or "")
            self._show(case, "readdress", now, by)

    def move(self, employment_id: int, by: str, employer: str) -> None:
        """Somebody works at another customer now: its id, or ``+`` and the name of one that is not known.

        They are kept with their history, and the owner of the relation is to get in touch.
        """
        now = self._clock()
        with self._db.write() as tx:
            case = _case(tx, employment_id, by)
            road = _said(tx, case, now, employer)
            account = _employer(road, employer)
            self._move(road, case, account)
            self._jobs.enqueue(tx, "reply", str(road.capture.id), lane=_lane(road.capture))
            self._show(case, "move", now, by)

    def _move(self, road: Filing, case: _Case, account: Account) -> None:
        leaving.move(Hand(case.tx, road.at, road.by, case.who.name), case.job, account)
        planning.plan_contact(road, case.owner or case.who, account, case.contact)

    # --------------------------------------------------------------------------------------------------- in words

    def understood(self, capture: Capture, message: Message, known: Crm) -> bool | None:
        """Whether a message under such a card said something of the person: it is kept then, once.

        None where it stands under no such card.
        """
        with self._db.read() as tx:
            employment_id = _spoken_of(tx, capture)
            if employment_id is None:
                return None
            job = tx.get_one(Employment, employment_id)
            told = read_told(message, known, tx.get_one(Contact, job.contact_id).name, str(job.account_id))
        if not told:
            return False
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture.id, with_for_update=True)
            if capture.state != "taken":
                return True
            case = _case(tx, employment_id, message.rep)
            capture.state = "answer"
            road = Filing(tx, capture, message, case.who, self._clock())
            self._tell(road, case, told)
            capture.reply_to = {**capture.reply_to, "leaver": employment_id}
            self._show(case, f"told-{capture.id}", road.at, capture.sender)
        return True

    def _tell(self, road: Filing, case: _Case, told: Told) -> None:
        """Do all that was said: undo alone, else who follows, where to, and which address."""
        hand = Hand(road.tx, road.at, road.by, case.who.name)
        if told.undo:
            _undo(hand, case)
            return
        if told.still:
            leaving.stay(hand, case.job)
        if told.left or told.successor or told.employer:
            leaving.leave(hand, case.job)
        if told.successor:
            one = told.successor
            leaving.follow(hand, case.job, {"name": one.name, "email": one.email, "phone": one.phone, "role": one.role})
        if told.employer:
            self._move(road, case, _meant(road, told))
            self._jobs.enqueue(road.tx, "reply", str(road.capture.id), lane=_lane(road.capture))
        if told.address:
            old = None if told.employer else _bad_address(road.tx, case, road.at)
            leaving.readdress(hand, case.contact, old, told.address)

    def unsay(self, tx: Tx, capture: Capture) -> None:
        """Take back what a message said of somebody: it was worded anew, or deleted."""
        employment_id = capture.reply_to.get("leaver")
        job = tx.get(Employment, employment_id) if employment_id else None
        if job is None or capture.rep_id is None:
            return
        case, now = _case(tx, job.id, tx.get_one(Rep, capture.rep_id).email), self._clock()
        _take_back(Hand(tx, now, f"rep:{case.who.id}", case.who.name), changes.by(tx, f"message:{capture.id}"))
        capture.reply_to = {key: value for key, value in capture.reply_to.items() if key != "leaver"}
        self._show(case, f"unsaid-{capture.id}", now, capture.sender)

    def _show(self, case: _Case, why: str, now: datetime, by: str) -> None:
        """Let the employments say what is known now, and the card follow."""
        case.tx.flush()
        self._reviewing.review(case.tx, case.contact)
        told = f"{why}-{now.isoformat()}"
        self._reviewing.ask(case.tx, case.job, case.account, told, otherwise=lane_of(case.owner) if case.owner else by)


def _case(tx: Tx, employment_id: int, by: str) -> _Case:
    who, job = reps.by_sender(tx, by), tx.get(Employment, employment_id)
    if who is None or job is None:
        raise CorrectionError("unknown", "This button does nothing any more.")
    account, contact = tx.get_one(Account, job.account_id), tx.get_one(Contact, job.contact_id)
    owner = signs.owner_of(tx, account, contact.id)
    if not may_settle(tx, who, owner):
        raise CorrectionError("not_owner", f"That is for {owner.name if owner else 'a manager'} to say.")
    return _Case(tx, job, contact, account, who, owner)


def may_settle(tx: Tx, who: Rep, owner: Rep | None) -> bool:
    """A clerk cannot close it, although contacts are theirs to edit: the owner knows, or somebody above."""
    if owner is not None and who.id == owner.id:
        return True
    return who.role == "manager" and (owner is None or owner.id in team_of(tx, who.id))


def named_successor(tx: Tx, contact: Contact) -> dict[str, Any] | None:
    """Whom the latest answer named as the one who follows."""
    named = [one.successor for one in signs.of_contact(tx, contact) if one.successor]
    return dict(named[-1]) if named else None


def last_said(tx: Tx, job: Employment, contact: Contact) -> list[Change]:
    """What the last word about somebody changed: of their employments, their addresses, and what it brought anew."""
    ours = {("employment", one.id) for one in contact.employments} | {("contact", contact.id)}
    spoken = [
        one
        for record, record_id in sorted(ours)
        for one in changes.of(tx, record, record_id)
        if one.field in SETTLING or one.field == "emails"
    ]
    if not spoken:
        return []
    last = max(spoken, key=lambda one: one.id)
    return [one for one in changes.by(tx, last.by, at=last.at) if _concerns(one, ours, job)]


def may_undo(tx: Tx, job: Employment, contact: Contact, today: date) -> bool:
    """Whether the last word about somebody can be taken back by one press."""
    made = last_said(tx, job, contact)
    return bool(made) and today - made[-1].at.date() <= UNDO


def _concerns(change: Change, ours: set[tuple[str, int]], job: Employment) -> bool:
    if change.record == "visit":
        return (change.field, change.new) == ("status", "planned")
    brought = change.field == "created" and change.record in {"account", "contact"}
    return (change.record, change.record_id) in ours or (brought and change.record_id != job.account_id)


def _undo(hand: Hand, case: _Case) -> None:
    """Take back the last word about somebody."""
    made = last_said(hand.tx, case.job, case.contact)
    if not may_undo(hand.tx, case.job, case.contact, hand.at.date()):
        raise CorrectionError("unknown", "This button does nothing any more.")
    _take_back(hand, made)


def _take_back(hand: Hand, made: list[Change]) -> None:
    planned = [one.record_id for one in made if (one.record, one.field, one.new) == ("visit", "status", "planned")]
    for visit_id in planned:
        visit = hand.tx.get_one(Visit, visit_id)
        if visit.status == "planned":
            visit.withdrawn_at = visit.withdrawn_at or hand.at
    leaving.restore(hand, made)
    leaving.retire_unmet(hand, made)


def _spoken_of(tx: Tx, capture: Capture) -> int | None:
    """The employment that the card is about under which a message stands."""
    answered = capture.reply_to.get("answers")
    rep = tx.get(Rep, capture.rep_id) if answered and capture.rep_id else None
    if not answered or rep is None:
        return None
    sent = deliveries.find(tx, answered) or deliveries.posted_as(tx, capture.via, rep.email, answered)
    found = re.match(rf"{LETTERS}(\d+)-", sent.letter_id) if sent else None
    return int(found[1]) if found and tx.get(Employment, int(found[1])) else None


def _bad_address(tx: Tx, case: _Case, now: datetime) -> str | None:
    """The address that the signs speak of, the latest first; else the one that is written to."""
    theirs = [one.email for one in case.contact.emails]
    told = [one.address for one in signs.of_contact(tx, case.contact) if one.address in theirs]
    gone = liveliness_at(tx, case.contact, case.job, now.date()).signs
    return told[-1] if told and gone else next(iter(theirs), None)


def _address(typed: str, *, needed: bool = False) -> str | None:
    address = (read_text(typed, "address", needed=needed) or "").strip("<>").removeprefix("mailto:").lower()
    if address and not _ADDRESS.fullmatch(address):
        raise CorrectionError("email", "This is no mail address.")
    return address or None


def _said(tx: Tx, case: _Case, now: datetime, employer: str) -> Filing:
    """What was chosen in a form as a message of the one who chose it: a planned visit belongs to one."""
    sent: Delivery | None = deliveries.find(tx, letter_id(tx, case.job))
    slack = sent is not None and sent.via == "slack" and case.who.slack_id is not None
    via, sender = ("slack", case.who.slack_id or "") if slack else ("web", case.who.email)
    place: Mapping[str, Any] = sent.receipt if sent and slack else {}
    message = Message(
        via=via, rep=case.who.email, sent_at=now, source_id=f"{LETTERS}{case.job.id}:{now.isoformat()}",
        text=f"{case.contact.name}: {case.account.name} → {_shown(tx, employer)}",
    )  # fmt: skip
    capture, _ = captures.take(
        tx,
        {
            "via": via, "source_id": message.source_id, "sender": sender.lower(), "rep_id": case.who.id,
            "sent_at": now, "taken_at": now, "text": message.text, "message": to_json(message), "state": "answer",
            "reply_to": {"channel": place.get("channel"), "thread_ts": place.get("ts")} if place else {},
            "language": case.who.language,
        },
    )  # fmt: skip
    return Filing(tx, capture, message, case.who, now)


def _shown(tx: Tx, employer: str) -> str:
    known = tx.get(Account, int(employer)) if re.fullmatch(r"\d{1,9}", employer, re.ASCII) else None
    return known.name if known else employer.removeprefix("+")


def _employer(road: Filing, employer: str) -> Account:
    """The account of this id, or a new one of the name after the ``+``."""
    if re.fullmatch(r"\d{1,9}", employer, re.ASCII):
        known = road.tx.get(Account, int(employer))
        if known is None or known.retired_at is not None:
            raise CorrectionError("no_account", "This account does not exist any more.")
        return known
    return filing.add_account(road, read_text(employer.removeprefix("+"), "employer", needed=True) or "")


def _meant(road: Filing, told: Told) -> Account:
    meant = told.employer
    if meant is None or not (meant.id or meant.name):
        raise CorrectionError("shape", "It is not said where.")
    return _employer(road, meant.id or f"+{meant.name}")


def _lane(capture: Capture) -> str | None:
    place = capture.reply_to.get("channel") or capture.sender
    return None if capture.via == "web" else f"{capture.via}:{place}"
