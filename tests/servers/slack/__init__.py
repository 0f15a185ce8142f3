"""A Slack of our own for tests: real HTTP and Socket Mode, Slack's refusals, and a person at the screen."""

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
