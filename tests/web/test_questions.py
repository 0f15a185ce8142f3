"""The pages' questions get the same answers on both databases."""

from collections.abc import Callable
from datetime import date, timedelta

from store import conversations, reps
from store.accounts import find_account
from store.db import Tx
from store.tables import Account, Action, Capture, Visit, VisitContact
from store.visits import PAGE, VisitFilter, find_visit, list_visits
from tests.conftest import MONDAY, TestHouse
from tests.web.conftest import NOOR


def visit_of(house: TestHouse, number: int, account_id: int | None = 1, **more: object) -> int:
    """File a visit by hand: what is asked here does not depend on what was understood."""
    with house.house.db.write() as tx:
        return add_visit(tx, number, account_id, **more)


def add_visit(tx: Tx, number: int, account_id: int | None = 1, **more: object) -> int:
    rep = reps.by_email(tx, NOOR)
    assert rep is not None
    capture = Capture(
        via="web", source_id=f"m{number}", sender=NOOR, rep_id=rep.id, sent_at=MONDAY, taken_at=MONDAY,
        text="said", message={"text": "said"}, reply_to={}, state="filed",
    )  # fmt: skip
    tx.add(capture)
    tx.flush()
    visit = Visit(
        number=f"V-2026-{number:05}", capture_id=capture.id, rep_id=rep.id, account_id=account_id,
        on=date(2026, 1, 1) + timedelta(days=number), created_at=MONDAY, contacts=[VisitContact(contact_id=1)],
        actions=[Action(text=f"do {number}", due=more.pop("due", None), assignee_id=rep.id)], **more,
    )  # type: ignore[arg-type]  # fmt: skip
    tx.add(visit)
    tx.flush()
    return visit.id


def test_a_list_comes_in_pages(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    with house.house.db.write() as tx:
        for number in range(PAGE + 3):
            add_visit(tx, number)
    with house.house.db.read() as tx:
        first, second = list_visits(tx), list_visits(tx, VisitFilter(), 2)
    assert (PAGE + 3, 2) == (first.total, first.pages)
    assert (PAGE, 3) == (len(first.visits), len(second.visits))
    days = [one.visit.on for one in (*first.visits, *second.visits)]
    assert sorted(days, reverse=True) == days


def test_visits_are_found_by_what_they_are_asked_for(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    visit_of(house, 1)
    visit_of(house, 2, 2)
    visit_of(house, 3, None, candidates=[3, 4])
    visit_of(house, 4, withdrawn_at=MONDAY)

    def found(wanted: VisitFilter) -> list[str]:
        with house.house.db.read() as tx:
            return [one.visit.number for one in list_visits(tx, wanted).visits]

    assert ["V-2026-00003", "V-2026-00002", "V-2026-00001"] == found(VisitFilter())
    assert ["V-2026-00001"] == found(VisitFilter(account="TERWOLDE"))
    assert ["V-2026-00002"] == found(VisitFilter(account="kraan"))
    assert [] == found(VisitFilter(account="_"))
    assert ["V-2026-00003"] == found(VisitFilter(open=True))
    assert ["V-2026-00002"] == found(VisitFilter(account_id=2))
    assert ["V-2026-00002"] == found(VisitFilter(since=date(2026, 1, 3), until=date(2026, 1, 3)))


def test_a_visit_brings_what_belongs_to_it(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    visit_id = visit_of(house, 1, None, candidates=[4, 3])
    with house.house.db.read() as tx:
        found = find_visit(tx, visit_id)
        assert find_visit(tx, visit_id + 1) is None
    assert found is not None
    assert ["Kees Bruinsma"] == [met.contact.name for met in found.people]
    assert ["Hofstra Koeltechniek", "Slagerij Hofstra"] == [account.name for account in found.candidates]
    assert ["Noor Wijngaard"] == list(found.assignees.values())


def test_an_account_brings_its_open_actions_the_soonest_first(
    build_house: Callable[..., TestHouse], database_url: str
) -> None:
    house = build_house(database_url)
    visit_of(house, 1)
    visit_of(house, 2, due=date(2026, 3, 9))
    visit_of(house, 3, due=date(2026, 3, 6))
    visit_of(house, 4, due=date(2026, 3, 1), withdrawn_at=MONDAY)
    with house.house.db.read() as tx:
        found = find_account(tx, 1)
        assert find_account(tx, 99) is None
    assert found is not None
    assert ["do 3", "do 2", "do 1"] == [action.text for action in found.actions]
    assert ["Kees Bruinsma", "Marja Doornbos"] == [one.contact.name for one in found.people]
    assert "Noor Wijngaard" == found.owner


def test_a_conversation_is_one_reps_and_examples_begin_with_their_customers(
    build_house: Callable[..., TestHouse], database_url: str
) -> None:
    house = build_house(database_url)
    visit_of(house, 1)
    visit_of(house, 2)
    with house.house.db.read() as tx:
        noor, jonas = reps.by_email(tx, NOOR), reps.by_email(tx, "jonas@varenhof.example")
        assert noor is not None
        assert jonas is not None
        turns = conversations.latest(tx, rep_id=noor.id)
        assert [] == conversations.latest(tx, rep_id=jonas.id)
        assert ["V-2026-00002"] == [v.number for turn in conversations.latest(tx, most=1) for v in turn.visits]
        theirs = [one.account for one in conversations.meetings(tx, jonas.id)]
        everyone = [one.name for one in conversations.people_who_report(tx)]
        assert {"Molkerei Auerbach GmbH", "Gasthof Lindner"} <= set(theirs[:2])
        assert conversations.find_file(tx, 1) is None
        assert "Zuivelhuis Terwolde B.V." == tx.get_one(Account, 1).name
    assert ["V-2026-00001", "V-2026-00002"] == [visit.number for turn in turns for visit in turn.visits]
    assert ["Jonas Edelhoff", "Noor Wijngaard", "Saara Lehtimäki", "Bas Terpstra"] == everyone
