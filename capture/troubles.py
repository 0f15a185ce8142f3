"""Trouble with a mailbox, Slack, mail or jobs reaches an administrator, by a medium that is not in trouble itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, render
from letters.ways import way_to
from store import deliveries, heartbeats, troubles, webhooks
from store.db import Db, Tx
from store.tables import Delivery, Heartbeat, Rep, Trouble

TELL = "trouble"
"""The job that tells one administrator of one trouble, or that it passed."""
PATIENCE = timedelta(minutes=10)
"""What passes by itself within so long is nobody's business."""
BAD = frozenset({"refused", "unreachable"})


class Troubles:
    """The use cases. ``tick`` is called every minute by every worker."""

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], clock: Callable[[], datetime],
        patience: timedelta = PATIENCE,
    ) -> None:  # fmt: skip
        self._db, self._jobs, self._couriers, self._clock = db, jobs, dict(couriers), clock
        self._patience = patience

    @property
    def work(self) -> dict[str, Job]:
        """The job that a worker needs to know."""
        return {TELL: Job(self.tell)}

    def tick(self) -> None:
        """Notice what began and what passed, and have the administrators told."""
        now, shelved = self._clock(), self._jobs.shelved()
        with self._db.read() as tx:
            found = dict(self._found(heartbeats.heard(tx, now - heartbeats.FORGOTTEN), now))
            found |= webhooks.failed(tx)
            if shelved:
                found["jobs"] = str(shelved)
            if found.keys() == troubles.lasting(tx):
                return
        with self._db.write() as tx:
            changed = [("began", one) for one in troubles.notice(tx, found, now)]
            changed += [("passed", one) for one in troubles.end(tx, found.keys(), now)]
            for how, trouble_id in changed:
                for rep in troubles.administrators(tx):
                    self._jobs.enqueue(tx, TELL, f"{how}:{trouble_id}:{rep.id}")

    def tell(self, arg: str) -> None:
        """Tell one administrator, once. Raises `JobError`."""
        how, trouble_id, rep_id = arg.split(":")
        with self._db.read() as tx:
            trouble, rep = tx.get_one(Trouble, int(trouble_id)), tx.get_one(Rep, int(rep_id))
            letter_id = f"trouble-{how}-{trouble_id}-{rep_id}"
            way = self._way(rep, trouble.what)
            if way is None or deliveries.find(tx, letter_id) is not None:
                return
        via, to = way
        letter = render("trouble", rep.language, what=trouble.what, says=trouble.says, passed=how == "passed")
        try:
            receipt = self._couriers[via].send(letter_id, letter, to)
        except CourierError as error:
            raise JobError.of(error) from error
        with self._db.write() as tx:
            self._keep(tx, letter_id, via, to, receipt)

    def _keep(self, tx: Tx, letter_id: str, via: str, to: Mapping[str, Any], receipt: Mapping[str, Any]) -> None:
        recipient = str(to.get("channel") or to.get("address"))
        tx.add(
            Delivery(letter_id=letter_id, via=via, recipient=recipient, sent_at=self._clock(), receipt=dict(receipt))
        )

    def _way(self, rep: Rep, what: str) -> tuple[str, dict[str, str]] | None:
        """Not by mail of a mailbox that fails, nor by Slack of Slack; by it all the same where there is no other."""
        ailing = "email" if what.startswith("mailbox:") else what
        others = way_to(rep.slack_id, rep.email, self._couriers.keys() - {ailing})
        return others or way_to(rep.slack_id, rep.email, self._couriers)

    def _found(self, known: Sequence[Heartbeat], now: datetime) -> Iterator[tuple[str, str]]:
        living = [one for one in known if now - one.at < heartbeats.SILENT]
        yield from self._media(living, now)
        yield from self._mailboxes(known, living, now)

    def _media(self, living: Sequence[Heartbeat], now: datetime) -> Iterator[tuple[str, str]]:
        for process in living:
            for via, fares in process.facts.get("media", {}).items():
                since = fares["failing_since"]
                if since and now - datetime.fromisoformat(since) >= self._patience:
                    yield via, fares["says"]

    def _mailboxes(
        self, known: Sequence[Heartbeat], living: Sequence[Heartbeat], now: datetime
    ) -> Iterator[tuple[str, str]]:
        watched = set(_watched(living))
        for process in known:
            silent = process not in living and now - process.at >= self._patience
            for name, box in process.facts.get("mailboxes", {}).items():
                lasts = now - datetime.fromisoformat(box["since"]) >= self._patience
                if name not in watched and (silent or (lasts and box["state"] in BAD)):
                    yield f"mailbox:{name}", "" if silent else box["says"]


def _watched(processes: Sequence[Heartbeat]) -> Iterator[str]:
    for process in processes:
        yield from (name for name, box in process.facts.get("mailboxes", {}).items() if box["state"] == "watched")
