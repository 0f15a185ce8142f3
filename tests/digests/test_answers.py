"""A digest is answered by its numbers, by mail or in its thread; the answer is confirmed, and can be taken back."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select

from capture import CorrectionError
from digests import Digests
from letters import Letter
from parsing.model import Message
from store import reps
from store.tables import Action, DigestDay, Visit
from store.targets import set_target
from tests.conftest import TestHouse

NOOR = "noor@varenhof.example"
TUESDAY = datetime(2026, 3, 3, 8, tzinfo=UTC)


class Post:
    """A courier that keeps what it carries."""

    def __init__(self) -> None:
        self.sent: dict[str, Letter] = {}

    def send(self, letter_id: str, letter: Letter, to: Any) -> dict[str, Any]:
        self.sent[letter_id] = letter
        return dict(to)

    def update(self, letter_id: str, letter: Letter, receipt: Any) -> dict[str, Any]:
        return self.send(letter_id, letter, receipt)


class Morning:
    """Noor's digest with two actions and a visit without a customer, and what she answers."""

    def __init__(self, house: TestHouse) -> None:
        self.house, self.post = house, Post()
        house.house.assistant._replies.couriers["email"] = self.post  # type: ignore[index]
        for text in (
            "Vanmorgen bij Zuivelhuis Terwolde, offerte sturen uiterlijk dinsdag.",
            "Vanmorgen bij Smederij Kolk, monsters meenemen uiterlijk dinsdag.",
            "gister bij iemand geweest, gaat goed",
        ):
            house.house.assistant.file(house.says(text))
        with house.house.db.write() as tx:
            noor = reps.by_email(tx, NOOR)
            assert noor
            set_target(tx, noor.id, "week", 10, date(2026, 1, 1))
        house.clock.now = TUESDAY
        digests = Digests(
            db=house.house.db, jobs=house.house.jobs, couriers={"email": self.post}, clock=house.clock, url=None
        )
        assert digests.begin(NOOR, TUESDAY.date())
        self.digest = self._one(DigestDay)
        digests.compose(self.digest.batch)
        digests.send(self.digest.id)

    def answers(self, text: str, to: str | None = None, **more: Any) -> str:
        """Noor answers by mail; the text of what she is told."""
        self.house.clock.passes(minutes=1)
        place = {"address": NOOR, "answers": to or f"digest-{self.digest.id}", **more}
        message = {"via": "email", "rep": NOOR, "sent_at": self.house.clock.now, "text": text}
        taken = self.house.house.assistant.accept(Message(source_id=f"m-{text}", **message), reply_to=place)
        self.capture_id = taken.capture_id
        self.house.house.assistant.answer(taken.capture_id)
        self.house.house.assistant.reply(taken.capture_id)
        return self.post.sent[f"reply-{taken.capture_id}"].text

    def actions(self) -> list[tuple[str, str, date | None]]:
        with self.house.house.db.read() as tx:
            return [(one.text, one.state, one.due) for one in tx.scalars(select(Action).order_by(Action.id))]

    def visits(self) -> list[Visit]:
        return self.house.visits()

    def _one(self, table: Any) -> Any:
        with self.house.house.db.read() as tx:
            return tx.scalars(select(table)).one()


@pytest.fixture
def morning(house: TestHouse) -> Morning:
    return Morning(house)


def test_the_letter_numbers_what_can_be_answered(morning: Morning) -> None:
    text = morning.post.sent[f"digest-{morning.digest.id}"].text
    assert "1. " in text
    assert "3. " in text
    assert "Antwoord gewoon" in text


def test_lines_are_settled_by_their_numbers(morning: Morning) -> None:
    told = morning.answers("1 klaar, 2 vrijdag")
    assert [(state, due) for _, state, due in morning.actions()] == [
        ("done", date(2026, 3, 3)), ("open", date(2026, 3, 6)),
    ]  # fmt: skip
    assert told.startswith("Genoteerd:")
    assert "1. " in told
    assert "vr 6 mrt" in told


