"""The brief that comes by itself, an hour before a visit that is planned with a time, to those who chose so."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from capture.asking import brief_of
from capture.rights import viewer
from capture.seen import note_account
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, Letter, render
from letters.answer import Answer
from letters.ways import way_to
from store import deliveries
from store.db import Db, Tx
from store.preferences import is_quiet
from store.tables import Delivery, Preference, Rep, Visit
from store.visits import BARE

BRIEF = "brief"
"""The job that sends one; its argument is a visit's id with the moment at which it begins."""
BEFORE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Briefs:
    """The use cases. ``ours`` says whether the database is this house's own: from a copy of it nobody is written to."""

    db: Db
    jobs: Jobs
    couriers: Mapping[str, Courier]
    clock: Callable[[], datetime]
    url: str | None
    ours: Callable[[], bool]

    @property
    def work(self) -> dict[str, Job]:
        """The job that a worker needs to know."""
        return {BRIEF: Job(self.send)}

    def tick(self) -> int:
        """Have the briefs sent that are due now; how many. Called every minute by each worker: each is sent once."""
        now = self.clock()
        with self.db.read() as tx:
            due = [arg for arg in _due(tx, now) if deliveries.find(tx, _letter_id(arg)) is None]
        if not due or not self.ours():
            return 0
        with self.db.write() as tx:
            for arg in due:
                self.jobs.enqueue(tx, BRIEF, arg)
        return len(due)

    def send(self, arg: str) -> None:
        """Send one; nothing where the visit is another one by now, or has begun. Raises `JobError`."""
        now, visit_id = self.clock(), int(arg.partition(":")[0])
        with self.db.read() as tx:
            if arg not in set(_due(tx, now, visit_id)) or deliveries.find(tx, _letter_id(arg)) is not None:
                return
            rep, account_id, letter = self._composed(tx, visit_id)
        way = way_to(rep.slack_id, rep.email, self.couriers)
        if letter is None or way is None:
            return
        via, to = way
        try:
            receipt = self.couriers[via].send(_letter_id(arg), letter, to)
        except CourierError as error:
            raise JobError.of(error) from error
        recipient = (rep.slack_id or "").lower() if via == "slack" else rep.email
        kept = {"subject": letter.subject, "text": letter.text}
        with self.db.write() as tx:
            tx.add(
                Delivery(
                    letter_id=_letter_id(arg), via=via, recipient=recipient, sent_at=now, receipt=receipt, letter=kept
                )
            )
        note_account(self.db, viewer(rep), now, "the brief before a visit", account_id)

    def _composed(self, tx: Tx, visit_id: int) -> tuple[Rep, int, Letter | None]:
        visit = tx.get_one(Visit, visit_id, options=BARE)
        rep, account_id = tx.get_one(Rep, visit.rep_id), visit.account_id or 0
        parts = brief_of(tx, rep, [account_id], visit.on)
        answer = Answer(parts=parts, url=self.url, ahead=visit.starts)
        return rep, account_id, render("answer", rep.language, answer=answer, today=visit.on) if parts else None


def _letter_id(arg: str) -> str:
    return f"brief-{arg.replace(':', '-')}"


def _due(tx: Tx, now: datetime, visit_id: int | None = None) -> Iterator[str]:
    """The arguments of the jobs for visits that begin within the hour, of those who chose so and are not left alone."""
    days = [(now + timedelta(days=days)).date() for days in (-1, 0, 1)]  # in whatever zone
    planned = (
        select(Visit.id, Visit.on, Visit.starts, Visit.timezone, Rep.timezone, Preference)
        .join(Rep, Rep.id == Visit.rep_id)
        .join(Preference, Preference.rep_id == Rep.id)
        .where(Preference.brief_when == "hour", Rep.active, Visit.status == "planned", Visit.withdrawn_at.is_(None))
        .where(Visit.on.in_(days), Visit.starts.is_not(None), Visit.account_id.is_not(None))
        .order_by(Visit.id)
    )
    if visit_id is not None:
        planned = planned.where(Visit.id == visit_id)
    for found_id, on, starts, zone, home, chosen in tx.execute(planned):
        begins = datetime.combine(on, starts or time(), ZoneInfo(zone))
        if now < begins <= now + BEFORE and not is_quiet(chosen, now.astimezone(ZoneInfo(home)).hour):
            yield f"{found_id}:{begins:%Y%m%d%H%M}"
