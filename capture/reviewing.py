"""What the signs about somebody add up to, employment by employment, and whom to ask about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from capture.leaving import Hand, set_job
from capture.liveliness import Liveliness, Sign, liveliness
from jobs import Jobs
from store import signs
from store.db import Tx
from store.tables import Account, Contact, Employment, Rep

RULE = "rule:liveliness"


@dataclass(frozen=True, slots=True)
class Reviewing:
    """Lets employments say what the signs add up to, and has owners asked."""

    jobs: Jobs
    clock: Callable[[], datetime]

    def review(self, tx: Tx, contact: Contact, news: str = "") -> None:
        """Look at each employment of the person; ask the owner when somebody seems gone, or is there after all.

        ``news`` names a sign that came just now: whoever was asked before is shown it, in the same place.
        """
        now = self.clock()
        for job, account in signs.jobs_of(tx, contact.id):
            found = liveliness_at(tx, contact, job, now.date())
            since = found.since if found.state == "stale" else None
            told = since.isoformat() if since else f"cleared-{now.date()}"
            if bool(since) != bool(job.stale_since):
                set_job(Hand(tx, now, RULE, RULE), job, stale_since=since)
            elif since and news:
                told = f"news-{news}"
            else:
                continue
            self.ask(tx, job, account, told)

    def ask(self, tx: Tx, job: Employment, account: Account, why: str, otherwise: str | None = None) -> None:
        """Have the owner's letter sent, or shown as it is now; once for each ``why``.

        Where nobody owns the account, in the lane of ``otherwise``, where that is given.
        """
        owner = signs.owner_of(tx, account, job.contact_id)
        lane = lane_of(owner) if owner else otherwise
        if lane is not None:
            self.jobs.enqueue(tx, "ask_owner", f"{job.id}:{why}", lane=lane)


def lane_of(owner: Rep) -> str:
    """The lane of letters to this person."""
    return owner.slack_id or owner.email


def liveliness_at(tx: Tx, contact: Contact, job: Employment, today: date) -> Liveliness:
    """What the signs since the employment began add up to: what came before speaks of another one."""
    told = [
        Sign(one.kind, one.on, one.words, proved=one.proved)
        for one in signs.of_contact(tx, contact)
        if job.since is None or one.on >= job.since
    ]
    met = signs.last_met(tx, contact.id)
    return liveliness([*told, *([Sign("met", met)] if met else [])], today)


def letter_id(tx: Tx, job: Employment) -> str:
    """One letter for each time that somebody seemed gone: the number of those times is in the history."""
    return letter_ids(tx, [job])[job.id]


def letter_ids(tx: Tx, jobs: Sequence[Employment]) -> dict[int, str]:
    """The same of many, by the employment."""
    times = signs.times_gone(tx, [one.id for one in jobs])
    return {one.id: f"leaver-{one.id}-{times.get(one.id, 0)}" for one in jobs}
