"""Slack's events by a socket of our own making."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.request import SocketModeRequest

PING_S = 1.5
"""Seconds between pings. The client gives a socket up when nothing came back for more than four of them, and waits up
to three seconds for its reader to let go (slack_sdk, builtin/connection.py): one that was cut without a word is back
within 15 s."""


class Socket(SocketModeHandler):
    """A socket whose every envelope is handled within ``around``; what is not handled is not acknowledged."""

    def __init__(self, bolt: App, app_token: str, around: Callable[[], AbstractContextManager[None]]) -> None:
        super().__init__(bolt, app_token, ping_interval=PING_S)
        self._around = around

    def handle(self, client: object, req: SocketModeRequest) -> None:
        """As bolt does."""
        with self._around():
            super().handle(client, req)  # type: ignore[arg-type]  # bolt's base class and its handlers differ here

    def close(self) -> None:
        """Let go of the socket and of every thread."""
        try:
            super().close()  # type: ignore[no-untyped-call]
        except AttributeError:
            # The client's monitor closed the same connection this instant; what is left to do is done now.
            super().close()  # type: ignore[no-untyped-call]
