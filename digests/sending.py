"""When digests go out: at each person's own hour, once a day, caught up after an outage until noon."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from digests import timing
from digests.composing import Composed, House, Wanted, choose_url, compose
from digests.timing import Slot, slot
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, Letter
from letters.ways import way_to
from store import days_off, preferences, reps
from store.db import Db, Tx
from store.digests import begin
from store.tables import Delivery, DigestDay, Preference, Rep

log = logging.getLogger("debrief.digests")

BATCH = 200
ROLES = tuple(timing.DAILY)


class Digests:
    """The use cases: look who is due, compose for many at once, send each.

    ``ours`` says whether the database is this house's own: from a copy of it nobody is written to.
    """

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], clock: Callable[[], datetime], url: str | None,
        ours: Callable[[], bool] = lambda: True, council: bool = False,
    ) -> None:  # fmt: skip
        self._db, self._jobs, self._couriers, self._clock = db, jobs, dict(couriers), clock
        self._house, self._ours = House(url, council), ours

    @property
    def work(self) -> dict[str, Job]:
        """The jobs that a worker needs to know."""
        return {
            "compose_digests": Job(self.compose, patient=True),
            "send_digest": Job(lambda arg: self.send(int(arg)), attempts=9, patient=True),
        }

    def tick(self) -> int:
        """Begin the digests that are due now; how many. Called every minute by each worker: each is begun once."""
        now = self._clock()
        with self._db.read() as tx:
            if not self._due(tx, now):
                return 0
        if not self._ours():
            return 0
        with self._db.write() as tx:  # looks again: another worker may have begun them meanwhile
            due = self._due(tx, now)
            return sum(self._begin(tx, due[first : first + BATCH], now) for first in range(0, len(due), BATCH))

    def _begin(self, tx: Tx, due: Sequence[tuple[Rep, Slot]], now: datetime) -> int:
        """Begin these together; how many of them no other worker has begun in the same moment."""
        batch = uuid4().hex
        shared = {"batch": batch, "state": "begun", "begun_at": now, "letter": {}, "numbers": []}
        rows = [{"rep_id": rep.id, "day": one.day, "kind": one.kind, "until": one.until, **shared} for rep, one in due]
        begun = begin(tx, rows)
        if begun:
            self._jobs.enqueue(tx, "compose_digests", batch)
        return len(begun)

    def begin(self, address: str, day: date) -> bool:
        """Begin one person's digest of a day whatever the hour; False where it was begun before, or they read none."""
        with self._db.write() as tx:
            rep = reps.by_email(tx, address)
            kind = self._kind(tx, rep, day) if rep else None
            if rep is None or kind is None:
                return False
            if tx.scalar(select(DigestDay.id).where(DigestDay.rep_id == rep.id, DigestDay.day == day)):
                return False
            return bool(self._begin(tx, [(rep, Slot(day, kind, None))], self._clock()))

    def look(self, address: str, day: date, *, weekly: bool = False) -> Letter | None:
        """One person's digest of a day as it would be; None where there is nothing to say. Nothing is sent."""
        with self._db.read() as tx:
            rep = reps.by_email(tx, address)
            kind = self._kind(tx, rep, day) if rep else None
            if rep is None or kind is None:
                return None
            wanted = Wanted(rep, day, timing.WEEKLY[rep.role] if weekly else kind)
            composed = compose(tx, [wanted], self._house, self._clock()).get((rep.id, day))
            return composed.letter if composed else None

    @staticmethod
    def _kind(tx: Tx, rep: Rep, day: date) -> str | None:
        """Which digest somebody is shown who asks for it, also on a day on which none would come."""
        off = days_off.of(tx, [rep.id], day - timing.LOOK_BACK, day)
        return timing.kind_of(rep, preferences.of(tx, rep.id), day, off[rep.id]) or timing.DAILY.get(rep.role)

    def compose(self, batch: str) -> None:
        """Write the digests of a batch, in a fixed number of statements, and have each sent."""
        begun = select(DigestDay, Rep).join(Rep, Rep.id == DigestDay.rep_id)
        begun = begun.where(DigestDay.batch == batch, DigestDay.state == "begun")
        with self._db.read() as tx:  # nobody waits for a writer that renders
            letters = self._composed(tx, [Wanted(rep, row.day, row.kind) for row, rep in tx.execute(begun)])
        with self._db.write() as tx:
            rows = tx.execute(begun).all()
            for row, rep in rows:
                self._keep(tx, row, letters.get((rep.id, row.day)))
            tx.flush()
            for row, rep in rows:
                if row.state == "made":
                    self._jobs.enqueue(tx, "send_digest", str(row.id), lane=rep.slack_id or rep.email)

    def _keep(self, tx: Tx, row: DigestDay, composed: Composed | None) -> None:
        row.state = "made" if composed else "empty"
        if composed:
            row.letter, row.numbers = _kept(composed.letter), list(composed.numbers)
            if composed.asks:
                preferences.to_change(tx, row.rep_id).rhythm_asked_at = self._clock()

    def _composed(self, tx: Tx, wanted: Sequence[Wanted]) -> dict[tuple[int, date], Composed]:
        """The letters of a batch; where one cannot be written the others are, each by itself."""
        try:
            return compose(tx, wanted, self._house, self._clock())
        except SQLAlchemyError:
            raise
        except Exception:
            if len(wanted) > 1:
                return {key: letter for one in wanted for key, letter in self._composed(tx, [one]).items()}
            log.exception("the digest of person %d cannot be written", wanted[0].rep.id)
            return {}

    def send(self, digest_id: int) -> None:
        """Send one digest by Slack, or by mail to those who are not there; not when it is no news any more."""
        with self._db.read() as tx:
            row = tx.get_one(DigestDay, digest_id)
            rep = tx.get_one(Rep, row.rep_id)
            choose = choose_url(tx, rep.id, self._house.url)
        if row.state != "made" or not rep.active:
            return
        if row.until is not None and self._clock() >= row.until:
            with self._db.write() as tx:
                tx.get_one(DigestDay, digest_id).state = "late"
            return
        way = way_to(rep.slack_id, rep.email, self._couriers)
        if way is None:
            raise JobError("neither Slack nor SMTP is set up to send it by", permanent=True)
        self._carry(row, rep, way[0], _to(way[0], way[1], choose))

    def _carry(self, row: DigestDay, rep: Rep, via: str, to: Mapping[str, Any]) -> None:
        letter_id, told = f"digest-{row.id}", Letter(**{**row.letter, "blocks": tuple(row.letter["blocks"])})
        try:
            receipt = self._couriers[via].send(letter_id, told, to)
        except CourierError as error:
            raise JobError.of(error) from error
        # As a capture's sender: an answer in the letter's own thread finds it by that.
        recipient = (rep.slack_id or "").lower() if via == "slack" else rep.email
        with self._db.write() as tx:
            kept = tx.get_one(DigestDay, row.id)
            kept.state, kept.sent_at = "sent", self._clock()
            tx.add(
                Delivery(
                    letter_id=letter_id, via=via, recipient=recipient, sent_at=self._clock(), receipt=receipt,
                    letter={"subject": told.subject, "text": told.text},
                )
            )  # fmt: skip

    def _due(self, tx: Tx, now: datetime) -> Sequence[tuple[Rep, Slot]]:
        """Those of `_due` whom a digest can reach."""
        if not {"slack", "email"} & set(self._couriers):
            return ()
        return [(rep, one) for rep, one in _due(tx, now) if way_to(rep.slack_id, rep.email, self._couriers)]


