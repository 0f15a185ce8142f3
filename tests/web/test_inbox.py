"""The inbox of open ends: what lands there, what can be done about it, and that nothing leaves it silently."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from parsing.model import Message
from store import changes, inbox, reps
from store.tables import Access, Account, Capture, PrivateNote, RepEmail, Visit
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, browsers

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"
STRANGER = "noor.thuis@elders.example"
REPORT = "vanmorgen bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    return build_house(sqlite_url, **SIGNED_IN)


@pytest.fixture
def browser(house: TestHouse) -> Iterator[httpx.Client]:
    """Bas's, as an operator."""
    with browsers(house.house) as browser:
        yield browser(BAS, "operator")


def mails(house: TestHouse, sender: str, text: str = REPORT, **more: object) -> int:
    message = Message(via="email", rep=sender, sent_at=house.clock(), text=text, source_id=f"{sender} {text}")
    place = {"address": sender, "subject": "Bezoek", "message_id": "<a@b>"}
    raw = f"From: {sender}\n\n{text}".encode()
    return house.house.assistant.accept(message, raw=raw, reply_to=place, **more).capture_id  # type: ignore[arg-type]


def state(house: TestHouse, capture_id: int) -> str:
    with house.house.db.read() as tx:
        return tx.get_one(Capture, capture_id).state


def reads(house: TestHouse, capture_id: int) -> None:
    house.house.assistant.file(capture_id)


def test_what_needs_a_person_is_listed_and_what_does_not_is_not(house: TestHouse, browser: httpx.Client) -> None:
    stranger, forged = mails(house, STRANGER), mails(house, NOOR, doubt="found no proof")
    broken = mails(house, JONAS, "half a mail", problem="unreadable")
    asked, fine = house.says("gisteren bij de klant geweest", JONAS), house.says(REPORT, NOOR)
    reads(house, asked)
    reads(house, fine)
    page = browser.get("/inbox").text
    for capture_id in (stranger, forged, broken):
        assert f'href="/inbox/{capture_id}"' in page
    for capture_id in (asked, fine):
        assert f'href="/inbox/{capture_id}"' not in page
    house.clock.now += timedelta(days=1, minutes=1)
    assert f'href="/inbox/{asked}"' in browser.get("/inbox?kind=asked").text
    assert {"refused": 1, "forged": 1, "failed": 1, "asked": 1} == house.house.ends.counts()


def test_a_message_that_nothing_took_up_is_noticed(house: TestHouse, browser: httpx.Client) -> None:
    lost = house.says(REPORT, NOOR)
    assert "Nothing is open" in browser.get("/inbox").text
    house.clock.now += timedelta(hours=2)
    assert f'href="/inbox/{lost}"' in browser.get("/inbox").text
    assert 303 == browser.post(f"/inbox/{lost}/again").status_code
    house.run_jobs()
    assert "filed" == state(house, lost)


