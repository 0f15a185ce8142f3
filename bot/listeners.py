"""The Slack door: each listener reads and hands on."""

import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond
from slack_sdk import WebClient

from bot.reading import Said, read_event, without_mention
from capture import Assistant, CorrectionError

log = logging.getLogger("debrief.bot")


@dataclass(frozen=True, slots=True)
class SlackApp:
    """What the Slack door needs to know of the app that it is."""

    bot_token: str = field(repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    api_url: str = "https://slack.com/api/"

    def client(self) -> WebClient:
        """A client of the Web API; a call that hangs gives up after ten seconds."""
        return WebClient(token=self.bot_token, base_url=self.api_url, timeout=10)


def build_bolt(slack: SlackApp, assistant: Assistant) -> App:
    """The bolt app with its listeners. Its 200 leaves after the listener: until then a message is Slack's to keep."""
    app = App(
        client=slack.client(),
        signing_secret=slack.signing_secret,
        process_before_response=True,
        request_verification_enabled=slack.signing_secret is not None,
        token_verification_enabled=False,
    )
    _listen(app, assistant)
    return app


def _listen(app: App, assistant: Assistant) -> None:
    def take(said: Said | None, body: dict[str, Any], client: WebClient) -> None:
        if said is not None and _may_speak(said.message.rep, assistant, client):
            assistant.accept(said.message, raw=_raw(body), reply_to=said.reply_to)

    @app.event("message")
    def on_message(event: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
        if event.get("channel_type") == "im":
            take(read_event(event, body.get("team_id", "")), body, client)

    @app.event("app_mention")
    def on_mention(event: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        said = read_event(event, body.get("team_id", ""))
        take(without_mention(said, context.bot_user_id or "") if said else None, body, client)

    @app.action("undo")
    def on_undo(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        _corrected(respond, lambda: assistant.correct(int(action["value"]), body["user"]["id"], "undo"))

    @app.action(re.compile(r"^account:"))
    def on_account(ack: Ack, body: dict[str, Any], action: dict[str, Any], respond: Respond) -> None:
        ack()
        visit_id, _, account_id = action["value"].partition(":")
        _corrected(respond, lambda: assistant.correct(int(visit_id), body["user"]["id"], "account", account_id))

    @app.action(re.compile(r"^link:"))
    def on_link(ack: Ack) -> None:
        ack()  # Slack tells of a pressed link too, and shows a warning where nobody takes note


def _may_speak(user: str, assistant: Assistant, client: WebClient) -> bool:
    """Whether to answer at all: colleagues, known or not; guests of the workspace and other bots get nothing."""
    if assistant.knows(user):
        return True
    profile = client.users_info(user=user)["user"]
    if profile.get("is_bot") or profile.get("is_restricted") or profile.get("is_ultra_restricted"):
        log.info("a guest or bot of the workspace wrote; nothing was taken")
        return False
    assistant.introduce(user, profile.get("profile", {}).get("email") or "")
    return True


def _corrected(respond: Respond, correct: Callable[[], None]) -> None:
    try:
        correct()
    except CorrectionError as error:
        respond(text=str(error), response_type="ephemeral", replace_original=False)


def _raw(body: dict[str, Any]) -> bytes:
    """The event as Slack sent it, without the verification token that it still carries."""
    kept = {key: value for key, value in body.items() if key != "token"}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode()
