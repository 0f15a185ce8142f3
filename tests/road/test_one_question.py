"""However much is open, a card asks one thing at a time."""

from capture.card import cards, visits_of
from tests.conftest import TestHouse


def test_a_message_with_two_open_visits_asks_about_the_first_and_then_about_the_second(house: TestHouse) -> None:
    house.says("1) gisteren bij zuivelhuis terwolde geweest\n2) vanmorgen bij brouwerij de kraanvogel geweest")
    house.run_jobs()
    [capture] = house.captures()
    with house.house.db.write() as tx:
        first, second = visits_of(tx, capture.id)
        known = first.account_id
        first.account_id = second.account_id = None
        assert [True, False] == [card.question is not None for card in cards(tx, [first, second], "nl")]
        first.account_id = known
        assert [False, True] == [card.question is not None for card in cards(tx, [first, second], "nl")]
