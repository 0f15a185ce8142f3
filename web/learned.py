"""The page of what corrections taught: every lesson that holds, with a button that ends it."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import groupby

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import Assistant, CorrectionError
from store import lessons
from store.db import Db
from web.security import known_host, same_origin
from web.templating import page

MEANS = {
    "account": "the account", "contact": "the contact", "keyword": "a keyword", "not_keyword": "not a keyword",
}  # fmt: skip
"""What words can mean, by the kind of lesson."""


def router(
    *, db: Db, assistant: Assistant, clock: Callable[[], datetime], try_out: bool, hosts: Collection[str] | None = None
) -> APIRouter:
    """The routes of the page."""
    guards = [Depends(known_host(hosts))] if hosts else []
    routes = APIRouter(prefix="/learned", dependencies=guards, include_in_schema=False)

    def shown(problem: str | None = None, status: int = 200) -> HTMLResponse:
        with db.read() as tx:
            listed = lessons.listed(tx)
        groups = [(rep, list(some)) for rep, some in groupby(listed, key=lambda one: one.rep)]
        values = {"groups": groups, "means": MEANS, "problem": problem, "now": clock()}
        return page("learned.html", {**values, "place": "learned", "try_out": try_out}, status)

    @routes.get("")
    def learned() -> HTMLResponse:
        """What holds for the house, then for each rep."""
        return shown()

    @routes.post("/{lesson_id}/forget", dependencies=[Depends(same_origin)])
    def forget(lesson_id: int) -> Response:
        """End a lesson; the same form sent twice is told so."""
        try:
            assistant.forget(lesson_id, "web")
        except CorrectionError as error:
            return shown(str(error), 409)
        return RedirectResponse("/learned", 303)

    return routes
