"""Contacts stay alive: what bounces and answers say is gathered, and the owner is asked when somebody seems gone."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from capture.hearing import Heard, is_proved
from capture.leaver_letter import leaver_of
from capture.leavers import UNDO, Leavers
from capture.liveliness import POINTS, Sign, liveliness
from capture.reviewing import Reviewing, letter_id, letter_ids
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, Letter, render
from letters.model import Leaver
from letters.ways import way_to
from store import changes, deliveries, reps, sendings, signs
from store.db import Db, Tx
from store.tables import Account, Contact, Delivery, Employment, Sending

log = logging.getLogger("debrief.capture")

BATCH = 200
SETTLED = timedelta(hours=1)
"""After so long every mail that was taken in before is there to be seen: none waits in a transaction any more."""


class Vitality:
    """The use cases. ``read`` tells what an automatic mail says of our contacts' addresses."""

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], clock: Callable[[], datetime], url: str | None,
        read: Callable[[bytes], Sequence[Heard]],
    ) -> None:  # fmt: skip
        self._db, self._jobs, self._couriers, self._clock, self._url = db, jobs, dict(couriers), clock, url
        self._read, self._reviewing = read, Reviewing(jobs, clock)
        self.leavers = Leavers(db, jobs, clock)

    @property
    def work(self) -> dict[str, Job]:
        """The job that a worker needs to know."""
        return {"ask_owner": Job(lambda arg: self.tell(int(arg.partition(":")[0])), attempts=20)}

    def tick(self) -> int:
        """Look into the automatic mails that came, then at whom they are about; how many mails. Every minute."""
        with self._db.read() as tx:
            waiting = [(one.id, one.sent_at) for one in signs.unread(tx, BATCH)]
        for capture_id, at in waiting:
            self._look_into(capture_id, at)
        if len(waiting) < BATCH:
            self._forget_read()
        if self._has_something_to_look_at():
            self._look_at_all()
        return len(waiting)

    def _has_something_to_look_at(self) -> bool:
        """Whether anything changed since the last look, and no other worker is at it."""
        with self._db.read() as tx:
            number = signs.stir(tx, self._clock())
        if number is None:
            return False
        with self._db.write() as tx:
            return signs.claim_look(tx, number)

    def _look_at_all(self) -> None:
        today = self._clock().date()
        with self._db.read() as tx:
            changing = [one.contact_id for one in signs.in_doubt(tx) if _changes(one, today)]
        for contact_id in changing:
            with self._db.write() as tx:
                self._reviewing.review(tx, tx.get_one(Contact, contact_id))
        self._follow_reports()

    def _forget_read(self) -> None:
        """Let the list of mails that were looked into stay short."""
        with self._db.read() as tx:
            upto = signs.all_read_upto(tx, self._clock() - SETTLED)
        if upto is not None:
            with self._db.write() as tx:
                signs.forget_read(tx, upto)

    def _look_into(self, capture_id: int, at: datetime) -> None:
        """Note what one automatic mail says; one that cannot be read holds up none of the others."""
        with self._db.read() as tx:
            raw = signs.raw_of(tx, capture_id)
        heard: Sequence[Heard] = ()
        try:
            heard = self._read(raw)
        except Exception:
            log.exception("the automatic mail of capture %d cannot be looked into", capture_id)
        with self._db.write() as tx:
            if signs.mark_read(tx, capture_id):
                for one in heard:
                    self._note(tx, capture_id, one, at)

    def _follow_reports(self) -> None:
        """Have letters shown anew of whom a report said since that they left, or one that was taken back."""
        with self._db.read() as tx:
            asked = signs.asked_of(tx, self._clock().date() - UNDO)
            names = letter_ids(tx, asked)
            sent = deliveries.find_all(tx, list(names.values()))
            behind = [
                (job.id, _version(tx, job), kept.recipient)
                for job in asked
                if (kept := sent.get(names[job.id])) and kept.letter.get("left") != _left(job)
            ]
            lanes = {email: reps.by_email(tx, email) for _, _, email in behind}
        if behind:
            with self._db.write() as tx:
                for job_id, version, email in behind:
                    owner = lanes[email]
                    lane = (owner and owner.slack_id) or email
                    self._jobs.enqueue(tx, "ask_owner", f"{job_id}:version-{version}", lane=lane)

    def _note(self, tx: Tx, capture_id: int, heard: Heard, at: datetime) -> None:
        if heard.kind not in POINTS:
            return
        sent = _sending(tx, heard, at)
        if sent is not None:
            sendings.came_back(tx, sent, heard.address, heard.kind, at.date())
        proved = is_proved(heard, sendings.our_domains(tx))
        for contact in signs.contacts_at(tx, heard.address):
            values = {
                "contact_id": contact.id, "address": heard.address.lower(), "kind": heard.kind, "on": at.date(),
                "capture_id": capture_id, "words": heard.words, "successor": dict(heard.successor or {}),
                "proved": proved,
            }  # fmt: skip
            if signs.keep(tx, values):
                self._reviewing.review(tx, contact, news=str(capture_id))

    def look(self, employment_id: int) -> Leaver | None:
        """What is known of one employment; None where there is no such one."""
        with self._db.read() as tx:
            job = tx.get(Employment, employment_id)
            return leaver_of(tx, job, self._clock().date()) if job else None

    def tell(self, employment_id: int) -> None:
        """Ask the owner, or show in the same place what became of it."""
        with self._db.read() as tx:
            job = tx.get(Employment, employment_id)
            if job is None:
                return  # somebody took back that the person works there
            owner = signs.owner_of(tx, tx.get_one(Account, job.account_id), job.contact_id)
            leaver = leaver_of(tx, job, self._clock().date())
            name, said = letter_id(tx, job), _left(job)
            before = deliveries.find(tx, name)
        if owner is None or (before is None and not leaver.asks):
            return
        way = way_to(owner.slack_id, owner.email, self._couriers)
        if way is None:
            return
        letter = render("leaver", owner.language, leaver=leaver, url=self._url)
        via, receipt = self._carry(name, letter, before, way)
        told = {"subject": letter.subject, "text": letter.text, "left": said}
        with self._db.write() as tx:
            kept = deliveries.find(tx, name)
            if kept is not None:
                kept.via, kept.receipt, kept.letter = via, receipt, {**kept.letter, "left": said}
                return
            sent: dict[str, Any] = {"via": via, "recipient": owner.email, "sent_at": self._clock()}
            tx.add(Delivery(letter_id=name, receipt=receipt, letter=told, **sent))

    def _carry(
        self, name: str, letter: Letter, before: Delivery | None, way: tuple[str, dict[str, str]]
    ) -> tuple[str, dict[str, Any]]:
        """Send the letter, or change it where it was sent; anew where the medium is there no more that it went by."""
        courier = self._couriers.get(before.via) if before else None
        try:
            if before is not None and courier is not None:
                return before.via, courier.update(name, letter, before.receipt)
            return way[0], self._couriers[way[0]].send(name, letter, way[1])
        except CourierError as error:
            raise JobError.of(error) from error


def _sending(tx: Tx, heard: Heard, at: datetime) -> Sending | None:
    """Of which mailing a bounce tells: a list that was handed out, else the newsletter that is returned.

    A mail to one person alone tells of none, although the same address may have been on a list.
    """
    original = heard.original
    if original.is_known and not original.is_mailing:
        return None
    handed_out = sendings.last_handed_out(tx, heard.address, at.date())
    if handed_out is not None:
        return handed_out
    name = original.list_name or original.sender
    return sendings.of_newsletter(tx, name, original.subject, at) if original.is_mailing and name else None


def _left(job: Employment) -> str | None:
    """What a letter says of the leaving: the day."""
    return job.until.isoformat() if job.until else None


def _version(tx: Tx, job: Employment) -> int:
    """The last change of the employment."""
    return max((one.id for one in changes.of(tx, "employment", job.id)), default=0)


def _changes(doubted: signs.Doubted, today: date) -> bool:
    """Whether somebody seems gone who did not, or the other way round."""

    def gone(since: date | None) -> bool:
        told = (Sign(kind, on, proved=proved) for kind, on, proved in doubted.signs if since is None or on >= since)
        return liveliness(told, today).state == "stale"

    return any(stale != gone(since) for stale, since in doubted.jobs)
