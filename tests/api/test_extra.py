"""The house's own attributes by the API."""

import httpx

from store.tables import Account, HouseAttribute
from tests.api.conftest import BAS, Program, reported
from tests.conftest import TestHouse


def keeps(house: TestHouse, record: str, key: str, kind: str = "text") -> None:
    with house.house.db.write() as tx:
        tx.add(HouseAttribute(record=record, key=key, kind=kind, labels={"en": key.capitalize()}))


def test_a_visits_attributes_are_told_and_taken(house: TestHouse, noor: httpx.Client) -> None:
    keeps(house, "visit", "cows", "number")
    visit = reported(house, noor, "vanmorgen bij zuivelhuis terwolde geweest")
    place = f"/visits/{visit['id']}"
    assert {} == visit["extra"]
    done = noor.patch(place, json={"extra": {"cows": "1 250"}}, headers={"If-Match": "*"})
    assert {"cows": "1250"} == done.json()["extra"]
    wrong = noor.patch(place, json={"extra": {"cows": "many"}}, headers={"If-Match": "*"})
    assert (422, "/extra/cows") == (wrong.status_code, wrong.json()["errors"][0]["pointer"])
    assert 422 == noor.patch(place, json={"extra": {"shoes": "2"}}, headers={"If-Match": "*"}).status_code
    assert {} == noor.patch(place, json={"extra": {"cows": None}}, headers={"If-Match": "*"}).json()["extra"]


def test_a_contacts_are_entered_by_the_office_and_an_accounts_are_told(house: TestHouse, program: Program) -> None:
    keeps(house, "contact", "hobby")
    office = program(BAS, "operator")
    made = office.post("/contacts", json={"name": "Ineke Vroom", "extra": {"hobby": "zeilen"}})
    assert {"hobby": "zeilen"} == made.json()["extra"]
    assert 422 == office.post("/contacts", json={"name": "Ineke Vroom", "extra": {"shoes": "2"}}).status_code
    with house.house.db.write() as tx:
        tx.get_one(Account, 1).extra = {"cows": "3"}
    assert {"cows": "3"} == office.get("/accounts/1").json()["extra"]
