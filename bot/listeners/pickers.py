"""Menus that look names up while somebody types."""

import re
from collections.abc import Iterable
from typing import Any

from slack_bolt import Ack, App

from capture import Assistant
from letters import cut, one_line

TEXT, VALUE = 75, 150
"""Characters of an option (docs.slack.dev/reference/block-kit/composition-objects/option-object)."""
MOST = 20
Options = list[dict[str, Any]]


def register(app: App, assistant: Assistant) -> None:
    """Offer accounts to whoever is a colleague."""

    @app.options("account:other")
    def on_account(ack: Ack, body: dict[str, Any]) -> None:
        visit_id = visit_in(body["block_id"])
        ack(options=account_options(assistant, body, f"{visit_id}:"))


def visit_in(block_id: str) -> str:
    """The visit that a block is about, by its ``block_id``: ``visit:41:9f3a…``."""
    found = re.match(r"[a-z]+:(\d{1,12})(?::|$)", block_id, re.ASCII)
    return found[1] if found else ""


def account_options(assistant: Assistant, body: dict[str, Any], prefix: str) -> Options:
    """The accounts that fit what was typed, and a new one of that name."""
    typed = one_line(body.get("value") or "")
    known = assistant.accounts_like(typed, body["user"]["id"], MOST)
    told = [(", ".join(filter(None, (one.name, one.city))), f"{prefix}{one.id}") for one in known]
    if typed and assistant.knows(body["user"]["id"]):
        name = cut(typed, VALUE - len(prefix) - 1)
        told.append((f"+ {name}", f"{prefix}+{name}"))
    return options_of(told)


def options_of(told: Iterable[tuple[str, str]]) -> Options:
    """Options of these texts and values."""
    return [
        {"text": {"type": "plain_text", "text": cut(one_line(text), TEXT) or "?", "emoji": False}, "value": value}
        for text, value in told
    ]
