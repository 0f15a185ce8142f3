"""The buttons of a card."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, Respond

from capture import Assistant, CorrectionError
from capture.presses import read_press
from capture.values import quoted
from letters import Wording, wording


def register(app: App, assistant: Assistant) -> None:
    """Listen to what is pressed on a card."""

    def press(body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        def corrected() -> None:
            if action["action_id"] == "unsay":
                said = value_of(action)
                assistant.unsay(int(said) if said.isdecimal() else 0, body["user"]["id"])
                return
            pressed = read_press(action["action_id"], value_of(action))
            assistant.correct(pressed.visit_id, body["user"]["id"], pressed.what, pressed.value)

        told(respond, corrected, wording(assistant.language_of(body["user"]["id"])))

    @app.action(re.compile(r"^(?:undo$|unsay$|account:|fact:)"))
    def on_press(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        press(body, action, respond)

    @app.action(re.compile(r"^link:"))
    def on_link(ack: Ack) -> None:
        ack()  # Slack tells of a pressed link too, and shows a warning where nobody takes note


def value_of(action: dict[str, Any]) -> str:
    """What a button carries, or the option that was chosen in a menu."""
    return str((action.get("selected_option") or action).get("value") or "")


def told(respond: Respond, correct: Callable[[], None], words: Wording) -> None:
    """Do it, or tell the one who pressed why it cannot be done."""
    try:
        correct()
    except CorrectionError as error:
        if respond.response_url is None:
            return  # on Home nothing can be said beside the page, and that shows what is the case
        respond(
            text=quoted(words.say(f"trouble.{error.key}"), error.reason),
            response_type="ephemeral",
            replace_original=False,
        )
