"""The Home tab: a person's own page."""

import logging
import re
from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.listeners.buttons import value_of
from bot.people import may_speak
from capture import Assistant, CorrectionError
from letters import wording
from letters.home import home_view, refused_view

RHYTHM, MORE = "choose:digest_rhythm", "more:"

log = logging.getLogger("debrief.bot")


def register(app: App, assistant: Assistant) -> None:
    """Listen to who opens the tab, and to what is pressed on it that is on no card."""

    def publish(client: WebClient, user: str, *, opened: bool = False) -> None:
        page = assistant.home.opened(user) if opened else assistant.home.page(user)
        client.views_publish(user_id=user, view=home_view(page) if page else refused_view("en", user))

    @app.event("app_home_opened")
    def on_opened(event: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") == "home" and may_speak(event["user"], assistant, client):
            publish(client, event["user"], opened=True)

    @app.action(re.compile(r"^(?:todo:|choose:|forget$)"))
    def on_press(ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, respond: Respond) -> None:
        ack()
        user = body["user"]["id"]
        try:
            _pressed(assistant, user, action)
            if respond.response_url and action["action_id"].startswith(RHYTHM):  # of a letter, not on the page
                kept = wording(assistant.language_of(user)).say(f"digest.kept_{_chosen(action)}")
                respond(text=kept, response_type="ephemeral", replace_original=False)
        except CorrectionError as error:
            # What is there no more is seen on the page as it is now.
            log.info("pressed too late: %s", error.key)
        publish(client, user)


def _pressed(assistant: Assistant, user: str, action: dict[str, Any]) -> None:
    family, _, what = action["action_id"].partition(":")
    if family == "choose":
        assistant.home.choose(user, what.partition(":")[0], _chosen(action))  # ``:2`` of several buttons in a letter
        return
    value = value_of(action)
    if what.startswith(MORE):  # an overflow of a letter: which of several it is, and what is chosen with its action
        what, _, value = value.partition(":")
    if not re.fullmatch(r"\d{1,12}", value, re.ASCII):
        raise CorrectionError("unknown", "This button does nothing any more.")
    if family == "todo":
        assistant.home.settle(user, int(value), what)
    else:
        assistant.home.forget(user, int(value))


def _chosen(action: dict[str, Any]) -> Any:
    """The option, or the options, that were chosen."""
    if "selected_options" in action:
        return [option["value"] for option in action["selected_options"]]
    return value_of(action)
