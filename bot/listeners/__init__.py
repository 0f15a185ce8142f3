"""What Slack tells us of, one file a surface: each listener reads and hands on."""

from collections.abc import Callable

from slack_bolt import App

from bot.listeners import buttons, edits, fix, home, messages, pickers, requests
from capture import Assistant

SURFACES: tuple[Callable[[App, Assistant], None], ...] = (
    edits.register,
    messages.register,
    buttons.register,
    fix.register,
    pickers.register,
    requests.register,
    home.register,
)
"""In this order, for bolt runs only the first listener that fits: what is narrow stands before what is wide."""


def register(app: App, assistant: Assistant) -> None:
    """Have the app listen on every surface."""
    for surface in SURFACES:
        surface(app, assistant)
