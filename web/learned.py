"""The page of what corrections taught: every lesson that holds, with a button that ends it."""

from collections.abc import Callable, Collection
from datetime import datetime
from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import Assistant, CorrectionError
from capture.rights import Viewer, people
from store import lessons
from store.db import Db
from store.tables import Lesson
from web.gate import Gate, RowId, allowed
from web.security import known_host
from web.templating import page

MEANS = {
    "account": "the account", "contact": "the contact", "keyword": "a keyword", "not_keyword": "not a keyword",
}  # fmt: skip
"""What words can mean, by the kind of lesson."""


def router(
    *, db: Db, assistant: Assistant, clock: Callable[[], datetime], gate: Gate, try_out: bool,
    hosts: Collection[str] | None = None,
) -> APIRouter:  # fmt: skip
    """The routes of the page."""
    guards = [Depends(known_host(hosts))] if hosts else []
    routes = APIRouter(prefix="/learned", dependencies=guards, include_in_schema=False)

    def shown(who: Viewer, problem: str | None = None, status: int = 200) -> HTMLResponse:
        with db.read() as tx:
            whose = people(tx, who, "read", "lesson")
            listed = [one for one in lessons.listed(tx) if _holds_for(one.lesson, whose)]
        groups = [(rep, list(some)) for rep, some in groupby(listed, key=lambda one: one.rep)]
        values = {"groups": groups, "means": MEANS, "problem": problem, "now": clock(), "viewer": who}
        return page("learned.html", {**values, "place": "learned", "try_out": try_out}, status)

    @routes.get("")
    def learned(who: Annotated[Viewer, Depends(gate.viewer)]) -> HTMLResponse:
        """What holds for the house, then for each rep that the viewer may look at."""
        allowed(who.may("read", "lesson"))
        return shown(who)

    @routes.post("/{lesson_id}/forget")
    def forget(lesson_id: RowId, who: Annotated[Viewer, Depends(gate.viewer)]) -> Response:
        """End a lesson; the same form sent twice is told so. What holds for all is ended by those who may for all."""
        allowed(who.may("edit", "lesson"))
        with db.read() as tx:
            whose = people(tx, who, "edit", "lesson")
            lesson = tx.get(Lesson, lesson_id)
            allowed(lesson is None or whose is None or lesson.rep_id in whose)
        try:
            assistant.forget(lesson_id, f"rep:{who.rep_id}" if who.rep_id else "web")
        except CorrectionError as error:
            return shown(who, str(error), 409)
        return RedirectResponse("/learned", 303)

    return routes


def _holds_for(lesson: Lesson, whose: frozenset[int] | None) -> bool:
    """Whether it is a lesson of those people, or of the whole house."""
    return whose is None or lesson.rep_id is None or lesson.rep_id in whose
