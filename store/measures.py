"""What a target counts: a name that can be kept, the visits that it is about, and what of them is counted."""

from dataclasses import dataclass
from typing import Literal

from store.filters import VisitFilter

Unit = Literal["visits", "money", "contacts"]

HELD = VisitFilter(status="held")
NAMED: dict[str, tuple[VisitFilter, Unit]] = {
    "visits": (HELD, "visits"),
    "first_visits": (VisitFilter(status="held", first=True), "visits"),
    "new_accounts": (VisitFilter(status="held", new_account=True), "visits"),
    "calls": (VisitFilter(status="held", medium="phone"), "visits"),
    "quotes": (VisitFilter(status="held", outcome="quote_requested"), "visits"),
    "orders": (VisitFilter(status="held", outcome="order"), "visits"),
    "order_value": (VisitFilter(status="held", outcome="order"), "money"),
    "contacts_met": (HELD, "contacts"),
    "complete": (VisitFilter(status="held", complete="yes"), "visits"),
}
"""``new_accounts``: the first visits to accounts that a report made known. ``contacts_met``: each contact once in the
period. ``complete``: visits with the minimum that a report should tell."""
FAMILIES = ("type", "medium", "outcome", "keyword", "class")
"""``outcome:complaint``, ``keyword:service contract``, ``class:A``: visits that were held and are of that value."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted. ``visits`` as a filter without rep and days: those are the counter's."""

    name: str
    visits: VisitFilter
    unit: Unit


def read(name: str) -> Measure | None:
    """The measure of this name; None where it is none."""
    if name in NAMED:
        return Measure(name, *NAMED[name])
    family, _, key = name.partition(":")
    if family not in FAMILIES or not key:
        return None
    field = "grade" if family == "class" else family
    return Measure(name, VisitFilter(status="held", **{field: key}), "visits")  # type: ignore[arg-type]
