"""The Web API's door: who calls, may they, how often, and what Slack answers when not."""

import asyncio
import base64
import json
import math
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.servers.slack.journal import Call

if TYPE_CHECKING:
    from tests.servers.slack.server import SlackServer

# What an app that keeps to the documentation never hears. Everything else Slack may answer to a good app.
APP_FAULTS = frozenset(
    {
        "duplicate_external_id",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_arguments",
        "invalid_attachments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_name",
        "invalid_trigger_id",
        "missing_scope",
        "msg_blocks_too_long",
        "no_text",
        "not_allowed_token_type",
        "not_authed",
        "not_enabled",
        "push_limit_reached",
        "too_many_attachments",
        "unknown_method",
        "cant_update_message",
        "cant_delete_message",
        "view_too_large",
    }
)
# Calls a minute that Slack's tiers promise (docs.slack.dev/apis/web-api/rate-limits).
PER_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
TOGETHER_S = 0.2
JSON_ARGS = ("blocks", "attachments", "view", "metadata", "files", "prompts", "unfurls", "message", "loading_messages")


class Refusal(Exception):  # noqa: N818 - Slack says no; nothing broke
    """Slack answers ``ok: false`` with ``error`` and whatever else belongs to it."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


class Args(dict[str, Any]):
    """The arguments of one call, from a form, from JSON or from the address."""

    def must(self, name: str) -> Any:
        """The argument, or ``invalid_arguments`` as Slack says it."""
        if self.get(name) in (None, ""):
            told = f"[ERROR] missing required field: {name}"
            raise Refusal("invalid_arguments", response_metadata={"messages": [told]})
        return self[name]

    def flag(self, name: str) -> bool:
        return str(self.get(name, "")).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        return int(self.get(name) or default)


Handler = Callable[["SlackServer", Args], dict[str, Any]]


@dataclass(frozen=True)
class Method:
    """One Web API method; one of ``scopes`` must be granted. ``token`` is "bot", "app" or "none"."""

    handler: Handler
    scopes: tuple[str, ...] = ()
    tier: int = 3
    token: str = "bot"


METHODS: dict[str, Method] = {}


def method(name: str, *scopes: str, tier: int = 3, token: str = "bot") -> Callable[[Handler], Handler]:
    """Register the handler of a Web API method."""

    def register(handler: Handler) -> Handler:
        METHODS[name] = Method(handler, scopes, tier, token)
        return handler

    return register


@dataclass
class Fault:
    """What goes wrong at the next ``times`` calls of a method; ``lost`` does the work and loses the answer."""

    error: str | None = None
    status: int = 200
    retry_after: int | None = None
    times: int = 1
    delay_s: float = 0.0
    drop: bool = False
    lost: bool = False


@dataclass
class Bucket:
    """So many calls at once, then so many a second of Slack's time."""

    size: float
    per_s: float
    level: float = field(init=False)
    at: float | None = None

    def __post_init__(self) -> None:
        self.level = self.size

    def take(self, now: float) -> float:
        """Take one; 0 where there was one, else the seconds until there is."""
        self.level = min(self.size, self.level + (now - (now if self.at is None else self.at)) * self.per_s)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_s


