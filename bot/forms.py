"""The form *Fix*: from what Slack tells of its fields to what is to be corrected."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from capture.values import Value
from letters.fix import NONE, changed_states
from parsing.model import ContactMention
from parsing.typed import read_people, read_sums, read_terms

PARTS = {"text": "text", "due": "due", "who": "assignee", "state": "state"}
"""The fields of an action, and what they are called there."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: for which visit and version, what is to be otherwise, and where it cannot be read."""

    visit_id: int
    seen: int
    wanted: Mapping[str, Value]
    errors: Mapping[str, str]
    """Field to the key of what is wrong with it."""
    states: Mapping[str, dict[str, Any]]
    """What was changed, as Slack tells it."""


def read_form(view: Mapping[str, Any], language: str) -> Sent:
    """What was filled in, where it is not what the form showed."""
    told = json.loads(view["private_metadata"])
    states = changed_states(dict(view))
    wanted: dict[str, Value] = {}
    errors = {}
    for base, state in states.items():
        if "." not in base and base not in {"contacts", "new_contact", "amounts"}:
            wanted[base] = _single(base, state)
    if {"contacts", "new_contact"} & states.keys():
        wanted["contacts"] = _people(view)
    if "amounts" in states:
        sums = read_sums(states["amounts"].get("value") or "", language)
        if sums is None:
            errors["amounts"] = "amount"
        else:
            wanted["amounts"] = [{"value": f"{one.value:.2f}", "currency": one.currency} for one in sums]
    if any(base.startswith("action.") for base in states):
        wanted["actions"] = _actions(states)
    return Sent(int(told["visit"]), int(told["seen"]), wanted, errors, states)


def visit_of(view: Mapping[str, Any]) -> int:
    """The visit that an open form is about."""
    return int(json.loads(view["private_metadata"])["visit"])


def state_of(view: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Slack's state of a field, changed or not."""
    for block_id, actions in view["state"]["values"].items():
        if block_id.rpartition(":")[0] == name:
            return dict(next(iter(actions.values())))
    return {}


def block_of(view: Mapping[str, Any], name: str, states: Mapping[str, Any]) -> str:
    """The ``block_id`` where an error of the field ``name`` belongs: of actions, the first that was changed."""
    wanted = [base for base in states if base.startswith("action.")] if name == "actions" else [name]
    ids = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    return next((str(one) for one in ids if one.rpartition(":")[0] in wanted), str(ids[0]))


def _single(base: str, state: Mapping[str, Any]) -> Value:
    if base == "keywords":
        return read_terms(state.get("value") or "")
    value = _value(state)
    if base == "account" and value and value.startswith("+"):
        return {"name": value[1:]}
    return value


def _value(state: Mapping[str, Any]) -> str | None:
    option = state.get("selected_option") or {}
    value = option.get("value") or state.get("selected_date") or state.get("selected_time") or state.get("value")
    return None if value == NONE else value


def _people(view: Mapping[str, Any]) -> list[Any]:
    chosen = [option["value"] for option in state_of(view, "contacts").get("selected_options") or []]
    known: list[Any] = [one for one in chosen if not one.startswith("+")]
    new = [mention for one in chosen if one.startswith("+") for mention in read_people(one[1:])]
    new += read_people(state_of(view, "new_contact").get("value") or "")
    return known + [_entry(one) for one in new]


def _entry(mention: ContactMention) -> dict[str, str]:
    told = {"name": mention.name, "role": mention.role, "email": mention.email, "phone": mention.phone}
    return {name: value for name, value in told.items() if value}


def _actions(states: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Of each action what is to be otherwise, by its id, and what is to be added: one a line of the new text."""
    patches: dict[str, dict[str, Any]] = {}
    for base, state in states.items():
        _, _, rest = base.partition("action.")
        which, _, part = rest.partition(".")
        if part in PARTS:
            patches.setdefault(which, {})[PARTS[part]] = _value(state)
    new = patches.pop("new", {})
    lines = [said for said in str(new.pop("text", None) or "").splitlines() if said.strip()]
    return {"patch": patches, "add": [{"text": said, **new} for said in lines]}
