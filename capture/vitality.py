"""Contacts stay alive: what bounces and answers say is gathered, and the owner is asked when somebody seems gone."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from capture.liveliness import POINTS, Liveliness, Sign, liveliness
from capture.values import CorrectionError
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, render
from letters.model import Leaver, LeaverSign, SeenLine
from letters.ways import way_to
from store import changes, crm, deliveries, reps, signs
from store.db import Db, Tx
from store.sight import team_of
from store.tables import (
    Account,
    Change,
    Contact,
    ContactEmail,
    ContactPhone,
    ContactSign,
    Delivery,
    Employment,
    Rep,
)

log = logging.getLogger("debrief.capture")

BATCH = 200
RULE = "rule:liveliness"
ANSWERS = ("still", "left", "followed", "undo")
"""What an owner may say: still there, left, left and the named successor follows, not left after all."""
UNDO = timedelta(days=14)
"""How long after somebody left it can be undone by one press."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a mail says of one address. ``kind`` as in `POINTS`; ``successor``: ``name``, ``email``, ``phone``."""

    address: str
    kind: str
    words: str = ""
    successor: Mapping[str, str | None] | None = None


class Vitality:
    """The use cases. ``read`` tells what an automatic mail says of our contacts' addresses."""

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], clock: Callable[[], datetime], url: str | None,
        read: Callable[[bytes], Sequence[Heard]],
    ) -> None:  # fmt: skip
        self._db, self._jobs, self._couriers, self._clock, self._url = db, jobs, dict(couriers), clock, url
        self._read = read

    @property
    def work(self) -> dict[str, Job]:
        """The job that a worker needs to know."""
        return {"ask_owner": Job(lambda arg: self.tell(int(arg.partition(":")[0])), attempts=20)}

    def tick(self) -> int:
        """Look into the automatic mails that came, then at whom they are about; how many mails. Every minute."""
        with self._db.read() as tx:
            waiting = [(one.id, one.sent_at.date()) for one in signs.unread(tx, BATCH)]
        for capture_id, on in waiting:
            self._look_into(capture_id, on)
        today = self._clock().date()
        with self._db.read() as tx:
            changing = [one.contact_id for one in signs.in_doubt(tx) if _changes(one, today)]
        for contact_id in changing:
            with self._db.write() as tx:
                self._review(tx, tx.get_one(Contact, contact_id))
        self._follow_reports()
        return len(waiting)

    def _look_into(self, capture_id: int, on: date) -> None:
        """Note what one automatic mail says; one that cannot be read holds up none of the others."""
        with self._db.read() as tx:
            raw = signs.raw_of(tx, capture_id)
        heard: Sequence[Heard] = ()
        try:
            heard = self._read(raw)
        except Exception:
            log.exception("the automatic mail of capture %d cannot be looked into", capture_id)
        with self._db.write() as tx:
            for one in heard:
                self._note(tx, capture_id, one, on)
            signs.mark_read(tx, capture_id)

    def _follow_reports(self) -> None:
        """Have letters shown anew of whom a report said since that they left, or one that was taken back."""
        with self._db.read() as tx:
            behind = [
                (job.id, _version(tx, job), kept.recipient)
                for job in signs.asked_of(tx, self._clock().date() - UNDO)
                if (kept := deliveries.find(tx, _letter_id(tx, job))) and kept.letter.get("left") != _left(job)
            ]
            lanes = {email: reps.by_email(tx, email) for _, _, email in behind}
        if behind:
            with self._db.write() as tx:
                for job_id, version, email in behind:
                    owner = lanes[email]
                    lane = (owner and owner.slack_id) or email
                    self._jobs.enqueue(tx, "ask_owner", f"{job_id}:version-{version}", lane=lane)

    def _note(self, tx: Tx, capture_id: int, heard: Heard, on: date) -> None:
        if heard.kind not in POINTS:
            return
        for contact in signs.contacts_at(tx, heard.address):
            values = {
                "contact_id": contact.id, "address": heard.address.lower(), "kind": heard.kind, "on": on,
                "capture_id": capture_id, "words": heard.words, "successor": dict(heard.successor or {}),
            }  # fmt: skip
            if signs.keep(tx, values):
                self._review(tx, contact, news=str(capture_id))

    def _review(self, tx: Tx, contact: Contact, news: str = "") -> None:
        """Let the person's employments say what the signs add up to; ask the owner when somebody seems gone.

        ``news`` names a sign that came just now: whoever was asked before is shown it, in the same place.
        """
        now = self._clock()
        found = _liveliness(tx, contact, now.date())
        for job, account in signs.jobs_of(tx, contact.id):
            since = found.since if found.state == "stale" else None
            told = since.isoformat() if since else f"cleared-{now.date()}"
            if bool(since) != bool(job.stale_since):
                _note_change(tx, job, now, RULE, ("stale_since", since and since.isoformat()))
                job.stale_since = since
            elif since and news:
                told = f"news-{news}"
            else:
                continue
            owner = signs.owner_of(tx, account, contact.id)
            if owner is not None:
                self._jobs.enqueue(tx, "ask_owner", f"{job.id}:{told}", lane=owner.slack_id or owner.email)

    def answer(self, employment_id: int, by: str, said: str) -> None:
        """Take what the owner says of somebody who seemed gone: one of `ANSWERS`.

        Only the account's owner, whoever met the person last, or a manager of theirs may. Raises `CorrectionError`.
        """
        now = self._clock()
        with self._db.write() as tx:
            who = reps.by_sender(tx, by)
            job = tx.get(Employment, employment_id)
            if who is None or job is None or said not in ANSWERS:
                raise CorrectionError("unknown", "This button does nothing any more.")
            account, contact = tx.get_one(Account, job.account_id), tx.get_one(Contact, job.contact_id)
            owner = signs.owner_of(tx, account, contact.id)
            if not _may_settle(tx, who, owner):
                raise CorrectionError("not_owner", f"That is for {owner.name if owner else 'a manager'} to say.")
            if said == "still":
                tx.add(
                    ContactSign(contact_id=contact.id, address="", kind="still_there", on=now.date(), words=who.name)
                )
                tx.flush()
                self._review(tx, contact)
            elif said == "undo":
                _come_back(tx, job, who, now)
            elif job.until is None:
                self._leave(tx, job, contact, who, now, followed=said == "followed")
            lane = owner.slack_id or owner.email if owner else by
            self._jobs.enqueue(tx, "ask_owner", f"{job.id}:{said}-{now.isoformat()}", lane=lane)

    def _leave(self, tx: Tx, job: Employment, contact: Contact, who: Rep, now: datetime, *, followed: bool) -> None:
        job.until = now.date()
        _note_change(tx, job, now, f"rep:{who.id}", ("until", now.date().isoformat()))
        successor = _successor(tx, contact) if followed else None
        if successor and successor.get("name"):
            job.successor_id = _entered(tx, successor, job.account_id, now, who).id
            _note_change(tx, job, now, f"rep:{who.id}", ("successor", job.successor_id))
        crm.touch(tx)

    def tell(self, employment_id: int) -> None:
        """Ask the owner, or show in the same place what became of it."""
        with self._db.read() as tx:
            job = tx.get_one(Employment, employment_id)
            contact, account = tx.get_one(Contact, job.contact_id), tx.get_one(Account, job.account_id)
            owner = signs.owner_of(tx, account, contact.id)
            leaver = _leaver(tx, job, contact, account, self._clock().date())
            before = deliveries.find(tx, _letter_id(tx, job))
            letter_id, said = _letter_id(tx, job), _left(job)
        if owner is None or (before is None and not leaver.asks):
            return
        way = self._way(owner)
        if way is None:
            return
        letter = render("leaver", owner.language, leaver=leaver, url=self._url)
        courier = self._couriers[before.via if before else way[0]]
        try:
            receipt = (
                courier.update(letter_id, letter, before.receipt) if before else courier.send(letter_id, letter, way[1])
            )
        except CourierError as error:
            raise JobError.of(error) from error
        with self._db.write() as tx:
            kept = deliveries.find(tx, letter_id)
            if kept is not None:
                kept.receipt, kept.letter = receipt, {**kept.letter, "left": said}
                return
            tx.add(
                Delivery(
                    letter_id=letter_id, via=way[0], recipient=owner.email, sent_at=self._clock(), receipt=receipt,
                    letter={"subject": letter.subject, "text": letter.text, "left": said},
                )
            )  # fmt: skip

    def _way(self, rep: Rep) -> tuple[str, dict[str, str]] | None:
        return way_to(rep.slack_id, rep.email, self._couriers)


