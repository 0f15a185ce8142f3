"""Trouble with a mailbox, Slack or mail reaches an administrator by another medium, once, and its end too."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.heart import Heart
from mail_ingest import mailbox
from store import heartbeats, reps
from store.tables import Heartbeat, Trouble
from tests.conftest import TestHouse
from tests.servers.dovecot import Dovecot
from tests.servers.ports import until
from tests.servers.slack import SlackServer, load_manifest
from tests.servers.smtp import SmtpServer

MANIFEST = Path(__file__).parents[2] / "bot" / "manifest.yaml"


@pytest.fixture
def build(build_house: Callable[..., TestHouse], database_url: str, smtp: SmtpServer) -> Callable[..., TestHouse]:
    """Houses that send mail, with Bas as administrator."""

    def make(**settings: object) -> TestHouse:
        house = build_house(database_url, smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none"}, **settings)
        with house.house.db.write() as tx:
            bas = reps.by_email(tx, "bas@varenhof.example")
            assert bas is not None
            bas.role = "administrator"
        return house

    return make


def texts(smtp: SmtpServer) -> list[str]:
    return [mail.get_body(("plain",)).get_content() for mail in smtp.mails]  # type: ignore[union-attr]


def look(house: TestHouse, *hearts: Heart) -> None:
    """A minute's look, after each process has told how it is."""
    for heart in hearts:
        heart.beat()
    house.house.troubles.tick()
    house.run_jobs()


def beat(house: TestHouse, process: str, **facts: object) -> None:
    with house.house.db.write() as tx:
        heartbeats.beat(tx, process, "ingest", house.clock.now, facts)


def box(state: str, since: datetime) -> dict[str, dict[str, str]]:
    return {"INBOX at sales": {"state": state, "says": "[AUTHENTICATIONFAILED]", "since": since.isoformat()}}


def test_slack_that_takes_nothing_is_told_by_mail_and_its_return_by_mail_too(
    build: Callable[..., TestHouse], smtp: SmtpServer
) -> None:
    with SlackServer(load_manifest(MANIFEST), clock_scale=0.01) as slack:
        house = build(slack={"bot_token": slack.bot_token, "api_url": slack.base_url})
        with house.house.db.write() as tx:
            bas = reps.by_email(tx, "bas@varenhof.example")
            assert bas is not None
            bas.slack_id = slack.add_user("Bas", "bas@varenhof.example").id
        heart = house.house.heart("worker")
        tally = house.house.tallies["slack"]
        tally.failing_since, tally.says = house.clock.now, "Slack could not be reached"
        look(house, heart)
        assert texts(smtp) == []  # it may pass by itself
        house.clock.passes(minutes=11)
        for _ in range(3):
            look(house, heart)
        assert [told.splitlines()[0] for told in texts(smtp)] == [
            "Slack has taken nothing from Debrief for ten minutes."
        ]
        tally.failing_since = None
        look(house, heart)
        assert [told.splitlines()[0] for told in texts(smtp)][1:] == ["Slack takes what Debrief says again."]


def test_a_refused_login_is_told_with_the_servers_word(
    build: Callable[..., TestHouse], smtp: SmtpServer, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "REFUSED_S", (60,))
    house = build(mailbox={"host": "127.0.0.1", "port": dovecot.port, "tls": False, "username": dovecot.user,
                           "password": "wrong"})  # fmt: skip
    [watcher] = house.house.watchers()
    thread = threading.Thread(target=watcher.watch, daemon=True)
    thread.start()
    try:
        until(lambda: watcher.state.name == "refused", "the login is refused")
        heart = house.house.heart("ingest", [watcher])
        heart.beat()
        house.clock.passes(minutes=11)
        look(house, heart)
    finally:
        watcher.stop()
        thread.join(timeout=10)
    [told] = texts(smtp)
    assert told.startswith("The mailbox INBOX at 127.0.0.1 has not been read for ten minutes.")
    assert "AUTHENTICATIONFAILED" in told


def test_a_mailbox_that_another_process_watches_is_no_trouble(
    build: Callable[..., TestHouse], smtp: SmtpServer
) -> None:
    house = build()
    long_ago = house.clock.now - timedelta(hours=1)
    beat(house, "ingest a 1", mailboxes=box("unreachable", long_ago))
    beat(house, "ingest b 2", mailboxes=box("watched", long_ago))
    look(house)
    assert texts(smtp) == []


def test_a_mailbox_whose_process_fell_silent_is_told(build: Callable[..., TestHouse], smtp: SmtpServer) -> None:
    house = build()
    beat(house, "ingest a 1", mailboxes=box("watched", house.clock.now))
    house.clock.passes(minutes=5)
    look(house)
    assert texts(smtp) == []
    house.clock.passes(minutes=6)
    look(house)
    assert [told.splitlines()[0] for told in texts(smtp)] == [
        "The mailbox INBOX at sales has not been read for ten minutes."
    ]
    beat(house, "ingest b 2", mailboxes=box("watched", house.clock.now))
    look(house)
    assert "is read again" in texts(smtp)[1]


def test_two_workers_that_look_in_one_moment_tell_once(build: Callable[..., TestHouse], smtp: SmtpServer) -> None:
    house = build()
    beat(house, "ingest a 1", mailboxes=box("refused", house.clock.now - timedelta(hours=1)))
    threads = [threading.Thread(target=house.house.troubles.tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.run_jobs()
    assert len(smtp.mails) == 1
    with house.house.db.read() as tx:
        assert len(tx.scalars(select(Trouble)).all()) == 1


def test_a_process_that_ends_in_good_order_is_forgotten_and_a_dead_one_after_a_day(
    build: Callable[..., TestHouse],
) -> None:
    house = build()
    with house.house.heart("serve").beating():
        until(lambda: _processes(house) == 1, "it beats")
    assert _processes(house) == 0
    beat(house, "worker gone 1")
    house.clock.passes(days=2)
    beat(house, "worker here 2")
    assert _processes(house) == 1


def _processes(house: TestHouse) -> int:
    with house.house.db.read() as tx:
        return len(heartbeats.heard(tx, datetime(2000, 1, 1, tzinfo=UTC)))


def test_heartbeats_are_told_without_a_database(
    build: Callable[..., TestHouse], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    house = build()

    def away(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("gone"))

    monkeypatch.setattr(heartbeats, "beat", away)
    with house.house.heart("serve").beating():
        until(lambda: "the database cannot be asked" in caplog.text, "it is logged")
    with house.house.db.read() as tx:
        assert tx.scalars(select(Heartbeat)).all() == []


def test_a_login_that_is_refused_is_trouble_and_a_plea_to_wait_is_none(build: Callable[..., TestHouse]) -> None:
    from letters import CourierError  # noqa: PLC0415

    tally = build().house.tallies["email"]
    with pytest.raises(CourierError), tally.counted():
        raise CourierError("slower, please", after_s=3)
    assert (tally.limited, tally.failing_since) == (1, None)
    with pytest.raises(CourierError), tally.counted():
        raise CourierError("the login is refused", after_s=600, away="email")
    assert tally.failing_since is not None
