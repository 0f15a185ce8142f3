"""What changed since a caller last asked, so that a copy elsewhere is kept current."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from capture.rights import sight
from store import feed
from store.feed import Mark
from web.api import cursors
from web.api.calls import Api, Call
from web.api.shown import ChangeOut, Changes

SCOPES = {"visit": "read:visits", "account": "read:accounts", "contact": "read:contacts"}
"""What a token needs to be told of a change of such a record."""


def router(api: Api) -> APIRouter:
    """The route."""
    routes = APIRouter(tags=["changes"])

    @routes.get("/changes", response_model=Changes)
    def changes(
        call: Annotated[Call, Depends(api.call())],
        since: Annotated[
            str, Query(max_length=cursors.LONGEST, description="`next` of the last time; empty: from now on.")
        ] = "",
    ) -> Response:
        """Which visits, accounts and contacts are not as they were; of those that the token may read.

        Ask once without `since`, read the lists, then ask again and again with what `next` said.
        """
        now = api.clock()
        with api.db.read() as tx:
            if not since:
                return call.answer(Changes(items=[], next=_written(feed.newest(tx, now)), more=False))
            rows, mark, more = feed.since(tx, _read(since), now)
            told = feed.told(tx, [row for row in rows if _may(call, row)], sight(tx, call.who))
        items = [ChangeOut.model_validate(one, from_attributes=True) for one in told]
        return call.answer(Changes(items=items, next=_written(mark), more=more))

    return routes


def _may(call: Call, row: Any) -> bool:
    scope = SCOPES.get("contact" if row.record == "employment" else row.record)
    return scope is not None and call.caller.may(scope)


def _written(mark: Mark) -> str:
    return cursors.written([mark.to, mark.at.isoformat(), [mark.to - gap for gap in mark.gaps]])


def _read(cursor: str) -> Mark:
    place = cursors.read(cursor)
    try:
        to, at, behind = place
        gaps = tuple(to - one for one in behind)
        mark = Mark(to, datetime.fromisoformat(at), gaps)
    except (TypeError, ValueError) as error:
        raise cursors.no_cursor() from error
    if mark.at.tzinfo is None or not all(type(one) is int and 0 <= one < 2**31 for one in (to, *gaps)):
        raise cursors.no_cursor()
    return mark
