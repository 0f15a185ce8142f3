"""Somebody leaves: what they had goes to somebody else in one step, and back."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from capture import CorrectionError
from capture.handover import Handed
from capture.rights import HOST, viewer
from store import reps, sessions
from store.tables import Account, Action, ApiToken, Change, Contact, ContactSign, Rep, Row, Visit
from tests.conftest import TestHouse
from tests.servers.smtp import SmtpServer
from tests.servers.web import Browser
from tests.web.conftest import Pages, text_of

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"
REPORT = "gisteren bij zuivelhuis terwolde geweest met Kees, offerte sturen voor vrijdag"
QUESTION = "vandaag bij Hofstra geweest, mooi gesprek met de eigenaar"
LOGS = {"changes", "steps", "revisions", "web_sessions", "api_tokens"}
"""Tables that tell that something was done and taken back, and what is ended for good."""


@pytest.fixture
def house(build_house: Callable[..., TestHouse], database_url: str) -> TestHouse:
    """A house on SQLite, and again on PostgreSQL, in which Noor has all sorts of things."""
    made = build_house(database_url)
    busy(made)
    return made


def busy(house: TestHouse) -> None:
    for text in (REPORT, QUESTION, REPORT + " nogmaals"):
        house.house.assistant.file(house.says(text))
    with house.house.db.write() as tx:
        planned = tx.scalars(select(Visit).order_by(Visit.id.desc())).first()
        assert planned
        planned.status = "planned"
        marja = tx.scalars(select(Contact).where(Contact.name.startswith("Marja"))).one()
        address, today = marja.emails[0].email, house.clock().date()
        for ago in (3, 2):
            on = today - timedelta(days=ago)
            tx.add(ContactSign(contact_id=marja.id, address=address, kind="unknown_user", on=on))
        marja.employments[0].stale_since = today - timedelta(days=2)


def id_of(house: TestHouse, email: str) -> int:
    with house.house.db.read() as tx:
        rep = reps.anybody(tx, email)
        assert rep
        return rep.id


def everything(house: TestHouse) -> dict[str, list[str]]:
    with house.house.db.read() as tx:
        return {
            table.name: sorted(
                json.dumps(dict(row), default=str, sort_keys=True) for row in tx.execute(select(table)).mappings()
            )
            for table in Row.metadata.sorted_tables
            if table.name not in LOGS
        }


def test_what_somebody_had_goes_over_in_one_step(house: TestHouse) -> None:
    noor, jonas = id_of(house, NOOR), id_of(house, JONAS)
    told = house.house.handover.preview(noor, jonas, HOST)
    _, went = house.house.handover.hand_over(noor, jonas, HOST)
    assert told == went == Handed(accounts=4, actions=2, questions=1, planned=1, gone=1, reports=0)
    with house.house.db.read() as tx:
        assert not tx.get_one(Rep, noor).active
        assert [] == list(tx.scalars(select(Account.id).where(Account.owner_id == noor)))
        assert [] == list(tx.scalars(select(Action.id).where(Action.assignee_id == noor, Action.state == "open")))
        assert jonas == tx.scalars(select(Visit.rep_id).where(Visit.account_id.is_(None))).one()
        assert jonas == tx.scalars(select(Visit.rep_id).where(Visit.status == "planned")).one()
        assert [noor] == list(tx.scalars(select(Visit.rep_id).where(Visit.status == "held", Visit.account_id > 0)))
        noted = tx.scalars(select(Change).where(Change.record == "account", Change.field == "owner")).all()
        assert {("Noor Wijngaard", "Jonas Edelhoff")} == {(one.old, one.new) for one in noted}


def test_taking_it_back_leaves_every_table_as_it_was(house: TestHouse) -> None:
    before = everything(house)
    step_id, _ = house.house.handover.hand_over(id_of(house, NOOR), id_of(house, JONAS), HOST)
    assert before != everything(house)
    assert 0 == house.house.handover.undo(step_id, HOST)
    after = everything(house)
    for name, rows in before.items():
        assert rows == after[name], name
    with pytest.raises(CorrectionError):
        house.house.handover.undo(step_id, HOST)


def test_what_the_other_one_changed_since_stays(house: TestHouse) -> None:
    noor, jonas, bas = (id_of(house, one) for one in (NOOR, JONAS, BAS))
    step_id, _ = house.house.handover.hand_over(noor, jonas, HOST)
    with house.house.db.write() as tx:
        account = tx.scalars(select(Account).where(Account.owner_id == jonas).order_by(Account.id)).first()
        assert account
        account.owner_id, account_id = bas, account.id
    assert 1 == house.house.handover.undo(step_id, HOST)
    with house.house.db.read() as tx:
        assert bas == tx.get_one(Account, account_id).owner_id
        assert tx.get_one(Rep, noor).active


def test_who_leaves_is_signed_out_and_so_are_their_programs(house: TestHouse) -> None:
    noor = id_of(house, NOOR)
    with house.house.db.write() as tx:
        token = sessions.open_session(tx, noor, "a test", house.clock())
        tx.add(ApiToken(rep_id=noor, name="x", token_sha256="y", ending="z", scopes=[], made_at=house.clock()))
    step_id, _ = house.house.handover.hand_over(noor, id_of(house, JONAS), HOST)
    house.house.handover.undo(step_id, HOST)
    with house.house.db.read() as tx:
        assert sessions.signed_in(tx, token, house.clock()) is None
        assert house.clock() == tx.scalars(select(ApiToken.revoked_at)).one()


def test_a_managers_team_goes_over_and_nobody_leads_themselves(house: TestHouse) -> None:
    bas, jonas = id_of(house, BAS), id_of(house, JONAS)
    _, went = house.house.handover.hand_over(bas, jonas, HOST)
    assert went.reports > 1
    with house.house.db.read() as tx:
        led = {one.name: one.manager_id for one in tx.scalars(select(Rep).where(Rep.id != bas))}
    assert led.pop("Jonas Edelhoff") is None
    assert {jonas} == {one for one in led.values() if one}


def test_who_is_two_below_takes_over_and_nobody_leads_in_a_circle(house: TestHouse) -> None:
    bas, jonas, noor = (id_of(house, one) for one in (BAS, JONAS, NOOR))
    with house.house.db.write() as tx:
        tx.get_one(Rep, noor).manager_id = jonas
        tx.get_one(Rep, jonas).manager_id = bas
    before = everything(house)
    step_id, _ = house.house.handover.hand_over(bas, noor, HOST)
    with house.house.db.read() as tx:
        assert (None, noor) == (tx.get_one(Rep, noor).manager_id, tx.get_one(Rep, jonas).manager_id)
    assert 0 == house.house.handover.undo(step_id, HOST)
    assert before["reps"] == everything(house)["reps"]


@pytest.mark.parametrize("role", ["operator", "administrator"])
def test_a_manager_ends_nobodys_work_who_reaches_further(house: TestHouse, role: str) -> None:
    noor, jonas = id_of(house, NOOR), id_of(house, JONAS)
    with house.house.db.write() as tx:
        tx.get_one(Rep, noor).role = role
        manager = reps.anybody(tx, BAS)
        assert manager
        who = viewer(manager)
    with pytest.raises(CorrectionError):
        house.house.handover.hand_over(noor, jonas, who)
    house.house.handover.hand_over(noor, jonas, HOST)


def test_who_may_hand_over(house: TestHouse) -> None:
    noor, jonas, bas = (id_of(house, one) for one in (NOOR, JONAS, BAS))
    with house.house.db.read() as tx:
        who = {email: viewer(rep) for email in (NOOR, BAS) if (rep := reps.anybody(tx, email))}
    for one, from_id, to_id in ((NOOR, jonas, noor), (NOOR, noor, jonas), (BAS, bas, noor)):
        with pytest.raises(CorrectionError):
            house.house.handover.hand_over(from_id, to_id, who[one])
    for from_id, to_id in ((noor, noor), (noor, 9999), (9999, noor)):
        with pytest.raises(CorrectionError):
            house.house.handover.hand_over(from_id, to_id, HOST)
    house.house.handover.hand_over(noor, jonas, who[BAS])


def test_the_one_who_has_it_is_asked_of_those_who_seem_gone(
    build_house: Callable[..., TestHouse], sqlite_url: str, smtp: SmtpServer
) -> None:
    house = build_house(
        sqlite_url, public_url="http://127.0.0.1", smtp={"host": "127.0.0.1", "port": smtp.port, "tls": "none"}
    )
    busy(house)
    house.run_jobs()
    smtp.mails.clear()
    house.house.handover.hand_over(id_of(house, NOOR), id_of(house, JONAS), HOST)
    house.run_jobs()
    [mail] = smtp.mails
    assert JONAS in mail["To"]
    assert "Marja Doornbos" in mail["Subject"]


# --------------------------------------------------------------------------------------------------- on the pages


def test_the_page_shows_what_would_go_over_does_it_and_takes_it_back(pages: Pages) -> None:
    house = pages.house
    busy(house)
    noor, jonas = id_of(house, NOOR), id_of(house, JONAS)
    assert "Noor Wijngaard" in text_of(pages.get("/handover"))
    told = text_of(pages.get(f"/handover?leaver={noor}&heir={jonas}"))
    assert "From Noor Wijngaard to Jonas Edelhoff" in told
    assert "Accounts4" in told
    form = {"leaver": str(noor), "heir": str(jonas)}
    assert 403 == pages.client.post("/handover", data=form, headers={"sec-fetch-site": "cross-site"}).status_code
    assert 303 == pages.client.post("/handover", data=form).status_code
    page = pages.get("/handover")
    assert "Noor Wijngaard (gone)" in text_of(page)
    undo = page.css_first("form[action$=undo]")
    assert undo is not None
    assert 303 == pages.client.post(str(undo.attributes["action"])).status_code
    assert "taken back" in text_of(pages.get("/handover"))
    assert 409 == pages.client.post(str(undo.attributes["action"])).status_code


def test_in_a_large_house_people_are_named_by_their_addresses(pages: Pages) -> None:
    busy(pages.house)
    with pages.house.house.db.write() as tx:
        tx.add_all([Rep(name=f"Somebody {n}") for n in range(301)])
    page = pages.get(f"/handover?leaver={NOOR}&heir={JONAS}")
    assert "From Noor Wijngaard to Jonas Edelhoff" in text_of(page)
    assert "Somebody 7" not in page.html  # type: ignore[operator]  # there is a page
    assert "This is nobody here." in text_of(pages.get(f"/handover?leaver={NOOR}&heir=x@y.example", 422))


def test_what_makes_no_sense_is_told_in_words(pages: Pages) -> None:
    assert "This is nobody here." in text_of(pages.get("/handover?leaver=77&heir=x", 422))
    noor = id_of(pages.house, NOOR)
    answer = pages.client.post("/handover", data={"leaver": str(noor), "heir": str(noor)})
    assert (409, True) == (answer.status_code, "Nobody hands over to themselves." in answer.text)


@pytest.mark.parametrize(
    ("role", "status"),
    [("rep", 403), ("manager", 200), ("operator", 403), ("marketing", 403), ("administrator", 200), ("guest", 403)],
)
def test_managers_and_administrators_hand_over(guarded: TestHouse, as_: Browser, role: str, status: int) -> None:
    browser = as_(BAS, role)
    assert status == browser.get("/handover").status_code
    form = {"leaver": str(id_of(guarded, NOOR)), "heir": str(id_of(guarded, JONAS))}
    assert (303 if status == 200 else 403) == browser.post("/handover", data=form).status_code
    with guarded.house.db.read() as tx:
        assert (reps.by_email(tx, NOOR) is None) == (status == 200)
