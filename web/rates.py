"""How often one browser may ask for what costs something: a link to sign in by, a search."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from web.limits import Limits


@dataclass(frozen=True, slots=True)
class Rule:
    """``per_minute`` of what ``meant`` picks, as many of them at once."""

    per_minute: int
    meant: Callable[[Scope], bool]


def _signs_in(scope: Scope) -> bool:
    return scope["method"] == "POST" and str(scope["path"]).startswith("/sign-in")


def _searches(scope: Scope) -> bool:
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    return scope["method"] == "GET" and any(any(asked.get(name, ())) for name in ("q", "account", "contact"))


RULES = (Rule(30, _signs_in), Rule(240, _searches))
"""A person types three letters a second at most; who asks for links by the dozen is none of us."""


class Rates:
    """Answers 429 where one asker goes beyond a rule; who is signed in by their session, others by their address."""

    def __init__(
        self, app: ASGIApp, rules: tuple[Rule, ...] = RULES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._app, self._rules = app, [(rule, Limits(rule.per_minute, clock)) for rule in rules]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI has it."""
        wait_s = self._wait_s(scope) if scope["type"] == "http" else 0.0
        if wait_s > 0:
            answer = PlainTextResponse("That is too often. Wait a moment.", 429, {"Retry-After": str(int(wait_s) + 1)})
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _wait_s(self, scope: Scope) -> float:
        meant = (limits for rule, limits in self._rules if rule.meant(scope))
        return max((limits.take(_asker(scope))[1] for limits in meant), default=0.0)


def _asker(scope: Scope) -> str:
    """Who asks. A cookie that is nobody's makes no new asker: what it may not see it finds nothing in."""
    client = scope.get("client")
    address = str(client[0]) if client else ""
    cookie = Headers(scope=scope).get("cookie", "")
    return cookie if "debrief=" in cookie and not _signs_in(scope) else address
