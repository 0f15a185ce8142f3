"""Messages that people edit or delete after they said them."""

from typing import Any

from slack_bolt import App, BoltContext

from bot.reading import Said, raw_of, read_deletion, read_edit, without_mention
from capture import Assistant


def register(app: App, assistant: Assistant) -> None:
    """Listen to what becomes of messages; of those in channels only to the ones that were taken in."""

    def minds(said: Said, event: dict[str, Any]) -> bool:
        direct = event.get("channel_type") == "im" or str(event["channel"]).startswith("D")
        known = assistant.has("slack", said.message.source_id)
        return known or (direct and assistant.knows(said.message.rep))

    def deleted(event: dict[str, Any], body: dict[str, Any]) -> None:
        gone = read_deletion(event, body.get("team_id", ""))
        if gone is not None and minds(gone, event):
            assistant.retract(gone.message, reply_to=gone.reply_to)

    @app.event({"type": "message", "subtype": "message_changed"})
    def on_change(event: dict[str, Any], body: dict[str, Any], context: BoltContext) -> None:
        deleted(event, body)
        worded = read_edit(event, body.get("team_id", ""))
        if worded is not None and minds(worded[0], event):
            said, at = without_mention(worded[0], context.bot_user_id or ""), worded[1]
            assistant.revise(said.message, at=at, raw=raw_of(body), reply_to=said.reply_to)

    @app.event({"type": "message", "subtype": "message_deleted"})
    def on_deletion(event: dict[str, Any], body: dict[str, Any]) -> None:
        deleted(event, body)
