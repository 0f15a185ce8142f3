"""Visits: the list, one of them, reporting, correcting, taking back; and what became of a message."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from sqlalchemy import select

from capture import CorrectionError, FixError, MeanwhileError
from capture.attributes import MARK
from capture.finding import Finding
from capture.fixing import version_of
from capture.rights import people, sight
from parsing.model import Message
from store import deliveries, windows
from store.db import Tx
from store.sight import among
from store.tables import Capture, Visit
from store.windows import WholeVisit
from web.api import asked
from web.api.calls import Api, Call, IfMatch, Key, known, place_of
from web.api.problems import Fault, ProblemError, corrected
from web.api.shown import MessageOut, Page, VisitOut
from web.api.taken import ReportIn, VisitIn
from web.gate import RowId

VIA = "api"
"""The medium of what is reported here."""
AHEAD = timedelta(minutes=5)
"""How far ahead of ours another program's clock may be."""


def router(api: Api) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["visits"])
    _add_reading(routes, api)
    _add_reporting(routes, api)
    _add_changing(routes, api)
    return routes


def shown(tx: Tx, call: Call, visit_id: int) -> VisitOut:
    """A visit as the caller may see it. Raises `ProblemError` 404."""
    return _out(call)(known(windows.visit(tx, visit_id, sight(tx, call.who)), "visit"))


def _out(call: Call) -> Callable[[WholeVisit], VisitOut]:
    named = call.caller.may("read:contacts")
    return lambda found: VisitOut.of(found, found.visit.report, named=named)


def _add_reading(routes: APIRouter, api: Api) -> None:
    @routes.get("/visits", response_model=Page[VisitOut])
    def visits(
        call: Annotated[Call, Depends(api.call("read:visits"))], wanted: Annotated[asked.Visits, Query()]
    ) -> Response:
        """The visits that the token's person may see, newest first, without those that were taken back."""
        after = place_of(wanted.cursor, str, int)
        if wanted.q:
            Finding(api.db).look()
        with api.db.read() as tx:
            found = windows.visits(tx, wanted.filter(sight(tx, call.who)), after, wanted.limit)
        return call.window(Page[VisitOut], found, _out(call))

    @routes.get("/visits/{visit_id}", response_model=VisitOut)
    def visit(call: Annotated[Call, Depends(api.call("read:visits"))], visit_id: RowId) -> Response:
        """One visit, taken back or not."""
        with api.db.read() as tx:
            return call.answer(shown(tx, call, visit_id))

    @routes.get("/messages/{message_id}", response_model=MessageOut)
    def message(call: Annotated[Call, Depends(api.call("read:visits"))], message_id: RowId) -> Response:
        """What became of a message: a report is read a moment after it was taken in."""
        with api.db.read() as tx:
            return call.answer(_message(tx, call, message_id))


def _message(tx: Tx, call: Call, message_id: int) -> MessageOut:
    capture = tx.get(Capture, message_id)
    whose = people(tx, call.who, "read", "message")
    seen = capture is not None and (capture.rep_id == call.who.rep_id or among(whose, capture.rep_id))
    taken = known(capture if seen else None, "message")
    visit_ids = tx.scalars(select(Visit.id).where(Visit.capture_id == taken.id).order_by(Visit.position))
    letter = deliveries.find(tx, f"reply-{taken.id}")
    return MessageOut(
        id=taken.id, via=taken.via, sent_at=taken.sent_at, taken_at=taken.taken_at, state=taken.state,
        language=taken.language, visit_ids=list(visit_ids), answer=letter.letter.get("text") if letter else None,
    )  # fmt: skip


def _add_reporting(routes: APIRouter, api: Api) -> None:
    @routes.post("/visits", status_code=202, response_model=MessageOut)
    def report(call: Annotated[Call, Depends(api.call("write:visits"))], said: ReportIn, key: Key = None) -> Response:
        """Report in plain words, as in chat: it is taken in as the person's own and read a moment later.

        `Location` says where to look what became of it.
        """
        sent_at = said.sent_at or api.clock()
        if not said.text.strip() or sent_at > api.clock() + AHEAD:
            where, what = ("/text", "says nothing") if not said.text.strip() else ("/sent_at", "is in the future")
            raise ProblemError(422, "not-valid", "This is no report.", faults=[Fault(pointer=where, detail=what)])
        # Named by the key, the same report is the same message however often it is sent.
        source_id = f"{call.caller.token_id}:{key}" if key else uuid.uuid4().hex
        return call.once(key, lambda: _taken(api, call, said.text, sent_at, source_id), harmless_twice=True)


def _taken(api: Api, call: Call, text: str, sent_at: datetime, source_id: str) -> Response:
    message = Message(via=VIA, rep=call.who.email, sent_at=sent_at, text=text.strip(), source_id=source_id)
    capture_id = api.assistant.accept(message).capture_id
    with api.db.read() as tx:
        taken = _message(tx, call, capture_id)
    return call.answer(taken, 202, {"Location": f"{call.request.scope['root_path']}/messages/{capture_id}"})


def _add_changing(routes: APIRouter, api: Api) -> None:
    @routes.patch("/visits/{visit_id}", response_model=VisitOut)
    def correct(
        call: Annotated[Call, Depends(api.call("write:visits"))], visit_id: RowId, wanted: VisitIn,
        if_match: IfMatch = None,
    ) -> Response:  # fmt: skip
        """Correct a visit: every field that is named, or none. What names meant is learnt from, as from a card."""
        with api.db.read() as tx:
            call.matches(if_match, shown(tx, call, visit_id))
            seen = version_of(tx, tx.get_one(Visit, visit_id))
        try:
            api.assistant.fix(visit_id, call.who.email, _fields(wanted), seen)
        except (CorrectionError, FixError, MeanwhileError) as error:
            raise corrected(error) from error
        with api.db.read() as tx:
            return call.answer(shown(tx, call, visit_id))

    @routes.post("/visits/{visit_id}/withdraw", response_model=VisitOut)
    def withdraw(
        call: Annotated[Call, Depends(api.call("write:visits"))], visit_id: RowId, key: Key = None
    ) -> Response:
        """Take a visit back: it counts no more, and what only it brought in is no name any more. It stays readable."""

        def taken_back() -> Response:
            try:
                api.assistant.correct(visit_id, call.who.email, "undo")
            except CorrectionError as error:
                raise corrected(error) from error
            with api.db.read() as tx:
                return call.answer(shown(tx, call, visit_id))

        with api.db.read() as tx:
            shown(tx, call, visit_id)
        return call.once(key, taken_back)


def _fields(wanted: VisitIn) -> dict[str, Any]:
    """What is to be changed, as `Assistant.fix` takes it."""
    given = wanted.model_dump(exclude_unset=True)
    fields: dict[str, Any] = {}
    for name, value in given.items():
        if name in {"account_id", "new_account"}:
            fields["account"] = {"name": value} if name == "new_account" else None if value is None else str(value)
        elif name == "contacts":
            fields[name] = [str(one) if isinstance(one, int) else one for one in value or ()]
        elif name == "extra":
            fields |= {MARK + key: told for key, told in (value or {}).items()}
        elif name == "actions":
            fields[name] = [_action(one) for one in value or ()]
        else:
            fields["date" if name == "on" else name] = value
    return fields


def _action(one: dict[str, Any]) -> dict[str, Any]:
    return {**one, "id": None if one.get("id") is None else str(one["id"])}
