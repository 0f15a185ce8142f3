"""What is stated of a value holds on messages that nobody counted, and what is asked follows from it."""

from datetime import UTC, datetime

import pytest

from parsing import confidence
from parsing.model import AccountMention, ContactMention, Found, VisitMention
from tests import calibrate
from tests.calibrate import Judged, Stated
from tests.cases import Reading

pytestmark = pytest.mark.slow

TODAY = datetime(2026, 3, 2, tzinfo=UTC).date()


@pytest.fixture(scope="module")
def values(readings: dict[str, list[Reading]]) -> dict[str, list[Judged]]:
    return {name: [one for each in several for one in calibrate.judged(each)] for name, several in readings.items()}


@pytest.fixture(scope="module")
def by_others(values: dict[str, list[Judged]]) -> list[Stated]:
    return calibrate.by_others(values, calibrate.as_measured())


def test_of_the_values_stated_at_nine_tenths_nineteen_of_twenty_are_right(by_others: list[Stated]) -> None:
    sure = [one.right for one, share in by_others if share >= calibrate.SURE]
    assert len(sure) >= 0.4 * len(by_others)
    assert sum(sure) >= 0.95 * len(sure)


@pytest.mark.parametrize("field", ["account", "contacts", "on", "starts", "medium", "actions", "city", "amounts"])
def test_so_it_is_in_each_field_with_many_values(by_others: list[Stated], field: str) -> None:
    sure = [one.right for one, share in by_others if share >= calibrate.SURE and one.field == field]
    assert len(sure) > 50
    assert sum(sure) >= 0.93 * len(sure)


def test_weak_evidence_is_stated_as_weak(by_others: list[Stated]) -> None:
    weak = [one.right for one, share in by_others if share < 0.5]
    assert sum(weak) < 0.6 * len(weak)
    wrong = [share for one, share in by_others if not one.right]
    assert sum(share < calibrate.SURE for share in wrong) > 0.85 * len(wrong)


def test_every_cue_is_on_the_list(values: dict[str, list[Judged]]) -> None:
    seen = {(one.field, one.found.cue) for several in values.values() for one in several if one.found.part == "text"}
    assert {("on", "sent")} <= {(one.field, one.found.cue) for several in values.values() for one in several}
    assert set() == {(field, cue) for field, cue in seen if cue not in confidence.CUES[field]}


def test_a_customer_is_asked_for_in_few_messages(readings: dict[str, list[Reading]]) -> None:
    every = [one for several in readings.values() for one in several]
    asked = [one for one in every if any(visit["account"] is None for visit in one.answer["visits"])]
    assert len(asked) <= 0.3 * len(every)


def test_a_share_is_that_of_the_nearest_counts() -> None:
    tree = {
        "city": {
            "share": 0.8,
            "under": {
                "with people": {"share": 0.9, "under": {"town": {"share": 0.95, "steps": [[0.2, 0.7], [0.6, 0.97]]}}}
            },
        }
    }

    def share(number: float, how: str = "with people", cue: str = "town") -> float:
        return confidence.share_of(tree, "city", Found("Ghent", 0, 5, confidence=number, cue=cue), how)

    assert (0.7, 0.7, 0.97) == (share(0.1), share(0.59), share(0.6))
    assert (confidence.UNCOUNTED, 0.8) == (share(0.6, cue="never seen"), share(0.6, how="nobody's"))
    assert 0.5 == confidence.share_of(tree, "street", Found("Kaai 1"), "with people")


def test_counting_draws_few_values_towards_the_many() -> None:
    def one(cue: str, number: float, *, right: bool, company: str = "a") -> Judged:
        return Judged(company, "amounts", Found(1, 0, 1, confidence=number, cue=cue), "with people", right)

    many = [one("currency", 0.5, right=at % 10 > 0, company=str(at % 4)) for at in range(200)]
    tree = calibrate.tree_of([*many, *[one("bare", 0.5, right=True) for _ in range(3)]])["amounts"]
    under = tree["under"]["with people"]["under"]
    assert (200, 180) == (under["currency"]["of"], under["currency"]["right"])
    assert under["currency"]["share"] < under["bare"]["share"] < 0.97
    rising = [one("scaled", at / 100, right=at >= 50) for at in range(100)]
    steps = calibrate.tree_of(rising)["amounts"]["under"]["with people"]["under"]["scaled"]["steps"]
    assert sorted(steps) == steps
    assert steps[0][1] < 0.5 < steps[-1][1]


def test_what_was_wrong_more_often_where_nobody_looked_is_stated_as_less_sure() -> None:
    def some(right: int, of: int) -> list[Judged]:
        return [Judged("a", "city", Found("Ghent", cue="town"), "with people", at < right) for at in range(of)]

    worse = calibrate.worse_elsewhere(some(95, 100), some(80, 100))
    assert 2.0 < worse["city"] < 4.0
    assert {"city": 1.0} == calibrate.worse_elsewhere(some(80, 100), some(95, 100))
    before, after = (calibrate.tree_of(some(95, 100), one)["city"]["share"] for one in ({}, worse))
    assert after < before - 0.05


def test_the_circumstance_is_who_is_named() -> None:
    def visit(account: AccountMention | None, *people: str) -> VisitMention:
        contacts = tuple(Found(ContactMention(id=one)) for one in people)
        return VisitMention(account=account and Found(account), contacts=contacts, on=Found(TODAY))

    assert "nobody's" == confidence.circumstance(visit(None, "C1"))
    assert "without people" == confidence.circumstance(visit(AccountMention(name="Holm")))
    assert "with people" == confidence.circumstance(visit(AccountMention(candidates=("A1", "A2")), "C1"))


@pytest.mark.parametrize(("sure", "linked"), [(0.95, True), (confidence.ASK, True), (0.5, False)])
def test_a_customer_who_is_hardly_meant_is_asked_for(sure: float, linked: bool) -> None:
    visit = VisitMention(account=Found(AccountMention(id="A1"), 3, 7, confidence=sure), on=Found(TODAY))
    account = confidence.asked_where_unsure(visit).account
    assert account is not None
    assert (AccountMention(id="A1") if linked else AccountMention(candidates=("A1",))) == account.value
    assert (3, 7) == (account.start, account.end)


def test_what_a_lesson_says_keeps_its_own_confidence() -> None:
    taught = Found(AccountMention(id="A1"), 0, 3, confidence=0.9, lesson="7")
    visit = confidence.calibrated(VisitMention(account=taught, on=Found(TODAY, part="sent_at", cue="sent")))
    assert taught == visit.account
    assert 0.5 < visit.on.confidence < 1.0
    assert 1.0 == visit.on.weight
