"""The inbox of open ends: what needs a person, each with its message as it came and the ways out."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import CorrectionError
from capture.inbox import LONGEST_REASON, Inbox, said_by
from capture.rights import Reach, Viewer
from capture.seen import note_message
from parsing.searching import find_accounts
from store import captures, crm, inbox, private, reps
from store.db import Tx
from store.inbox import OpenEnd
from store.tables import Account
from web.gate import RowId, allowed
from web.shared import Shared

LONGEST_RAW = 60_000
"""Characters of a message as it came that are shown."""
MOST = 12
"""Accounts that are offered."""
WAYS = {
    "refused": ("rep", "dismiss"), "failed": ("again", "no_visit", "dismiss"), "forged": ("file", "dismiss"),
    "held": ("file", "dismiss"), "asked": ("account", "no_visit", "dismiss"), "taken": ("again", "dismiss"),
}  # fmt: skip
"""What can be done about a message, by its state."""
Settler = Callable[..., Viewer]
"""A dependency that lets in those who may settle everybody's messages."""
Reason = Annotated[str, Form(max_length=LONGEST_REASON)]


def router(shared: Shared, ends: Inbox) -> APIRouter:
    """The routes; for those who may settle everybody's messages."""
    routes = shared.routes()

    def settler(who: Annotated[Viewer, Depends(shared.gate.viewer)]) -> Viewer:
        allowed(who.may("edit", "message") is Reach.ALL)
        return who

    _add_list(routes, shared, ends, settler)
    _add_jobs(routes, shared, ends, settler)  # before the messages: "work" is no message's number
    _add_message(routes, shared, ends, settler)
    _add_ways(routes, shared, ends, settler)
    return routes


def _add_list(routes: APIRouter, shared: Shared, ends: Inbox, settler: Settler) -> None:
    @routes.get("/held")
    def held(who: Annotated[Viewer, Depends(settler)]) -> RedirectResponse:  # noqa: ARG001  # who asks decides whether it is told
        """Where held mails were once."""
        return RedirectResponse("/inbox", 308)

    @routes.get("/inbox")
    def listed(who: Annotated[Viewer, Depends(settler)], kind: str = "") -> HTMLResponse:
        """What is open, oldest first, and how the last ones ended."""
        return _list(shared, ends, who, kind)


def _list(shared: Shared, ends: Inbox, who: Viewer, kind: str, problem: str | None = None) -> HTMLResponse:
    shelf = ends.jobs.shelf() if kind in {"", "shelved"} else []
    counts = ends.counts()
    with shared.db.read() as tx:
        found = inbox.listed(tx, shared.clock(), kind or None) if kind != "shelved" else []
        ended = [(one, said_by(tx, one.by)) for one in inbox.settled_lately(tx)]
    return shared.page(
        "inbox.html", who, 409 if problem else 200, place="inbox", found=found, shelf=shelf, counts=counts, kind=kind,
        kinds=inbox.KINDS, ended=ended, problem=problem,
    )  # fmt: skip


def _add_message(routes: APIRouter, shared: Shared, ends: Inbox, settler: Settler) -> None:
    @routes.get("/inbox/{capture_id}")
    def message(capture_id: RowId, who: Annotated[Viewer, Depends(settler)], account: str = "") -> HTMLResponse:
        """One message: as it came, how it reads, and what can be done."""
        return _message(shared, ends, who, capture_id, account=account)


def _message(
    shared: Shared, ends: Inbox, who: Viewer, capture_id: int, *, account: str = "", problem: str | None = None
) -> HTMLResponse:
    with shared.db.read() as tx:
        found = inbox.find(tx, capture_id)
        if found is None:
            raise HTTPException(404, "There is no such message.")
        raw = _raw(tx, found)
        visits = inbox.undecided(tx, capture_id)
        offered = {visit.id: [(one, tx.get_one(Account, one).name) for one in visit.candidates] for visit in visits}
        if account.strip():
            known = find_accounts(crm.snapshot(tx), account.strip()[:200], who.email, MOST)
            more = [(int(one.id), f"{one.name}, {one.city}" if one.city else one.name) for one in known]
            offered = {visit.id: more for visit in visits}
        colleagues = [(one.id, one.name) for one in reps.everyone(tx)]
    note_message(shared.db, who, shared.clock(), "inbox", capture_id)
    return shared.page(
        "open_end.html", who, 409 if problem else 200, place="inbox", found=found, raw=raw, visits=visits,
        offered=offered, colleagues=colleagues, ways=WAYS.get(found.capture.state, ()), kinds=inbox.KINDS,
        understood=ends.understood(found.capture) if not visits else (), asked_for=account, problem=problem,
    )  # fmt: skip


