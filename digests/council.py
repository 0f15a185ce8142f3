"""Team digests as works councils agree to them: no person beside another, and sums of five people or more."""

from dataclasses import replace
from typing import overload

from letters.digest import Bar, TeamMorning, Week

LEAST = 5
"""Of fewer people than these not even sums are told: they would say something of one."""


@overload
def without_persons(told: TeamMorning) -> TeamMorning: ...
@overload
def without_persons(told: Week) -> Week: ...
def without_persons(told: TeamMorning | Week) -> TeamMorning | Week:
    """The same without names of those who report, ranks and silences; customers and what they said stay."""
    enough = told.people >= LEAST
    happened = tuple(replace(one, rep=None) for one in told.happened)
    together = tuple(bar for bar in told.bars if bar.rep_id is None)  # what a team owes as one tells of nobody
    bars = (*together, *whole(tuple(bar for bar in told.bars if bar.rep_id is not None))) if enough else ()
    overdue, asked = (told.overdue, told.asked) if enough else (0, 0)
    if isinstance(told, Week):
        trend = told.trend if enough else ()
        return replace(told, bars=bars, happened=happened, silent=(), trend=trend, overdue=overdue, asked=asked)
    visits = told.visits if enough else 0
    return replace(told, bars=bars, happened=happened, silent=(), visits=visits, overdue=overdue, asked=asked)


def whole(bars: tuple[Bar, ...]) -> tuple[Bar, ...]:
    """The counters of all together, one for each period that `LEAST` people or more have a target in."""
    found = []
    for period in dict.fromkeys(bar.period for bar in bars):
        owing = [bar for bar in bars if bar.period == period and bar.target is not None]
        if len(owing) >= LEAST:
            done, target = sum(bar.done for bar in owing), sum(bar.target or 0 for bar in owing)
            left = max(bar.days_left for bar in owing)
            found.append(Bar(name=None, rep_id=None, done=done, target=target, period=period, days_left=left))
    return tuple(found)
