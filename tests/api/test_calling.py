"""Who is let in, how far, how often, and how every error is told."""

from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from capture import CorrectionError
from capture.tokens import CALENDAR, NEEDS, SCOPES
from store import reps
from store.filters import PARAMETERS
from store.tables import Access, ApiToken
from tests.api.conftest import BAS, JONAS, NOOR, Program, reported
from tests.conftest import TestHouse
from tests.servers.web import served
from web.api.asked import Visits
from web.limits import Limits

PROBLEM = "application/problem+json"


def problem(answer: httpx.Response) -> tuple[int, str]:
    """The status and the kind of a problem; fails where it is told otherwise."""
    assert PROBLEM == answer.headers["content-type"], answer.text
    told = answer.json()
    assert answer.status_code == told["status"]
    assert {"type", "title", "status", "detail", "errors"} == set(told)
    return answer.status_code, told["type"].removeprefix("urn:debrief:problem:")


@pytest.mark.parametrize("shown", [None, "Bearer", "Bearer dbf_x", "Basic eDp5", "Bearer \xff\xfe"])
def test_without_a_token_nobody_is_let_in(noor: httpx.Client, shown: str | None) -> None:
    headers = {"Authorization": shown.encode("latin-1")} if shown else {}
    answer = httpx.get(f"{noor.base_url}me", headers=headers)
    assert (401, "unauthorized") == problem(answer)
    assert "Bearer" == answer.headers["www-authenticate"]


def test_a_token_holds_until_it_is_revoked_or_its_person_is_gone(house: TestHouse, noor: httpx.Client) -> None:
    assert [NOOR, "rep"] == [noor.get("/me").json()["rep"][name] for name in ("email", "role")]
    with house.house.db.write() as tx:
        rep = reps.by_email(tx, NOOR)
        assert rep
        rep.active = False
    assert 401 == noor.get("/me").status_code
    with house.house.db.write() as tx:
        tx.get_one(type(rep), rep.id).active = True
    assert 200 == noor.get("/me").status_code
    assert house.house.tokens.revoke(1)
    assert not house.house.tokens.revoke(1)
    assert 401 == noor.get("/me").status_code


def test_a_token_may_hold_for_some_days(house: TestHouse, noor: httpx.Client) -> None:
    token = house.house.tokens.make(1, "for a while", ["read:visits"], 7)
    house.clock.passes(days=6, hours=23)
    assert house.house.tokens.who(token)
    house.clock.passes(hours=1)
    assert house.house.tokens.who(token) is None


def test_of_a_token_only_a_hash_is_kept_and_when_it_was_used(house: TestHouse, noor: httpx.Client) -> None:
    token = house.house.tokens.make(1, "a program", ["read:visits"])
    house.house.tokens.who(token)
    with house.house.db.read() as tx:
        kept = tx.scalars(select(ApiToken).order_by(ApiToken.id.desc())).first()
    assert kept
    assert house.clock() == kept.used_at
    assert token not in str(vars(kept))
    assert token.endswith(kept.ending)
    house.clock.passes(minutes=4)
    house.house.tokens.who(token)
    with house.house.db.read() as tx:
        assert house.clock() - timedelta(minutes=4) == tx.get_one(ApiToken, kept.id).used_at, "that is exact enough"


@pytest.mark.parametrize("scopes", [[], ["read:everything"], ["calendar", "read:visits"]])
def test_a_token_has_scopes_that_there_are(house: TestHouse, scopes: list[str]) -> None:
    with pytest.raises(CorrectionError):
        house.house.tokens.make(1, "a program", scopes)


def test_a_token_reaches_no_further_than_its_scopes(program: Program) -> None:
    narrow = program(scopes=["read:visits"])
    assert 200 == narrow.get("/visits").status_code
    answer = narrow.get("/contacts")
    assert (403, "not-allowed") == problem(answer)
    assert 'scope="read:contacts"' in answer.headers["www-authenticate"]


def test_a_token_reaches_no_further_than_its_person(program: Program) -> None:
    clerk = program(BAS, "marketing")
    assert 200 == clerk.get("/contacts").status_code
    assert (403, "not-allowed") == problem(clerk.post("/contacts", json={"name": "Ineke Vroom"}))
    assert (403, "not-allowed") == problem(clerk.get("/progress"))


def test_every_error_is_told_alike(noor: httpx.Client) -> None:
    assert (404, "not-found") == problem(noor.get("/nowhere"))
    assert (404, "not-found") == problem(noor.get("/visits/999"))
    assert (405, "method-not-allowed") == problem(noor.delete("/visits"))
    assert (415, "unsupported-media-type") == problem(noor.post("/visits", content=b"<x/>"))
    assert (413, "too-large") == problem(noor.post("/visits", json={"text": "x" * 1024 * 1024}))
    assert (422, "not-valid") == problem(noor.post("/visits", json={"text": 7}))
    for broken in (b"{", b"\xff", b"[" * 100_000):
        answer = noor.post("/visits", content=broken, headers={"content-type": "application/json"})
        assert problem(answer)[0] in {400, 422}


