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
    "epiphany_eve": ((1, 5), (1, 5)),
    "may_eve": ((4, 30), (4, 30)),
    "liberation_day": ((5, 5), (5, 5)),
    "liberation_eve": ((5, 4), (5, 4)),
    "burns_night": ((1, 25), (1, 25)),
    "saint_patrick": ((3, 17), (3, 17)),
    "bonfire_night": ((11, 5), (11, 5)),
    "saint_stephen": ((12, 26), (12, 26)),
    "juneteenth": ((6, 19), (6, 19)),
    "veterans_day": ((11, 11), (11, 11)),
    "austrian_day": ((10, 26), (10, 26)),
    "immaculate": ((12, 8), (12, 8)),
    "dutch_santa": ((12, 5), (12, 5)),
}
"""Feasts that fall on the same days of every year: month and day of the first and the last."""

FROM_EASTER = {
    "maundy_thursday": (-3, -3),
    "easter_saturday": (-1, -1),
    "whit_monday": (50, 50),
    "corpus_christi": (60, 60),
    "weiberfastnacht": (-52, -52),
    "rose_monday": (-48, -48),
    "shrove_tuesday": (-47, -47),
    "ash_wednesday": (-46, -46),
    "carnival": (-48, -47),
}
"""Feast to its first and its last day, counted from Easter Sunday."""

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
    if name in FROM_EASTER:
        monday = feast("easter_monday", year)
        since, until = (timedelta(days=days - 1) for days in FROM_EASTER[name])
        return (monday[0] + since, monday[0] + until) if monday else None
    if name in {"black_friday", "cyber_monday"}:
        thanksgiving = feast("thanksgiving", year)
        shift = timedelta(days=1 if name == "black_friday" else 4)
        return (thanksgiving[0] + shift, thanksgiving[0] + shift) if thanksgiving else None
    if name not in KEPT:
        return None
    country, first, last = KEPT[name]
    days = _calendar(country, year)
    return (days[first], days[last]) if first in days and last in days else None