def test_a_visit_gets_its_customer_by_its_number(morning: Morning) -> None:
    told = morning.answers("3 Brouwerij De Kraanvogel")
    assert all(one.account_id for one in morning.visits())
    assert "Niet begrepen" not in told


@pytest.mark.parametrize("text", ["alles gedaan", "all done", "alles erledigt", "kaikki tehty", "1-2 ✅"])
def test_everything_is_done_in_a_word_or_two(morning: Morning, text: str) -> None:
    morning.answers(text)
    assert [state for _, state, _ in morning.actions()] == ["done", "done"]


def test_what_is_not_understood_is_said_and_the_rest_is_done(morning: Morning) -> None:
    told = morning.answers("2 weg\nen de groeten aan Bas")
    assert [state for _, state, _ in morning.actions()] == ["open", "dropped"]
    assert "Niet begrepen: “en de groeten aan Bas”" in told


def test_an_answer_is_taken_back_whole(morning: Morning) -> None:
    before, customers = morning.actions(), [one.account_id for one in morning.visits()]
    morning.answers("1 klaar, 2 vrijdag, 3 Brouwerij De Kraanvogel")
    assert morning.actions() != before
    first = morning.capture_id
    morning.house.clock.passes(minutes=1)
    taken = morning.house.house.assistant.accept(
        Message(via="email", rep=NOOR, source_id="m-undo", sent_at=morning.house.clock.now, text="ongedaan maken"),
        reply_to={"address": NOOR, "answers": f"reply-{first}"},
    )
    morning.house.house.assistant.answer(taken.capture_id)
    morning.house.house.assistant.renew(f"{first}:undone")
    assert morning.actions() == before
    assert "Teruggedraaid" in morning.post.sent[f"reply-{first}"].text
    assert customers[:2] == [one.account_id for one in morning.visits()][:2]


def test_a_button_takes_it_back_once_and_only_for_who_answered(morning: Morning) -> None:
    before = morning.actions()
    morning.answers("1 klaar")
    assistant = morning.house.house.assistant
    with pytest.raises(CorrectionError):
        assistant.unsay(morning.capture_id, "jonas@varenhof.example")
    assistant.unsay(morning.capture_id, NOOR)
    assert morning.actions() == before
    with pytest.raises(CorrectionError):
        assistant.unsay(morning.capture_id, NOOR)


def test_what_somebody_else_changed_since_is_not_overwritten(morning: Morning) -> None:
    morning.answers("2 vrijdag")
    with morning.house.house.db.write() as tx:
        moved = tx.scalars(select(Action).order_by(Action.id.desc())).first()
        assert moved
        moved.due = date(2026, 3, 20)
    morning.house.house.assistant.unsay(morning.capture_id, NOOR)
    assert morning.actions()[1][2] == date(2026, 3, 20)


def test_a_report_in_the_thread_of_a_digest_is_a_report(morning: Morning) -> None:
    told = morning.answers("Vanmorgen bij Brouwerij De Kraanvogel geweest, Maaike gesproken over de nieuwe lijn.")
    assert len(morning.visits()) == 4
    assert "Brouwerij De Kraanvogel" in told


def test_in_a_chat_the_thread_need_not_be_opened(morning: Morning) -> None:
    place = {"address": NOOR, "answers": None, "goes_on": True, "channel": "D1"}
    for n, (text, state) in enumerate((("dank je wel", "nothing"), ("1 klaar", "answer"))):
        message = Message(via="email", rep=NOOR, source_id=f"top-{n}", sent_at=morning.house.clock.now, text=text)
        taken = morning.house.house.assistant.accept(message, reply_to=place)
        morning.house.house.assistant.file(taken.capture_id)
        assert morning.house.captures()[-1].state == state
    assert morning.actions()[0][1] == "done"


def test_an_answer_is_one_however_often_it_comes(morning: Morning) -> None:
    morning.answers("2 vrijdag")
    with morning.house.house.db.write() as tx:
        moved = tx.scalars(select(Action).order_by(Action.id.desc())).first()
        assert moved
        moved.due = date(2026, 3, 20)
    morning.answers("2 vrijdag")
    assert morning.actions()[1][2] == date(2026, 3, 20)