def _letter_id(tx: Tx, job: Employment) -> str:
    """One letter for each time that somebody seemed gone: the number of those times is in the history."""
    marks = select(Change.id, Change.new).where(
        Change.record == "employment", Change.record_id == job.id, Change.field == "stale_since"
    )  # fmt: skip
    times = [change_id for change_id, new in tx.execute(marks.order_by(Change.id)) if new]
    return f"leaver-{job.id}-{times[-1] if times else 0}"


def _left(job: Employment) -> str | None:
    """What a letter says of the leaving: the day."""
    return job.until.isoformat() if job.until else None


def _version(tx: Tx, job: Employment) -> int:
    """The last change of the employment."""
    return max((one.id for one in changes.of(tx, "employment", job.id)), default=0)


def _come_back(tx: Tx, job: Employment, who: Rep, now: datetime) -> None:
    """Undo that somebody left; who was entered as the one who follows stays a contact."""
    if job.until is None:
        return
    if now.date() - job.until > UNDO:
        raise CorrectionError("unknown", "This button does nothing any more.")
    by, record = f"rep:{who.id}", ("employment", job.id)
    changes.note(tx, at=now, by=by, record=record, field="until", old=job.until.isoformat())
    if job.successor_id is not None:
        changes.note(tx, at=now, by=by, record=record, field="successor", old=job.successor_id)
    job.until = job.successor_id = None
    tx.flush()
    crm.touch(tx)


