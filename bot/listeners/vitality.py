"""The buttons about somebody who seems gone."""

import re
from typing import Any

from slack_bolt import Ack, App, Respond

from bot.listeners.buttons import told, value_of
from capture import Assistant
from capture.vitality import Vitality
from letters import wording

PRESS = re.compile(r"^alive:(still|left|followed|undo)$")


def register(app: App, assistant: Assistant, vitality: Vitality) -> None:
    """Listen to what the owner of an account says of a contact."""

    @app.action(PRESS)
    def on_press(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        said = action["action_id"].removeprefix("alive:")
        value = value_of(action)
        who = body["user"]["id"]
        employment_id = int(value) if value.isdecimal() else 0
        told(respond, lambda: vitality.answer(employment_id, who, said), wording(assistant.language_of(who)))