def _to(via: str, place: Mapping[str, str], choose: str | None) -> dict[str, Any]:
    """Where a digest goes. A mail that nobody wrote to us for says how it is ended (RFC 8058)."""
    if via != "email":
        return dict(place)
    return {**place, "list": "digest", **({"unsubscribe": choose} if choose else {})}


def _due(tx: Tx, now: datetime) -> Sequence[tuple[Rep, Slot]]:
    """Who is to get a digest now, and which, in three statements."""
    people = tx.execute(
        select(Rep, Preference)
        .outerjoin(Preference, Preference.rep_id == Rep.id)
        .where(Rep.active, Rep.role.in_(ROLES))
        .order_by(Rep.id)
    )
    awake = [(rep, chosen) for rep, chosen in people if timing.is_hour(rep, chosen, now)]
    if not awake:
        return ()
    span = (now.date() - timing.LOOK_BACK, now.date() + timedelta(days=1))
    off = days_off.of(tx, [rep.id for rep, _ in awake], *span)
    due = [(rep, one) for rep, chosen in awake if (one := slot(rep, chosen, now, off[rep.id])) is not None]
    days = {one.day for _, one in due}
    begun = set(tx.execute(select(DigestDay.rep_id, DigestDay.day).where(DigestDay.day.in_(days))))
    return [(rep, one) for rep, one in due if (rep.id, one.day) not in begun]


def _kept(letter: Letter) -> dict[str, Any]:
    """The letter as a row keeps it. Its blocks are not copied one by one: of a thousand letters that takes seconds."""
    return {one.name: getattr(letter, one.name) for one in fields(letter)}
