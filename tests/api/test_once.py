"""Requests that are done once, however often they are sent."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from sqlalchemy import select

from store import tokens
from store.tables import ApiRequest
from tests.api.conftest import BAS, Program
from tests.conftest import TestHouse

SAID = {"text": "vanmorgen bij zuivelhuis terwolde geweest"}
ONCE = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}


def test_the_same_request_again_is_answered_alike_and_done_once(house: TestHouse, noor: httpx.Client) -> None:
    first, second = (noor.post("/visits", json=SAID, headers=ONCE) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.headers["location"] == second.headers["location"]
    assert ("true", None) == tuple(one.headers.get("idempotent-replayed") for one in (second, first))
    assert 1 == len(house.captures())


def test_another_request_cannot_bear_a_used_key(house: TestHouse, noor: httpx.Client) -> None:
    noor.post("/visits", json=SAID, headers=ONCE)
    other = noor.post("/visits", json={"text": "iets anders"}, headers=ONCE)
    assert (422, "urn:debrief:problem:key-used") == (other.status_code, other.json()["type"])
    assert 1 == len(house.captures())


def test_a_key_is_free_again_after_a_day(house: TestHouse, noor: httpx.Client) -> None:
    noor.post("/visits", json=SAID, headers=ONCE)
    house.clock.passes(hours=24, minutes=1)
    house.house.tokens.tick()
    with house.house.db.read() as tx:
        assert [] == tx.scalars(select(ApiRequest)).all(), "what was answered is forgotten"
    assert 202 == noor.post("/visits", json={"text": "iets anders"}, headers=ONCE).status_code


def test_a_request_that_has_not_ended_is_not_begun_again(house: TestHouse, program: Program) -> None:
    office = program(BAS, "operator")
    body = {"name": "Ineke Vroom"}
    assert 201 == office.post("/contacts", json=body, headers=ONCE).status_code
    with house.house.db.write() as tx:
        tokens.end_request(tx, 1, ONCE["Idempotency-Key"], {})
    again = office.post("/contacts", json=body, headers=ONCE)
    assert (409, "urn:debrief:problem:in-progress") == (again.status_code, again.json()["type"])
    house.clock.passes(minutes=10)
    assert 409 == office.post("/contacts", json=body, headers=ONCE).status_code, "it may have been done"


def test_a_report_that_was_cut_short_is_taken_in_once(house: TestHouse, noor: httpx.Client) -> None:
    first = noor.post("/visits", json=SAID, headers=ONCE)
    with house.house.db.write() as tx:
        tokens.end_request(tx, 1, ONCE["Idempotency-Key"], {})
    assert 409 == noor.post("/visits", json=SAID, headers=ONCE).status_code
    house.clock.passes(minutes=2)
    again = noor.post("/visits", json=SAID, headers=ONCE)
    assert (202, first.json()["id"]) == (again.status_code, again.json()["id"])
    assert 1 == len(house.captures())


def test_what_was_refused_may_be_sent_again_with_the_same_key(program: Program) -> None:
    office = program(BAS, "operator")
    wrong = {"name": "Ineke Vroom", "employments": [{"account_id": 999}]}
    assert 422 == office.post("/contacts", json=wrong, headers=ONCE).status_code
    assert 201 == office.post("/contacts", json={"name": "Ineke Vroom"}, headers=ONCE).status_code


def test_many_at_the_same_instant_do_it_once(house: TestHouse, program: Program) -> None:
    office = program(BAS, "operator")
    with ThreadPoolExecutor(8) as at_once:
        answers = list(at_once.map(lambda _: office.post("/contacts", json={"name": "Ineke"}, headers=ONCE), range(16)))
    assert {201} <= {one.status_code for one in answers} <= {201, 409}
    assert 1 == len({one.json()["id"] for one in answers if one.status_code == 201})


@pytest.mark.parametrize("key", ["", "a b", "ü", "x" * 256])
def test_a_key_that_no_header_should_hold_is_refused(noor: httpx.Client, key: str) -> None:
    answer = noor.post("/visits", json=SAID, headers={"Idempotency-Key": key.encode()})
    assert (422, "header/Idempotency-Key") == (answer.status_code, answer.json()["errors"][0]["pointer"])
