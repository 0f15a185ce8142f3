"""What people say to the app: direct messages and mentions."""

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.people import may_speak
from bot.reading import Said, raw_of, read_event, without_mention
from capture import Assistant


def register(app: App, assistant: Assistant) -> None:
    """Listen to what is said."""

    def take(said: Said | None, body: dict[str, Any], client: WebClient) -> None:
        if said is not None and may_speak(said.message.rep, assistant, client):
            assistant.accept(said.message, raw=raw_of(body), reply_to=said.reply_to)

    @app.event("message")
    def on_message(event: dict[str, Any], body: dict[str, Any], client: WebClient) -> None:
        if event.get("channel_type") == "im":
            take(read_event(event, body.get("team_id", "")), body, client)

    @app.event("app_mention")
    def on_mention(event: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        said = read_event(event, body.get("team_id", ""))
        take(without_mention(said, context.bot_user_id or "") if said else None, body, client)
