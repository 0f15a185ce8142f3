"""What bounces and answers add up to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capture.liveliness import CLEARING, POINTS, Sign, liveliness

MARCH = date(2026, 3, 1)


def signs(*told: str) -> list[Sign]:
    """``"unknown_user 3"``: on the third of March."""
    return [Sign(kind, date(2026, 3, int(day))) for kind, day in (one.split() for one in told)]


@pytest.mark.parametrize(
    ("told", "day", "state"),
    [
        ([], 9, "alive"),
        (["unknown_user 3"], 9, "doubtful"),
        (["unknown_user 3", "unknown_user 3", "unknown_user 3"], 9, "doubtful"),  # three newsletters in a day
        (["unknown_user 3", "unknown_user 9"], 9, "stale"),
        (["unknown_user 3", "disabled 9"], 9, "stale"),
        (["left 3"], 3, "stale"),
        (["full 3", "full 4", "full 5"], 9, "alive"),
        (["full 3", "full 4", "full 5", "full 6"], 9, "doubtful"),
        (["content 3", "sender 4", "system 5", "delay 6", "feedback 7", "unclear 8"], 9, "alive"),
        (["unknown_user 3", "met 5"], 9, "alive"),
        (["unknown_user 3", "met 5", "unknown_user 9"], 9, "doubtful"),
        (["left 3", "still_there 5"], 9, "alive"),
        (["left 3", "answered 3"], 9, "alive"),
        (["unknown_user 9", "unknown_user 12"], 10, "doubtful"),  # what comes later is not known yet
    ],
)
def test_what_signs_add_up_to(told: list[str], day: int, state: str) -> None:
    assert liveliness(signs(*told), date(2026, 3, day)).state == state


def test_what_is_quiet_for_long_is_halved() -> None:
    bounces = signs("unknown_user 1", "unknown_user 2")
    states = [liveliness(bounces, MARCH + timedelta(days=days)).state for days in (1, 30, 31, 61, 90)]
    assert states == ["stale", "stale", "doubtful", "alive", "alive"]


def test_that_somebody_left_does_not_fade() -> None:
    assert liveliness(signs("left 1"), MARCH + timedelta(days=400)).state == "stale"
    later = Sign("unknown_user", MARCH + timedelta(days=61))
    assert liveliness([*signs("left 1"), later], MARCH + timedelta(days=400)).state == "stale"


def test_it_is_told_since_when_and_by_what() -> None:
    found = liveliness(signs("content 1", "unknown_user 3", "disabled 9"), date(2026, 3, 20))
    assert found.since == date(2026, 3, 9)
    assert [one.kind for one in found.signs] == ["unknown_user", "disabled"]


def test_what_is_not_proved_makes_nobody_seem_gone_by_itself() -> None:
    doubted = [Sign("unknown_user", MARCH + timedelta(days=n), proved=False) for n in range(9)]
    assert liveliness(doubted, MARCH + timedelta(days=9)).state == "doubtful"
    assert liveliness([Sign("left", MARCH, proved=False)], MARCH).state == "doubtful"
    true = Sign("unknown_user", MARCH + timedelta(days=3))
    assert liveliness([*doubted, true], MARCH + timedelta(days=9)).state == "stale"


ANY = st.lists(
    st.builds(Sign, st.sampled_from([*POINTS, *CLEARING]), st.dates(MARCH, MARCH + timedelta(days=200))), max_size=20
)


@given(ANY)
def test_only_what_is_proved_makes_anybody_seem_gone(told: list[Sign]) -> None:
    doubted = [Sign(one.kind, one.on, proved=False) for one in told]
    assert liveliness(doubted, MARCH + timedelta(days=200)).state != "stale"


@given(ANY)
def test_the_order_of_telling_does_not_matter(told: list[Sign]) -> None:
    today = MARCH + timedelta(days=200)
    assert liveliness(told, today).state == liveliness(told[::-1], today).state


@given(ANY)
def test_who_was_met_last_is_alive(told: list[Sign]) -> None:
    today = MARCH + timedelta(days=201)
    assert liveliness([*told, Sign("met", today)], today).state == "alive"


@given(ANY, st.dates(MARCH, MARCH + timedelta(days=200)))
def test_another_bounce_never_makes_livelier(told: list[Sign], day: date) -> None:
    today = MARCH + timedelta(days=200)
    rank = ("alive", "doubtful", "stale").index
    # One that is soon after the last sign, so that nothing fades between.
    more = [*told, Sign("unknown_user", max([one.on for one in told], default=day))]
    before, after = liveliness(told, today).state, liveliness(more, today).state
    assert rank(after) >= rank(before)


@given(ANY)
def test_what_says_something_of_us_marks_nobody(told: list[Sign]) -> None:
    harmless = [one for one in told if not POINTS.get(one.kind)]
    assert liveliness(harmless, MARCH + timedelta(days=200)).state == "alive"
