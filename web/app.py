"""The web server's application: health, Slack's events, and the pages where they are served."""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from slack_bolt import BoltRequest, BoltResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from capture import Assistant
from capture.handover import Handover
from capture.inbox import Inbox
from capture.signing_in import SigningIn
from capture.vitality import Vitality
from digests.choosing import Choosing
from store.db import Db
from store.tables import Revision
from web import (
    access,
    accounts,
    chat,
    contacts,
    dashboard,
    days_off,
    digests,
    editing,
    house,
    importing,
    inbox,
    learned,
    leavers,
    links,
    merging,
    persons,
    private,
    sendings,
    targets,
    visit_form,
    visits,
)
from web import handover as handing_over
from web import signing_in as entrance
from web import slack as slack_events
from web.forms import OwnForms
from web.gate import Gate, NotSignedInError, to_sign_in
from web.lists import routes as lists
from web.rates import Rates
from web.security import SecurityHeaders
from web.shared import Shared
from web.signing_in import SlackLogin
from web.templating import page

log = logging.getLogger("debrief.web")

STATIC = Path(__file__).parent / "static"


def build_app(
    *,
    db: Db,
    assistant: Assistant,
    clock: Callable[[], datetime],
    pages: bool,
    slack: Callable[[BoltRequest], BoltResponse] | None = None,
    signing_in: SigningIn | None = None,
    slack_login: SlackLogin | None = None,
    vitality: Vitality | None = None,
    ends: Inbox | None = None,
    handover: Handover | None = None,
    council: bool = False,
    secure: bool = False,
    hosts: Collection[str] | None = None,
    more: Sequence[Callable[[Shared], APIRouter]] = (),
) -> FastAPI:
    """The application.

    ``pages`` says whether people's pages are served. Without ``signing_in`` they are open to whoever reaches them, and
    there is a chat page on which one speaks as any rep. ``secure``: they are reached over HTTPS. ``hosts``, where
    given, are the only names that the pages answer under. ``more`` are pages that need something of their own.
    """
    app = FastAPI(title="Debrief", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(OwnForms)
    if signing_in is not None:
        app.add_middleware(Rates)
    app.add_middleware(SecurityHeaders, secure=secure)
    _add_health(app, db)
    if slack is not None:
        _add(app, slack_events.router(slack))
    _add(app, links.router(assistant.links, clock))
    _add(app, digests.router(Choosing(db), clock))
    if pages:
        gate, try_out = Gate(signing_in, secure=secure), signing_in is None
        app.mount("/static", StaticFiles(directory=STATIC), name="static")
        shared = Shared(db, clock, gate, try_out, hosts, council)
        for subject in (
            dashboard,
            lists,
            visits,
            accounts,
            access,
            persons,
            private,
            targets,
            days_off,
            contacts,
            editing,
            merging,
            sendings,
            house,
            importing,
        ):
            _add(app, subject.router(shared))
        _add(app, visit_form.router(shared, assistant))
        if handover is not None:
            _add(app, handing_over.router(shared, handover))
        if vitality is not None:
            _add(app, leavers.router(vitality=vitality, shared=shared))
        _add(app, learned.router(db=db, assistant=assistant, clock=clock, gate=gate, try_out=try_out, hosts=hosts))
        if ends is not None:
            _add(app, inbox.router(shared, ends))
        if signing_in is None:
            _add(app, chat.router(db=db, assistant=assistant, clock=clock, hosts=hosts))
        else:
            _add(app, entrance.router(db=db, signing_in=signing_in, gate=gate, clock=clock, slack=slack_login))
        for routes in more:
            _add(app, routes(shared))
        app.add_exception_handler(NotSignedInError, to_sign_in)
        app.add_exception_handler(HTTPException, _told)
        app.add_exception_handler(RequestValidationError, _not_understood)
    return app


def _add(app: FastAPI, routes: APIRouter) -> None:
    """Add the routes as they are: ``include_router`` works each of them out a second time, which takes a while."""
    app.router.routes.extend(routes.routes)


def _add_health(app: FastAPI, db: Db) -> None:
    @app.get("/health/live", include_in_schema=False)
    def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/health/ready", include_in_schema=False)
    def ready() -> JSONResponse:
        """Whether the database can be asked, and has its tables."""
        try:
            with db.read() as tx:
                tx.execute(select(Revision).limit(1))
        except SQLAlchemyError as error:
            log.warning("not ready: %s", error)
            return JSONResponse({"status": "not ready", "reason": "the database cannot be asked"}, 503)
        return JSONResponse({"status": "ready"})


def _told(request: Request, error: Exception) -> Response:
    """An error as a page for people, as JSON for machines."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else "Something went wrong."
    if "text/html" not in request.headers.get("accept", ""):
        return JSONResponse({"detail": detail}, status)
    return page("error.html", {"title": f"Error {status}", "detail": detail, "place": "", "try_out": False}, status)


def _not_understood(request: Request, error: Exception) -> Response:
    """An address or form that makes no sense, in one line: which part, and why."""
    faults = error.errors() if isinstance(error, RequestValidationError) else []
    told = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}" for fault in faults)
    return _told(request, HTTPException(422, told or "This was not understood."))
