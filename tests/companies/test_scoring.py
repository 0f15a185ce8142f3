"""The scorer: what is right counts whatever its writing, what is wrong does not."""

from typing import Any

import pytest

from tests.scoring import covers, right_values, same_action, score

VISIT: dict[str, Any] = {
    "account": {"id": "A1"},
    "contacts": [{"id": "C1"}, {"name": "Mia Holm", "role": "buyer"}],
    "date": "2026-03-02",
    "start": "14:00",
    "end": None,
    "medium": "phone",
    "outcome": None,
    "type": None,
    "keywords": ["pumps"],
    "actions": [{"text": "send the quote for two pumps", "due": "2026-03-06", "assignee": None}],
    "amounts": [{"value": 1200.5, "currency": "EUR"}],
    "contact_changes": [],
    "city": "Ghent",
}


def figures(*filed: dict[str, Any], gold: list[dict[str, Any]] | None = None) -> dict[str, float]:
    case = {"id": "x", "gold": {"visits": [VISIT] if gold is None else gold}}
    return score([case], {"x": {"visits": list(filed)}}).figures()


def test_the_gold_itself_is_right_in_everything() -> None:
    assert {1.0} == set(figures(VISIT).values())


@pytest.mark.parametrize(
    ("change", "figure", "share"),
    [
        ({"account": {"id": "A2"}}, "account: no wrong link", 0.0),
        ({"account": None}, "account: no wrong link", 1.0),
        ({"account": None}, "account", 0.0),
        ({"contacts": [{"id": "C1"}]}, "contacts", 2 / 3),
        ({"contacts": [{"id": "C1"}, {"name": "Holm, Mia"}]}, "contacts", 1.0),
        ({"contacts": [{"id": "C1"}, {"name": "Mia Holm"}]}, "new contact: details", 0.0),
        ({"start": None}, "start", 0.0),
        ({"keywords": ["PUMP"]}, "keywords: found", 1.0),
        ({"keywords": [*"abcdefgh", "pump"]}, "keywords: found", 0.0),
        ({"actions": [{"text": "quote for two pumps", "due": None}]}, "actions", 1.0),
        ({"actions": [{"text": "quote for two pumps", "due": None}]}, "actions: due", 0.0),
        ({"amounts": [{"value": 1200.5, "currency": "CHF"}]}, "amounts", 0.0),
        ({"city": "gent"}, "place", 1.0),
        ({"type": "demo"}, "type", 0.0),
    ],
)
def test_what_is_changed_counts_in_its_figure(change: dict[str, Any], figure: str, share: float) -> None:
    assert pytest.approx(share) == figures({**VISIT, **change})[figure]


@pytest.mark.parametrize(
    ("change", "touched"), [({"type": "demo"}, 1.0), ({"end": "15:00"}, 0.0), ({"actions": []}, 0.0)]
)
def test_zero_touch_is_the_core_of_the_record(change: dict[str, Any], touched: float) -> None:
    assert touched == figures({**VISIT, **change})["zero touch"]


def test_a_case_without_an_answer_is_wrong() -> None:
    missing = score([{"id": "x", "gold": {"visits": []}}], {}).figures()
    assert {"reports or not": 0.0, "visits counted": 0.0, "zero touch": 0.0} == missing
    assert 0.0 == figures()["visits counted"]


def test_visits_are_held_beside_those_they_are_about() -> None:
    other = {**VISIT, "account": {"id": "A9"}, "date": "2026-03-01", "contacts": []}
    assert {1.0} == set(figures(other, VISIT, gold=[VISIT, other]).values())


def test_an_action_is_known_by_half_of_its_words_or_by_its_day() -> None:
    want = {"text": "Angebot schicken", "due": "2026-03-06", "assignee": None}
    assert same_action({"text": "das Angebot per Mail schicken"}, want)
    assert not same_action({"text": "Muster schicken und anrufen bitte"}, want)
    assert same_action({**want, "text": "schick ihr das neue Angebot bitte heute"}, want)
    assert not covers("pump", "")


def test_single_values_are_judged_in_their_order() -> None:
    filed = {**VISIT, "medium": "video", "keywords": ["price", "pump"], "end": "16:00", "subject": "x"}
    other = {"account": None, "ambiguous": ["A1", "A2"], "date": "2026-01-01"}
    first, second = right_values([filed, other], [VISIT])
    assert ([False, True], [False], [False], [True, True]) == (
        first["keywords"],
        first["medium"],
        first["end"],
        first["contacts"],
    )
    assert {"account": [False], "date": [False]} == second
