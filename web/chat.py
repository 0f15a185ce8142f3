"""The chat page: for trying Debrief out. Whoever opens it speaks as any rep of the house."""

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from capture import Assistant, CorrectionError
from capture.presses import read_press
from parsing.model import Message
from store import conversations
from store.conversations import Turn
from store.db import Db
from store.visits import VisitFilter, list_visits
from web.examples import examples
from web.security import known_host
from web.templating import page

RENEWAL = timedelta(seconds=3)
"""How long an answered card may take to change."""
PATIENCE = timedelta(minutes=2)
"""How long the page keeps asking for an answer; after that something is wrong, and it says so."""
PRESS = r"^(undo \d{1,12}|account:\d{1,3} \d{1,12}:(\d{1,12}|new)|fact:[a-z]{1,20} \d{1,12}(:\d{1,12})?)$"
LONGEST = 40_000
"""Characters of one message, as in Slack (docs.slack.dev/reference/methods/chat.postMessage)."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A turn of the conversation, and whether its answer is still on its way or late."""

    turn: Turn
    waiting: bool
    late: bool

    @property
    def links(self) -> dict[str, int]:
        """The visits that the answer speaks of, number to id."""
        return {visit.number: visit.id for visit in self.turn.visits}


def router(
    *, db: Db, assistant: Assistant, clock: Callable[[], datetime], hosts: Collection[str] | None = None
) -> APIRouter:
    """The routes of the chat page."""
    guards = [Depends(known_host(hosts))] if hosts else []
    routes = APIRouter(prefix="/chat", dependencies=guards, include_in_schema=False)

    def shown(rep: str, say: str = "", problem: str | None = None, status: int = 200) -> HTMLResponse:
        values = _conversation(db, rep, clock())
        written = {"say": say[:LONGEST], "problem": problem, "source_id": uuid.uuid4().hex}
        return page("chat.html", {**values, **written, "place": "chat", "try_out": True}, status)

    @routes.get("")
    def chat(rep: str = "", say: str = "") -> HTMLResponse:
        """The conversation of a rep; ``say`` is put into the field to be sent."""
        return shown(rep, say)

    @routes.get("/live")
    def live(rep: str = "") -> HTMLResponse:
        """What changes while a message is being worked on."""
        return page("_live.html", _conversation(db, rep, clock()))

    @routes.post("")
    def send(
        rep: Annotated[str, Form(max_length=320)],
        text: Annotated[str, Form(max_length=LONGEST)],
        source_id: Annotated[str, Form(pattern="^[0-9a-f]{32}$")],
    ) -> Response:
        """Take in a message as from any door; the same form sent twice is one message."""
        if not assistant.knows(rep):
            raise HTTPException(404, "Nobody here goes by that address.")
        if not text.strip():
            return shown(rep, problem="Write something first.", status=422)
        said = text.replace("\r\n", "\n").strip()
        message = Message(via="web", rep=rep, sent_at=clock(), text=said, source_id=source_id)
        assistant.accept(message, reply_to={"answers": _asked_last(db, rep), "goes_on": True})
        return _back(rep)

    @routes.post("/press")
    def press(rep: Annotated[str, Form()], pressed: Annotated[str, Form(alias="press", pattern=PRESS)]) -> Response:
        """A button of a card: its ``action_id`` and its ``value``, as Slack would tell them."""
        action_id, _, value = pressed.partition(" ")
        try:
            press = read_press(action_id, value)
            assistant.correct(press.visit_id, rep, press.what, press.value)
        except CorrectionError as error:
            return shown(rep, problem=str(error), status=409)
        return _back(rep)

    return routes


def _asked_last(db: Db, email: str) -> str | None:
    """What the last message of this rep is called, where it still waits for an answer."""
    with db.read() as tx:
        rep = next((one for one in conversations.people_who_report(tx) if one.email == email.lower()), None)
        turns = conversations.latest(tx, rep_id=rep.id, most=1) if rep else []
        return turns[0].capture.source_id if turns and turns[0].capture.state == "asked" else None


def _back(rep: str) -> RedirectResponse:
    # See Other: the browser asks anew, so that reloading the page sends nothing twice (RFC 9110, 15.4.4).
    return RedirectResponse(f"/chat?{urlencode({'rep': rep})}#composer", 303)


def _conversation(db: Db, email: str, now: datetime) -> dict[str, Any]:
    """Everything that the page shows of one rep, the first one where ``email`` is nobody's."""
    with db.read() as tx:
        reps = conversations.people_who_report(tx)
        rep = next((one for one in reps if one.email == email.lower()), reps[0] if reps else None)
        turns = conversations.latest(tx, rep_id=rep.id) if rep else []
        latest = list_visits(tx, VisitFilter(), size=8)
        offers = examples(rep.language, conversations.meetings(tx, rep.id)) if rep else []
        return {
            "reps": reps, "rep": rep, "now": now, "latest": latest, "examples": offers,
            "turns": [_shown(turn, now) for turn in turns],
        }  # fmt: skip


def _shown(turn: Turn, now: datetime) -> Shown:
    if turn.capture.state == "answer":
        # Its own answer is the card above, which changes in place a moment later.
        return Shown(turn, waiting=now - turn.capture.taken_at < RENEWAL, late=False)
    # What a machine wrote by itself is taken in and never answered (RFC 3834, 2).
    pending = (turn.delivery is None and turn.capture.not_a_report != "away") or is_outdated(turn)
    late = now - turn.capture.taken_at > PATIENCE and turn.delivery is None
    return Shown(turn, waiting=pending and not late, late=pending and late)


def is_outdated(turn: Turn) -> bool:
    """Whether the answer still offers what was done since: the card is about to be renewed."""
    if turn.delivery is None:
        return False
    withdrawn = {str(visit.id) for visit in turn.visits if visit.withdrawn_at}
    settled = {str(visit.id) for visit in turn.visits if visit.account_id is not None and not visit.candidates}
    for block in turn.delivery.letter.get("blocks", ()):
        for element in block.get("elements", ()) if block["type"] == "actions" else ():
            visit_id = str(element.get("value", "")).partition(":")[0]
            action_id = element.get("action_id", "")
            if (action_id == "undo" and visit_id in withdrawn) or (
                action_id.startswith("account:") and visit_id in settled
            ):
                return True
    return False
