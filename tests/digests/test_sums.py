"""What is told of whole teams is what is told of each of their people, added up."""

from collections.abc import Callable
from datetime import date

import digests
from store.tables import Rep
from store.targets import set_target
from tests.conftest import TestHouse
from tests.digests.rows import account_of, rep_of, visited

WEDNESDAY = date(2026, 3, 4)


def test_teams_are_the_sum_of_their_people(build_house: Callable[..., TestHouse], database_url: str) -> None:
    house = build_house(database_url)
    with house.house.db.write() as tx:
        noor, jonas = rep_of(tx, "noor@varenhof.example"), rep_of(tx, "jonas@varenhof.example")
        tx.add_all(
            [gone := Rep(name="Gone", team=noor.team, active=False), beside := Rep(name="Beside", team=noor.team)]
        )
        tx.flush()
        set_target(tx, noor.id, "month", 20, date(2026, 1, 1))
        set_target(tx, beside.id, "month", 12, date(2026, 1, 1))
        set_target(tx, jonas.id, "quarter", 30, date(2026, 1, 1))
        account = account_of(tx, "V01").id
        for rep in (noor, jonas, gone, beside):
            for day in (date(2026, 1, 5), date(2026, 3, 1), WEDNESDAY):
                visited(tx, rep.id, account, day)
        visited(tx, noor.id, account, WEDNESDAY, status="planned")
    with house.house.db.read() as tx:
        everyone = digests.progress(tx, WEDNESDAY)
        told = digests.team_sums(tx, WEDNESDAY)
        of_team = digests.team_sums(tx, WEDNESDAY, team="Noord")
        alone = digests.team_sums(tx, WEDNESDAY, {noor.id})
    for one in told:
        same = [
            (each.done, each.target)
            for each in everyone
            if each.team == one.team and (each.target is None) == (one.period is None)
            if one.period in {None, each.period}
        ]
        target = sum(owed or 0 for _, owed in same) if one.period else None
        assert (len(same), sum(done for done, _ in same), target) == (one.people, one.done, one.target), one
    assert len(everyone) == sum(one.people for one in told)
    assert [one for one in told if one.team == "Noord"] == of_team
    assert [("month", 1, 2, 20)] == [(one.period, one.people, one.done, one.target) for one in alone]
