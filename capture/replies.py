"""What is said of a message: composed of what is kept, carried to where it was said, and kept as it was sent."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from capture import asking, fetching, links
from capture.card import cards, visits_of
from capture.digest_answers import due_of
from capture.messages import from_json
from capture.rights import viewer
from capture.seen import note_account
from jobs import JobError
from letters import Courier, CourierError, Letter, render
from letters.answer import Answer
from letters.model import Counter, Filed
from letters.settled import Settled, SettledLine
from parsing.asking import read_question
from parsing.model import Crm
from store import captures, deliveries, secrets, sources
from store.db import Db, Tx
from store.retention import is_forgotten
from store.tables import Capture, Rep, Visit

CounterOf = Callable[[Tx, int, date], Counter]
ANSWERED = frozenset({"filed", "asked", "nothing"})
"""States of a capture that was worked on and whose sender is told so by a letter of its own."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A letter that is not drawn yet, and the message that it answers."""

    capture: Capture
    name: str
    language: str
    context: Mapping[str, Any]

    @property
    def letter(self) -> Letter:
        """The letter, drawn."""
        return render(self.name, self.language, **self.context)


@dataclass(frozen=True, slots=True)
class Replies:
    """Composes and sends the letters of a message: the reply, and what it becomes when something changes."""

    db: Db
    couriers: Mapping[str, Courier]
    counter: CounterOf
    clock: Callable[[], datetime]
    known: Callable[[Tx], Crm]
    url: str | None = None

    def reply(self, capture_id: int) -> None:
        """Say what became of a message. Said once, however often this runs."""
        with self.db.read() as tx:
            if deliveries.find(tx, captures.reply_id(capture_id)):
                return
            saying = self.saying(tx, captures.of(tx, capture_id))
        self.send(saying)

    def renew(self, arg: str) -> None:
        """Show the letter as it is now; ``arg`` begins with the capture's id."""
        capture_id = int(arg.partition(":")[0])
        letter_id = captures.reply_id(capture_id)
        with self.db.read() as tx:
            sent = deliveries.find(tx, letter_id)
            if sent is None:
                raise JobError("the card is not out yet", after_s=1)
            saying = self.saying(tx, captures.of(tx, capture_id))
        letter = saying.letter
        receipt = self._carry(saying, lambda courier: courier.update(letter_id, letter, sent.receipt))
        with self.db.write() as tx:
            kept = deliveries.find(tx, letter_id)
            if kept:
                kept.receipt = receipt
                if not is_forgotten(kept.letter):
                    kept.letter = _kept(letter)

    def send(self, saying: Saying) -> None:
        """Carry what is to be said, and keep that it was."""
        capture, letter = saying.capture, saying.letter
        letter_id = captures.reply_id(capture.id)
        receipt = self._carry(saying, lambda courier: courier.send(letter_id, letter, capture.reply_to))
        values = {
            "letter_id": letter_id, "capture_id": capture.id, "via": capture.via, "recipient": capture.sender,
            "sent_at": self.clock(), "receipt": receipt, "letter": _kept(letter),
        }  # fmt: skip
        with self.db.write() as tx:
            deliveries.keep(tx, values)
        if isinstance(answer := saying.context.get("answer"), Answer):
            self._note(capture, answer)

    def _note(self, capture: Capture, answer: Answer) -> None:
        """Keep that somebody was shown the people of an account, as a page keeps it."""
        with self.db.read() as tx:
            rep = tx.get(Rep, capture.rep_id)
            who = viewer(rep) if rep else None
        for part in answer.parts:
            if who is not None and part.people and part.account_id is not None:
                note_account(self.db, who, self.clock(), f"an answer by {capture.via}", part.account_id)

    def saying(self, tx: Tx, capture: Capture, told: Sequence[Visit] | None = None) -> Saying:
        """What is to be said of a message as it stands now; ``told`` are the visits that it tells of, if at hand."""
        rep = tx.get(Rep, capture.rep_id) if capture.rep_id else None
        if rep is None:
            return Saying(capture, "refused", "en", {"sender": capture.sender})
        if trouble := _trouble(capture):
            return Saying(capture, "failed", rep.language, trouble)
        today = self.clock().astimezone(ZoneInfo(rep.timezone)).date()
        if capture.not_a_report == "question" and (asked := read_question(from_json(capture.message), self.known(tx))):
            answer = asking.answer(tx, asked, rep, self.counter(tx, rep.id, today), today, url=self.url)
            return Saying(capture, "answer", rep.language, {"answer": answer})
        if settled := capture.reply_to.get("settled"):
            return Saying(capture, "settled", rep.language, {"settled": _settled(capture.id, settled), "today": today})
        visits = _visits_told(tx, capture.id) if told is None else told
        if not visits:
            return Saying(capture, "nothing", rep.language, {"reason": capture.not_a_report or "nothing"})
        shown = Filed(
            visits=cards(tx, visits, rep.language, rep.id, capture.id),
            counter=self.counter(tx, rep.id, today), url=self.url,
            private=bool(capture.reply_to.get("private")),
            left_out=fetching.lost(capture, "large"), not_fetched=fetching.lost(capture, "refused"),
            link=self._linker(tx, capture, rep),
        )  # fmt: skip
        return Saying(capture, "filed", rep.language, {"filed": shown, "today": today})

    def _linker(self, tx: Tx, capture: Capture, rep: Rep) -> Callable[[str, str, str], str] | None:
        if self.url is None or capture.via not in links.LINKED:
            return None
        return links.linker(secrets.link_key(tx), self.url, rep.id, self.clock())

    def _carry(self, saying: Saying, send: Callable[[Courier], dict[str, Any]]) -> dict[str, Any]:
        courier = self.couriers.get(saying.capture.via)
        if courier is None:
            raise JobError(f"nothing is set up to answer by {saying.capture.via}", permanent=True)
        try:
            return send(courier)
        except CourierError as error:
            raise JobError.of(error) from error


def _trouble(capture: Capture) -> dict[str, str] | None:
    """Why a message was not worked on, as the letter says it."""
    if capture.state == "held":
        return {"reason_key": "too_many"}
    if capture.state != "failed":
        return None
    return {"reason_key": capture.problem or "unreadable", "detail": capture.text}


def _settled(capture_id: int, told: Mapping[str, Any]) -> Settled:
    """What came of an answer to a digest, as it is kept with the answer."""
    lines = tuple(
        SettledLine(number=one["number"], name=one["name"], how=one["how"], due=due_of(one), words=one["words"])
        for one in told["lines"]
    )
    return Settled(value=str(capture_id), lines=lines, unclear=tuple(told["unclear"]), undone=bool(told["undone"]))


def is_owed(tx: Tx, capture: Capture) -> bool:
    """Whether a message that was worked on is answered by a letter of its own; one that answered us is not.

    What was filed and then taken back before anybody was told is: the card says so.
    """
    return capture.state in ANSWERED or (capture.state == "withdrawn" and bool(visits_of(tx, capture.id)))


def _visits_told(tx: Tx, capture_id: int) -> list[Visit]:
    return [*visits_of(tx, capture_id), *sources.visits_told_again(tx, capture_id)]


def _kept(letter: Letter) -> dict[str, Any]:
    return {"subject": letter.subject, "text": letter.text, "html": letter.html, "blocks": list(letter.blocks)}
