"""The history of a visit, in words."""

from dataclasses import dataclass
from datetime import date, datetime

from store.tables import Change
from store.visits import FoundVisit
from web.templating import day


@dataclass(frozen=True, slots=True)
class Told:
    """One change: when, what, by whom, and the words it was read from where those were kept."""

    at: datetime
    text: str
    by: str
    words: str | None


def told(found: FoundVisit, change: Change) -> Told:
    """The change in words."""
    return Told(change.at, _what(found.names, change), _who(found, change), change.words)


def _what(names: dict[tuple[str, int], str], change: Change) -> str:
    name = names.get((change.record, change.record_id), "")
    new_name = names.get(("contact", change.new), "somebody") if change.field == "successor" else change.new
    sentences = {
        ("visit", "created"): f"Filed as {change.new}",
        ("visit", "withdrawn"): "Taken back",
        ("visit", "source"): f"Told again by {change.new}",
        ("account", "created"): f"New account: {name or change.new}",
        ("contact", "created"): f"New contact: {name or change.new}",
        ("employment", "successor"): f"{name} is followed by {new_name}",
    }
    if change.record == "employment" and change.new is None and change.field in {"until", "successor"}:
        return f"{name} has not left after all" if change.field == "until" else f"{name} is followed by nobody"
    if (change.record, change.field) in sentences:
        return sentences[change.record, change.field]
    if (change.record, change.field) == ("employment", "until") and change.new:
        return f"{name} left on {day(date.fromisoformat(change.new))}"
    field = change.field.removesuffix("_id").replace("_", " ")
    old, new = (_value(names, change.field, value) for value in (change.old, change.new))
    return f"{name or change.record.capitalize()}, {field}: {old} → {new}"


def _value(names: dict[tuple[str, int], str], field: str, value: object) -> str:
    if value is None:
        return "not known"
    if field == "account_id" and isinstance(value, int):
        return names.get(("account", value), str(value))
    if isinstance(value, list):
        return ", ".join(_entry(one) for one in value) or "none"
    return str(value)


def _entry(value: object) -> str:
    """One person, action, sum or term of a list that was corrected."""
    if not isinstance(value, dict):
        return str(value)
    if "currency" in value:
        return f"{value['value']} {value['currency']}"
    if "text" in value:
        due = f", by {day(date.fromisoformat(value['due']))}" if value.get("due") else ""
        state = f" ({value['state']})" if value.get("state") != "open" else ""
        return f"{value['text']}{due}{state}"
    return str(value.get("name"))


def _who(found: FoundVisit, change: Change) -> str:
    kind, _, which = change.by.partition(":")
    if kind == "rep":
        return found.names.get(("rep", int(which)), "a rep")
    if kind == "message" and int(which) != found.visit.capture_id:
        return "another message"
    return {"message": f"message of {found.rep.name}", "rule": f"rule {which}"}.get(kind, kind)
