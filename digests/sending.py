"""When digests go out: at each person's own hour, once a day, caught up after an outage until noon."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from digests.calendar import works_on
from digests.gathering import mornings, team_mornings
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, Letter, render
from letters.ways import way_to
from store import reps
from store.db import Db, Tx
from store.digests import begin
from store.tables import Delivery, DigestDay, Preference, Rep

log = logging.getLogger("debrief.digests")

HOUR = 8
"""When the digest comes to those who chose no hour."""
CATCH_UP = 4
"""How many hours later it still comes: at noon, yesterday is no news any more."""
BATCH = 200
KINDS = {"rep": "morning", "manager": "team"}
"""Which digest a role reads; others read none."""


class Digests:
    """The use cases: look who is due, compose for many at once, send each."""

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], clock: Callable[[], datetime], url: str | None
    ) -> None:
        self._db, self._jobs, self._couriers, self._clock, self._url = db, jobs, dict(couriers), clock, url

    @property
    def work(self) -> dict[str, Job]:
        """The jobs that a worker needs to know."""
        return {"compose_digests": Job(self.compose), "send_digest": Job(lambda arg: self.send(int(arg)), attempts=9)}

    def tick(self) -> int:
        """Begin the digests that are due now; how many. Called every minute by each worker: each is begun once."""
        now = self._clock()
        with self._db.read() as tx:
            if not self._due(tx, now):
                return 0
        with self._db.write() as tx:  # looks again: another worker may have begun them meanwhile
            due = self._due(tx, now)
            return sum(self._begin(tx, due[first : first + BATCH], now) for first in range(0, len(due), BATCH))

    def _begin(self, tx: Tx, due: Sequence[tuple[Rep, date]], now: datetime) -> int:
        """Begin these together; how many of them no other worker has begun in the same moment."""
        batch = uuid4().hex
        shared = {"batch": batch, "state": "begun", "begun_at": now, "letter": {}}
        rows = [{"rep_id": rep.id, "day": day, "kind": KINDS[rep.role], **shared} for rep, day in due]
        begun = begin(tx, rows)
        if begun:
            self._jobs.enqueue(tx, "compose_digests", batch)
        return len(begun)

    def begin(self, address: str, day: date) -> bool:
        """Begin one person's digest of a day whatever the hour; False where it was begun before, or they read none."""
        with self._db.write() as tx:
            rep = reps.by_email(tx, address)
            if rep is None or rep.role not in KINDS:
                return False
            if tx.scalar(select(DigestDay.id).where(DigestDay.rep_id == rep.id, DigestDay.day == day)):
                return False
            return bool(self._begin(tx, [(rep, day)], self._clock()))

    def look(self, address: str, day: date) -> Letter | None:
        """One person's digest of a day as it would be; None where there is nothing to say. Nothing is sent."""
        with self._db.read() as tx:
            rep = reps.by_email(tx, address)
            return compose(tx, [(rep, day)], self._url).get((rep.id, day)) if rep else None

    def compose(self, batch: str) -> None:
        """Write the digests of a batch, in a fixed number of statements, and have each sent."""
        begun = select(DigestDay, Rep).join(Rep, Rep.id == DigestDay.rep_id)
        begun = begun.where(DigestDay.batch == batch, DigestDay.state == "begun")
        with self._db.read() as tx:  # nobody waits for a writer that renders
            letters = self._composed(tx, [(rep, row.day) for row, rep in tx.execute(begun)])
        with self._db.write() as tx:
            rows = tx.execute(begun).all()
            for row, rep in rows:
                letter = letters.get((rep.id, row.day))
                row.state = "made" if letter else "empty"
                if letter:
                    row.letter = asdict(letter)
            tx.flush()
            for row, rep in rows:
                if row.state == "made":
                    self._jobs.enqueue(tx, "send_digest", str(row.id), lane=rep.slack_id or rep.email)

    def _composed(self, tx: Tx, due: Sequence[tuple[Rep, date]]) -> dict[tuple[int, date], Letter]:
        """The letters of a batch; where one cannot be written the others are, each by itself."""
        try:
            return compose(tx, due, self._url)
        except SQLAlchemyError:
            raise
        except Exception:
            if len(due) > 1:
                return {key: letter for one in due for key, letter in self._composed(tx, [one]).items()}
            log.exception("the digest of person %d cannot be written", due[0][0].id)
            return {}

    def send(self, digest_id: int) -> None:
        """Send one digest by Slack, or by mail to those who are not there."""
        with self._db.read() as tx:
            row = tx.get_one(DigestDay, digest_id)
            rep = tx.get_one(Rep, row.rep_id)
        if row.state != "made" or not rep.active:
            return
        way = self._way(rep)
        if way is None:
            raise JobError("neither Slack nor SMTP is set up to send it by", permanent=True)
        via, to = way
        letter_id = f"digest-{digest_id}"
        told = Letter(**{**row.letter, "blocks": tuple(row.letter["blocks"])})
        try:
            receipt = self._couriers[via].send(letter_id, told, to)
        except CourierError as error:
            raise JobError(str(error), permanent=error.permanent, after_s=error.after_s) from error
        with self._db.write() as tx:
            row = tx.get_one(DigestDay, digest_id)
            row.state, row.sent_at = "sent", self._clock()
            tx.add(
                Delivery(
                    letter_id=letter_id, via=via, recipient=rep.email, sent_at=self._clock(), receipt=receipt,
                    letter={"subject": told.subject, "text": told.text},
                )
            )  # fmt: skip

    def _due(self, tx: Tx, now: datetime) -> Sequence[tuple[Rep, date]]:
        """Those of `_due` whom a digest can reach."""
        if not {"slack", "email"} & set(self._couriers):
            return ()
        return [(rep, day) for rep, day in _due(tx, now) if self._way(rep)]

    def _way(self, rep: Rep) -> tuple[str, dict[str, str]] | None:
        return way_to(rep.slack_id, rep.email, self._couriers)


