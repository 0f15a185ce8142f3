"""The pages of signing in and out: a link by mail or Slack, or Sign in with Slack."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from capture.rights import Viewer
from capture.signing_in import SigningIn
from store import days_off, sessions
from store.db import Db
from web.gate import Gate, local
from web.templating import page

_CLAIM = "https://slack.com/"
STATE_S = 600
"""How long somebody may take to agree on Slack's page."""


@dataclass(frozen=True, slots=True)
class SlackLogin:
    """Sign in with Slack (OpenID Connect); ``back`` is the address of ours that Slack leads back to.

    ``bot_token`` tells which workspace is ours: in another one somebody else says who has which address.
    """

    client_id: str
    client_secret: str = field(repr=False)
    bot_token: str = field(repr=False)
    api_url: str
    back: str

    @property
    def authorize(self) -> str:
        """Slack's page where a person agrees (docs.slack.dev/authentication/sign-in-with-slack)."""
        return self.api_url.rstrip("/").removesuffix("/api") + "/openid/connect/authorize"

    def address(self, code: str) -> str | None:
        """The mail address that Slack vouches for in our workspace, or None. Raises slack_sdk's errors."""
        client = WebClient(base_url=self.api_url)
        given = client.openid_connect_token(
            client_id=self.client_id, client_secret=self.client_secret, code=code, redirect_uri=self.back
        )
        person: Any = WebClient(base_url=self.api_url, token=given["access_token"]).openid_connect_userInfo()
        ours: Any = WebClient(base_url=self.api_url, token=self.bot_token).auth_test()
        here = any(
            ours.get(name) and person.get(f"{_CLAIM}{name}") == ours[name] for name in ("team_id", "enterprise_id")
        )
        return str(person["email"]) if person.get("email_verified") and here else None


def router(
    *, db: Db, signing_in: SigningIn, gate: Gate, clock: Callable[[], datetime], slack: SlackLogin | None
) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    _add_links(routes, signing_in, gate, clock, with_slack=slack is not None)
    if slack is not None:
        _add_slack(routes, signing_in, gate, slack)
    _add_me(routes, db, signing_in, gate, clock)
    return routes


def _add_links(
    routes: APIRouter, signing_in: SigningIn, gate: Gate, clock: Callable[[], datetime], *, with_slack: bool
) -> None:
    def shown(template: str, status: int = 200, **values: Any) -> HTMLResponse:
        always = {"now": clock(), "place": "", "try_out": False, "viewer": None, "with_slack": with_slack}
        return page(template, {**always, **values}, status)

    @routes.get("/sign-in")
    def form(place: str = "/") -> HTMLResponse:
        """Asks for an address."""
        return shown("sign_in.html", go_on=local(place), sent=False)

    @routes.post("/sign-in")
    def ask(
        address: Annotated[str, Form(max_length=320)], place: Annotated[str, Form(max_length=500)] = "/"
    ) -> Response:
        """Has a link sent. The answer does not tell whether there is such a person."""
        signing_in.ask(address, local(place))
        return shown("sign_in.html", go_on=local(place), sent=True)

    @routes.get("/sign-in/link/{token}")
    def confirm(token: str) -> HTMLResponse:
        """Asks for a press: mail scanners open links too, and must not use them up."""
        good = signing_in.is_good(token)
        return shown("sign_in_confirm.html", status=200 if good else 410, token=token, good=good)

    @routes.post("/sign-in/link/{token}")
    def use(token: str, request: Request) -> Response:
        """Signs the browser in."""
        opened = signing_in.open(token, request.headers.get("user-agent", ""))
        if opened is None:
            return shown("sign_in_confirm.html", status=410, token=token, good=False)
        return gate.let_in(opened.token, opened.place)


def _add_slack(routes: APIRouter, signing_in: SigningIn, gate: Gate, slack: SlackLogin) -> None:
    state_cookie = f"{gate.cookie}-state"

    @routes.get("/sign-in/slack")
    def leave(place: str = "/") -> Response:
        """Leads to Slack's own page."""
        state = secrets.token_urlsafe(24)
        asked = {
            "response_type": "code", "scope": "openid email profile", "client_id": slack.client_id, "state": state,
            "nonce": secrets.token_urlsafe(16), "redirect_uri": slack.back,
        }  # fmt: skip
        answer = RedirectResponse(f"{slack.authorize}?{urlencode(asked)}", 303)
        kept = f"{state} {local(place)}"
        answer.set_cookie(state_cookie, kept, max_age=STATE_S, secure=gate.secure, httponly=True, samesite="lax")
        return answer

    @routes.get("/sign-in/slack/back")
    def back(request: Request, code: str = "", state: str = "") -> Response:
        """Comes back with a code, which Slack exchanges for who it is; only in the browser that left from here."""
        kept, _, place = request.cookies.get(state_cookie, "").partition(" ")
        if not code or not kept or not secrets.compare_digest(kept.encode(), state.encode()):
            raise HTTPException(400, "This sign-in was not begun in this browser, or too long ago. Please begin again.")
        try:
            address = slack.address(code)
        except (SlackApiError, SlackClientError, OSError) as error:
            raise HTTPException(502, "Slack did not tell who you are. Please begin again.") from error
        token = signing_in.open_as(address, request.headers.get("user-agent", "")) if address else None
        if token is None:
            raise HTTPException(403, "Nobody here goes by your Slack address. Please ask your administrator.")
        answer = gate.let_in(token, place)
        answer.delete_cookie(state_cookie, secure=gate.secure, httponly=True, samesite="lax")
        return answer


def _add_me(routes: APIRouter, db: Db, signing_in: SigningIn, gate: Gate, clock: Callable[[], datetime]) -> None:
    @routes.get("/me")
    def me(request: Request, who: Annotated[Viewer, Depends(gate.viewer)]) -> HTMLResponse:
        """Who I am here, and where I am signed in."""
        found = gate.session(request)
        with db.read() as tx:
            browsers = sessions.sessions_of(tx, who.rep_id, clock())
            this = found[1] if found else None
            values: dict[str, Any] = {"browsers": browsers, "this": this, "viewer": who, "now": clock()}
            values["off"] = days_off.listed(tx, who.rep_id, who.today(clock()))
            return page("me.html", {**values, "place": "me", "try_out": False})

    @routes.post("/me/sign-out")
    def sign_out(
        request: Request,
        who: Annotated[Viewer, Depends(gate.viewer)],
        session: Annotated[str, Form(max_length=12)] = "",
    ) -> Response:
        """Ends one of my sessions, or with ``all`` every one."""
        found = gate.session(request)
        ending = None if session == "all" else int(session) if session.isdecimal() else -1
        signing_in.end(who.rep_id, ending)
        here = found is not None and (ending is None or ending == found[1])
        return gate.let_out() if here else RedirectResponse("/me", 303)
