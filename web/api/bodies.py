"""What is sent to the API: read whole before anything looks at it, and refused where it is too large or no JSON."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.api.problems import ProblemError

LARGEST = 1024 * 1024
"""Bytes of a body: the longest report has 40,000 characters."""
JSON = "application/json"


class TooLargeError(Exception):
    """A body has more bytes than we take."""


class Bodies:
    """Reads the body of each request into ``scope["state"]["body"]`` and hands it on as one piece."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        try:
            body = await _whole(headers, receive)
        except TooLargeError:
            large = ProblemError(413, "too-large", f"A body has at most {LARGEST} bytes.")
            await large.response()(scope, receive, send)
            return
        if body and headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
            other = ProblemError(415, "unsupported-media-type", f"Send {JSON}.", headers={"Accept": JSON})
            await other.response()(scope, receive, send)
            return
        scope.setdefault("state", {})["body"] = body
        await self._app(scope, _once(body, receive), send)


async def _whole(headers: Headers, receive: Receive) -> bytes:
    said = headers.get("content-length", "0")
    if said.isdecimal() and int(said) > LARGEST:
        raise TooLargeError
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST:
            raise TooLargeError
        if not message.get("more_body", False):
            return bytes(body)


def _once(body: bytes, receive: Receive) -> Receive:
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
