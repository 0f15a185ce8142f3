"""What happened, in words that other programs know: from the history of one transaction to events. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store.tables import Change

EVENTS: Mapping[str, str] = {
    "visit.filed": "a visit was filed",
    "visit.changed": "a visit is not as it was",
    "visit.withdrawn": "a visit was taken back",
    "contact.stale": "somebody at a customer seems gone",
    "contact.left": "somebody left a customer",
    "action.done": "something that was promised is done",
}
"""What can be told, and when it is."""
UNTOLD = frozenset({"created", "proposal"})
"""Fields of a visit's history that are no change of it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: its name, the record that it is about (a visit's id, or an employment's), and what more there is."""

    event: str
    record_id: int
    more: Mapping[str, Any]


def happened(changes: Sequence[Change]) -> list[Happened]:
    """What one transaction's changes come to: of each visit that it was filed, taken back or changed, once."""
    visits = dict.fromkeys(one.record_id for one in changes if one.record == "visit")
    found: list[Happened] = []
    for visit_id in visits:
        own = [one for one in changes if one.record == "visit" and one.record_id == visit_id]
        found += [*_of_visit(visit_id, own), *_done(visit_id, own)]
    return [*found, *(one for change in changes if (one := _of_employment(change)))]


def _of_visit(visit_id: int, changes: Sequence[Change]) -> Iterator[Happened]:
    if any(one.field == "created" for one in changes):
        yield Happened("visit.filed", visit_id, {})
    elif any(one.field == "withdrawn" and one.new for one in changes):
        yield Happened("visit.withdrawn", visit_id, {})
    elif fields := dict.fromkeys(one.field for one in changes if one.field not in UNTOLD):
        yield Happened("visit.changed", visit_id, {"fields": list(fields)})


def _done(visit_id: int, changes: Sequence[Change]) -> Iterator[Happened]:
    """The actions that are done now and were not before; the history tells them by their texts."""
    texts: list[str] = []
    for one in changes:
        if one.field == "actions":
            before = {action["text"] for action in one.old or () if action["state"] == "done"}
            texts += [action["text"] for action in one.new or () if action["state"] == "done"]
            texts = [text for text in texts if text not in before]
    if texts:
        yield Happened("action.done", visit_id, {"texts": texts})


def _of_employment(change: Change) -> Happened | None:
    names = {"stale_since": "contact.stale", "until": "contact.left"}
    if change.record != "employment" or change.field not in names or not change.new or change.new == change.old:
        return None
    return Happened(names[change.field], change.record_id, {"since": change.new})
