"""A Slack of our own for tests: real HTTP and Socket Mode, Slack's refusals, and a person at the screen.

    with SlackServer(load_manifest(Path("bot/manifest.yaml")), clock_scale=0.01) as slack:
        app = ...                                  # WebClient(slack.bot_token, base_url=slack.base_url)
        slack.events_url = "http://…/slack/events" # or none, and the app connects with slack.app_token
        ada = slack.human(slack.add_user("Ada Berg", "ada@example.org", tz="Europe/Helsinki", locale="fi-FI"))
        said = ada.says("Met Kim yesterday")       # returns when the app has answered the first delivery
        card = ada.sees("Met Kim", timeout_s=2)    # the newest message of the app that shows it
        ada.clicks("Fix", on=card)
        ada.submits({"Who": "Lee"})                # by the labels on the screen; {} or what stands in red
        slack.assert_no_violations()

Real are the server, the signatures, the sockets and the app; the workspace is memory. Nothing here was compared with
live Slack: what it refuses is what docs.slack.dev says Slack refuses.
"""

from tests.servers.slack.interactions import SlackSaysError
from tests.servers.slack.journal import Call, Delivery, Violation
from tests.servers.slack.manifest import Manifest, ManifestError, load_manifest, read_manifest
from tests.servers.slack.screen import NotOnScreenError
from tests.servers.slack.server import SlackServer
from tests.servers.slack.workspace import Channel, Message, User, View

__all__ = [
    "Call",
    "Channel",
    "Delivery",
    "Manifest",
    "ManifestError",
    "Message",
    "NotOnScreenError",
    "SlackSaysError",
    "SlackServer",
    "User",
    "View",
    "Violation",
    "load_manifest",
    "read_manifest",
]