class WebApi:
    """Answers ``/api/<method>``."""

    def __init__(self, slack: "SlackServer", burst: int) -> None:
        self.slack = slack
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.slow_s = 0.0
        self._burst = burst
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._quiet: dict[tuple[str, str], tuple[float, float]] = {}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        args, token = await read_args(request)
        fault = self._next_fault(name)
        await asyncio.sleep(self.slow_s + (fault.delay_s if fault else 0.0))
        if fault and fault.lost:
            with self.slack.lock:
                self._answer(name, args, token)
        if fault and (fault.drop or fault.lost):
            self._note(name, args, 0, {"ok": False, "error": "connection_dropped"})
            if request.transport:
                request.transport.abort()
            return web.Response(status=500)
        if fault and (fault.error or fault.status != 200):
            status, answer, headers = self._failed(fault)
        else:
            with self.slack.lock:
                status, answer, headers = self._answer(name, args, token)
        self._note(name, args, status, answer)
        headers |= {"x-oauth-scopes": ",".join(sorted(self.slack.manifest.scopes)), "x-slack-req-id": "double"}
        return web.json_response(answer, status=status, headers=headers)

    def _note(self, name: str, args: Args, status: int, answer: Mapping[str, Any]) -> None:
        self.slack.journal.note(Call(name, args, status, answer, time.monotonic()))

    def _next_fault(self, name: str) -> Fault | None:
        for key in (name, "*"):
            if self.faults[key]:
                fault = self.faults[key][0]
                fault.times -= 1
                if fault.times <= 0:
                    self.faults[key].pop(0)
                return fault
        return None

    @staticmethod
    def _failed(fault: Fault) -> tuple[int, dict[str, Any], dict[str, str]]:
        limited = fault.status == 429
        headers = {"Retry-After": str(fault.retry_after or 1)} if limited else {}
        error = fault.error or ("ratelimited" if limited else "fatal_error")
        return fault.status, {"ok": False, "error": error}, headers

    def _answer(self, name: str, args: Args, token: str | None) -> tuple[int, dict[str, Any], dict[str, str]]:
        headers: dict[str, str] = {}
        try:
            method = _known(name)
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
            self._may(method, token, args)
            if wait_s := self._wait(name, method, args):
                return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(max(1, math.ceil(wait_s)))}
            return 200, {"ok": True, **method.handler(self.slack, args)}, headers
        except Refusal as refusal:
            if refusal.error in APP_FAULTS:
                detail = json.dumps({"args": args, **refusal.more}, default=str, ensure_ascii=False)
                self.slack.journal.violate(refusal.error, f"{name}: {detail[:2000]}")
            return 200, {"ok": False, "error": refusal.error, **refusal.more}, headers
        except Exception as error:
            # A fault of the double must not pass for one of the app.
            self.slack.journal.violate("double_broke", f"{name}: {error!r}")
            raise

    def _may(self, method: Method, token: str | None, args: Args) -> None:
        if method.token == "none":
            return
        if not token:
            raise Refusal("not_authed")
        kind = self.slack.tokens.get(token)
        if kind is None:
            raise Refusal("invalid_auth")
        if kind in {"account_inactive", "token_expired"}:
            raise Refusal(kind)
        if kind.startswith("person "):
            kind, args["_person"] = kind.split()
        if kind != method.token:
            raise Refusal("not_allowed_token_type")
        if kind == "bot" and method.scopes and not self.slack.manifest.scopes & set(method.scopes):
            provided = ",".join(sorted(self.slack.manifest.scopes))
            raise Refusal("missing_scope", needed=",".join(method.scopes), provided=provided)

    def _wait(self, name: str, method: Method, args: Args) -> float:
        """Seconds until the app may call again; 0 where it may now. Calling again too early is a violation."""
        posts = name == "chat.postMessage"
        channel = str(args.get("channel"))
        if channel in self.slack.workspace.users:
            channel = self.slack.workspace.dm(channel).id
        key = (name, channel if posts else "")
        per_minute = PER_MINUTE[method.tier]
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = Bucket(self._burst, 1.0) if posts else Bucket(max(20, per_minute), per_minute / 60)
            self._buckets[key] = bucket
        now = self.slack.clock.elapsed()
        wait_s = bucket.take(now)
        if wait_s:
            told_at, until = self._quiet.get(key, (0.0, 0.0))
            # Calls that were under way together are all told to wait; only a later one has not listened.
            if now < until and time.monotonic() > told_at + TOGETHER_S:
                self.slack.journal.violate("retry_after_ignored", f"{name} {key[1]}".strip())
            else:
                self._quiet[key] = (time.monotonic(), now + wait_s)
        return wait_s


def _known(name: str) -> Method:
    if name not in METHODS:
        raise Refusal("unknown_method", req_method=name)
    return METHODS[name]


async def read_args(request: web.Request) -> tuple[Args, str | None]:
    """The arguments and the token of a request, in any of the three ways Slack takes them."""
    args = Args(request.query)
    if request.content_type == "application/json":
        # The SDK says JSON even where it sends no body at all.
        raw = await request.text()
        args.update(json.loads(raw) if raw.strip() else {})
    elif request.method == "POST":
        args.update(await request.post())
    for name in JSON_ARGS:
        if isinstance(args.get(name), str) and args[name][:1] in "[{":
            try:
                args[name] = json.loads(args[name])
            except json.JSONDecodeError:
                continue
    bearer = request.headers.get("Authorization", "")
    if bearer.startswith("Basic "):
        args["client_id"], _, args["client_secret"] = base64.b64decode(bearer[6:]).decode().partition(":")
    token = bearer.removeprefix("Bearer ").strip() if bearer.startswith("Bearer ") else args.get("token")
    args.pop("token", None)
    return args, token
