"""Who we are, what our words mean, where everyone stands, and finding things by a word."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy import select

import digests
from capture.finding import Finding
from capture.rights import Reach, people, sight
from capture.seen import note_read
from store import windows
from store.filters import VisitFilter
from store.tables import Kind, Rep
from web.api.calls import Api, Call, known
from web.api.problems import ProblemError
from web.api.shown import Hit, KindOut, MeOut, ProgressOut, RepOut
from web.api.taken import NO_NUL, AskedDay
from web.gate import RowId

MOST = 20
"""Hits of each kind."""


class Reps(BaseModel):
    """Everybody here."""

    items: list[RepOut]


class Kinds(BaseModel):
    """Every value that a visit may have."""

    items: list[KindOut]


class Progresses(BaseModel):
    """Where those stand whom one may look at."""

    items: list[ProgressOut]


class Hits(BaseModel):
    """What was found."""

    items: list[Hit]


def router(api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    _add_people(routes, api)
    _add_figures(routes, api)
    _add_search(routes, api)
    return routes


def _add_people(routes: APIRouter, api: Api) -> None:
    @routes.get("/me", response_model=MeOut, tags=["house"])
    def me(call: Annotated[Call, Depends(api.call())]) -> Response:
        """As whom this token acts, and how far."""
        with api.db.read() as tx:
            rep = RepOut.of(tx.get_one(Rep, call.who.rep_id))
        return call.answer(MeOut(rep=rep, scopes=sorted(call.caller.scopes)))

    @routes.get("/reps", response_model=Reps, tags=["house"])
    def reps(call: Annotated[Call, Depends(api.call("read:reps"))]) -> Response:
        """Everybody here, those who left too."""
        with api.db.read() as tx:
            return call.answer(Reps(items=[RepOut.of(one) for one in tx.scalars(select(Rep).order_by(Rep.id))]))

    @routes.get("/reps/{rep_id}", response_model=RepOut, tags=["house"])
    def rep(call: Annotated[Call, Depends(api.call("read:reps"))], rep_id: RowId) -> Response:
        """One of us."""
        with api.db.read() as tx:
            return call.answer(RepOut.of(known(tx.get(Rep, rep_id), "person")))

    @routes.get("/kinds", response_model=Kinds, tags=["house"])
    def kinds(call: Annotated[Call, Depends(api.call())]) -> Response:
        """The types, media, outcomes and statuses of visits as this house has them."""
        if call.who.may("read", "account") is Reach.NONE:
            raise ProblemError(403, "not-allowed", "The person of this token has no right to this.")
        with api.db.read() as tx:
            rows: Sequence[Kind] = tx.scalars(select(Kind).order_by(Kind.family, Kind.position)).all()
        return call.answer(Kinds(items=[KindOut.model_validate(one, from_attributes=True) for one in rows]))


def _add_figures(routes: APIRouter, api: Api) -> None:
    @routes.get("/progress", response_model=Progresses, tags=["progress"])
    def progress(
        call: Annotated[Call, Depends(api.call("read:progress"))],
        day: Annotated[AskedDay | None, Query(description="Of which day; today's, unless given.")] = None,
    ) -> Response:
        """Where everyone stands whom the token's person may look at: the figures of cards and digests."""
        with api.db.read() as tx:
            whose = people(tx, call.who, "read", "progress")
            found = digests.progress(tx, day or call.who.today(api.clock()))
        mine = [one for one in found if whose is None or one.rep_id in whose]
        return call.answer(Progresses(items=[ProgressOut.model_validate(one, from_attributes=True) for one in mine]))


def _add_search(routes: APIRouter, api: Api) -> None:
    @routes.get("/search", response_model=Hits, tags=["search"])
    def search(
        call: Annotated[Call, Depends(api.call())],
        q: Annotated[str, StringConstraints(min_length=2, max_length=200, pattern=NO_NUL)],
    ) -> Response:
        """Accounts and contacts of that name, and visits that tell of it; of those that the token may read."""
        return call.answer(Hits(items=[*_accounts(api, call, q), *_contacts(api, call, q), *_visits(api, call, q)]))


def _accounts(api: Api, call: Call, q: str) -> list[Hit]:
    if not call.caller.may("read:accounts"):
        return []
    with api.db.read() as tx:
        found = windows.accounts(tx, q, None, None, MOST).rows
    return [Hit(kind="account", id=one.id, title=one.name, detail=one.city) for one in found]


def _contacts(api: Api, call: Call, q: str) -> list[Hit]:
    if not call.caller.may("read:contacts"):
        return []
    with api.db.read() as tx:
        found = windows.contacts(tx, q, None, None, MOST).rows
    note_read(api.db, call.who, api.clock(), "API", {one.id for one in found})
    return [Hit(kind="contact", id=one.id, title=one.name, detail=None) for one in found]


def _visits(api: Api, call: Call, q: str) -> list[Hit]:
    if not call.caller.may("read:visits"):
        return []
    Finding(api.db).look()
    with api.db.read() as tx:
        wanted = VisitFilter(text=q, sight=sight(tx, call.who))
        found = windows.visits(tx, wanted, None, MOST).rows
    return [Hit(kind="visit", id=one.visit.id, title=one.visit.number, detail=one.account) for one in found]
