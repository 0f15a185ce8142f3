"""What an operator watches, counted in the database: every process would say the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from store.db import Tx
from store.tables import Capture, Change, Delivery, DigestDay, Heartbeat, ParkedJob, Visit

WINDOW = timedelta(days=1)
LATEST = 500
"""Answers that the times are taken from, at most."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with its labels, as Prometheus has them."""

    name: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def figures(tx: Tx, now: datetime) -> Iterator[Figure]:
    """Everything that the database knows; "last day" is the last 24 hours."""
    since = now - WINDOW
    yield from _captures(tx, since)
    yield from _corrections(tx, since)
    yield from _answers(tx, since)
    yield from _digests(tx, since)
    yield from _processes(tx, now)
    yield from _parked(tx)


def _captures(tx: Tx, since: datetime) -> Iterator[Figure]:
    counted = select(Capture.via, Capture.state, func.count(Capture.id)).where(Capture.taken_at >= since)
    for via, state, count in tx.execute(counted.group_by(Capture.via, Capture.state)):
        yield Figure("captures_last_day", count, (("via", via), ("state", state)))
    asked = select(func.count(Visit.id)).where(Visit.account_id.is_(None), Visit.withdrawn_at.is_(None))
    yield Figure("questions_open", tx.scalar(asked) or 0)
    waiting = select(func.min(Capture.taken_at)).where(Capture.state == "taken", Capture.taken_at >= since)
    oldest = tx.scalar(waiting)
    yield Figure("captures_unread_oldest_seconds", (since + WINDOW - oldest).total_seconds() if oldest else 0)


def _corrections(tx: Tx, since: datetime) -> Iterator[Figure]:
    """What reps set right, by field: where the parser is worst."""
    counted = select(Change.field, func.count(Change.id)).where(
        Change.at >= since, Change.record == "visit", Change.by.startswith("rep:")
    )
    for field, count in tx.execute(counted.group_by(Change.field)):
        yield Figure("corrections_last_day", count, (("field", field),))


def _answers(tx: Tx, since: datetime) -> Iterator[Figure]:
    """From taken in to answered, and from answered to the last correction: seconds that a rep waits and spends."""
    latest = (
        select(Capture.taken_at, Delivery.sent_at)
        .join(Delivery, Delivery.capture_id == Capture.id)
        .where(Capture.taken_at >= since, Delivery.letter_id.startswith("reply-"))
        .order_by(Capture.id.desc())
        .limit(LATEST)
    )
    waited = sorted((sent - taken).total_seconds() for taken, sent in tx.execute(latest))
    yield from _quantiles("answer_seconds", waited)
    yield from _quantiles("rep_seconds", _spent(tx, since))


def _spent(tx: Tx, since: datetime) -> list[float]:
    last = func.max(Change.at)
    corrected = (
        select(Delivery.sent_at, last)
        .join(Visit, Visit.capture_id == Delivery.capture_id)
        .join(Change, (Change.record == "visit") & (Change.record_id == Visit.id) & Change.by.startswith("rep:"))
        .where(Delivery.sent_at >= since, Change.at >= since, Change.at >= Delivery.sent_at)
        .where(Delivery.letter_id.startswith("reply-"))
        .group_by(Delivery.id, Delivery.sent_at)
        .limit(LATEST)
    )
    return sorted((at - sent).total_seconds() for sent, at in tx.execute(corrected))


def _digests(tx: Tx, since: datetime) -> Iterator[Figure]:
    counted = select(DigestDay.kind, DigestDay.state, func.count(DigestDay.id)).where(DigestDay.begun_at >= since)
    for kind, state, count in tx.execute(counted.group_by(DigestDay.kind, DigestDay.state)):
        yield Figure("digests_last_day", count, (("kind", kind), ("state", state)))
    sent = select(DigestDay.begun_at, DigestDay.sent_at).where(
        DigestDay.begun_at >= since, DigestDay.sent_at.is_not(None)
    )
    took = sorted((sent_at - begun).total_seconds() for begun, sent_at in tx.execute(sent.limit(LATEST)) if sent_at)
    yield from _quantiles("digest_seconds", took)


def _processes(tx: Tx, now: datetime) -> Iterator[Figure]:
    for one in tx.scalars(select(Heartbeat)):
        process = ("process", one.process)
        yield Figure("process_heard_seconds_ago", (now - one.at).total_seconds(), (process, ("kind", one.kind)))
        for name, box in one.facts.get("mailboxes", {}).items():
            yield Figure("mailbox_watched", box["state"] == "watched", (process, ("mailbox", name)))
        for via, fares in one.facts.get("media", {}).items():
            medium = (process, ("medium", via))
            yield Figure("letters_sent", fares["sent"], medium)
            yield Figure("letters_limited", fares["limited"], medium)
            yield Figure("medium_failing", fares["failing_since"] is not None, medium)


def _parked(tx: Tx) -> Iterator[Figure]:
    for medium, count in tx.execute(select(ParkedJob.medium, func.count(ParkedJob.id)).group_by(ParkedJob.medium)):
        yield Figure("jobs_parked", count, (("medium", medium),))


def _quantiles(name: str, sorted_seconds: list[float]) -> Iterator[Figure]:
    for quantile in (0.5, 0.95, 0.99):
        if sorted_seconds:
            at = min(int(len(sorted_seconds) * quantile), len(sorted_seconds) - 1)
            yield Figure(name, sorted_seconds[at], (("quantile", str(quantile)),))
