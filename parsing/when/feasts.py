"""Feasts and free days as anchors: the days of "Easter" or "juhannus" in a year, from the package ``holidays``."""

from datetime import date, timedelta
from functools import lru_cache

import holidays

KEPT = {
    "easter": ("DE", "Karfreitag", "Ostermontag"),
    "good_friday": ("DE", "Karfreitag", "Karfreitag"),
    "easter_monday": ("DE", "Ostermontag", "Ostermontag"),
    "ascension": ("DE", "Christi Himmelfahrt", "Christi Himmelfahrt"),
    "whitsun": ("DE", "Pfingstmontag", "Pfingstmontag"),
    "midsummer": ("FI", "Juhannusaatto", "Juhannuspäivä"),
    "thanksgiving": ("US", "Thanksgiving Day", "Thanksgiving Day"),
    "memorial_day": ("US", "Memorial Day", "Memorial Day"),
    "labor_day": ("US", "Labor Day", "Labor Day"),
    "kings_day": ("NL", "Koningsdag", "Koningsdag"),
    "swiss_day": ("CH", "Nationalfeiertag", "Nationalfeiertag"),
    "german_unity": ("DE", "Tag der Deutschen Einheit", "Tag der Deutschen Einheit"),
    "independence_fi": ("FI", "Itsenäisyyspäivä", "Itsenäisyyspäivä"),
    "epiphany": ("FI", "Loppiainen", "Loppiainen"),
    "all_saints": ("BE", "Allerheiligen", "Allerheiligen"),
}
"""Feast to the country that keeps it, and the names of its first and its last day in that country's own words."""

FIXED = {
    "christmas": ((12, 24), (12, 26)),
    "christmas_eve": ((12, 24), (12, 24)),
    "christmas_day": ((12, 25), (12, 25)),
    "boxing_day": ((12, 26), (12, 26)),
    "new_year": ((1, 1), (1, 1)),
    "new_years_eve": ((12, 31), (12, 31)),
    "saint_nicholas": ((12, 5), (12, 6)),
    "may_day": ((5, 1), (5, 1)),
    "july_4th": ((7, 4), (7, 4)),
    "halloween": ((10, 31), (10, 31)),
    "valentine": ((2, 14), (2, 14)),
    "belgian_day": ((7, 21), (7, 21)),
    "assumption": ((8, 15), (8, 15)),
    "saint_martin": ((11, 11), (11, 11)),
}
"""Feasts that fall on the same days of every year: month and day of the first and the last."""

LANGUAGES = {"DE": "de", "NL": "nl", "FI": "fi", "US": "en_US", "CH": "de", "BE": "nl"}
CATEGORIES = {"FI": ("public", "unofficial", "workday")}


@lru_cache(maxsize=256)
def _calendar(country: str, year: int) -> dict[str, date]:
    """The free days of a country in a year by their names, in its own language."""
    supported = holidays.country_holidays(country).supported_categories
    chosen = tuple(kind for kind in CATEGORIES.get(country, ("public",)) if kind in supported)
    days = holidays.country_holidays(country, years=year, language=LANGUAGES[country], categories=chosen)
    return {name: day for day, names in sorted(days.items()) for name in names.split("; ")}


@lru_cache(maxsize=512)
def feast(name: str, year: int) -> tuple[date, date] | None:
    """The first and the last day of a feast in a year; None where the feast has no day of its own ("the holidays")."""
    if name in FIXED:
        (month, day), (last_month, last_day) = FIXED[name]
        return date(year, month, day), date(year, last_month, last_day)
    if name in {"black_friday", "cyber_monday"}:
        thanksgiving = feast("thanksgiving", year)
        shift = timedelta(days=1 if name == "black_friday" else 4)
        return (thanksgiving[0] + shift, thanksgiving[0] + shift) if thanksgiving else None
    if name == "carnival":
        easter = feast("easter", year)
        return (easter[0] - timedelta(days=46), easter[0] - timedelta(days=45)) if easter else None
    if name not in KEPT:
        return None
    country, first, last = KEPT[name]
    days = _calendar(country, year)
    return (days[first], days[last]) if first in days and last in days else None