def test_what_is_wrong_is_pointed_at(noor: httpx.Client) -> None:
    answer = noor.patch("/visits/1", json={"actions": [{"text": "", "due": "soon"}], "more": 1})
    pointers = {one["pointer"] for one in answer.json()["errors"]}
    assert {"/actions/0/text", "/actions/0/due", "/more"} == pointers


def test_a_failure_of_ours_is_told_without_what_it_was(
    house: TestHouse, noor: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr("web.api.visits.windows.visits", fails)
    answer = noor.get("/visits")
    assert (500, "internal-error") == problem(answer)
    assert "secret" not in answer.text


def test_who_asks_too_often_is_told_when_there_is_room(build_house: Callable[..., TestHouse], sqlite_url: str) -> None:
    house = build_house(sqlite_url, api_per_minute=3).house
    headers = {"Authorization": f"Bearer {house.tokens.make(1, 'a program', ['read:visits'])}"}
    with served(house.web()) as url:
        answers = [httpx.get(f"{url}/api/v1/visits", headers=headers) for _ in range(4)]
    assert [200, 200, 200, 429] == [one.status_code for one in answers]
    assert ["2", "1", "0", "0"] == [one.headers["ratelimit-remaining"] for one in answers]
    assert (429, "too-many-requests") == problem(answers[-1])
    assert 0 < int(answers[-1].headers["retry-after"]) <= 21


def test_what_a_token_may_ask_comes_back_with_time() -> None:
    now = [0.0]
    limits = Limits(60, lambda: now[0])
    assert [59, *range(58, -1, -1)] == [limits.take(1)[0] for _ in range(60)]
    assert (-1, 1.0) == limits.take(1)
    assert 59 == limits.take(2)[0], "each token has its own"
    now[0] = 2.0
    assert [1, 0, -1] == [limits.take(1)[0] for _ in range(3)]


def test_what_did_not_change_is_not_sent_again(house: TestHouse, noor: httpx.Client) -> None:
    place = f"/visits/{reported(house, noor, 'vanmorgen bij zuivelhuis terwolde geweest')['id']}"
    tag = noor.get(place).headers["etag"]
    same = noor.get(place, headers={"If-None-Match": f'W/{tag}, "other"'})
    assert (304, b"") == (same.status_code, same.content)
    house.house.assistant.correct(1, NOOR, "subject", "Prijzen")
    assert 200 == noor.get(place, headers={"If-None-Match": tag}).status_code


def test_a_list_goes_on_where_it_ended(house: TestHouse, noor: httpx.Client) -> None:
    for day in ("2026-02-23", "2026-02-24", "2026-02-25"):
        for where in ("zuivelhuis terwolde", "Brouwerij De Kraanvogel"):
            house.says(f"vanmorgen bij {where} geweest {day}", via="api", source_id=f"{where}{day}")
    for capture in house.captures():
        house.house.assistant.file(capture.id)
    whole = [one["id"] for one in noor.get("/visits").json()["items"]]
    assert 6 == len(set(whole))
    got, place = [], "/api/v1/visits?limit=4"
    while place:
        answer = noor.get(place.removeprefix("/api/v1"))
        got += [one["id"] for one in answer.json()["items"]]
        place = answer.links.get("next", {}).get("url", "")
        if len(got) == 4:
            reported(house, noor, "vanmorgen bij zuivelhuis terwolde geweest, nieuws")
    assert whole == got


@pytest.mark.parametrize("cursor", ["x", "e30", "WzFd", "WyJ4Iiwx", "WzEsMl0", "W10", "IiI", "WyIyMDI2LTAzLTAyIiwtMV0"])
def test_a_cursor_of_somebodys_own_making_is_refused(noor: httpx.Client, cursor: str) -> None:
    assert (422, "not-valid") == problem(noor.get("/visits", params={"cursor": cursor}))
    assert (422, "not-valid") == problem(noor.get("/changes", params={"since": cursor}))


def test_reading_contacts_leaves_a_line(house: TestHouse, program: Program) -> None:
    clerk = program(JONAS, "marketing")
    clerk.get("/contacts/1")
    with house.house.db.read() as tx:
        rows = tx.scalars(select(Access)).all()
    assert [("contact", "API")] == [(one.thing, one.how) for one in rows]


def test_the_filters_are_those_of_the_page() -> None:
    names = {field.alias or name for name, field in Visits.model_fields.items()}
    assert set(PARAMETERS.values()) == names - {"cursor", "limit"}


def test_every_scope_but_the_calendars_says_what_right_it_needs() -> None:
    assert set(SCOPES) == {*NEEDS, CALENDAR}
