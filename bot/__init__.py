"""The Slack door: listeners take messages in, the courier carries letters out."""

from bot.courier import SlackCourier
from bot.listeners import SlackApp, build_bolt

__all__ = ["SlackApp", "SlackCourier", "build_bolt"]
