"""How Slack brings things to the app: signed HTTP requests or socket envelopes, three seconds, retries of events."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import aiohttp

from tests.servers.slack.journal import Delivery

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

# docs.slack.dev/apis/events-api: three retries, the first at once, then after a minute and after five.
RETRY_AFTER_S = (0, 60, 300)
MOST_REDIRECTS = 2
PING_S = 0.2


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """The ``X-Slack-Signature`` of a request (docs.slack.dev/authentication/verifying-requests-from-slack)."""
    base = b"v0:%d:%b" % (timestamp, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def event_id_of(event: Mapping[str, Any]) -> str:
    """The same identifier for the same event, so that a test can deliver it again."""
    return "Ev" + hashlib.sha256(json.dumps(event, sort_keys=True).encode()).hexdigest()[:10].upper()


class Postman:
    """Brings payloads to the app over HTTP where ``slack.events_url`` is set, else over its open sockets."""

    def __init__(self, slack: "SlackServer") -> None:
        self.slack = slack
        self.sockets = Sockets(slack)
        self._http: aiohttp.ClientSession | None = None
        self._tasks: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        if self._http:
            await self._http.close()

    def later(self, coroutine: Any) -> None:
        """Run a coroutine on the server's loop without waiting for it. Called on the loop."""
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def event(self, envelope: Mapping[str, Any]) -> Delivery:
        """Deliver an event; answer with the first try. Retries go on behind."""
        first = await self.send("event", envelope)
        if not first.ok:
            self.later(self._retry(envelope, first))
        return first

    async def _retry(self, envelope: Mapping[str, Any], failed: Delivery) -> None:
        for retry_num, wait_s in enumerate(RETRY_AFTER_S, start=1):
            if failed.body == "no retry":
                return
            await self.slack.clock.sleep(wait_s)
            failed = await self.send("event", envelope, retry_num, failed.reason)
            if failed.ok:
                return
        self.slack.journal.violate("event_lost", f"{failed.reason}: {json.dumps(envelope['event'])[:300]}")

    async def send(
        self,
        kind: str,
        payload: Mapping[str, Any],
        retry_num: int = 0,
        retry_reason: str | None = None,
        secret: str | None = None,
    ) -> Delivery:
        """One try, as it stands in the journal; ``secret`` signs with another secret than the app's."""
        began = time.monotonic()
        if self.slack.events_url:
            status, body, reason = await self._over_http(kind, payload, retry_num, retry_reason, secret)
        else:
            status, body, reason = await self.sockets.send(kind, payload, retry_num, retry_reason)
        took = time.monotonic() - began
        delivery = Delivery(kind, payload, retry_num, retry_reason, status, body, reason, took, began)
        self.slack.journal.note(delivery)
        return delivery

    async def _over_http(
        self, kind: str, payload: Mapping[str, Any], retry_num: int, retry_reason: str | None, secret: str | None
    ) -> tuple[int | None, Any, str | None]:
        if self._http is None:
            # A fresh connection each time: a server that closes an idle one must not look like a lost event.
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0))
        raw, content_type = _encode(kind, payload)
        now = int(time.time())
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": str(now),
            "X-Slack-Signature": sign(secret or self.slack.signing_secret, now, raw),
        }
        if retry_num:
            headers |= {"X-Slack-Retry-Num": str(retry_num), "X-Slack-Retry-Reason": retry_reason or "unknown_error"}
        timeout = aiohttp.ClientTimeout(total=self.slack.ack_s)
        try:
            async with self._http.post(
                str(self.slack.events_url), data=raw, headers=headers, timeout=timeout, max_redirects=MOST_REDIRECTS + 1
            ) as response:
                body = _decode(await response.read(), response.content_type)
                if response.ok:
                    return response.status, body, None
                if response.headers.get("X-Slack-No-Retry") == "1":
                    body = "no retry"
                return response.status, body, "http_error"
        except TimeoutError:
            return None, None, "http_timeout"
        except aiohttp.TooManyRedirects:
            return None, None, "too_many_redirects"
        except aiohttp.ClientSSLError:
            return None, None, "ssl_error"
        except aiohttp.ClientError:
            return None, None, "connection_failed"


def _encode(kind: str, payload: Mapping[str, Any]) -> tuple[bytes, str]:
    if kind == "event":
        return json.dumps(payload).encode(), "application/json"
    form = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _decode(raw: bytes, content_type: str) -> Any:
    text = raw.decode(errors="replace")
    if content_type == "application/json" and text:
        with contextlib.suppress(ValueError):
            return json.loads(text)
    return text


