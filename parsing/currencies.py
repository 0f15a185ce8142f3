"""In which money a sum is that names none: that of the customer's country, else that of the rep's time zone."""

from datetime import datetime
from functools import cache

from parsing.words import table

EURO = "EUR"


def home_currency(country: str | None, now: datetime) -> str:
    """The ISO 4217 code for a customer in ``country`` (ISO 3166 alpha-2), or where the clock reads ``now``."""
    if country:
        return _currencies("countries").get(country.upper(), EURO)
    zone = str(getattr(now.tzinfo, "key", ""))
    zones = _currencies("zones")
    return zones.get(zone) or zones.get(zone.partition("/")[0], EURO)


@cache
def _currencies(by: str) -> dict[str, str]:
    return {place: code for code, places in table("names", "currencies").get(by, {}).items() for place in places}
