"""Working days as people have them."""

from datetime import date

import pytest

from digests.calendar import country_of, last_working_day, working_days, works_on

MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Amsterdam", "NL"),
        ("Europe/Zurich", "CH"),
        ("Europe/Helsinki", "FI"),
        ("Europe/London", "GB"),
        ("UTC", None),
    ],
)
def test_a_zone_tells_the_country(zone: str, country: str | None) -> None:
    assert country_of(zone) == country


def test_a_public_holiday_is_no_working_day_where_it_is_kept() -> None:
    kings_day, independence = date(2026, 4, 27), date(2027, 12, 6)
    assert not works_on(kings_day, MONDAY_TO_FRIDAY, "Europe/Amsterdam")
    assert works_on(kings_day, MONDAY_TO_FRIDAY, "Europe/Berlin")
    assert not works_on(independence, MONDAY_TO_FRIDAY, "Europe/Helsinki")
    assert works_on(independence, MONDAY_TO_FRIDAY, "UTC")


def test_a_week_with_easter_monday_is_shorter() -> None:
    assert working_days(date(2026, 4, 6), date(2026, 4, 12), MONDAY_TO_FRIDAY, "Europe/Berlin") == 4
    assert working_days(date(2026, 4, 6), date(2026, 4, 12), (0, 1), "Europe/Berlin") == 1


def test_yesterday_is_the_last_day_that_was_worked() -> None:
    tuesday_after_easter = date(2026, 4, 7)
    thursday = last_working_day(tuesday_after_easter, MONDAY_TO_FRIDAY, "Europe/Berlin")
    assert thursday == date(2026, 4, 2)  # Good Friday, the weekend and Easter Monday lie between