ENVELOPES = {"event": "events_api", "interactive": "interactive", "options": "interactive", "command": "slash_commands"}


class Sockets:
    """The app's open sockets (Socket Mode); each envelope goes to one of them in turn."""

    def __init__(self, slack: "SlackServer") -> None:
        self.slack = slack
        self.tickets: set[str] = set()
        self.ever = False
        """Whether the app ever held a socket."""
        self._open: list[tuple[aiohttp.web.WebSocketResponse, aiohttp.web.Request]] = []
        self._mute: set[aiohttp.web.WebSocketResponse] = set()
        self._turn = 0
        self._acks: dict[str, asyncio.Future[Any]] = {}

    @property
    def count(self) -> int:
        """How many sockets take envelopes."""
        return len(self._open)

    async def serve(self, request: aiohttp.web.Request) -> aiohttp.web.StreamResponse:
        """One socket from its hello to its end."""
        if request.query.get("ticket") not in self.tickets:
            return aiohttp.web.Response(status=401)
        self.tickets.discard(request.query["ticket"])
        socket = aiohttp.web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        hello = {
            "type": "hello",
            "num_connections": self.count + 1,
            "connection_info": {"app_id": self.slack.workspace.app_id},
            "debug_info": {"host": "applink-double", "approximate_connection_time": 18060},
        }
        await socket.send_json(hello)
        self._open.append((socket, request))
        self.ever = True
        pinging = asyncio.create_task(self._ping(socket))
        try:
            async for message in socket:
                if socket in self._mute:
                    continue
                if message.type is aiohttp.WSMsgType.PING:
                    await socket.pong(message.data)
                elif message.type is aiohttp.WSMsgType.TEXT and message.data.startswith("{"):
                    self._acked(json.loads(message.data))
        finally:
            pinging.cancel()
            self._drop(socket)
        return socket

    async def _ping(self, socket: aiohttp.web.WebSocketResponse) -> None:
        # More often than Slack does: the SDK's own client can only be closed between two frames.
        with contextlib.suppress(ConnectionError):
            while socket not in self._mute:
                await socket.ping(b"Ping from applink-double")
                await asyncio.sleep(PING_S)

    def _acked(self, ack: Mapping[str, Any]) -> None:
        waiting = self._acks.get(str(ack.get("envelope_id")))
        if waiting is None:
            self.slack.journal.violate("unknown_envelope", json.dumps(ack)[:300])
        elif not waiting.done():
            waiting.set_result(ack.get("payload") or "")

    def _drop(self, socket: aiohttp.web.WebSocketResponse) -> None:
        self._open = [(each, request) for each, request in self._open if each is not socket]

    async def send(
        self, kind: str, payload: Mapping[str, Any], retry_num: int, retry_reason: str | None
    ) -> tuple[int | None, Any, str | None]:
        """One envelope over the next socket: status 200 and the payload of the ack, or why there was none."""
        if not self._open:
            return None, None, "connection_failed"
        self._turn += 1
        socket, _ = self._open[self._turn % len(self._open)]
        envelope: dict[str, Any] = {
            "envelope_id": str(uuid.uuid4()),
            "type": ENVELOPES[kind],
            "accepts_response_payload": kind != "event",
            "payload": payload,
        }
        if kind == "event":
            envelope |= {"retry_attempt": retry_num, "retry_reason": retry_reason or ""}
        acked = self._acks[envelope["envelope_id"]] = asyncio.get_running_loop().create_future()
        try:
            await socket.send_json(envelope)
            return 200, await asyncio.wait_for(acked, self.slack.ack_s), None
        except TimeoutError:
            return None, None, "timeout"
        except (ConnectionError, RuntimeError):
            self._drop(socket)
            return None, None, "connection_failed"

    async def refresh(self) -> None:
        """Tell every socket that it will be closed soon, as Slack does every few hours."""
        going, self._open = self._open, []
        for socket, _ in going:
            await socket.send_json(
                {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "applink-double"}}
            )

    async def cut(self) -> None:
        """Abort every connection, as a dying process does."""
        going, self._open = self._open, []
        for _, request in going:
            if request.transport:
                request.transport.abort()

    async def mute(self) -> None:
        """Say nothing more on any connection, not even that it ended, as a dying network does."""
        self._mute |= {socket for socket, _ in self._open}
        self._open = []

    async def close(self) -> None:
        """Close every socket in good order."""
        for socket in [*(socket for socket, _ in self._open), *self._mute]:
            await socket.close()
