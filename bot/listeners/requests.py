"""What people ask the app to take from elsewhere: ``/visit`` with words, and "Log as visit" on a message."""

from typing import Any

from slack_bolt import Ack, App, Respond
from slack_sdk import WebClient

from bot.answers import plainly
from bot.people import may_speak
from bot.reading import raw_of, read_command, read_shortcut
from capture import Assistant
from letters.wording import wording

ECHOED = 2_000
"""Characters of what was said that are shown to whoever said it: nobody else sees the words of a command."""


def register(app: App, assistant: Assistant) -> None:
    """Listen to the command and the shortcut; the card comes in the direct messages of whoever asked."""

    @app.command("/visit")
    def on_visit(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        user = body["user_id"]
        if not may_speak(user, assistant, client):
            ack()
            return
        words = wording(assistant.language_of(user))
        said = read_command(body, assistant.now())
        if said is None:
            ack(**plainly(words.say("common.how")))
            return
        # Kept before it is acknowledged: Slack tells of a command once, and whoever typed it sees where that failed.
        assistant.accept(said.message, raw=raw_of(body), reply_to=said.reply_to)
        ack(**plainly(f"{words.say('taken.command')}\n“{said.message.text[:ECHOED].strip()}”"))

    @app.shortcut("log_as_visit")
    def on_shortcut(ack: Ack, body: dict[str, Any], client: WebClient, respond: Respond) -> None:
        user = body["user"]["id"]
        if not may_speak(user, assistant, client):
            ack()
            return
        said = read_shortcut(body)
        receipt = assistant.accept(said.message, raw=raw_of(body), reply_to=said.reply_to) if said else None
        ack()
        what = "nothing_there"
        if receipt is not None:
            what = "shortcut" if receipt.new or assistant.again.want(receipt.capture_id) else "again"
        told = wording(assistant.language_of(user)).say(f"taken.{what}")
        respond(**plainly(told), response_type="ephemeral", replace_original=False)
