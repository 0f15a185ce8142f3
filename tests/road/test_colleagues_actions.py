"""What a colleague is to do is theirs to settle, although the visit is another's; the rest of the visit is not."""

from datetime import date
from typing import Any

import pytest

from capture import CorrectionError
from store.tables import Action, Visit
from tests.conftest import TestHouse

NOOR, JONAS = "noor@varenhof.example", "jonas@varenhof.example"


@pytest.fixture
def visit(house: TestHouse) -> Visit:
    """Noor's visit, with one thing for Jonas to do and one for herself."""
    house.house.assistant.file(house.says("Vanmiddag bij Zuivelhuis Terwolde geweest, gaat goed"))
    [visit] = house.visits()
    wanted = [{"text": "offerte sturen", "assignee": JONAS}, {"text": "terugbellen", "assignee": NOOR}]
    house.house.assistant.correct(visit.id, NOOR, "actions", wanted)
    return house.visits()[0]


def action(house: TestHouse, number: int) -> Action:
    return house.visits()[0].actions[number]


@pytest.mark.parametrize(
    ("patch", "told"),
    [
        ({"state": "done"}, ("done", None)),
        ({"state": "dropped"}, ("dropped", None)),
        ({"due": "2026-03-03"}, ("open", date(2026, 3, 3))),
    ],
)
def test_who_is_to_do_it_settles_it(house: TestHouse, visit: Visit, patch: dict[str, Any], told: object) -> None:
    house.house.assistant.correct(visit.id, JONAS, "action", {"id": visit.actions[0].id, **patch})
    assert (action(house, 0).state, action(house, 0).due) == told


def test_what_is_for_another_and_the_rest_of_the_visit_is_not_theirs(house: TestHouse, visit: Visit) -> None:
    mine, hers = visit.actions
    for what, value in (
        ("action", {"id": hers.id, "state": "done"}),
        ("action", {"id": mine.id, "text": "iets anders"}),
        ("outcome", "order"),
        ("undo", None),
    ):
        with pytest.raises(CorrectionError):
            house.house.assistant.correct(visit.id, JONAS, what, value)
    assert [one.state for one in house.visits()[0].actions] == ["open", "open"]
