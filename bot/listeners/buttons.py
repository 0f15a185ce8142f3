"""The buttons of a card."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond

from capture import Assistant, CorrectionError


def register(app: App, assistant: Assistant) -> None:
    """Listen to what is pressed on a card."""

    @app.action("undo")
    def on_undo(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        told(respond, lambda: assistant.correct(int(action["value"]), body["user"]["id"], "undo"))

    @app.action(re.compile(r"^account:"))
    def on_account(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        visit_id, _, account_id = action["value"].partition(":")
        told(respond, lambda: assistant.correct(int(visit_id), body["user"]["id"], "account", account_id))

    @app.action(re.compile(r"^link:"))
    def on_link(ack: Ack) -> None:
        ack()  # Slack tells of a pressed link too, and shows a warning where nobody takes note


def told(respond: Respond, correct: Callable[[], None]) -> None:
    """Do it, or tell the one who pressed why it cannot be done."""
    try:
        correct()
    except CorrectionError as error:
        respond(text=str(error), response_type="ephemeral", replace_original=False)
