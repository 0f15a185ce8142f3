"""What every answer of the web server carries, and who may send a form."""

from collections.abc import Callable, Collection

from fastapi import HTTPException, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.forms import is_ours

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
TLS_ALONE = "max-age=31536000"
"""For a year browsers come by TLS and not otherwise (RFC 6797), where we are reached so."""


class SecurityHeaders:
    """Adds the headers to every answer; what is personal is kept by no cache."""

    def __init__(self, app: ASGIApp, *, secure: bool = False) -> None:
        self._app = app
        self._headers = {**HEADERS, **({"Strict-Transport-Security": TLS_ALONE} if secure else {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI has it."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def same_origin(request: Request) -> None:
    """Refuse a form that another site's page sends, where `web.forms` lets its route decide."""
    if not is_ours(request.headers, request.url.netloc):
        raise HTTPException(403, "This form was sent from another site.")


def known_host(hosts: Collection[str]) -> Callable[[Request], None]:
    """A dependency that answers only under our own names, without port.

    A page elsewhere that makes its own name point here (DNS rebinding) so reads nothing.
    """

    def check(request: Request) -> None:
        if (request.url.hostname or "") not in hosts:
            raise HTTPException(421, "This server does not go by that name.")

    return check
