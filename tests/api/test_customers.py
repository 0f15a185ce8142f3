"""Accounts, contacts, actions, figures and the search by the API."""

from typing import Any

import httpx
from sqlalchemy import select

from store.tables import Change
from tests.api.conftest import BAS, JONAS, NOOR, Program, reported
from tests.conftest import TestHouse

AT_TERWOLDE = "vanmorgen bij zuivelhuis terwolde geweest, Kees Bruinsma gesproken, offerte voor vrijdag"


def test_accounts_are_found_by_any_of_their_names(noor: httpx.Client) -> None:
    (found,) = noor.get("/accounts", params={"q": "auerbach"}).json()["items"]
    assert ("Molkerei Auerbach GmbH", ["Auerbach"], "A") == (found["name"], found["aliases"], found["grade"])
    assert found == noor.get(f"/accounts/{found['id']}").json()
    assert [1, 2, 3, 4] == [one["id"] for one in noor.get("/accounts", params={"owner": 1}).json()["items"]]


def test_contacts_are_told_with_where_they_work(noor: httpx.Client) -> None:
    (found,) = noor.get("/contacts", params={"q": "kirchgessner@"}).json()["items"]
    assert ("Beate Kirchgessner", ["b.kirchgessner@molkerei-auerbach.example"]) == (found["name"], found["emails"])
    assert [(5, "Einkaufsleiterin")] == [(job["account_id"], job["role"]) for job in found["employments"]]
    names = [one["name"] for one in noor.get("/contacts", params={"account_id": 1}).json()["items"]]
    assert ["Kees Bruinsma", "Marja Doornbos"] == names


def test_a_contact_is_entered_and_changed_by_the_office(house: TestHouse, program: Program) -> None:
    office = program(BAS, "operator")
    made = office.post(
        "/contacts",
        json={"name": "Ineke Vroom", "emails": ["I.Vroom@kraanvogel.example"], "phones": ["+31 58 000 00 07"],
              "employments": [{"account_id": 2, "role": "inkoper"}]},
    )  # fmt: skip
    assert 201 == made.status_code, made.text
    place = made.headers["location"].removeprefix("/api/v1")
    assert ["i.vroom@kraanvogel.example"] == made.json()["emails"]
    wanted = {"phones": [], "employments": [{"account_id": 2, "until": "2026-03-02"}, {"account_id": 1}]}
    changed = office.patch(place, json=wanted, headers={"If-Match": made.headers["etag"]})
    jobs = [(job["account_id"], job["role"], job["until"]) for job in changed.json()["employments"]]
    assert [(2, "inkoper", "2026-03-02"), (1, None, None)] == jobs
    assert ([], "Ineke Vroom") == (changed.json()["phones"], changed.json()["name"])
    assert 412 == office.patch(place, json={"name": "X"}, headers={"If-Match": made.headers["etag"]}).status_code
    assert 428 == office.patch(place, json={"name": "X"}).status_code
    with house.house.db.read() as tx:
        noted = [(one.record, one.field, one.by) for one in tx.scalars(select(Change).order_by(Change.id))]
    assert [
        ("contact", "created", "rep:4"), ("contact", "emails", "rep:4"), ("contact", "phones", "rep:4"),
        ("employment", "created", "rep:4"), ("contact", "phones", "rep:4"), ("employment", "until", "rep:4"),
        ("employment", "created", "rep:4"),
    ] == noted  # fmt: skip


def test_who_was_entered_is_known_to_the_next_report(house: TestHouse, program: Program, noor: httpx.Client) -> None:
    program(BAS, "operator").post("/contacts", json={"name": "Ineke Vroom", "employments": [{"account_id": 1}]})
    visit = reported(house, noor, "vanmorgen bij zuivelhuis terwolde geweest, Ineke gesproken")
    contacts: Any = visit["contacts"]
    assert ["Ineke Vroom"] == [one["name"] for one in contacts]


