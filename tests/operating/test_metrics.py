"""What Prometheus scrapes says what happened, and logs never say what somebody wrote."""

import json
import logging
from collections.abc import Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.logs import JsonLines
from store import heartbeats
from tests.conftest import TestHouse
from tests.servers.web import served

Samples = dict[str, float]


def scraped(house: TestHouse, token: str | None = None) -> Samples:
    with served(house.house.web()) as url:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = httpx.get(f"{url}/metrics", headers=headers)
    assert answer.status_code == 200, answer.text
    return {
        f"{one.name}{sorted(one.labels.values())}": one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


def test_a_day_in_figures(house: TestHouse) -> None:
    filed = house.says("Vanmiddag bij Zuivelhuis Terwolde geweest, Kees wil een offerte. Stuur ik vrijdag.")
    house.says("Bedankt!")
    house.run_jobs()
    house.clock.passes(seconds=40)
    [visit] = house.visits()
    house.house.assistant.correct(visit.id, "noor@varenhof.example", "medium", "phone")
    with house.house.db.write() as tx:
        box = {"INBOX at sales": {"state": "watched", "says": "", "since": house.clock.now.isoformat()}}
        heartbeats.beat(tx, "ingest a 1", "ingest", house.clock.now, {"mailboxes": box})
    got = scraped(house)
    assert got["debrief_captures_last_day['filed', 'web']"] == 1
    assert got["debrief_captures_last_day['nothing', 'web']"] == 1
    assert got["debrief_corrections_last_day['medium']"] == 1
    assert got["debrief_rep_seconds['0.5']"] == 40
    assert got["debrief_mailbox_watched['INBOX at sales', 'ingest a 1']"] == 1
    assert got["debrief_jobs_shelved[]"] == 0
    assert filed


def test_a_message_that_nobody_reads_shows_its_age(house: TestHouse) -> None:
    house.says("Vanmiddag bij Zuivelhuis Terwolde geweest.")
    house.clock.passes(seconds=90)
    got = scraped(house)
    assert got["debrief_captures_unread_oldest_seconds[]"] == 90
    assert got["debrief_jobs_waiting[]"] == 1
    assert got["debrief_jobs_oldest_seconds[]"] >= 0


def test_where_people_sign_in_the_token_opens_it_and_nothing_else(
    build_house: Callable[..., TestHouse], sqlite_url: str
) -> None:
    public = {"public_url": "https://debrief.example", "smtp": {"host": "127.0.0.1"}}
    house = build_house(sqlite_url, metrics_token="open sesame", **public)
    with served(house.house.web()) as url:
        assert httpx.get(f"{url}/metrics").status_code == 401
        assert httpx.get(f"{url}/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert scraped(house, "open sesame")


def test_where_people_sign_in_and_there_is_no_token_there_are_no_metrics(
    build_house: Callable[..., TestHouse], sqlite_url: str
) -> None:
    house = build_house(sqlite_url, public_url="https://debrief.example", smtp={"host": "127.0.0.1"})
    with served(house.house.web()) as url:
        assert httpx.get(f"{url}/metrics").status_code == 404


def test_a_log_line_is_one_json_object_also_of_a_failure() -> None:
    error = ValueError("gone\nwrong")
    record = logging.LogRecord(
        "debrief.jobs", logging.ERROR, __file__, 1, "job %s", ("file",), (ValueError, error, None)
    )
    line = JsonLines().format(record)
    told = json.loads(line)
    assert "\n" not in line
    assert (told["level"], told["message"]) == ("error", "job file")
    assert "ValueError" in told["error"]


SAID = "Zuivelhuis Terwolde zegt dat hun geheime marge 12 procent is"


def test_what_somebody_wrote_is_in_no_log_also_when_everything_fails(
    house: TestHouse, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from capture import filing  # noqa: PLC0415
    from store.tables import Visit  # noqa: PLC0415

    caplog.set_level(logging.DEBUG)

    def broken(road: object, *_: object, **__: object) -> None:
        tx = road.tx  # type: ignore[attr-defined]
        tx.add(Visit(number="V", capture_id=-1, rep_id=-1, on=None, created_at=None, report=SAID))  # type: ignore[arg-type]
        tx.flush()

    monkeypatch.setattr(filing, "file_visit", broken)
    with monkeypatch.context() as patched:
        patched.setattr("jobs.worker.pause_s", lambda _: 0.0)
        house.says(SAID)
        house.run_jobs()
    assert "gave up" in caplog.text
    assert "geheime marge" not in caplog.text
