"""What people say to the app: direct messages, mentions, what follows in the thread of a report, words of clips."""

from typing import Any

from slack_bolt import App, BoltContext
from slack_sdk import WebClient

from bot.people import introduce_mentioned, may_speak
from bot.reading import Said, raw_of, read_event, without_mention
from capture import Assistant


def register(app: App, assistant: Assistant) -> None:
    """Listen to what is said."""

    def take(said: Said, body: dict[str, Any], client: WebClient) -> None:
        if may_speak(said.message.rep, assistant, client):
            introduce_mentioned(said.message.text, assistant, client)
            assistant.accept(said.message, raw=raw_of(body), reply_to=said.reply_to)

    def goes_on(said: Said) -> bool:
        """Whether it stands in the thread of a report of the same rep: other talk in a channel is not ours."""
        head = said.reply_to["answers"]
        return head is not None and assistant.has("slack", head, by=said.message.rep)

    @app.event("message")
    def on_message(event: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        said = read_event(event, body.get("team_id", ""))
        if said is not None and (event.get("channel_type") == "im" or goes_on(said)):
            take(without_mention(said, context.bot_user_id or ""), body, client)

    @app.event("file_change")
    def on_words(event: dict[str, Any]) -> None:
        assistant.again.heard("slack", str(event.get("file_id") or ""))

    @app.event("app_mention")
    def on_mention(event: dict[str, Any], body: dict[str, Any], client: WebClient, context: BoltContext) -> None:
        said = read_event(event, body.get("team_id", ""))
        if said is not None:
            take(without_mention(said, context.bot_user_id or ""), body, client)
