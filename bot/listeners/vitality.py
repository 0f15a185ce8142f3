"""The buttons about somebody who seems gone, and the forms that some of them open."""

import re
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.forms import state_of
from bot.listeners.buttons import told, value_of
from bot.listeners.pickers import account_options
from capture import Assistant, CorrectionError
from capture.vitality import Vitality
from letters import Wording, wording
from letters.leaver_forms import FORMS, form

PRESS = re.compile(r"^alive:(still|left|followed|undo)$")
OPEN = re.compile(rf"^alive:({'|'.join(FORMS)})$")
SENT = re.compile(rf"^alive:({'|'.join(FORMS)})$")
WRONG = {"email": "email", "no_account": "employer", "as_is": "employer"}
"""What is wrong, and at which field it is told."""


def register(app: App, assistant: Assistant, vitality: Vitality) -> None:
    """Listen to what the owner of an account says of a contact."""

    @app.action(PRESS)
    def on_press(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        said = action["action_id"].removeprefix("alive:")
        who = body["user"]["id"]
        told(respond, lambda: vitality.leavers.answer(_id(value_of(action)), who, said), _words(assistant, who))

    @app.action(OPEN)
    def on_open(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, respond: Respond) -> None:
        words = _words(assistant, body["user"]["id"])
        view = form(words, action["action_id"].removeprefix("alive:"), value_of(action))
        try:
            client.views_open(trigger_id=body["trigger_id"], view=view)
        except SlackApiError:
            respond(text=words.say("trouble.again"), response_type="ephemeral", replace_original=False)
        ack()

    @app.view(SENT)
    def on_sent(ack: Ack, body: dict[str, Any], view: dict[str, Any]) -> None:
        who = body["user"]["id"]
        ack(**_answer(vitality, _words(assistant, who), who, view))

    @app.options("alive:employer")
    def on_employer(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=account_options(assistant, body, ""))


def _answer(vitality: Vitality, words: Wording, who: str, view: dict[str, Any]) -> dict[str, Any]:
    """Do what the form says; what Slack is to do with it: close it, or show what is wrong at a field."""
    kind, employment_id = view["callback_id"].removeprefix("alive:"), _id(view["private_metadata"])
    said = {name: _said(view, name) for name in FORMS[kind]}
    try:
        if kind == "where":
            vitality.leavers.move(employment_id, who, said["employer"])
        elif kind == "address":
            vitality.leavers.readdress(employment_id, who, said["email"])
        else:
            vitality.leavers.succeed(employment_id, who, said["name"], said["email"], said["phone"])
    except CorrectionError as error:
        field = WRONG.get(error.key, "")
        field = field if field in FORMS[kind] else FORMS[kind][0]
        return {"response_action": "errors", "errors": {f"{field}:": words.say(f"trouble.{error.key}")}}
    return {}


def _said(view: dict[str, Any], name: str) -> str:
    state = state_of(view, name)
    return str((state.get("selected_option") or state).get("value") or "")


def _id(value: str) -> int:
    return int(value) if re.fullmatch(r"\d{1,12}", value, re.ASCII) else 0


def _words(assistant: Assistant, who: str) -> Wording:
    return wording(assistant.language_of(who))
