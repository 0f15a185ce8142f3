"""The page about somebody who seems gone, and that of mailings, as those see them who are signed in."""

from collections.abc import Iterator

import httpx
import pytest

from capture.leavers import may_settle
from store import reps
from store.sendings import hand_out
from tests.servers.web import served
from tests.vitality.conftest import BAS, JONAS, NOOR, Story
from tests.vitality.mails import KARIN, answer
from web.app import build_app

GONE = "Ik werk niet meer bij Smederij Kolk. Mijn opvolger is Mark Bos, mark.bos@kolk.example"


class Browsers:
    """A browser of each of our people, signed in."""

    def __init__(self, story: Story, url: str) -> None:
        self._story, self._url = story, url
        self._opened: list[httpx.Client] = []

    def of(self, address: str) -> httpx.Client:
        token = self._story.house.house.signing_in.open_as(address, "a test")
        assert token
        headers = {"accept": "text/html", "origin": self._url}
        self._opened.append(httpx.Client(base_url=self._url, cookies={"debrief": token}, headers=headers, timeout=30))
        return self._opened[-1]

    def close(self) -> None:
        for one in self._opened:
            one.close()


@pytest.fixture
def browsers(story: Story) -> Iterator[Browsers]:
    house = story.house.house
    app = build_app(
        db=house.db, assistant=house.assistant, clock=house.clock, pages=True, vitality=story.vitality,
        signing_in=house.signing_in,
    )  # fmt: skip
    with served(app) as url:
        opened = Browsers(story, url)
        yield opened
        opened.close()


def place(story: Story) -> str:
    return f"/accounts/{story.account_id}/people/{story.employment_id}"


def test_the_page_says_why_and_takes_what_the_owner_says(story: Story, browsers: Browsers) -> None:
    client = browsers.of(NOOR)
    story.comes(answer(story.house.clock(), GONE))
    shown = client.get(place(story)).text
    assert "Karin Bos (inkoper) seems to be gone from Smederij Kolk." in shown
    assert "Left, Mark Bos follows" in shown
    said = client.post(place(story), data={"said": "moved", "employer": "Gieterij Hamel", "back": "1"})
    assert (said.status_code, said.headers["location"]) == (303, place(story))
    shown = client.get(place(story)).text
    assert "Karin Bos is at Gieterij Hamel now." in shown
    assert "Undo what was said last" in shown
    assert client.post(place(story), data={"said": "undo"}).headers["location"] == f"/accounts/{story.account_id}"
    assert story.job().until is None


def test_what_makes_no_sense_or_is_not_theirs_to_say_is_refused(story: Story, browsers: Browsers) -> None:
    client = browsers.of(NOOR)
    assert client.post(place(story), data={"said": "address", "email": "nobody"}).status_code == 409
    assert browsers.of(JONAS).post(place(story), data={"said": "left"}).status_code == 403
    assert client.post(place(story), data={"said": "sing"}).status_code == 422
    assert client.get(f"/accounts/{story.account_id + 1}/people/{story.employment_id}").status_code == 404


@pytest.mark.parametrize("role", ["operator", "administrator"])
def test_a_clerk_cannot_close_what_is_the_owners_to_say(story: Story, role: str) -> None:
    with story.house.house.db.write() as tx:
        clerk, owner = reps.by_email(tx, JONAS), reps.by_email(tx, NOOR)
        assert clerk
        clerk.role = role
        assert not may_settle(tx, clerk, owner)
        assert owner
        assert may_settle(tx, owner, owner)


def test_mailings_are_shown_to_those_who_answer_for_them(story: Story, browsers: Browsers) -> None:
    with story.house.house.db.write() as tx:
        hand_out(tx, [KARIN, "anna@kolk.example"], "Spring <b>news</b>", story.house.clock())
    story.comes(answer(story.house.clock(), GONE))
    assert browsers.of(NOOR).get("/mailings").status_code == 403
    shown = browsers.of(BAS).get("/mailings").text
    assert "Spring &lt;b&gt;news&lt;/b&gt;" in shown
    assert "50.0 %" in shown
