"""A rep's private notes are nobody else's: an audit of every page, every list and the whole database."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import inspect, select, text

from parsing.model import Message
from store import changes, reps
from store.tables import Capture, PrivateNote, Row, Visit
from tests.conftest import TestHouse
from tests.servers.web import SIGNED_IN, Browser
from tests.web.routes import every_route

NOOR, JONAS, BAS = "noor@varenhof.example", "jonas@varenhof.example", "bas@varenhof.example"
SECRET, OWN = "zilvervos", "tungsteentje"
"""Words that nothing else in the house says."""
REPORT = f"Vanmorgen bij zuivelhuis terwolde, Kees gesproken.\nPrivé: zijn {SECRET} ligt in scheiding\nOfferte vrijdag"
ROLES = ("rep", "manager", "operator", "marketing", "administrator")
WHERE_IT_IS = {"private_notes.text", "captures.raw"}


@pytest.fixture
def house(build_house: Callable[..., TestHouse], sqlite_url: str) -> TestHouse:
    """Noor told of a visit, with a private note as the message came, and worked through to its card."""
    house = build_house(sqlite_url, **SIGNED_IN)
    message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=REPORT, source_id="one")
    house.house.assistant.accept(message, raw=REPORT.encode())
    work(house)
    return house


@pytest.fixture
def guarded(house: TestHouse) -> TestHouse:
    return house


def work(house: TestHouse) -> None:
    for capture in house.captures():
        house.house.assistant.file(capture.id)
        house.house.assistant.reply(capture.id)


def visit_of(house: TestHouse) -> Visit:
    return house.visits()[0]


def notes(house: TestHouse) -> list[str]:
    with house.house.db.read() as tx:
        return list(tx.scalars(select(PrivateNote.text).order_by(PrivateNote.id)))


def where_it_is_said(house: TestHouse, word: str) -> set[str]:
    """The columns of the whole database that hold a word, in whatever shape."""
    found = set()
    with house.house.db.read() as tx:
        for name in inspect(house.house.db.engine).get_table_names():
            table = Row.metadata.tables.get(name)
            rows = tx.execute(table.select() if table is not None else text(f'SELECT * FROM "{name}"')).mappings()
            for row in rows:
                for column, value in row.items():
                    said = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if word in said:
                        found.add(f"{name}.{column}")
    return found


def every_address(app: Any, visit_id: int) -> Iterator[str]:
    """Every route that can be read, its parts filled in, plain and as a search for the word."""
    for place in sorted({path for method, path in every_route(app) if method == "GET"}):
        filled = re.sub(r"\{[^}]+\}", "1", place.replace("{visit_id}", str(visit_id)))
        tabs = ("?tab=report", "?tab=history") if filled == f"/visits/{visit_id}" else ()
        yield from (f"{filled}{query}" for query in ("", *tabs, *(() if "{" in place else (f"?q={SECRET}",))))


def read(answer: httpx.Response) -> str:
    """What an answer says, a spreadsheet's parts too."""
    if answer.content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(answer.content)) as parts:
            return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    return answer.text.replace(f'value="{SECRET}"', "").replace(f"={SECRET}", "")


def test_the_note_is_kept_apart_and_the_report_is_filed_without_it(house: TestHouse) -> None:
    assert notes(house) == [f"zijn {SECRET} ligt in scheiding"]
    visit = visit_of(house)
    assert SECRET not in visit.report
    assert [action.text for action in visit.actions]
    assert where_it_is_said(house, SECRET) == WHERE_IT_IS


def test_the_card_says_that_a_note_was_kept_and_not_which(house: TestHouse) -> None:
    said = house.deliveries()[-1].letter["text"]
    assert "privénotitie" in said
    assert SECRET not in said


