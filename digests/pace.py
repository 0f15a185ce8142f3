"""How what is done stands to what is owed, given how much of the period's work has gone."""

from decimal import Decimal

AHEAD, ON_TRACK, BEHIND = 1.2, 0.99, 0.81
"""The bands that sales teams use: from 99 % of what is expected on track, from 81 % behind."""


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
