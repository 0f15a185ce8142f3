"""The Slack door: listeners take messages in, the courier carries letters out."""

from bot.app import SlackApp, build_bolt
from bot.courier import SlackCourier

__all__ = ["SlackApp", "SlackCourier", "build_bolt"]
