"""The Slack door: listeners take messages in, the courier carries letters out."""

from bot.app import SlackApp, build_bolt
from bot.beside import SlackBeside
from bot.courier import SlackCourier

__all__ = ["SlackApp", "SlackBeside", "SlackCourier", "build_bolt"]
