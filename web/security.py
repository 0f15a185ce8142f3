"""What every answer of the web server carries, and who may send a form."""

from collections.abc import Callable, Collection
from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """Adds the headers to every answer; what is personal is kept by no cache."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI has it."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def same_origin(request: Request) -> None:
    """Refuse a form that another site's page sends (a FastAPI dependency).

    Browsers say where a form comes from: Sec-Fetch-Site (w3.org/TR/fetch-metadata), older ones Origin (RFC 6454).
    A client that sends neither is no browser, and nobody is tricked into using one.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    # "none": the person typed the address. "same-site" is another origin all the same.
    ours = site in {"same-origin", "none"} if site else not origin or urlsplit(origin).netloc == request.url.netloc
    if not ours:
        raise HTTPException(403, "This form was sent from another site.")


def known_host(hosts: Collection[str]) -> Callable[[Request], None]:
    """A dependency that answers only under our own names, without port.

    A page elsewhere that makes its own name point here (DNS rebinding) so reads nothing.
    """

    def check(request: Request) -> None:
        if (request.url.hostname or "") not in hosts:
            raise HTTPException(421, "This server does not go by that name.")

    return check