def _raw(tx: Tx, found: OpenEnd) -> str | None:
    """The message as it came; None where a part of it is its rep's alone."""
    if private.of_message(tx, found.capture.id):
        return None
    return (captures.raw(tx, found.capture.id) or b"")[: LONGEST_RAW * 4].decode("utf-8", "replace")[:LONGEST_RAW]


def _add_ways(routes: APIRouter, shared: Shared, ends: Inbox, settler: Settler) -> None:
    def done(capture_id: int, who: Viewer, do: Callable[[str], None]) -> Response:
        try:
            do(who.by)
        except CorrectionError as error:
            return _message(shared, ends, who, capture_id, problem=str(error))
        return RedirectResponse("/inbox", 303)

    @routes.post("/inbox/{capture_id}/account")
    def to_account(
        capture_id: RowId, who: Annotated[Viewer, Depends(settler)], visit: Annotated[int, Form(ge=1, le=2**31 - 1)],
        account: Annotated[int, Form(ge=1, le=2**31 - 1)],
    ) -> Response:  # fmt: skip
        """Says which account was meant."""
        return done(capture_id, who, lambda by: ends.to_account(visit, account, by))

    @routes.post("/inbox/{capture_id}/rep")
    def to_rep(
        capture_id: RowId, who: Annotated[Viewer, Depends(settler)], rep: Annotated[int, Form(ge=1, le=2**31 - 1)],
        remember: Annotated[str, Form(max_length=5)] = "",
    ) -> Response:  # fmt: skip
        """Says whose message it is; it is read anew."""
        return done(capture_id, who, lambda by: ends.to_rep(capture_id, rep, by, remember=bool(remember)))

    @routes.post("/inbox/{capture_id}/file")
    def file(capture_id: RowId, who: Annotated[Viewer, Depends(settler)]) -> Response:
        """Files a held message after all."""
        return done(capture_id, who, lambda by: ends.file_anyway(capture_id, by))

    @routes.post("/inbox/{capture_id}/again")
    def again(capture_id: RowId, who: Annotated[Viewer, Depends(settler)]) -> Response:
        """Has it read again."""
        return done(capture_id, who, lambda by: ends.again(capture_id, by))

    @routes.post("/inbox/{capture_id}/no_visit")
    def no_visit(capture_id: RowId, who: Annotated[Viewer, Depends(settler)]) -> Response:
        """Says that it reports no visit."""
        return done(capture_id, who, lambda by: ends.no_visit(capture_id, by))

    @routes.post("/inbox/{capture_id}/dismiss")
    def dismiss(capture_id: RowId, who: Annotated[Viewer, Depends(settler)], reason: Reason) -> Response:
        """Leaves it as it is, for a reason."""
        return done(capture_id, who, lambda by: ends.dismiss(capture_id, reason, by))


def _add_jobs(routes: APIRouter, shared: Shared, ends: Inbox, settler: Settler) -> None:
    @routes.post("/inbox/jobs/again")
    def again(who: Annotated[Viewer, Depends(settler)], job: Annotated[str, Form(max_length=300)]) -> Response:
        """Tries work again that gave up."""
        return done(who, lambda: ends.job_again(job))

    @routes.post("/inbox/jobs/drop")
    def drop(
        who: Annotated[Viewer, Depends(settler)], job: Annotated[str, Form(max_length=300)], reason: Reason
    ) -> Response:
        """Gives it up for good, for a reason."""
        return done(who, lambda: ends.drop_job(job, reason, who.by))

    def done(who: Viewer, do: Callable[[], None]) -> Response:
        try:
            do()
        except CorrectionError as error:
            return _list(shared, ends, who, "", str(error))
        return RedirectResponse("/inbox", 303)