def _changes(doubted: signs.Doubted, today: date) -> bool:
    """Whether somebody seems gone who did not, or the other way round."""
    gone = liveliness((Sign(kind, on) for kind, on in doubted.signs), today).state == "stale"
    return any(stale != gone for stale in doubted.stale)


def _liveliness(tx: Tx, contact: Contact, today: date) -> Liveliness:
    told = [Sign(one.kind, one.on, one.words) for one in signs.of_contact(tx, contact)]
    met = signs.last_met(tx, contact.id)
    return liveliness([*told, *([Sign("met", met)] if met else [])], today)


def _leaver(tx: Tx, job: Employment, contact: Contact, account: Account, today: date) -> Leaver:
    found = _liveliness(tx, contact, today)
    follower = tx.get(Contact, job.successor_id) if job.successor_id else None
    proposed = _successor(tx, contact)
    return Leaver(
        employment_id=job.id, name=contact.name, role=job.role, account=account.name, account_id=account.id,
        signs=tuple(LeaverSign(kind=one.kind, on=one.on, words=one.words) for one in found.signs),
        seen=tuple(SeenLine(rep=one.rep, on=one.on) for one in signs.met_by(tx, contact.id)),
        proposed=(proposed or {}).get("name"), left=job.until, successor=follower.name if follower else None,
        still=job.until is None and job.stale_since is None,
        undo=job.until is not None and today - job.until <= UNDO,
    )  # fmt: skip


def _successor(tx: Tx, contact: Contact) -> dict[str, Any] | None:
    """Whom the latest answer named as the one who follows."""
    named = [one.successor for one in signs.of_contact(tx, contact) if one.successor]
    return dict(named[-1]) if named else None


def _entered(tx: Tx, named: Mapping[str, Any], account_id: int, now: datetime, who: Rep) -> Contact:
    """The successor as a contact of the account: the one of that address or name where there is one."""
    address = str(named.get("email") or "").lower()
    for known in signs.contacts_at(tx, address) if address else ():
        return known
    here = select(Contact).join(Employment, Employment.contact_id == Contact.id).where(
        Employment.account_id == account_id, Contact.name == named["name"], Contact.retired_at.is_(None)
    )  # fmt: skip
    found = tx.scalar(here.options(selectinload(Contact.emails)))
    if found is not None:
        return found
    contact = Contact(name=str(named["name"]), created_at=now)
    contact.employments = [Employment(account_id=account_id, since=now.date())]
    contact.emails = [ContactEmail(email=address)] if address else []
    contact.phones = [ContactPhone(phone=str(named["phone"]))] if named.get("phone") else []
    tx.add(contact)
    tx.flush()
    tx.add(
        Change(
            at=now,
            record="contact",
            record_id=contact.id,
            field="created",
            old=None,
            new=contact.name,
            by=f"rep:{who.id}",
        )
    )
    return contact


def _may_settle(tx: Tx, who: Rep, owner: Rep | None) -> bool:
    """A clerk cannot close it: the owner, or somebody above."""
    if owner is not None and who.id == owner.id:
        return True
    return who.role == "manager" and (owner is None or owner.id in team_of(tx, who.id))


def _note_change(tx: Tx, job: Employment, at: datetime, by: str, change: tuple[str, Any]) -> None:
    field, new = change
    old = job.stale_since.isoformat() if field == "stale_since" and job.stale_since else None
    tx.add(Change(at=at, record="employment", record_id=job.id, field=field, old=old, new=new, by=by))
    tx.flush()
