"""What Prometheus scrapes: counted in the database, so that one process may be asked for all."""

import hmac
from collections.abc import Callable, Iterable
from datetime import datetime

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from jobs import Jobs
from store import metrics
from store.db import Db
from store.metrics import Figure

HELP = {
    "captures_last_day": "Messages taken in within 24 hours, by medium and how far they got.",
    "captures_unread_oldest_seconds": "How long the oldest message waits to be understood.",
    "questions_open": "Visits that wait for their rep to say which account.",
    "corrections_last_day": "What reps set right within 24 hours, by field.",
    "answer_seconds": "From a message taken in to its card, of the latest answers.",
    "rep_seconds": "From a card to the last correction on it, where there was one.",
    "digests_last_day": "Digests begun within 24 hours, by kind and how far they got.",
    "digest_seconds": "From a digest begun to sent.",
    "process_heard_seconds_ago": "Since when a process was not heard.",
    "mailbox_watched": "1 where this process watches the mailbox.",
    "letters_sent": "Letters that a process got through since it started.",
    "letters_limited": "How often a medium asked a process to wait (429) since it started.",
    "medium_failing": "1 where a process gets nothing through.",
    "jobs_waiting": "Jobs that are queued, delayed or under way.",
    "jobs_oldest_seconds": "How long the oldest job that is due waits.",
    "jobs_parked": "Jobs that wait for a medium that is away.",
    "jobs_shelved": "Jobs that gave up and wait for a person.",
}


def router(*, db: Db, clock: Callable[[], datetime], jobs: Jobs, token: str | None) -> APIRouter:
    """The route ``/metrics``; with a ``token`` only for who bears it."""
    routes = APIRouter()

    @routes.get("/metrics", include_in_schema=False)
    def scraped(request: Request) -> Response:
        """Every figure, in Prometheus' text format."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token is not None and not hmac.compare_digest(given.encode(), token.encode()):
            raise HTTPException(401, "The token of DEBRIEF_METRICS_TOKEN opens this.", {"WWW-Authenticate": "Bearer"})
        now = clock()
        with db.read() as tx:
            counted = list(metrics.figures(tx, now))
        counted += [
            Figure("jobs_waiting", jobs.waiting()),
            Figure("jobs_oldest_seconds", jobs.oldest_due_s(now)),
            Figure("jobs_shelved", jobs.shelved()),
        ]
        return Response(written(counted), media_type=CONTENT_TYPE_LATEST)

    return routes


def written(figures: Iterable[Figure]) -> bytes:
    """The figures in Prometheus' text format, each name once with its help."""
    registry = CollectorRegistry()
    gauges: dict[str, Gauge] = {}
    for one in figures:
        labels = dict(one.labels)
        if one.name not in gauges:
            gauges[one.name] = Gauge(f"debrief_{one.name}", HELP[one.name], list(labels), registry=registry)
        gauge = gauges[one.name]
        (gauge.labels(**labels) if labels else gauge).set(one.value)
    return generate_latest(registry)
