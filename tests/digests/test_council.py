"""Where a works council agreed to it, a team's letters tell no persons apart."""

from datetime import date

import pytest

from digests.council import without_persons
from letters import render
from letters.digest import Bar, Happened, TeamMorning, Week, WeekCount

NAMES = ("Noor Wijngaard", "Jonas Edelhoff", "Saara Lehtimäki", "Joost Prins", "Elin Holm", "Aad Smit")
DAY = date(2026, 3, 4)


def bars(people: int) -> tuple[Bar, ...]:
    return tuple(
        Bar(name=name, rep_id=n, done=n, target=10, period="week", days_left=3, pace="behind")
        for n, name in enumerate(NAMES[:people], 1)
    )


def morning(people: int) -> TeamMorning:
    return TeamMorning(
        name="Bas Terpstra", rep_id=90, day=DAY, last_day=date(2026, 3, 3), people=people, bars=bars(people), visits=21,
        happened=(Happened(outcome="Complaint", account="Smederij Kolk", rep=NAMES[0], visit_id=4),), silent=NAMES[1:2],
        overdue=3, asked=2, gone=1,
    )  # fmt: skip


def week(people: int) -> Week:
    return Week(
        name="Bas Terpstra", rep_id=90, team=True, day=DAY, first=date(2026, 2, 23), last=date(2026, 3, 1),
        people=people, bars=bars(people), trend=(WeekCount(monday=date(2026, 2, 23), visits=21),),
        happened=morning(people).happened, silent=NAMES[1:2], overdue=3,
    )  # fmt: skip


@pytest.mark.parametrize(("name", "told"), [("team", morning(6)), ("team_week", week(6))])
def test_no_letter_names_who_reports(name: str, told: TeamMorning | Week) -> None:
    letter = render(name, "en", told=without_persons(told), url="https://debrief.varenhof.example")
    said = f"{letter.text} {letter.html} {letter.blocks}"
    assert not [one for one in NAMES if one.split(maxsplit=1)[0] in said]
    assert "rep=" not in said
    assert "Smederij Kolk" in said
    assert "21 of 60" in said


def test_of_five_people_the_sum_is_told() -> None:
    [bar] = without_persons(morning(5)).bars
    assert (bar.done, bar.target, bar.rep_id) == (15, 50, None)


def test_of_four_not_even_sums_are_told() -> None:
    told, of_week = without_persons(morning(4)), without_persons(week(4))
    assert (told.bars, told.visits, told.overdue, told.asked, told.gone) == ((), 0, 0, 0, 1)
    assert (of_week.bars, of_week.trend, of_week.overdue) == ((), (), 0)
