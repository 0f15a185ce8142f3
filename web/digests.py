"""Where a digest leads its reader to choose how often it comes, and where mail programs end it by themselves."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response

from digests.choosing import Choosing, Reader
from letters import wording
from letters.todo import RHYTHMS
from web.security import same_origin
from web.templating import page

Want = Literal["daily", "weekly", "never"]


def router(choosing: Choosing, clock: Callable[[], datetime]) -> APIRouter:
    """The routes. Whoever has the link needs no other proof: it came to the reader's own address."""
    routes = APIRouter(prefix="/digest", include_in_schema=False)

    def shown(token: str, reader: Reader | None, **more: Any) -> HTMLResponse:
        words = wording(reader.language if reader else "en")
        always = {"reader": reader, "words": words, "rhythms": RHYTHMS, "token": token, "want": None, "said": False}
        rest = {"now": clock(), "place": "", "try_out": False, "viewer": None}
        return page("digest.html", {**always, **rest, **more}, 200 if reader else 410)

    @routes.get("/{token}")
    def look(token: str, want: Want | None = None) -> HTMLResponse:
        """Asks for a press, whatever is wanted: programs that look for harm in mails open links too."""
        return shown(token, choosing.look(token), want=want)

    @routes.post("/{token}")
    def choose(
        request: Request, token: str,
        want: Annotated[Want | None, Form()] = None,
        one_click: Annotated[str | None, Form(alias="List-Unsubscribe")] = None,
    ) -> Response:  # fmt: skip
        """What the reader chose; or the end of it, as a mail program asks for (RFC 8058, 3.1)."""
        if one_click == "One-Click":
            # It is sent by the mail program or its server, without cookies, and from nowhere: there is no origin.
            ended = choosing.choose(token, "never")
            return PlainTextResponse("No more of these come.", 200 if ended else 410)
        same_origin(request)
        if want is None:
            raise HTTPException(422, "Choose one of them.")
        return shown(token, choosing.choose(token, want), said=True)

    return routes
