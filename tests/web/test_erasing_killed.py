"""Erasing that is killed anywhere has erased nothing; done again it erases all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from capture.persons import Persons
from tests.conftest import TestHouse
from tests.web.test_persons import NAME, everything, told

EVERY = 70
"""Each so manieth statement is the last once."""


class Killed(BaseException):
    """Nothing catches this, as nothing catches a ``kill -9``."""


@contextmanager
def killed_at(house: TestHouse, number: int) -> Iterator[list[int]]:
    """The process ends at its ``number``th statement or commit; gives how many it came to."""
    engine, came = house.house.db.engine, [0]

    def die(*_: Any) -> None:
        came[0] += 1
        if came[0] == number:
            raise Killed

    for moment in ("before_cursor_execute", "commit"):
        event.listen(engine, moment, die)
    try:
        yield came
    finally:
        for moment in ("before_cursor_execute", "commit"):
            event.remove(engine, moment, die)
        engine.dispose()


def test_erasing_that_is_killed_anywhere_has_erased_nothing(
    build_house: Callable[..., TestHouse], sqlite_url: str
) -> None:
    house = build_house(sqlite_url)
    contact_id, persons = told(house), Persons(house.house.db, house.clock)
    before = everything(house)
    number = 1
    while True:
        with killed_at(house, number) as came:
            try:
                persons.erase(contact_id, "command")
            except Killed:
                pass
            else:
                break
        assert everything(house) == before, f"killed at statement {number}"
        number += EVERY
    assert came[0] > 2 * EVERY, "it was killed in the middle, too"
    assert NAME not in "".join(everything(house)["contacts"])
