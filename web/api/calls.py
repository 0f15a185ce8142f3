"""One request to the API: who makes it, how far they may go, and how it is answered."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Header, Query, Request
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel

from capture import Assistant
from capture.rights import Viewer
from capture.tokens import Caller, Tokens
from capture.webhooks import Webhooks
from store import tokens
from store.db import Db
from store.windows import Place, Window
from web.api import cursors
from web.api.problems import Fault, ProblemError, missing
from web.limits import Limits

PATIENCE = timedelta(minutes=1)
"""After so long a request that began and told no end was cut short."""
BEARER = HTTPBearer(auto_error=False, description="A token that its person made on the page /me/tokens.")
T = TypeVar("T")
Cursor = Annotated[
    str, Query(max_length=cursors.LONGEST, description="Where to go on: `next` of the window before.")
]  # fmt: skip
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description="The ETag of what was read; `*` to change it whatever it is."),
]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", min_length=1, max_length=255, pattern=r"^[!-~]+$",
        description="Of your choosing: the same request with the same key within 24 hours is done once.",
    ),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Api:
    """What every route needs."""

    db: Db
    clock: Callable[[], datetime]
    assistant: Assistant
    tokens: Tokens
    limits: Limits
    webhooks: Webhooks

    def call(self, scope: str | None = None) -> Callable[..., "Call"]:
        """A FastAPI dependency: a call by somebody who may go as far as ``scope``."""

        def entered(
            request: Request, shown: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)] = None
        ) -> Call:
            caller = self.tokens.who(shown.credentials) if shown else None
            if caller is None:
                raise _unknown()
            call = Call(self, caller, request)
            call.headers.update(self._counted(caller.token_id))
            if scope is not None:
                call.needs(scope)
            return call

        return entered

    def _counted(self, token_id: int) -> dict[str, str]:
        """What an answer tells of how often one may ask (draft-ietf-httpapi-ratelimit-headers, as many know it)."""
        left, wait_s = self.limits.take(token_id)
        told = {"RateLimit-Limit": str(self.limits.per_minute), "RateLimit-Remaining": str(max(left, 0))}
        if left < 0:
            after = {**told, "Retry-After": str(int(wait_s) + 1)}
            raise ProblemError(429, "too-many-requests", "That is too often for one token.", headers=after)
        return told


def _unknown() -> ProblemError:
    return ProblemError(
        401, "unauthorized", "Show a token that holds: `Authorization: Bearer dbf_…`.",
        headers={"WWW-Authenticate": "Bearer"},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Call:
    """A request by somebody we know."""

    api: Api
    caller: Caller
    request: Request
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def who(self) -> Viewer:
        """As whom it is made."""
        return self.caller.who

    def needs(self, scope: str) -> None:
        """Go on where token and person reach as far. Raises `ProblemError` 403."""
        if self.caller.may(scope):
            return
        asked = {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{scope}"'}  # RFC 6750, 3.1
        why = "The person of this token has no right to this." if scope in self.caller.scopes else f"Needs {scope}."
        raise ProblemError(403, "not-allowed", why, headers=asked)

    # ------------------------------------------------------------------------------------------------- answering

    def answer(self, what: BaseModel, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """``what`` as JSON with its ETag; 304 where the caller has just that."""
        body = what.model_dump_json().encode()
        told = {**self.headers, "ETag": etag(body), "Cache-Control": "private, no-cache", **(headers or {})}
        if status == 200 and _is_among(told["ETag"], self.request.headers.get("if-none-match", "")):  # noqa: PLR2004
            return Response(status_code=304, headers=told)
        return Response(body, status, told, "application/json")

    def window(self, kind: type[BaseModel], found: Window[Any], out: Callable[[Any], BaseModel]) -> Response:
        """Part of a list, with where the next one begins."""
        goes_on = cursors.written(found.ends) if found.ends is not None else None
        page = kind(items=[out(row) for row in found.rows], next=goes_on)
        headers = {}
        if goes_on is not None:
            query = {**dict(self.request.query_params), "cursor": goes_on}
            headers["Link"] = f'<{self.request.url.path}?{urlencode(query)}>; rel="next"'  # RFC 8288
        return self.answer(page, headers=headers)

    def matches(self, if_match: str | None, now: BaseModel) -> None:
        """Go on where the caller read what is there now (RFC 9110, 13.1.1; RFC 6585, 3). Raises `ProblemError`."""
        if if_match is None:
            raise ProblemError(428, "precondition-required", "Say by If-Match which version you read.")
        if if_match.strip() != "*" and not _is_among(etag(now.model_dump_json().encode()), if_match):
            raise ProblemError(412, "changed-meanwhile", "It was changed since you read it. Read it again.")

    def once(self, key: str | None, make: Callable[[], Response], *, harmless_twice: bool = False) -> Response:
        """Make the answer, once for each key: who asks again is answered the same.

        ``harmless_twice`` says that a request that was cut short may be begun again.
        """
        if key is None:
            return make()
        kept = self._begun(key, harmless_twice=harmless_twice)
        if kept is not None:
            headers = {**self.headers, **kept["headers"], "Idempotent-Replayed": "true"}
            return Response(kept["body"], kept["status"], headers, "application/json")
        told: dict[str, Any] | None = None
        try:
            answer = make()
            headers = {name: answer.headers[name] for name in ("etag", "location") if name in answer.headers}
            told = {"status": answer.status_code, "headers": headers, "body": bytes(answer.body).decode()}
        finally:  # what was refused was not done, and may be tried again
            with self.api.db.write() as tx:
                tokens.end_request(tx, self.caller.token_id, key, told)
        return answer

    def _begun(self, key: str, *, harmless_twice: bool) -> Mapping[str, Any] | None:
        """What was answered to this key before; None where this is the first request that bears it."""
        now = self.api.clock()
        with self.api.db.write() as tx:
            before = tokens.begin_request(tx, self.caller.token_id, key, self._fingerprint(), now)
        if before is None:
            return None
        if before.fingerprint != self._fingerprint():
            raise ProblemError(
                422, "key-used", "This Idempotency-Key was used for another request.",
                faults=[Fault(pointer="header/Idempotency-Key", detail="needs to be another one")],
            )  # fmt: skip
        if before.answer:
            return before.answer
        if harmless_twice and now - before.begun_at > PATIENCE:
            return None
        raise ProblemError(
            409, "in-progress", "The first request of this key has not ended. Ask again, or look what it did."
        )

    def _fingerprint(self) -> str:
        said = [self.request.method, self.request.url.path, self.request.url.query]
        body: bytes = self.request.scope["state"]["body"]
        return hashlib.sha256(json.dumps(said).encode() + body).hexdigest()


def place_of(cursor: str, *kinds: type) -> Place | None:
    """The place in a list that a cursor names: values of these types; None for the list's beginning."""
    if not cursor:
        return None
    place = cursors.read(cursor)
    fits = isinstance(place, list) and [type(one) for one in place] == list(kinds)
    if not fits or any(isinstance(one, int) and not 0 <= one < 2**31 for one in place):
        raise cursors.no_cursor()
    return tuple(place)


def known(found: T | None, what: str) -> T:
    """What was found. Raises `ProblemError` 404 where nothing was."""
    if found is None:
        raise missing(what)
    return found


def etag(body: bytes) -> str:
    """The version of what is sent."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def _is_among(tag: str, tags: str) -> bool:
    """Whether a header names this version."""
    return any(one.strip().removeprefix("W/") in {tag, "*"} for one in tags.split(","))
