"""Who is looking: a browser shows its session by a cookie, and each page asks here."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import HTTPException, Path, Request
from starlette.responses import RedirectResponse, Response

from capture.rights import HOST, Viewer
from capture.signing_in import SigningIn

LONGEST_PLACE = 500
RowId = Annotated[int, Path(ge=1, le=2**31 - 1)]
"""The number of a row in an address; a larger one no database takes."""


class NotSignedInError(Exception):
    """A page was asked for by nobody that we know."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets in those who signed in; everybody where ``signing_in`` is None, as on the machine of the one who tries it.

    ``secure``: the pages are reached over HTTPS, so that the cookie goes no other way.
    """

    signing_in: SigningIn | None = None
    secure: bool = False

    @property
    def cookie(self) -> str:
        """Its name. The prefix has browsers refuse it from a neighbouring host (RFC 6265bis, 4.1.3.2)."""
        return "__Host-debrief" if self.secure else "debrief"

    def viewer(self, request: Request) -> Viewer:
        """Who it is; a FastAPI dependency. Raises `NotSignedInError`."""
        if self.signing_in is None:
            return HOST
        found = self.session(request)
        if found is None:
            raise NotSignedInError
        return found[0]

    def session(self, request: Request) -> tuple[Viewer, int] | None:
        """Who it is, and by which session; None where nobody is signed in."""
        token = request.cookies.get(self.cookie)
        return self.signing_in.who(token) if self.signing_in and token else None

    def let_in(self, token: str, place: str) -> Response:
        """The answer that gives a browser its session, and goes where its person meant to go."""
        answer = RedirectResponse(local(place), 303)
        month_s = 30 * 24 * 3600
        answer.set_cookie(self.cookie, token, max_age=month_s, secure=self.secure, httponly=True, samesite="lax")
        return answer

    def let_out(self) -> Response:
        """The answer that takes it away."""
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(self.cookie, secure=self.secure, httponly=True, samesite="lax")
        return answer


def local(place: str) -> str:
    """A place on our own pages; the start where it is none: nobody is led elsewhere by a link of ours."""
    plain = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable() and "\\" not in place
    return place if plain and len(place) <= LONGEST_PLACE else "/"


def to_sign_in(request: Request, _error: Exception) -> Response:
    """What is answered to those who are not signed in: the page to do so, or 401 where no person reads it."""
    if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?place={quote(local(request.url.path + query), safe='')}", 303)
    return Response("Sign in first.", 401, media_type="text/plain")


def allowed(reach: int) -> None:
    """Go on where somebody's rights reach at all. Raises HTTPException 403."""
    if not reach:
        raise HTTPException(403, "You have no right to this.")
