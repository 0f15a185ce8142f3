"""Visits by the API: reported, read, corrected, taken back."""

import httpx

from tests.api.conftest import JONAS, Program, reported
from tests.conftest import TestHouse

AT_TERWOLDE = "vanmorgen bij zuivelhuis terwolde geweest, Kees Bruinsma gesproken, offerte voor vrijdag"


def test_a_report_is_filed_as_what_its_person_said(house: TestHouse, noor: httpx.Client) -> None:
    visit = reported(house, noor, AT_TERWOLDE)
    assert ("Zuivelhuis Terwolde B.V.", "Noor Wijngaard") == (visit["account"], visit["rep"])
    assert ["Kees Bruinsma"] == [one["name"] for one in visit["contacts"]]
    assert ["2026-03-06"] == [one["due"] for one in visit["actions"]]
    assert "api" == house.captures()[0].via


def test_what_became_of_a_report_is_told_where_location_says(house: TestHouse, noor: httpx.Client) -> None:
    taken = noor.post("/visits", json={"text": AT_TERWOLDE})
    assert (202, "taken", []) == (taken.status_code, taken.json()["state"], taken.json()["visit_ids"])
    house.run_jobs()
    message = noor.get(taken.headers["location"].removeprefix("/api/v1")).json()
    assert "filed" == message["state"]
    assert "Terwolde" in message["answer"]


def test_a_report_may_bring_its_own_moment(house: TestHouse, noor: httpx.Client) -> None:
    visit = reported(house, noor, "gisteren bij zuivelhuis terwolde geweest", sent_at="2026-02-20T16:00:00+01:00")
    assert "2026-02-19" == visit["on"]


def test_a_report_from_the_future_is_refused(house: TestHouse, noor: httpx.Client) -> None:
    answer = noor.post("/visits", json={"text": AT_TERWOLDE, "sent_at": "2027-01-01T12:00:00Z"})
    assert (422, "/sent_at") == (answer.status_code, answer.json()["errors"][0]["pointer"])
    assert [] == house.captures()


def test_a_visit_is_corrected_as_a_whole_or_not_at_all(house: TestHouse, noor: httpx.Client) -> None:
    visit = reported(house, noor, AT_TERWOLDE)
    place = f"/visits/{visit['id']}"
    tag = {"If-Match": noor.get(place).headers["etag"]}
    wrong = noor.patch(place, json={"keywords": ["kaas"], "type": "no such type"}, headers=tag)
    assert (422, ["/type"]) == (wrong.status_code, [one["pointer"] for one in wrong.json()["errors"]])
    assert visit == noor.get(place).json()
    wanted = {"on": "2026-03-01", "starts": "09:00", "ends": "10:00", "keywords": ["kaas"], "subject": "Prijzen",
              "contacts": [2, {"name": "Ineke Vroom"}], "amounts": [{"value": "1250.50", "currency": "EUR"}],
              "actions": [{"text": "terugbellen", "due": "2026-03-05", "assignee": JONAS}]}  # fmt: skip
    done = noor.patch(place, json=wanted, headers=tag)
    assert 200 == done.status_code, done.text
    assert ["Marja Doornbos", "Ineke Vroom"] == [one["name"] for one in done.json()["contacts"]]
    assert ("2026-03-01", "09:00:00", ["kaas"]) == tuple(done.json()[name] for name in ("on", "starts", "keywords"))
    assert [{"value": "1250.50", "currency": "EUR"}] == done.json()["amounts"]
    assert done.json() == noor.get(place).json()


def test_a_visit_that_was_changed_meanwhile_is_not_written_over(house: TestHouse, noor: httpx.Client) -> None:
    visit = reported(house, noor, AT_TERWOLDE)
    place = f"/visits/{visit['id']}"
    read = noor.get(place).headers["etag"]
    house.house.assistant.correct(int(str(visit["id"])), "noor@varenhof.example", "subject", "Prijzen")
    assert 412 == noor.patch(place, json={"subject": "Kaas"}, headers={"If-Match": read}).status_code
    assert 428 == noor.patch(place, json={"subject": "Kaas"}).status_code
    assert "Prijzen" == noor.get(place).json()["subject"]
    assert 200 == noor.patch(place, json={"subject": "Kaas"}, headers={"If-Match": "*"}).status_code


def test_the_question_which_customer_was_meant_is_answered(house: TestHouse, noor: httpx.Client) -> None:
    visit = reported(house, noor, "vandaag bij Hofstra langs geweest")
    assert (None, [3, 4]) == (visit["account_id"], sorted(visit["candidates"]))
    answered = noor.patch(f"/visits/{visit['id']}", json={"account_id": 4}, headers={"If-Match": "*"})
    assert ("Hofstra Koeltechniek", []) == (answered.json()["account"], answered.json()["candidates"])


def test_a_visit_that_was_taken_back_is_still_told_of_and_in_no_list(house: TestHouse, noor: httpx.Client) -> None:
    place = f"/visits/{reported(house, noor, AT_TERWOLDE)['id']}"
    assert noor.post(f"{place}/withdraw").json()["withdrawn_at"]
    assert noor.get(place).json()["withdrawn_at"]
    assert [] == noor.get("/visits").json()["items"]
    again = noor.post(f"{place}/withdraw")
    assert (409, "application/problem+json") == (again.status_code, again.headers["content-type"])


def test_only_whose_visit_it_is_changes_it(house: TestHouse, program: Program, noor: httpx.Client) -> None:
    place = f"/visits/{reported(house, noor, AT_TERWOLDE)['id']}"
    manager = program("bas@varenhof.example")
    assert 200 == manager.get(place).status_code
    assert 403 == manager.patch(place, json={"subject": "Mine"}, headers={"If-Match": "*"}).status_code
    assert 403 == manager.post(f"{place}/withdraw").status_code
    colleague = program(JONAS)
    assert 404 == colleague.get(place).status_code
    assert 404 == colleague.post(f"{place}/withdraw").status_code


def test_a_list_is_narrowed_like_the_page_of_visits(house: TestHouse, noor: httpx.Client) -> None:
    reported(house, noor, AT_TERWOLDE)
    reported(house, noor, "eergisteren bij Brouwerij De Kraanvogel geweest")

    def accounts(**query: str) -> list[str]:
        return [one["account"] for one in noor.get("/visits", params=query).json()["items"]]

    assert 2 == len(accounts())
    assert ["Zuivelhuis Terwolde B.V."] == accounts(**{"class": "A"})
    assert ["Brouwerij De Kraanvogel"] == accounts(until="2026-03-01")
    assert ["Zuivelhuis Terwolde B.V."] == accounts(account="terwolde", since="2026-03-02")
    assert 422 == noor.get("/visits", params={"klass": "A"}).status_code


def test_names_of_people_are_told_to_tokens_that_may_read_them(
    house: TestHouse, program: Program, noor: httpx.Client
) -> None:
    place = f"/visits/{reported(house, noor, AT_TERWOLDE)['id']}"
    narrow = program(scopes=["read:visits"])
    assert [None] == [one["name"] for one in narrow.get(place).json()["contacts"]]