def test_nobody_else_reads_it_anywhere(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        tx.add(PrivateNote(visit_id=1, rep_id=visit_of(house).rep_id, text=f"ook {SECRET}", written_at=house.clock()))
    places = list(every_address(house.house.web(), visit_of(house).id))
    assert len(places) > 15
    for role in ROLES:
        browser = as_(BAS, role)
        for place in places:
            answer = browser.get(place)
            refused = place.endswith(SECRET) and answer.status_code in {404, 422}
            assert SECRET not in read(answer) or refused, f"{place} as {role}"


def test_the_rep_reads_it_on_the_visits_page(house: TestHouse, as_: Browser) -> None:
    noor = as_(NOOR)
    assert SECRET in noor.get(f"/visits/{visit_of(house).id}?tab=report").text


def test_a_note_is_written_on_the_page_and_forgotten_by_its_writer_alone(house: TestHouse, as_: Browser) -> None:
    noor, boss, place = as_(NOOR), as_(BAS, "administrator"), f"/visits/{visit_of(house).id}"
    assert noor.post(f"{place}/private", data={"text": f"<b>{OWN}</b>"}).status_code == 303
    assert f"&lt;b&gt;{OWN}" in noor.get(f"{place}?tab=report").text
    assert OWN not in boss.get(f"{place}?tab=report").text
    with house.house.db.read() as tx:
        note_id = tx.scalars(select(PrivateNote.id).order_by(PrivateNote.id.desc())).first()
    boss.post(f"{place}/private/{note_id}/forget")
    assert OWN in notes(house)[-1]
    noor.post(f"{place}/private/{note_id}/forget")
    assert OWN not in "".join(notes(house))


def test_a_note_needs_words_and_a_visit_that_one_may_see(house: TestHouse, as_: Browser) -> None:
    with house.house.db.write() as tx:
        jonas = reps.by_email(tx, JONAS)
        assert jonas
        jonas.role = "rep"
    place = f"/visits/{visit_of(house).id}/private"
    assert as_(NOOR).post(place, data={"text": "   "}).status_code == 422
    assert as_(JONAS).post(place, data={"text": "hello"}).status_code in {303, 404}
    assert as_(NOOR).post("/visits/9999/private", data={"text": "x"}).status_code == 404
    assert as_(NOOR).post(place, data={"text": "x"}, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_a_message_that_holds_nothing_else_is_answered_and_files_nothing(house: TestHouse) -> None:
    capture_id = house.says(f"Privé: {OWN} is jarig op maandag", NOOR)
    work(house)
    with house.house.db.read() as tx:
        capture = tx.get_one(Capture, capture_id)
    assert ("nothing", "private") == (capture.state, capture.not_a_report)
    assert "niemand anders" in house.deliveries()[-1].letter["text"]
    assert len(house.visits()) == 1


def test_what_is_said_in_the_thread_of_a_card_is_a_note_at_that_visit(house: TestHouse) -> None:
    message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=f"privé: {OWN} was nors", source_id="two")
    house.house.assistant.accept(message, reply_to={"answers": "one"})
    work(house)
    with house.house.db.read() as tx:
        found = tx.scalars(select(PrivateNote).where(PrivateNote.text.contains(OWN))).one()
    assert visit_of(house).id == found.visit_id


def test_a_line_that_is_made_private_later_leaves_the_report_and_its_history(house: TestHouse) -> None:
    capture_id = house.says(f"Vandaag bij Slagerij Hofstra, order\nhij zoekt een {OWN}", NOOR, source_id="three")
    work(house)
    assert "visits.report" in where_it_is_said(house, OWN)
    worded = f"Vandaag bij Slagerij Hofstra, order\nPrivé: hij zoekt een {OWN}"
    message = Message(via="web", rep=NOOR, sent_at=house.clock(), text=worded, source_id="three")
    house.house.assistant.revise(message, at=house.clock() + timedelta(minutes=1))
    with house.house.db.read() as tx:
        change = max(one.id for one in changes.of(tx, "capture", capture_id))
    house.house.assistant.refile(f"{capture_id}:{change}")
    house.house.assistant.renew(f"{capture_id}:{change}")
    assert where_it_is_said(house, OWN) == {"private_notes.text"}


def test_a_message_that_is_deleted_takes_its_note_along(house: TestHouse) -> None:
    message = Message(via="web", rep=NOOR, sent_at=house.clock(), text="-", source_id="one")
    house.house.assistant.retract(message)
    assert notes(house) == []
    assert where_it_is_said(house, SECRET) == set()


def test_a_note_that_is_forgotten_takes_the_message_as_it_came_along(house: TestHouse, as_: Browser) -> None:
    with house.house.db.read() as tx:
        note = tx.scalars(select(PrivateNote)).one()
    as_(NOOR).post(f"/visits/{visit_of(house).id}/private/{note.id}/forget")
    assert where_it_is_said(house, SECRET) == set()
    assert SECRET not in as_(BAS, "operator").get(f"/inbox/{note.capture_id}").text


def test_a_note_that_is_edited_out_of_its_message_is_left_nowhere(house: TestHouse) -> None:
    worded = Message(
        via="web", rep=NOOR, sent_at=house.clock(), text="Vanmorgen bij zuivelhuis terwolde", source_id="one"
    )
    house.house.assistant.revise(worded, at=house.clock() + timedelta(minutes=1))
    assert where_it_is_said(house, SECRET) == set()
