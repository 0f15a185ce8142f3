"""Who somebody is, by what their medium tells of them: id and address, zone and language where our row says nothing."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from letters.wording import LANGUAGES
from store import crm, preferences, reps
from store.db import Tx
from store.tables import Rep

NOWHERE = "UTC"
"""The zone of a row that says none."""
UNSAID = "en"
"""The language of a row that says none."""
ASKED = "profile"
"""Stands in ``preferences.own`` of those whose profile was looked at, so that it is looked at once."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What Slack tells: ``zone`` as IANA names it, ``locale`` as in nl-NL."""

    slack_id: str
    email: str
    zone: str | None = None
    locale: str | None = None


def lacks_profile(tx: Tx, slack_id: str) -> bool:
    """Whether a profile may tell something: nobody here goes by that id, or their row says no zone.

    One small statement as a rule: whoever writes to us waits for it.
    """
    row = tx.execute(select(Rep.id, Rep.timezone).where(Rep.slack_id == slack_id, Rep.active)).first()
    return row is None or not _is_introduced(tx, *row)


def _is_introduced(tx: Tx, rep_id: int, zone: str) -> bool:
    if zone != NOWHERE:
        return True
    chosen = preferences.of(tx, rep_id)
    return chosen is not None and ASKED in chosen.own


def introduce(tx: Tx, profile: Profile) -> bool:
    """Complete the row of the rep with this id, or with this address and no other id; False where there is none."""
    rep = reps.by_slack_id(tx, profile.slack_id)
    if rep is None:
        rep = reps.by_email(tx, profile.email)
        if rep is None or rep.slack_id is not None:
            return False
        rep.slack_id = profile.slack_id
    if not _is_introduced(tx, rep.id, rep.timezone):
        chosen = preferences.to_change(tx, rep.id)
        language = (profile.locale or "").partition("-")[0].lower()
        if rep.language == UNSAID and "language" not in chosen.own and language in LANGUAGES:
            rep.language = language
        if profile.zone and _is_zone(profile.zone):
            rep.timezone = profile.zone
        chosen.own = sorted({*chosen.own, ASKED})
    crm.touch(tx)
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
