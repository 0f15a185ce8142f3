"""Who somebody is, by what their medium tells of them: id and address, zone and language where our row says nothing."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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


def is_introduced(tx: Tx, rep: Rep) -> bool:
    """Whether there is nothing left that a profile could tell."""
    chosen = preferences.of(tx, rep.id)
    return rep.timezone != NOWHERE or (chosen is not None and ASKED in chosen.own)


def introduce(tx: Tx, profile: Profile) -> bool:
    """Complete the row of the rep with this id, or with this address and no other id; False where there is none."""
    rep = reps.by_slack_id(tx, profile.slack_id)
    if rep is None:
        rep = reps.by_email(tx, profile.email)
        if rep is None or rep.slack_id is not None:
            return False
        rep.slack_id = profile.slack_id
    if not is_introduced(tx, rep):
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
