"""How often digests come is their readers' to choose: on a page, on Home, and by their mail program."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import httpx
import pytest
from sqlalchemy import select

from digests import Digests
from digests.timing import kind_of, slot, window
from mail_ingest.courier import MailCourier, SmtpServer
from store import digests as kept
from store import reps
from store.preferences import of, to_change
from store.tables import DigestDay, Preference, Rep
from store.targets import set_target
from tests.conftest import TestHouse
from tests.servers.smtp import SmtpServer as Receiver
from tests.servers.web import served

NOOR = "noor@varenhof.example"
URL = "https://debrief.a-rather-long-name-of-a-machine.varenhof.example"
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
Mailed = tuple[TestHouse, EmailMessage]


@pytest.fixture
def mailed(build_house: Callable[..., TestHouse], sqlite_url: str, smtp: Receiver) -> Mailed:
    """A house, and the digest that Noor got by mail."""
    house = build_house(sqlite_url)
    post = MailCourier(SmtpServer("127.0.0.1", "Debrief <debrief@varenhof.example>", smtp.port, "none"))
    made = Digests(db=house.house.db, jobs=house.house.jobs, couriers={"email": post}, clock=house.clock, url=URL)
    with house.house.db.write() as tx:
        set_target(tx, noor_of(tx).id, "week", 10, date(2026, 1, 1))
    assert made.begin(NOOR, TUESDAY)
    with house.house.db.read() as tx:
        row = tx.scalars(select(DigestDay)).one()
    made.compose(row.batch)
    made.send(row.id)
    return house, smtp.mails[0]


def noor_of(tx: object) -> Rep:
    noor = reps.by_email(tx, NOOR)  # type: ignore[arg-type]
    assert noor
    return noor


def rhythm_of(house: TestHouse) -> str | None:
    with house.house.db.read() as tx:
        chosen = of(tx, noor_of(tx).id)
        return chosen.digest_rhythm if chosen else None


def test_a_digest_says_to_mail_programs_how_it_is_ended(mailed: Mailed) -> None:
    house, mail = mailed
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    place = re.fullmatch(rf"<{re.escape(URL)}(/digest/[\w.-]+)>", str(mail["List-Unsubscribe"]))
    assert place
    assert mail["List-Id"] == "<digest.debrief.varenhof.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as program:
        # As RFC 8058 has it: no cookie, no Referer, no Origin of ours, and no page is looked at before.
        told = program.post(
            place[1], data={"List-Unsubscribe": "One-Click"}, headers={"Origin": "https://mail.example"}
        )
    assert told.status_code == 200
    assert rhythm_of(house) == "never"


def test_the_page_asks_before_it_does_anything(mailed: Mailed) -> None:
    house, mail = mailed
    body = mail.get_body(("html",))
    assert body
    place = re.search(rf'href="{re.escape(URL)}(/digest/[^"]+)"', body.get_content())
    assert place
    with served(house.house.web()) as url, httpx.Client(base_url=url, timeout=30) as browser:
        looked = browser.get(place[1], params={"want": "weekly"})
        assert re.search(r'value="weekly" checked', looked.text)
        assert rhythm_of(house) is None
        assert browser.post(place[1], data={"want": "weekly"}).status_code == 200
        assert rhythm_of(house) == "weekly"
        elsewhere = browser.post(place[1], data={"want": "never"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert elsewhere.status_code == 403
        assert browser.post(place[1], data={"want": "sometimes"}).status_code == 422
        assert browser.post(place[1][:-2] + "xx", data={"want": "never"}).status_code == 410
    assert rhythm_of(house) == "weekly"


def test_home_offers_it_too(house: TestHouse) -> None:
    house.house.assistant.home.choose(NOOR, "digest_rhythm", "never")
    assert rhythm_of(house) == "never"
    house.house.assistant.home.choose(NOOR, "digest_rhythm", "-")
    assert rhythm_of(house) is None


# ------------------------------------------------------------------------------------------------------ when it comes


def person(role: str = "rep") -> Rep:
    return Rep(name="Noor", role=role, timezone="Europe/Amsterdam")


@pytest.mark.parametrize(
    ("role", "rhythm", "day", "kind"),
    [
        ("rep", None, MONDAY, "morning"), ("rep", "daily", MONDAY, "morning"), ("rep", "weekly", MONDAY, "week"),
        ("rep", "weekly", TUESDAY, None), ("rep", "never", MONDAY, None), ("manager", None, MONDAY, "team_week"),
        ("manager", None, TUESDAY, "team"), ("manager", "weekly", TUESDAY, None), ("manager", "never", TUESDAY, None),
        ("marketing", None, TUESDAY, None),
    ],
)  # fmt: skip
def test_which_digest_is_read_when(role: str, rhythm: str | None, day: date, kind: str | None) -> None:
    assert kind_of(person(role), Preference(rep_id=1, digest_rhythm=rhythm), day) == kind


def test_of_a_week_is_told_on_the_first_day_at_work_after_it() -> None:
    weekly = Preference(rep_id=1, digest_rhythm="weekly")
    easter_monday, tuesday = date(2026, 4, 6), date(2026, 4, 7)
    at = datetime(2026, 4, 6, 7, tzinfo=UTC)
    assert slot(person(), weekly, at) is None
    assert kind_of(person(), weekly, easter_monday + timedelta(days=1)) == "week"
    ill = slot(person(), weekly, at + timedelta(days=1), off={tuesday})
    assert ill is None
    back = slot(person(), weekly, at + timedelta(days=2), off={tuesday})
    assert back
    assert (back.kind, back.day) == ("week", date(2026, 4, 8))


@pytest.mark.parametrize(
    ("hour", "quiet", "hours"),
    [
        (None, (None, None), (8, 12)), (6, (None, None), (6, 12)), (17, (None, None), (17, 21)),
        (22, (None, None), (22, 24)), (None, (20, 10), (10, 12)), (None, (7, 12), None), (7, (20, 6), (7, 12)),
        (17, (18, 8), (17, 21)), (18, (18, 20), (20, 22)),
    ],
)  # fmt: skip
def test_it_waits_for_the_end_of_quiet_hours(
    hour: int | None, quiet: tuple[int | None, int | None], hours: tuple[int, int] | None
) -> None:
    chosen = Preference(rep_id=1, digest_hour=hour, quiet_from=quiet[0], quiet_until=quiet[1])
    assert window(chosen) == hours


# ---------------------------------------------------------------------------------------------------- left unread

NOW = datetime(2026, 3, 10, 8, tzinfo=UTC)


def sent(house: TestHouse, count: int) -> int:
    """So many digests were sent to Noor on the days before `NOW`; gives her id."""
    with house.house.db.write() as tx:
        noor = noor_of(tx)
        for n in range(count):
            at = NOW - timedelta(days=count - n)
            tx.add(
                DigestDay(
                    rep_id=noor.id, day=at.date(), kind="morning", batch="b", state="sent", begun_at=at, sent_at=at
                )
            )
        return noor.id


def asked(house: TestHouse, rep_id: int) -> bool:
    with house.house.db.read() as tx:
        return kept.to_ask(tx, [rep_id], NOW) == {rep_id}


def test_five_in_a_row_left_unread_are_asked_about(house: TestHouse) -> None:
    rep_id = sent(house, 5)
    assert asked(house, rep_id)


def test_four_are_not(house: TestHouse) -> None:
    assert not asked(house, sent(house, 4))


def wrote(house: TestHouse) -> None:
    house.clock.now = NOW - timedelta(days=3)
    house.says("Vanmorgen bij Smederij Kolk geweest.")


def looked_at_home(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        to_change(tx, noor_of(tx).id).home_opened_at = NOW - timedelta(days=1)


def was_asked_lately(house: TestHouse) -> None:
    with house.house.db.write() as tx:
        to_change(tx, noor_of(tx).id).rhythm_asked_at = NOW - timedelta(days=30)


@pytest.mark.parametrize("did", [wrote, looked_at_home, was_asked_lately])
def test_whoever_does_anything_here_is_not_asked(house: TestHouse, did: Callable[[TestHouse], None]) -> None:
    rep_id = sent(house, 5)
    did(house)
    assert not asked(house, rep_id)


def test_a_page_that_was_looked_at_counts_however_long_ago_one_signed_in(house: TestHouse) -> None:
    rep_id = sent(house, 5)
    house.clock.now = NOW - timedelta(days=20)
    token = house.house.signing_in.open_as(NOOR, "a browser")
    assert token
    assert asked(house, rep_id)
    house.clock.now = NOW - timedelta(days=2)
    assert house.house.signing_in.who(token)
    assert not asked(house, rep_id)


def test_the_question_comes_once_with_the_next_digest(house: TestHouse) -> None:
    rep_id = sent(house, 5)
    made = Digests(db=house.house.db, jobs=house.house.jobs, couriers={}, clock=lambda: NOW, url=URL)
    with house.house.db.write() as tx:
        set_target(tx, rep_id, "week", 10, date(2026, 1, 1))
    texts = []
    for day in (NOW.date(), NOW.date() + timedelta(days=1)):
        assert made.begin(NOOR, day)
        with house.house.db.read() as tx:
            batch = tx.scalars(select(DigestDay.batch).where(DigestDay.state == "begun")).one()
        made.compose(batch)
        with house.house.db.read() as tx:
            texts.append(tx.scalars(select(DigestDay).where(DigestDay.day == day)).one().letter["text"])
    assert "Eén keer per week" in texts[0]
    assert "Eén keer per week" not in texts[1]
