"""Where the links of a mail lead: a page that says what one would do, with a button that does it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from capture import CorrectionError
from capture.links import Links, Offer
from capture.values import quoted
from letters import wording
from web.templating import page


def router(links: Links, clock: Callable[[], datetime]) -> APIRouter:
    """The routes. Whoever has the link needs no other proof: it came to the rep's own address."""
    routes = APIRouter(prefix="/do", include_in_schema=False)

    def shown(offer: Offer | None, status: int = 200, **more: Any) -> HTMLResponse:
        words = wording(offer.language if offer else "en")
        always = {"offer": offer, "words": words, "token": None, "said": None, "problem": None}
        rest = {"now": clock(), "place": "", "try_out": False, "viewer": None}
        return page("link.html", {**always, **rest, **more}, status)

    @routes.get("/{token}")
    def look(token: str) -> HTMLResponse:
        """Asks for a press: programs that look for harm in mails open links too."""
        offer = links.look(token)
        return shown(offer, 200 if offer else 410, token=token)

    @routes.post("/{token}")
    def press(token: str) -> HTMLResponse:
        """Does it."""
        offer = links.look(token)
        words = wording(offer.language if offer else "en")
        try:
            done = links.press(token)
        except CorrectionError as error:
            return shown(offer, 409, problem=quoted(words.say(f"trouble.{error.key}"), error.reason))
        return shown(done, 200 if done else 410, said=words.say("link.done") if done else None)

    return routes
