"""Who may see what: the table of rights as it is meant, and what follows from it on the pages."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, update

from capture.rights import RIGHTS, Reach, Viewer
from store import lessons, reps
from store.tables import Account, Rep, Visit
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, Browser

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"
MEANT = """
            visit      person     account    lesson     progress   message    house      own
rep         own/own    all/none   all/none   own/own    own/none   own/none   none/none  own/own
manager     team/none  all/none   all/none   team/team  team/team  team/none  none/none  own/own
operator    all/none   all/all    all/all    all/all    none/none  all/all    none/none  own/own
marketing   all/none   all/none   all/none   none/none  none/none  none/none  none/none  own/own
administrator all/all  all/all    all/all    all/all    all/all    all/all    all/all    own/own
"""


def meant() -> Iterator[tuple[str, str, str, str]]:
    head, *lines = [line.split() for line in MEANT.strip().splitlines()]
    for role, *cells in lines:
        for thing, cell in zip(head, cells, strict=True):
            read, edit = cell.split("/")
            yield role, thing, "read", read
            yield role, thing, "edit", edit


@pytest.mark.parametrize(("role", "thing", "verb", "reach"), list(meant()))
def test_each_role_reaches_as_far_as_is_meant(role: str, thing: str, verb: str, reach: str) -> None:
    viewer = Viewer(1, "Somebody", role)
    assert viewer.may(verb, thing) is Reach[reach.upper()]  # type: ignore[arg-type]


def test_every_right_is_in_the_table() -> None:
    said = {(role, thing) for role, thing, _, _ in meant()}
    assert said == {(role, thing) for role, things in RIGHTS.items() for thing in things}


def test_a_role_that_nobody_told_of_may_do_nothing() -> None:
    assert Viewer(1, "Somebody", "guest").may("read", "visit") is Reach.NONE


# --------------------------------------------------------------------------------------------------- on the pages


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """Noor and Jonas each reported a visit at an account that is theirs alone."""
    house = build_house(sqlite_url, **SIGNED_IN)
    assistant = house.house.assistant
    for rep, text in ((NOOR, "vanmorgen bij zuivelhuis terwolde geweest"), (JONAS, "heute bei Brauhaus Neu gewesen")):
        capture_id = house.says(text, rep)
        assistant.file(capture_id)
    with house.house.db.write() as tx:
        jonas = reps.by_email(tx, JONAS)
        tx.execute(
            update(Account).where(Account.name.contains("Brauhaus")).values(owner_id=jonas.id if jonas else None)
        )
    return house


@pytest.fixture
def guarded(house: TestHouse) -> TestHouse:
    return house


def visit_of(house: TestHouse, address: str) -> int:
    with house.house.db.read() as tx:
        rep = reps.by_email(tx, address)
        assert rep
        return tx.scalars(select(Visit.id).where(Visit.rep_id == rep.id)).one()


def test_a_rep_sees_what_is_theirs(house: TestHouse, as_: Browser) -> None:
    noor = as_(NOOR)
    listed = noor.get("/visits").text
    assert "Terwolde" in listed
    assert "Brauhaus" not in listed
    assert noor.get(f"/visits/{visit_of(house, NOOR)}").status_code == 200
    assert noor.get(f"/visits/{visit_of(house, JONAS)}").status_code == 404
    assert "Jonas" not in noor.get("/dashboard").text


def test_a_rep_sees_what_a_colleague_told_of_the_reps_own_accounts(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        noor = reps.by_email(tx, NOOR)
        tx.execute(update(Account).where(Account.name.contains("Brauhaus")).values(owner_id=noor.id if noor else None))
    assert as_(NOOR).get(f"/visits/{visit_of(house, JONAS)}").status_code == 200


def test_a_manager_sees_the_team_and_no_other(house: TestHouse, as_: Browser) -> None:
    bas = as_(BAS)
    for address in (NOOR, JONAS):
        assert bas.get(f"/visits/{visit_of(house, address)}").status_code == 200
    with house.house.db.write() as tx:
        tx.execute(update(Rep).where(Rep.name.startswith("Jonas")).values(manager_id=None))
    assert bas.get(f"/visits/{visit_of(house, JONAS)}").status_code == 404
    assert "Jonas" not in bas.get("/dashboard").text


@pytest.mark.parametrize(
    ("role", "dashboard", "learned"),
    [("operator", 403, 200), ("marketing", 403, 403), ("administrator", 200, 200), ("manager", 200, 200)],
)
def test_what_is_not_ones_business_is_refused(as_: Browser, role: str, dashboard: int, learned: int) -> None:
    browser = as_(BAS, role)
    assert browser.get("/dashboard").status_code == dashboard
    assert browser.get("/learned").status_code == learned
    assert browser.get("/inbox").status_code == (200 if role in {"administrator", "operator"} else 403)
    assert ("/dashboard" in browser.get("/visits").text) == (dashboard == 200)


def test_a_lesson_of_another_is_not_ended(house: TestHouse, as_: Browser) -> None:
    with house.house.db.read() as tx:
        account_id = tx.scalars(select(Account.id).where(Account.external_id == "V01")).one()
    house.house.assistant.correct(visit_of(house, JONAS), JONAS, "account", str(account_id))
    with house.house.db.read() as tx:
        ids = [one.lesson.id for one in lessons.listed(tx)]
    assert ids, "the correction taught something"
    assert as_(NOOR).post(f"/learned/{ids[0]}/forget").status_code == 403
    assert as_(JONAS).post(f"/learned/{ids[0]}/forget").status_code == 303


def test_who_may_read_no_lessons_is_shown_none_by_ending_one(house: TestHouse, as_: Browser) -> None:
    refused = as_(BAS, "marketing").post("/learned/999999/forget")
    assert refused.status_code == 403
    assert "Learned" not in refused.text.split("</title>")[0]


def test_a_role_that_nobody_told_of_is_shown_no_page(house: TestHouse, as_: Browser) -> None:
    with house.house.db.read() as tx:
        account_id = tx.scalars(select(Account.id).where(Account.external_id == "V01")).one()
    guest = as_(BAS, "guest")
    for place in ("/visits", f"/accounts/{account_id}", "/dashboard", "/learned", "/inbox"):
        assert guest.get(place).status_code == 403, place
    assert guest.get(f"/visits/{visit_of(house, NOOR)}").status_code == 404
    assert guest.get("/attachments/1").status_code == 404


def test_a_number_that_no_row_can_have_is_nobodys(as_: Browser) -> None:
    noor = as_(NOOR)
    for number in (2**31, 2**63, 10**30):
        for place in ("/visits/", "/accounts/", "/attachments/"):
            assert noor.get(f"{place}{number}").status_code in {404, 422}, f"{place}{number}"
        assert noor.get(f"/visits?rep={number}").status_code == 200
