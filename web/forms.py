"""No form of another site's page, and none that is too large, reaches a page of ours, whatever a route forgot."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LARGEST = 32 * 1024 * 1024
"""Bytes of a form with its files."""
LIMITED_BY_THEMSELVES = ("/mail/", "/api/", "/slack/")
"""Doors of programs, which are let in by a secret and have limits of their own."""
OPENED_BY_THEIR_LINK = ("/digest/",)
"""Mail programs post here from pages of their own (RFC 8058); the signed link is what lets them in."""


class OwnForms:
    """Guards every route that changes something, before it is even looked for."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST) -> None:
        self._app, self._largest = app, largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as ASGI has it."""
        refusal = self._refusal(scope) if scope["type"] == "http" and scope["method"] not in SAFE else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse(refusal[1], refusal[0])(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if not str(scope["path"]).startswith(OPENED_BY_THEIR_LINK) and not is_ours(headers, headers.get("host", "")):
            return 403, "This form was sent from another site."
        if str(scope["path"]).startswith(LIMITED_BY_THEMSELVES):
            return None
        if headers.get("content-type", "").partition(";")[0].strip().lower() not in FORMS:
            return None
        size = headers.get("content-length", "")
        if not size.isdecimal():
            return 411, "How long this form is was not said."
        return (413, "This form is too large.") if int(size) > self._largest else None


def is_ours(headers: Headers, host: str) -> bool:
    """Whether a form comes from a page of ours.

    Browsers say where a form comes from: Sec-Fetch-Site (w3.org/TR/fetch-metadata), older ones Origin (RFC 6454).
    A client that sends neither is no browser, and nobody is tricked into using one.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site:  # "none": the person typed the address. "same-site" is another origin all the same.
        return site in {"same-origin", "none"}
    return not origin or urlsplit(origin).netloc == host
