"""How what is done stands to what is owed, given how much of the period's work has gone."""

from decimal import Decimal

AHEAD, ON_TRACK, BEHIND = 1.2, 0.99, 0.81
"""The bands that sales teams use: from 99 % of what is expected on track, from 81 % behind."""
MILESTONES = (25, 50, 75, 100, 150, 200)
"""Percent of a target that are worth a word."""


def pace(done: Decimal | float, target: Decimal | float | None, share: float) -> str | None:
    """``reached``, ``ahead``, ``on_track``, ``behind`` or ``at_risk``; None without a target.

    ``share`` of the period's working days, 0 to 1, lies behind: so much of the target is expected by now.
    """
    if target is None:
        return None
    if done >= target:
        return "reached"
    expected = float(target) * share
    ratio = float(done) / expected if expected else 1.0 + float(done)
    bands = ((AHEAD, "ahead"), (ON_TRACK, "on_track"), (BEHIND, "behind"))
    return next((name for least, name in bands if ratio >= least), "at_risk")


def milestone(before: Decimal | float, done: Decimal | float, target: Decimal | float | None) -> int | None:
    """The highest of `MILESTONES` that was passed from ``before`` to ``done``; None where none was."""
    if not target or done <= before:
        return None
    passed = [one for one in MILESTONES if float(before) * 100 < one * float(target) <= float(done) * 100]
    return max(passed, default=None)
