"""The Slack app: what it needs to know of itself, and bolt with every listener."""

from dataclasses import dataclass, field

from slack_bolt import App
from slack_sdk import WebClient

from bot import listeners
from bot.listeners import vitality as leavers
from capture import Assistant
from capture.vitality import Vitality


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


def build_bolt(slack: SlackApp, assistant: Assistant, vitality: Vitality | None = None) -> App:
    """The bolt app with its listeners. Its 200 leaves after the listener: until then a message is Slack's to keep."""
    app = App(
        client=slack.client(),
        signing_secret=slack.signing_secret,
        process_before_response=True,
        request_verification_enabled=slack.signing_secret is not None,
        token_verification_enabled=False,
    )
    listeners.register(app, assistant)
    if vitality is not None:
        leavers.register(app, assistant, vitality)
    return app
