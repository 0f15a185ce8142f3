"""Who is let in: what happens to a message is decided by who sent it, whether that is proved, and how many came."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from capture.messages import from_json, to_json
from capture.values import CorrectionError
from parsing.model import Message
from store import captures, changes, deliveries, reps
from store.db import Tx
from store.tables import Capture, Rep

REFUSALS_A_DAY = 1
"""An unknown sender is told once a day at most: more would let two machines answer each other for ever."""
BURST, BURST_WITHIN = 20, timedelta(minutes=10)
"""Mails of one sender that are worked on; what comes beyond is kept and held, and said once."""
BOUNDED = {"email"}
"""Media by which two machines may end up answering each other."""
HELD = ("forged", "held")
"""States of what is kept until an administrator lets it through."""


@dataclass(frozen=True, slots=True)
class Admission:
    """The state that a new message begins in, and whether its sender is told at once."""

    state: str
    told: bool = False


def admit(
    tx: Tx, message: Message, rep: Rep | None, now: datetime, *,
    automatic: str | None, doubt: str | None, problem: str | None,
) -> Admission:  # fmt: skip
    """What becomes of a message. Whoever did not prove who they are is told nothing: another might hear it."""
    if automatic:
        return Admission("nothing")
    sender = message.rep.lower()
    if rep is None:
        before = captures.count(tx, sender, ("refused",), taken_since=now - timedelta(days=1), proved=True)
        return Admission("refused", told=not doubt and before < REFUSALS_A_DAY)
    if doubt:
        return Admission("forged")
    if message.via in BOUNDED and is_burst(tx, message):
        before = captures.count(tx, sender, ("held",), taken_since=now - BURST_WITHIN)
        return Admission("held", told=before == 0)
    return Admission("failed", told=True) if problem else Admission("taken")


def is_burst(tx: Tx, message: Message) -> bool:
    """Whether as many messages of this sender were sent just before as one may send.

    By when they were sent: after an outage the mails of hours are taken in at once.
    """
    worked_on = ("taken", "filed", "asked", "answer", "nothing", "failed", "withdrawn")
    since, until = message.sent_at - BURST_WITHIN, message.sent_at
    return captures.count(tx, message.rep.lower(), worked_on, sent=(since, until)) >= BURST


def source_id(message: Message, raw: bytes | None, state: str) -> str:
    """What the capture is known by. A forged mail does not take its name from the true one that it may copy."""
    if state != "forged":
        return message.source_id
    return f"forged:{hashlib.sha256(raw or message.text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def was_told(tx: Tx, capture: Capture) -> bool:
    """Whether something was said of a message before it was filed: that it was held, no visit, or without words."""
    retold = capture.via in BOUNDED or not {"wanted", "files"}.isdisjoint(capture.reply_to)
    return retold and deliveries.find(tx, captures.reply_id(capture.id)) is not None


def release(tx: Tx, capture: Capture, at: datetime, by: str) -> None:
    """Let what was held be worked on, as what the rep of its sender said. Raises `CorrectionError`."""
    rep = reps.by_sender(tx, capture.sender)
    if capture.state not in HELD:
        raise CorrectionError("not_held", "This is not held.")
    if rep is None:
        raise CorrectionError("no_rep", f"{capture.sender} is nobody here.")
    changes.note(tx, at=at, by=by, record=("capture", capture.id), field="state", old=capture.state, new="taken")
    capture.state, capture.problem, capture.rep_id = "taken", None, rep.id
    capture.message = to_json(replace(from_json(capture.message), rep=rep.email))
