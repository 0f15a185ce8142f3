"""Webhooks: other programs are told what happened, signed by the Standard Webhooks scheme (standardwebhooks.com).

What is told is kept in the transaction in which it happened, with the job that delivers it: with it or not at all.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

from capture.rights import Reach, Viewer
from capture.values import CorrectionError
from capture.webhook_events import EVENTS, Happened, happened
from jobs import Job, JobError, Jobs
from store import changes, webhooks
from store.db import Db, Tx
from store.tables import Webhook, WebhookDelivery

JOB = "webhook"
PAUSES_S = (5, 300, 1_800, 7_200, 18_000, 36_000)
"""Seconds until the next attempt, by how many there were; the last one again and again (Standard Webhooks, Retries)."""
GIVE_UP = timedelta(days=5)
"""A message that is so old is tried no more, and a webhook that took nothing for so long is switched off."""
KEPT = timedelta(days=30)
"""How long it is known what was delivered."""
GONE = 410
"""The status by which a webhook says that it wants nothing more."""
LONGEST_URL = 1_000


class PostError(Exception):
    """A message could not be posted; ``status`` is what was answered, None where nothing was."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status


class Post(Protocol):
    """Sends a body to an address, as `web.outgoing.Outgoing` does."""

    def check(self, url: str) -> None:
        """Raise `PostError` where nothing would ever be sent to this address."""

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send it; the status of 200 to 299 that was answered. Raises `PostError`."""


@dataclass(frozen=True, slots=True)
class Made:
    """A webhook was set up; its secret is told to whoever did it."""

    id: int
    secret: str


class Webhooks:
    """The use cases."""

    def __init__(self, *, db: Db, jobs: Jobs, clock: Callable[[], datetime], post: Post) -> None:
        self._db, self._jobs, self._clock, self._post = db, jobs, clock, post

    @property
    def work(self) -> dict[str, Job]:
        """The job that a worker needs to know. When it is tried again, and when no more, is decided here."""
        return {JOB: Job(self.deliver, attempts=100)}

    def tick(self) -> None:
        """Forget what was delivered, or given up, a while ago. A worker's chore."""
        before = self._clock() - KEPT
        with self._db.read() as tx:
            if not webhooks.any_to_clear(tx, before):
                return
        with self._db.write() as tx:
            webhooks.clear_away(tx, before)

    # --------------------------------------------------------------------------------------------- what is told

    def announce(self, tx: Tx) -> None:
        """Put on the way what this transaction did, to whoever wants to be told of it."""
        news = happened(changes.gathered(tx))
        told = {(one.url, one.id): one for one in webhooks.listening(tx)} if news else {}
        for one in news:
            wanting = [webhook for webhook in told.values() if one.event in webhook.events]
            for data in _data(tx, one) if wanting else ():
                self._put(tx, wanting, one.event, data)

    def _put(self, tx: Tx, wanting: Collection[Webhook], event: str, data: Mapping[str, Any]) -> None:
        now, message_id = self._clock(), f"msg_{uuid4().hex}"
        body = json.dumps({"type": event, "timestamp": now.isoformat(), "data": data}, ensure_ascii=False)
        for webhook in wanting:
            delivery = WebhookDelivery(webhook_id=webhook.id, message_id=message_id, event=event, body=body, at=now)
            tx.add(delivery)
            tx.flush()
            self._jobs.enqueue(tx, JOB, str(delivery.id), lane=_lane(webhook.id))

    # ------------------------------------------------------------------------------------------------ delivering

    def deliver(self, arg: str) -> None:
        """Deliver one message; ``arg`` is its id, and a word for each time that it is sent again by hand.

        Raises `JobError` where it is to be tried again.
        """
        with self._db.read() as tx:
            delivery = tx.get(WebhookDelivery, int(arg.partition(":")[0]))
            webhook = tx.get(Webhook, delivery.webhook_id) if delivery else None
        if delivery is None or webhook is None or delivery.state != "waiting" or not webhook.active:
            return
        at = int(self._clock().timestamp())
        body = delivery.body.encode()
        headers = {
            "webhook-id": delivery.message_id, "webhook-timestamp": str(at),
            "webhook-signature": sign(webhook.secret, delivery.message_id, at, body),
        }  # fmt: skip
        try:
            status = self._post.post(webhook.url, headers, body)
        except PostError as error:
            self._failed(delivery.id, error)
        else:
            self._delivered(delivery.id, status)

    def _delivered(self, delivery_id: int, status: int) -> None:
        with self._db.write() as tx:
            delivery, webhook = self._tried(tx, delivery_id, status, None)
            delivery.state, webhook.failing_since = "delivered", None

    def _failed(self, delivery_id: int, error: PostError) -> None:
        """Keep that an attempt failed, and see whether there is a next one. Raises `JobError` then."""
        now = self._clock()
        with self._db.write() as tx:
            delivery, webhook = self._tried(tx, delivery_id, error.status, str(error))
            webhook.failing_since = webhook.failing_since or now
            if error.status == GONE or now - webhook.failing_since >= GIVE_UP:
                webhook.active, webhook.problem = False, str(error)
            elif now - delivery.at < GIVE_UP:
                after_s = PAUSES_S[min(delivery.attempts, len(PAUSES_S)) - 1]
                again = JobError(f"webhook {webhook.id}: {error}", after_s=float(after_s))
            if not webhook.active or now - delivery.at >= GIVE_UP:
                delivery.state = "failed"
                return
        raise again from error

    def _tried(
        self, tx: Tx, delivery_id: int, status: int | None, problem: str | None
    ) -> tuple[WebhookDelivery, Webhook]:
        delivery = tx.get_one(WebhookDelivery, delivery_id, with_for_update=True)
        delivery.attempts, delivery.tried_at = delivery.attempts + 1, self._clock()
        delivery.status, delivery.problem = status, problem
        return delivery, tx.get_one(Webhook, delivery.webhook_id, with_for_update=True)

    # ---------------------------------------------------------------------------------------------- setting them up

    def add(self, who: Viewer, url: str, events: Collection[str]) -> Made:
        """Set a webhook up. Raises `CorrectionError`."""
        self._allowed(who)
        wanted = self._wanted(url, events)
        secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
        with self._db.write() as tx:
            by = f"rep:{who.rep_id}" if who.rep_id else "web"
            webhook = Webhook(url=url, events=wanted, secret=secret, made_at=self._clock(), made_by=by)
            tx.add(webhook)
            tx.flush()
            return Made(webhook.id, secret)

    def change(
        self, who: Viewer, webhook_id: int, *, url: str | None = None, events: Collection[str] | None = None,
        active: bool | None = None,
    ) -> None:  # fmt: skip
        """Let what is given be so. Switched on again, it is given what waited for it. Raises `CorrectionError`."""
        self._allowed(who)
        with self._db.read() as tx:
            before = self._known(tx, webhook_id)
        wanted = self._wanted(url or before.url, events if events is not None else before.events)
        with self._db.write() as tx:
            webhook = self._known(tx, webhook_id)
            webhook.url, webhook.events = url or webhook.url, wanted
            if active is not None and active != webhook.active:
                webhook.active, webhook.failing_since = active, None
                for one in webhooks.waiting(tx, webhook_id) if active else ():
                    self._again(tx, one)
            webhook.problem = None if active is not None else webhook.problem

    def remove(self, who: Viewer, webhook_id: int) -> None:
        """Forget a webhook, and what it was sent. Raises `CorrectionError`."""
        self._allowed(who)
        with self._db.write() as tx:
            tx.delete(self._known(tx, webhook_id))

    def resend(self, who: Viewer, webhook_id: int, delivery_id: int) -> None:
        """Send a message again, whatever became of it. Raises `CorrectionError`."""
        self._allowed(who)
        with self._db.write() as tx:
            webhook, delivery = self._known(tx, webhook_id), tx.get(WebhookDelivery, delivery_id)
            if delivery is None or delivery.webhook_id != webhook.id:
                raise CorrectionError("gone", "This message does not exist any more.")
            if not webhook.active:
                raise CorrectionError("as_is", "This webhook is switched off.")
            delivery.state, delivery.attempts = "waiting", 0
            self._again(tx, delivery)

    def test(self, who: Viewer, webhook_id: int) -> None:
        """Send a message that tells of nothing, to see whether it arrives. Raises `CorrectionError`."""
        self._allowed(who)
        with self._db.write() as tx:
            webhook = self._known(tx, webhook_id)
            if not webhook.active:
                raise CorrectionError("as_is", "This webhook is switched off.")
            self._put(tx, [webhook], "test", {})

    def _again(self, tx: Tx, delivery: WebhookDelivery) -> None:
        self._jobs.enqueue(tx, JOB, f"{delivery.id}:{uuid4().hex[:12]}", lane=_lane(delivery.webhook_id))

    def _wanted(self, url: str, events: Collection[str]) -> list[str]:
        """The events in their order, where both make sense."""
        try:
            self._post.check(url)
        except PostError as error:
            raise CorrectionError("url", str(error)) from error
        wanted = [event for event in EVENTS if event in events]
        if not wanted or set(events) - set(EVENTS) or len(url) > LONGEST_URL:
            raise CorrectionError("events", "A webhook needs at least one event, of: " + ", ".join(EVENTS))
        return wanted

    @staticmethod
    def _allowed(who: Viewer) -> None:
        if who.may("edit", "house") is not Reach.ALL:
            raise CorrectionError("not_yours", "Only administrators can do this.")

    @staticmethod
    def _known(tx: Tx, webhook_id: int) -> Webhook:
        webhook = tx.get(Webhook, webhook_id)
        if webhook is None:
            raise CorrectionError("gone", "There is no such webhook.")
        return webhook


def sign(secret: str, message_id: str, at: int, body: bytes) -> str:
    """The signature of a message that is sent at this second: ``v1,`` and a base64 HMAC-SHA256."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{message_id}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def _lane(webhook_id: int) -> str:
    """One that is slow holds up no other, and no answer to a rep."""
    return f"webhook:{webhook_id}"


def _data(tx: Tx, one: Happened) -> list[dict[str, Any]]:
    """What a message says: ids and days. Who wants to know more asks the API, as somebody who may."""
    if one.event == "action.done":
        return webhooks.done_of(tx, one.record_id, one.more["texts"])
    about = webhooks.about_visit if one.event.startswith("visit.") else webhooks.about_employment
    return [{**about(tx, one.record_id), **one.more}]
