"""What a person answers to each kind of element: the value Slack keeps, and what its window refuses to send."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tests.servers.slack import block_kit

TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
ONE_OPTION = ("static_select", "external_select", "radio_buttons")
MANY_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
# The name under which Slack keeps what was picked, and the field of the element it starts from.
NAMES = {
    **dict.fromkeys(TYPED, ("value", "initial_value")),
    **dict.fromkeys(ONE_OPTION, ("selected_option", "initial_option")),
    **dict.fromkeys(MANY_OPTIONS, ("selected_options", "initial_options")),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", ""),
}


def initial(element: Mapping[str, Any]) -> dict[str, Any]:
    """The value of ``element`` before anybody touched it."""
    name, start = NAMES[element["type"]]
    many = element["type"].startswith("multi_") or element["type"] in {"checkboxes", "file_input"}
    return {"type": element["type"], name: element.get(start, [] if many else None)}


def state_of(blocks: list[dict[str, Any]], values: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """``state.values``: what every stateful element holds, filled in or as it started."""
    state: dict[str, Any] = {}
    for block, element in block_kit.elements(blocks):
        if element["type"] in NAMES:
            held = values.get(block["block_id"], {}).get(element["action_id"])
            state.setdefault(block["block_id"], {})[element["action_id"]] = held or initial(element)
    return state


def options_of(holder: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The options of an element, or of an answer to a question for options, in or out of groups."""
    found = list(holder.get("options") or ())
    for group in holder.get("option_groups") or ():
        found += group["options"]
    return found


def option_named(options: list[dict[str, Any]], text: str) -> dict[str, Any] | None:
    """The option a person reads as ``text``."""
    return next((option for option in options if option["text"]["text"] == text), None)


def value_of(element: Mapping[str, Any], answer: Any, options: list[dict[str, Any]]) -> dict[str, Any] | None:
    """What Slack keeps when a person answers ``answer``; ``None`` where there is no such thing to pick.

    ``answer`` is the text of an option, a list of them, an ISO date, "HH:MM", a number, ids or words; ``None`` empties.
    """
    type_ = element["type"]
    name, _ = NAMES[type_]
    if type_ in ONE_OPTION:
        picked = None if answer is None else option_named(options, answer)
        return None if answer is not None and picked is None else {"type": type_, name: picked}
    if type_ in MANY_OPTIONS:
        several = [option_named(options, each) for each in answer or ()]
        return None if None in several else {"type": type_, name: several}
    if type_ in TYPED:
        return {"type": type_, name: None if answer in (None, "") else str(answer)}
    if type_ == "datepicker" and isinstance(answer, date):
        answer = answer.isoformat()
    return {"type": type_, name: answer}


def refusals(block: Mapping[str, Any], element: Mapping[str, Any], value: Mapping[str, Any]) -> Iterator[str]:
    """What Slack's own window says under a field before anything is sent to the app."""
    name, _ = NAMES[element["type"]]
    held = value.get(name)
    if held in (None, "", []):
        if block["type"] == "input" and not block.get("optional"):
            yield "Please complete this required field."
        return
    if element["type"] == "plain_text_input":
        if len(held) < element.get("min_length", 0):
            yield f"This field must be at least {element['min_length']} characters."
        if len(held) > element.get("max_length", 3000):
            yield f"This field must be at most {element.get('max_length', 3000)} characters."
    elif element["type"] == "number_input":
        yield from _number(element, held)
    elif element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", held):
        yield "Please enter a valid email address."
    elif element["type"] == "url_text_input" and not re.match(r"https?://\S+", held):
        yield "Please enter a valid URL."
    elif len(held) > element.get("max_selected_items", 10**6):
        yield f"Select at most {element['max_selected_items']}."


def _number(element: Mapping[str, Any], held: str) -> Iterator[str]:
    shape = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(shape, held):
        yield "Please enter a number."
    elif "min_value" in element and float(held) < float(element["min_value"]):
        yield f"Please enter a number of at least {element['min_value']}."
    elif "max_value" in element and float(held) > float(element["max_value"]):
        yield f"Please enter a number of at most {element['max_value']}."
