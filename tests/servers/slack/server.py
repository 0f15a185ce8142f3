"""The Slack of our tests: one workspace with one app, behind a real HTTP server in a thread of its own."""

import asyncio
import contextlib
import functools
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from typing import Any, Self

from aiohttp import web

from tests.servers.slack import events
from tests.servers.slack.clock import Clock
from tests.servers.slack.delivery import Postman
from tests.servers.slack.human import Human
from tests.servers.slack.interactions import ResponseUrl, serve_response_url
from tests.servers.slack.journal import Delivery, Journal
from tests.servers.slack.manifest import Manifest, read_manifest
from tests.servers.slack.methods_files import serve_file, serve_upload
from tests.servers.slack.methods_oauth import grant
from tests.servers.slack.methods_people import user_json
from tests.servers.slack.methods_views import Trigger
from tests.servers.slack.web_api import Fault, WebApi
from tests.servers.slack.workspace import Channel, Message, User, Workspace

SETTLE_S = 10.0


class SlackServer:
    """Slack as an app meets it, driven by the app's own manifest.

    ``events_url`` is where the app takes requests; without one it is reached by Socket Mode. It may be set later.
    ``clock_scale`` is how many real seconds one second of Slack's waits (event retries, rate limits) takes.
    ``ack_s`` is how long the app has to answer, in real seconds; ``burst`` how many posts a channel takes at once.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        events_url: str | None = None,
        *,
        signing_secret: str = "8f742231b10e8888abcd99yyyzzz85a5",
        clock_scale: float = 1.0,
        ack_s: float = 3.0,
        burst: int = 3,
    ) -> None:
        self.manifest: Manifest = read_manifest(manifest)
        self.events_url = events_url
        self.signing_secret = signing_secret
        self.ack_s = ack_s
        self.clock = Clock(clock_scale)
        self.journal = Journal()
        self.lock = threading.RLock()
        self.workspace = Workspace(self.manifest.bot_name)
        self.bot_token = f"xoxb-{secrets.token_hex(12)}"
        self.app_token = f"xapp-1-{secrets.token_hex(12)}"
        self.client_id, self.client_secret = "1.2", secrets.token_hex(16)
        self.tokens = {self.bot_token: "bot", self.app_token: "app"}
        self.codes: dict[str, str] = {}
        self.refresh_tokens: dict[str, str] = {}
        self.installed = True
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.scheduled: dict[str, dict[str, Any]] = {}
        self.prompts: dict[str, list[dict[str, Any]]] = {}
        self.postman = Postman(self)
        self.api = WebApi(self, burst)
        self._humans: dict[str, Human] = {}
        self._pending: set[Future[Delivery]] = set()
        self._mine = threading.local()
        self._held: list[dict[str, Any]] | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack-double", daemon=True)
        self._port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.api.serve)
        app.router.add_post("/actions/{key}", functools.partial(serve_response_url, self))
        app.router.add_get("/files-pri/{file}/{name}", functools.partial(serve_file, self))
        app.router.add_post("/upload/{file}", functools.partial(serve_upload, self))
        app.router.add_get("/link/", self.postman.sockets.serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        await self.postman.close()
        await self._runner.cleanup()

    def run(self, coroutine: Any) -> Any:
        """The result of a coroutine on the server's loop. Not to be called on that loop, nor with the lock held."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    @property
    def root_url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    @property
    def base_url(self) -> str:
        """What ``slack_sdk`` takes as ``base_url``."""
        return f"{self.root_url}/api/"

    def new_socket_url(self) -> str:
        """An address for one socket, to be used once."""
        ticket = secrets.token_hex(16)
        self.postman.sockets.tickets.add(ticket)
        return f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id={self.workspace.app_id}"

    # The workspace

    def add_user(self, name: str, email: str, **more: Any) -> User:
        """A member; ``more`` is id, tz, locale, is_bot, is_restricted, is_ultra_restricted, is_admin, deleted."""
        with self.lock:
            return self.workspace.add_user(name, email, **more)

    def add_channel(self, name: str, *, members: list[User], kind: str = "channel", with_bot: bool = True) -> Channel:
        """A channel of ``kind`` "channel" (public), "group" (private) or "mpim"."""
        ids = tuple(member.id for member in members) + ((self.workspace.bot_user,) if with_bot else ())
        with self.lock:
            return self.workspace.add_channel(name, members=ids, kind=kind)

    def dm(self, user: User) -> Channel:
        """The direct messages of ``user`` and the app."""
        with self.lock:
            return self.workspace.dm(user.id)

    def messages(self, channel: Channel | User) -> list[Message]:
        """What everybody in a channel, or in the direct messages of a person, sees; oldest first."""
        with self.lock:
            place = self.workspace.dm(channel.id) if isinstance(channel, User) else channel
            return self.workspace.visible(place.id, "")

    def human(self, user: User) -> Human:
        """The person at the screen."""
        if user.id not in self._humans:
            self._humans[user.id] = Human(self, user)
        return self._humans[user.id]

    def changes(self, user: User, **more: Any) -> None:
        """Change a member's profile (name, tz, locale, is_restricted, deleted…); the app hears of it."""
        with self.lock:
            for name, value in more.items():
                setattr(user, name, value)
            told = user_json(self, user, locale=True)
            stamp = self.workspace.stamps.next()
            events.emit(self, {"type": "user_change", "user": told, "event_ts": stamp, "cache_ts": int(float(stamp))})

    def uninstalls(self) -> None:
        """An administrator removes the app: its bot token dies, and it is told so if it asked to be."""
        with self.lock:
            stamp = self.workspace.stamps.next()
            tokens = {"oauth": [], "bot": [self.workspace.bot_user]}
            events.emit(self, {"type": "tokens_revoked", "tokens": tokens, "event_ts": stamp})
            events.emit(self, {"type": "app_uninstalled", "event_ts": stamp})
            self.installed = False
            self.tokens = {t: "account_inactive" if kind == "bot" else kind for t, kind in self.tokens.items()}
        self.settle()

    def installs(self) -> str:
        """The app is installed again; gives the bot token, which is new after a removal."""
        with self.lock:
            if not self.installed:
                self.bot_token = f"xoxb-{secrets.token_hex(12)}"
                self.tokens[self.bot_token] = "bot"
                self.installed = True
        return self.bot_token

    def oauth_code(self, user: User) -> str:
        """What Slack hands the app at its redirect URL once ``user`` agreed to install it or to sign in."""
        with self.lock:
            return grant(self, user.id)

    # Deliveries

    def dispatch(self, envelope: dict[str, Any]) -> None:
        """Send an event on its way, or keep it while a test holds them."""
        if self._held is not None:
            self._held.append(envelope)
            return
        if not self.events_url and not self.postman.sockets.ever:
            # The app was never there: a test of the Web API alone.
            return
        future = asyncio.run_coroutine_threadsafe(self.postman.event(envelope), self._loop)
        self._pending.add(future)
        future.add_done_callback(self._pending.discard)
        collected = getattr(self._mine, "sent", None)
        if collected is not None:
            collected.append(future)

    @contextlib.contextmanager
    def collecting(self) -> Iterator[list[Future[Delivery]]]:
        """The deliveries that this thread causes meanwhile, so that it may wait for them."""
        sent = self._mine.sent = []
        try:
            yield sent
        finally:
            self._mine.sent = None

    @contextlib.contextmanager
    def holding(self) -> Iterator[list[dict[str, Any]]]:
        """Keep what would be delivered in a list instead: the test delivers it when, and in the order, it likes."""
        with self.lock:
            held = self._held = []
        try:
            yield held
        finally:
            with self.lock:
                self._held = None

    def deliver(
        self, event: Mapping[str, Any], retry_num: int = 0, *, reason: str = "http_timeout", secret: str | None = None
    ) -> Delivery:
        """One try to deliver ``event``, bare or in its envelope, and its answer; nothing is tried again.

        The same bare event always has the same ``event_id``. ``secret`` signs with another secret than the app's.
        """
        envelope = event if event.get("type") == "event_callback" else events.envelope(self, event)
        return self.run(self.postman.send("event", envelope, retry_num, reason if retry_num else None, secret))

    def deliver_twice_at_once(self, event: Mapping[str, Any]) -> tuple[Delivery, Delivery]:
        """The same event twice, at the same instant."""
        envelope = event if event.get("type") == "event_callback" else events.envelope(self, event)

        async def both() -> list[Delivery]:
            return await asyncio.gather(*(self.postman.send("event", envelope) for _ in range(2)))

        first, second = self.run(both())
        return first, second

    def verifies_url(self) -> bool:
        """Whether the app answers the challenge that Slack sends to a new request URL."""
        challenge = secrets.token_hex(16)
        asked = {"token": "verification-token", "challenge": challenge, "type": "url_verification"}
        body = self.run(self.postman.send("event", asked)).body
        return challenge == (body.get("challenge") if isinstance(body, dict) else body)

    def limits_app(self) -> Delivery:
        """Tell the app that it is sent fewer events than there are (more than 30,000 an hour)."""
        space = self.workspace
        told = {"token": "verification-token", "type": "app_rate_limited", "team_id": space.team_id}
        minute = int(time.time()) // 60 * 60
        return self.run(self.postman.send("event", {**told, "minute_rate_limited": minute, "api_app_id": space.app_id}))

    def transcribes(self, message: Message, text: str, locale: str = "en-US") -> None:
        """Slack has turned a voice clip into words: the file has them now, and the app hears of a change."""
        with self.lock:
            file = self.workspace.files[message.data["files"][0]["id"]]
            preview = {"content": text[:200], "has_more": len(text) > 200}
            file.data["transcription"] = {"status": "complete", "locale": locale, "preview": preview}
            stamp = self.workspace.stamps.next()
            events.emit(self, {"type": "file_change", "file_id": file.id, "file": {"id": file.id}, "event_ts": stamp})

    def settle(self, timeout_s: float = SETTLE_S) -> None:
        """Wait until every event had its first answer. Retries that wait their minutes are not waited for."""
        self.wait_for(lambda: not self._pending, timeout_s, "deliveries are still under way")

    def wait_for(self, happened: Callable[[], Any], timeout_s: float = SETTLE_S, otherwise: str = "") -> Any:
        """What ``happened`` gives as soon as it is truthy; fails after ``timeout_s`` real seconds."""
        until = time.monotonic() + timeout_s
        while not (result := happened()):
            if time.monotonic() > until:
                raise AssertionError(otherwise or "it did not happen in time")
            time.sleep(0.005)
        return result

    def refresh_sockets(self) -> None:
        """Ask the app to connect anew, as Slack does every few hours."""
        self.run(self.postman.sockets.refresh())

    def cut_sockets(self, *, silently: bool = False) -> None:
        """Break every socket: abort the connection, or ``silently`` leave it open and never answer again."""
        self.run(self.postman.sockets.mute() if silently else self.postman.sockets.cut())

    @property
    def sockets(self) -> int:
        """How many sockets the app holds open."""
        return self.postman.sockets.count

    # What goes wrong

    def fail_next(
        self,
        method: str,
        error: str | None = None,
        *,
        status: int = 200,
        retry_after: int | None = None,
        times: int = 1,
        delay_s: float = 0.0,
        drop: bool = False,
        lost: bool = False,
    ) -> None:
        """Let the next ``times`` calls of ``method`` ("*": of any) fail, come late, break off, or lose their answer."""
        self.api.faults[method].append(Fault(error, status, retry_after, times, delay_s, drop, lost))

    def slow(self, seconds: float) -> None:
        """Answer every call ``seconds`` late from now on."""
        self.api.slow_s = seconds

    def assert_no_violations(self) -> None:
        """Fail if the app did anything that no well-behaved app does."""
        self.settle()
        told = "\n".join(f"{violation.code}: {violation.detail}" for violation in self.journal.violations)
        assert not told, told
