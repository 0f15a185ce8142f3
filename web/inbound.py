"""Mails that a service for inbound mail posts to us."""

import base64
import binascii
import hmac
import logging
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import JSONResponse

log = logging.getLogger("debrief.web")

WRAPPING = 1.5
"""A form or JSON around a mail may make it this much larger."""


def router(
    unwrap: Callable[[str, bytes], bytes], take: Callable[[bytes], None], *, secret: str, max_size_bytes: int
) -> APIRouter:
    """The route ``/mail/inbound``, for who knows ``secret``.

    ``unwrap`` makes the raw mail of a request's type and body; it raises ValueError where there is none. ``take`` keeps
    it: 200 means that it did, and whatever it raises is answered by 503, so that the service tries again.
    """
    routes = APIRouter()
    too_large = HTTPException(413, f"a mail has at most {max_size_bytes} bytes")

    def admitted(request: Request) -> None:
        given = _presented(request.headers.get("authorization", ""))
        if not hmac.compare_digest(given.encode(), secret.encode()):
            raise HTTPException(401, "who are you?", {"WWW-Authenticate": 'Basic realm="debrief"'})

    async def read(request: Request) -> bytes:
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > max_size_bytes * WRAPPING:
                raise too_large
        return bytes(body)

    @routes.post("/mail/inbound", include_in_schema=False, dependencies=[Depends(admitted)])
    def inbound(request: Request, body: Annotated[bytes, Depends(read)]) -> JSONResponse:
        try:
            raw = unwrap(request.headers.get("content-type", ""), body)
        except ValueError as error:
            raise HTTPException(400, str(error)) from error
        if len(raw) > max_size_bytes:
            raise too_large
        return _kept(take, raw)

    return routes


def _kept(take: Callable[[bytes], None], raw: bytes) -> JSONResponse:
    try:
        take(raw)
    except Exception:
        log.exception("a posted mail was not kept; its service is told to try again")
        return JSONResponse({"detail": "not now"}, 503, {"Retry-After": "60"})
    return JSONResponse({"status": "kept"})


def _presented(authorization: str) -> str:
    """The secret as a bearer token or as the password of Basic authentication; empty where it is neither."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode("utf-8", "replace").partition(":")[2]
        except binascii.Error:
            return ""
    return ""