def test_a_contact_at_no_account_that_there_is_is_not_entered(house: TestHouse, program: Program) -> None:
    answer = program(BAS, "operator").post(
        "/contacts", json={"name": "Ineke Vroom", "employments": [{"account_id": 99}]}
    )
    assert 422 == answer.status_code
    assert [] == program().get("/contacts", params={"q": "Ineke"}).json()["items"]


def test_an_action_is_moved_and_then_done(house: TestHouse, noor: httpx.Client, program: Program) -> None:
    reported(house, noor, AT_TERWOLDE)
    (action,) = noor.get("/actions", params={"state": "open", "due_until": "2026-03-06"}).json()["items"]
    assert ("Noor Wijngaard", 1) == (action["assignee"], action["account_id"])
    place, any_version = f"/actions/{action['id']}", {"If-Match": "*"}
    read = noor.get(place).headers["etag"]
    moved = noor.patch(place, json={"due": "2026-03-13"}, headers={"If-Match": read})
    assert "2026-03-13" == moved.json()["due"]
    assert 412 == noor.patch(place, json={"state": "done"}, headers={"If-Match": read}).status_code
    assert 404 == program(JONAS).patch(place, json={"state": "done"}, headers=any_version).status_code
    assert 403 == program(BAS).patch(place, json={"state": "done"}, headers=any_version).status_code
    assert "done" == noor.patch(place, json={"state": "done"}, headers=any_version).json()["state"]
    assert 409 == noor.patch(place, json={"state": "dropped"}, headers=any_version).status_code
    assert [] == noor.get("/actions", params={"state": "open"}).json()["items"]


def test_an_action_becomes_either_settled_or_moved(house: TestHouse, noor: httpx.Client) -> None:
    reported(house, noor, AT_TERWOLDE)
    for wanted in ({}, {"state": "done", "due": "2026-03-13"}, {"due": "2026-02-30"}):
        assert 422 == noor.patch("/actions/1", json=wanted, headers={"If-Match": "*"}).status_code


def test_progress_is_that_of_those_whom_one_may_look_at(house: TestHouse, noor: httpx.Client, program: Program) -> None:
    reported(house, noor, AT_TERWOLDE)
    (own,) = noor.get("/progress").json()["items"]
    assert ("Noor Wijngaard", 1) == (own["name"], own["done"])
    assert 3 == len(program(BAS).get("/progress").json()["items"])
    assert [0] == [one["done"] for one in noor.get("/progress", params={"day": "2026-01-01"}).json()["items"]]


def test_the_search_finds_what_the_token_may_read(house: TestHouse, noor: httpx.Client, program: Program) -> None:
    reported(house, noor, AT_TERWOLDE)

    def hits(client: httpx.Client, q: str) -> list[tuple[str, str]]:
        return [(one["kind"], one["title"]) for one in client.get("/search", params={"q": q}).json()["items"]]

    account, visit = ("account", "Zuivelhuis Terwolde B.V."), ("visit", "V-2026-00001")
    people = [("contact", "Kees Bruinsma"), ("contact", "Marja Doornbos")]
    assert [account, *people, visit] == hits(noor, "terwolde")
    assert [visit] == hits(noor, "offertes")
    assert [people[0], visit] == hits(noor, "bruinsma")
    assert [account, *people] == hits(program(JONAS), "terwolde")
    assert [] == hits(program(scopes=["read:visits"], email=JONAS), "zuivelhuis")


def test_words_and_people_of_the_house_are_told(noor: httpx.Client) -> None:
    kinds = noor.get("/kinds").json()["items"]
    assert {"type", "medium", "outcome", "status"} == {one["family"] for one in kinds}
    assert all({"nl", "de", "fi", "en"} <= set(one["labels"]) for one in kinds)
    reps = noor.get("/reps").json()["items"]
    assert [NOOR, JONAS] == [one["email"] for one in reps][:2]
    assert reps[0] == noor.get("/reps/1").json()
