"""What a process does until it is told to stop: listens, watches a mailbox, holds Slack's socket."""

import errno
import signal
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from app.refusals import Refused, reason
from app.settings import Settings

if TYPE_CHECKING:
    from app.wiring import House


@contextmanager
def until_signalled() -> Iterator[None]:
    """The block ends at Ctrl-C or SIGTERM as if it had come to its end; what it opened is closed on the way."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def wait() -> None:
    """Do nothing until a signal comes (`until_signalled`)."""
    threading.Event().wait()


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The port of the web server, ours before anything else is started."""
    host, port = settings.host, settings.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Refused(f"{host} is no address of this machine; set DEBRIEF_HOST", status=1) from error
    with socket.socket(family, kind, protocol) as listener:
        # A port that a process left a moment ago is free (ip(7), SO_REUSEADDR); one that is listened on is not.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen(2048)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Refused(f"port {port} is in use; set DEBRIEF_PORT", status=1) from error
            raise Refused(f"cannot listen on {host}, port {port}: {error.strerror}", status=1) from error
        yield listener


def serve(house: "House", listener: socket.socket) -> None:
    """Answer on ``listener`` until a signal comes."""
    import uvicorn  # noqa: PLC0415  # only for those who serve

    config = uvicorn.Config(house.web(), log_level="warning", timeout_graceful_shutdown=5)
    uvicorn.Server(config).run(sockets=[listener])


def address(settings: Settings, listener: socket.socket) -> str:
    """Where a browser on this machine finds the pages."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{listener.getsockname()[1]}/"


@contextmanager
def ingesting(watchers: Sequence[Any]) -> Iterator[None]:
    """The mailboxes are watched while the block runs."""
    threads = [threading.Thread(target=watcher.watch, name="ingest", daemon=True) for watcher in watchers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for watcher in watchers:
            watcher.stop()
        for thread in threads:
            thread.join(timeout=10)


@contextmanager
def socket_mode(house: "House") -> Iterator[None]:
    """Slack's events by a socket of our own making, where an app token is set."""
    token = house.settings.slack.app_token
    if not (token and house.settings.slack.bot_token):
        yield
        return
    from slack_sdk.errors import SlackApiError, SlackClientError  # noqa: PLC0415

    from bot.sockets import Socket  # noqa: PLC0415

    handler: Any = Socket(house.bolt(), token.get_secret_value(), house.jobs.turns.hurried)
    try:
        handler.connect()
    except SlackApiError as error:
        raise Refused(f"Slack opened no socket: {error.response['error']}; check DEBRIEF_SLACK__APP_TOKEN") from error
    except (SlackClientError, OSError) as error:
        raise Refused(f"Slack cannot be reached: {reason(error)}", status=1) from error
    try:
        yield
    finally:
        handler.close()