def test_the_message_is_shown_as_it_came_and_as_it_reads(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = mails(house, STRANGER, f"{REPORT}\n<script>alert(1)</script>")
    page = browser.get(f"/inbox/{capture_id}").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "From: noor.thuis" in page
    assert "Zuivelhuis Terwolde B.V." in page
    with house.house.db.read() as tx:
        assert ["message"] == list(tx.scalars(select(Access.thing)))


def test_what_is_private_in_it_is_not_shown(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = mails(house, NOOR, f"{REPORT}\nprivé: geheimpje", doubt="found no proof")
    with house.house.db.read() as tx:
        assert tx.scalars(select(PrivateNote.text)).one() == "geheimpje"
    assert "geheimpje" not in browser.get(f"/inbox/{capture_id}").text


def test_a_question_that_the_rep_left_open_is_answered_in_their_stead(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = house.says("gisteren bij de klant geweest, offerte maandag", NOOR)
    reads(house, capture_id)
    visit = house.visits()[-1]
    with house.house.db.read() as tx:
        account = tx.scalars(select(Account).where(Account.external_id == "V01")).one()
    house.clock.now += timedelta(days=2)
    assert account.name in browser.get(f"/inbox/{capture_id}?account={account.name[:6]}").text
    form = {"visit": visit.id, "account": account.id}
    assert 303 == browser.post(f"/inbox/{capture_id}/account", data=form).status_code
    assert 409 == browser.post(f"/inbox/{capture_id}/account", data=form).status_code
    with house.house.db.read() as tx:
        bas = reps.by_email(tx, BAS)
        assert account.id == tx.get_one(Visit, visit.id).account_id
        made = [one.by for one in changes.of(tx, "visit", visit.id) if one.field == "account_id"]
        assert bas
        assert [f"rep:{bas.id}"] == made
    assert "filed" == state(house, capture_id)


def test_what_an_unknown_sender_said_is_read_as_a_colleagues(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = mails(house, STRANGER)
    with house.house.db.read() as tx:
        noor = reps.by_email(tx, NOOR)
    assert noor
    assert 303 == browser.post(f"/inbox/{capture_id}/rep", data={"rep": noor.id}).status_code
    reads(house, capture_id)
    assert [noor.id] == [visit.rep_id for visit in house.visits()]
    with house.house.db.read() as tx:
        kept = tx.get_one(Capture, capture_id)
        assert kept.reply_to["address"] == kept.sender == NOOR, "a stranger's address is told nothing"
        assert tx.scalar(select(RepEmail).where(RepEmail.email == STRANGER)) is None
    assert "Nothing is open" in browser.get("/inbox").text


def test_a_sender_who_is_remembered_is_known_from_then_on(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = mails(house, STRANGER)
    with house.house.db.read() as tx:
        noor = reps.by_email(tx, NOOR)
    assert noor
    browser.post(f"/inbox/{capture_id}/rep", data={"rep": noor.id, "remember": "yes"})
    assert house.house.assistant.knows(STRANGER)
    with house.house.db.read() as tx:
        assert STRANGER == tx.get_one(Capture, capture_id).reply_to["address"]


def test_no_visit_takes_back_what_was_filed(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = house.says("gisteren bij de klant geweest", NOOR)
    reads(house, capture_id)
    assert 303 == browser.post(f"/inbox/{capture_id}/no_visit").status_code
    assert "nothing" == state(house, capture_id)
    assert all(visit.withdrawn_at for visit in house.visits())


def test_what_is_dismissed_needs_a_reason_and_is_told_as_settled(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = mails(house, STRANGER, "buy our pills")
    assert 409 == browser.post(f"/inbox/{capture_id}/dismiss", data={"reason": "  "}).status_code
    assert 303 == browser.post(f"/inbox/{capture_id}/dismiss", data={"reason": "advertising"}).status_code
    page = browser.get("/inbox").text
    assert "Nothing is open" in page
    assert "advertising" in page
    assert "refused" == state(house, capture_id)
    assert "Dismiss" in browser.get(f"/inbox/{capture_id}").text, "one may think better of it"


def test_work_that_gave_up_is_tried_again_or_given_up_for_a_reason(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = house.says(REPORT, NOOR, via="slack")
    house.run_jobs()
    page = browser.get("/inbox").text
    assert "nothing is set up to answer by slack" in page
    assert f'href="/inbox/{capture_id}"' in page
    assert 303 == browser.post("/inbox/jobs/again", data={"job": house.house.jobs.shelf()[0].id}).status_code
    house.run_jobs()
    form = {"job": house.house.jobs.shelf()[0].id, "reason": "we have no Slack"}
    assert 303 == browser.post("/inbox/jobs/drop", data=form).status_code
    assert not house.house.jobs.shelf()
    assert "we have no Slack" in browser.get("/inbox").text
    assert 409 == browser.post("/inbox/jobs/again", data=form).status_code


def test_only_those_who_settle_messages_have_the_inbox(house: TestHouse, browser: httpx.Client) -> None:
    capture_id = mails(house, STRANGER)
    for role, status in (("rep", 403), ("manager", 403), ("marketing", 403), ("administrator", 200)):
        with house.house.db.write() as tx:
            bas = reps.by_email(tx, BAS)
            assert bas
            bas.role = role
        assert status == browser.get("/inbox").status_code
        assert status == browser.get(f"/inbox/{capture_id}").status_code
        if status == 403:
            for way in ("account", "rep", "file", "again", "no_visit", "dismiss"):
                form = {"visit": 1, "account": 1, "rep": 1, "reason": "x"}
                assert 403 == browser.post(f"/inbox/{capture_id}/{way}", data=form).status_code, f"{way} as {role}"
    assert 404 == browser.get("/inbox/99999").status_code


def test_counting_asks_the_same_on_both_databases(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    mails(house, STRANGER)
    with house.house.db.read() as tx:
        assert {"refused": 1} == inbox.counts(tx, house.clock())
        assert house.clock() == inbox.oldest(tx, house.clock())
        assert [STRANGER] == [one.capture.sender for one in inbox.listed(tx, house.clock())]
        assert not inbox.settled_lately(tx)