def compose(tx: Tx, due: Iterable[tuple[Rep, date]], url: str | None) -> dict[tuple[int, date], Letter]:
    """The letters of these people for these days; nobody's who has nothing to read."""
    by_day: dict[date, list[Rep]] = {}
    for rep, day in due:
        by_day.setdefault(day, []).append(rep)
    letters: dict[tuple[int, date], Letter] = {}
    for day, people in by_day.items():
        languages = {rep.id: rep.language for rep in people}
        told = mornings(tx, [rep for rep in people if rep.role == "rep"], day)
        teams = team_mornings(tx, [rep for rep in people if rep.role == "manager"], day)
        for rep_id, morning in told.items():
            if not morning.is_empty:
                letters[rep_id, day] = render("morning", languages[rep_id], told=morning, url=url)
        for rep_id, team in teams.items():
            if not team.is_empty:
                letters[rep_id, day] = render("team", languages[rep_id], told=team, url=url)
    return letters


def _due(tx: Tx, now: datetime) -> Sequence[tuple[Rep, date]]:
    """Who is to get a digest now, and of which day, in two statements."""
    people = tx.execute(
        select(Rep, Preference.digest_hour)
        .outerjoin(Preference, Preference.rep_id == Rep.id)
        .where(Rep.active, Rep.role.in_(KINDS))
        .order_by(Rep.id)
    ).all()
    due = [(rep, day) for rep, hour in people if (day := _day_due(rep, hour, now)) is not None]
    if not due:
        return ()
    days = {day for _, day in due}
    begun = set(tx.execute(select(DigestDay.rep_id, DigestDay.day).where(DigestDay.day.in_(days))))
    return [(rep, day) for rep, day in due if (rep.id, day) not in begun]


def _day_due(rep: Rep, hour: int | None, now: datetime) -> date | None:
    """The rep's own day where it is one of work and its hour has come and is not long past."""
    there = now.astimezone(ZoneInfo(rep.timezone))
    begins = HOUR if hour is None else hour
    if not begins <= there.hour < begins + CATCH_UP:
        return None
    return there.date() if works_on(there.date(), rep.working_days, rep.timezone) else None
