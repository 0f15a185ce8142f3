"""The use cases: take in, file, answer, correct. Every transaction of a message's road begins and ends here."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from capture import admission, asking, fetching, filing, introducing, links, private, proposing, revising, twice
from capture.amending import Amending
from capture.beside import Beside
from capture.card import cards, visits_of
from capture.filing import Filing
from capture.home import AtHome
from capture.leavers import Leavers
from capture.messages import from_json, to_json
from capture.values import CorrectionError
from jobs import Job, JobError, Jobs
from letters import Courier, CourierError, Letter, render
from letters.home import home_view
from letters.model import Counter, Filed
from parsing import parse
from parsing.asking import read_question
from parsing.model import Crm, Extraction, Message
from store import captures, changes, deliveries, reps, secrets, sources
from store.captures import File
from store.db import Db, Tx
from store.tables import Capture, Delivery, Rep

log = logging.getLogger("debrief.capture")

CounterOf = Callable[[Tx, int, date], Counter]


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a message is kept: under which id, and whether this delivery was the one that brought it."""

    capture_id: int
    new: bool


class Assistant(Amending):
    """What Debrief does with what reps say. Safe to call from several threads and processes at once."""

    def __init__(
        self, *, db: Db, jobs: Jobs, couriers: Mapping[str, Courier], counter: CounterOf,
        clock: Callable[[], datetime], url: str | None = None, beside: Mapping[str, Beside] | None = None,
        unpasted: Callable[[Message], Message] = lambda message: message,
    ) -> None:  # fmt: skip
        self._db, self._jobs, self._couriers, self._counter = db, jobs, dict(couriers), counter
        self._clock, self._url, self._beside, self._unpasted = clock, url, dict(beside or {}), unpasted
        self._fetching = fetching.Fetching(db, self._beside, clock, self._enqueue)
        self._leavers = Leavers(db, jobs, clock)
        self.home = AtHome(db, jobs, self._beside, clock, counter, self._say, url)
        super().__init__()

    @property
    def work(self) -> dict[str, Job]:
        """The jobs that a worker needs to know."""
        return {
            "file": Job(lambda arg: self._and_mark(self.file, int(arg))),
            "fetch": Job(lambda arg: self._and_mark(self._fetching.fetch, int(arg)), attempts=120),
            "home": Job(lambda arg: self.home.show(arg, home_view), attempts=5),
            "refile": Job(self.refile),
            "reply": Job(lambda arg: self.reply(int(arg)), attempts=20),
            "renew": Job(self.renew, attempts=20),
        }

    # ------------------------------------------------------------------------------------------------- taking in

    def accept(
        self, message: Message, *, raw: bytes | None = None, reply_to: Mapping[str, Any] | None = None,
        files: Sequence[File] = (), automatic: str | None = None, doubt: str | None = None,
        problem: str | None = None, origins: Sequence[str] = (),
    ) -> Receipt:  # fmt: skip
        """Take in what a rep said; the same message again, even at the same instant, gets the same receipt.

        ``message.rep`` is the sender as the medium names them: a mail address or a Slack user id. ``automatic`` says
        why nobody typed this (RFC 3834), ``doubt`` why it is not proved who sent it, ``problem`` why it could not be
        read (``too_large``, ``unreadable``). ``origins`` name what it hands on, as another's forward of the same does.
        """
        message, note = private.apart(self._unpasted(message))
        now = self._clock()
        with self._db.write() as tx:
            rep = reps.by_sender(tx, message.rep)
            let = admission.admit(tx, message, rep, now, automatic=automatic, doubt=doubt, problem=problem)
            known = replace(message, rep=rep.email if rep else message.rep)
            values = {
                "via": message.via, "source_id": admission.source_id(message, raw, let.state),
                "sender": message.rep.lower(), "rep_id": rep.id if rep and let.state != "forged" else None,
                "sent_at": message.sent_at, "taken_at": now,
                "text": message.text, "raw": raw, "message": to_json(known), "reply_to": dict(reply_to or {}),
                "state": let.state, "problem": doubt or problem,
                "not_a_report": "away" if automatic else None,
            }  # fmt: skip
            capture, new = captures.take(tx, values, files, origins)
            if new and note and private.keep(tx, capture, note, now):
                self._say(tx, capture, "reply", str(capture.id))
            if new and let.state == "taken":
                named = [one for one in fetching.refs_of(capture) if not one.get("lost")]
                if message.text.strip() or message.forwarded or not named:
                    self._enqueue(tx, capture, "file", str(capture.id))
                if named:
                    self._enqueue(tx, capture, "fetch", str(capture.id))
            elif new and let.told:
                self._say(tx, capture, "reply", str(capture.id))
        if new and let.state == "taken" and message.via in self._beside:
            self._beside[message.via].mark(dict(reply_to or {}), "seen")
        return Receipt(capture.id, new)

    def now(self) -> datetime:
        """The moment, for a door whose medium does not tell when something was said."""
        return self._clock()

    def revise(
        self, message: Message, *, at: datetime, raw: bytes | None = None, reply_to: Mapping[str, Any] | None = None
    ) -> None:
        """Take in that a message was worded anew ``at`` that moment; an older wording, or this one again, is nothing.

        One that is not known yet is taken in as it is worded now.
        """
        message, note = private.apart(self._unpasted(message))
        capture_id = self.accept(message, raw=raw, reply_to=reply_to).capture_id
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            private.reword(tx, capture, message.rep, note, at)
            change = revising.reword(tx, capture, message, at)
            private.hide(tx, capture)
            if change is not None and capture.state in {*revising.REVISABLE, "answer"}:
                self._jobs.enqueue(tx, "refile", f"{capture.id}:{change}")

    def retract(self, message: Message, *, reply_to: Mapping[str, Any] | None = None) -> None:
        """Take in that a message was deleted: what it reported is withdrawn; one that is not known yet never is."""
        now = self._clock()
        with self._db.write() as tx:
            rep = reps.by_sender(tx, message.rep)
            if rep is None:
                return
            values = {
                "via": message.via, "source_id": message.source_id, "sender": message.rep.lower(), "rep_id": rep.id,
                "sent_at": message.sent_at, "taken_at": now, "text": "", "reply_to": dict(reply_to or {}),
                "message": to_json(replace(message, rep=rep.email, text="")), "state": "withdrawn",
            }  # fmt: skip
            capture, new = captures.take(tx, values)
            if new or capture.rep_id != rep.id or capture.state == "withdrawn":
                return
            private.retract(tx, capture)
            self._unsay(tx, capture)
            if revising.retract(Filing(tx, capture, from_json(capture.message), rep, now)):
                tx.flush()
                self._say(tx, capture, "renew", f"{capture.id}:{changes.of(tx, 'capture', capture.id)[-1].id}")

    def release(self, capture_id: int, by: str) -> None:
        """Let a message that was held be filed; ``by`` is how the history names who wants it.

        Raises `CorrectionError` where it is not held, or its sender is nobody here.
        """
        with self._db.write() as tx:
            capture = tx.get(Capture, capture_id, with_for_update=True)
            if capture is None:
                raise CorrectionError("gone", "There is no such message.")
            admission.release(tx, capture, self._clock(), by)
            self._enqueue(tx, capture, "file", str(capture_id))

    def has(self, via: str, source_id: str, *, by: str | None = None) -> bool:
        """Whether what ``via`` calls ``source_id`` was taken in; where a sender is given, from them."""
        with self._db.read() as tx:
            capture = captures.seek(tx, via, source_id)
        return capture is not None and (by is None or capture.sender == by.lower())

    def knows(self, sender: str) -> bool:
        """Whether somebody here goes by ``sender``."""
        with self._db.read() as tx:
            return reps.by_sender(tx, sender) is not None

    def language_of(self, sender: str) -> str:
        """The language that this person is answered in; English for somebody who is nobody here."""
        with self._db.read() as tx:
            rep = reps.by_sender(tx, sender)
        return rep.language if rep else "en"

    def lacks_profile(self, slack_id: str) -> bool:
        """Whether Slack may tell something of this user: nobody here goes by that id, or their row says no zone."""
        with self._db.read() as tx:
            return introducing.lacks_profile(tx, slack_id)

    def introduce(self, slack_id: str, email: str, zone: str | None = None, locale: str | None = None) -> bool:
        """Remember what Slack tells of the rep with this id or address; False where there is no such rep."""
        with self._db.write() as tx:
            return introducing.introduce(tx, introducing.Profile(slack_id, email, zone, locale))

    # --------------------------------------------------------------------------------------------------- filing

    def file(self, capture_id: int) -> None:
        """Understand a capture and keep what it reports. Filing twice is filing once."""
        with self._db.read() as tx:
            capture = captures.of(tx, capture_id)
            if capture.state != "taken":
                return
            known = self._crm(tx)
        message = from_json(capture.message)
        extraction = self._understood(capture, message, known)
        if extraction is None:
            return
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            if capture.state != "taken":
                return
            as_read = capture.message == to_json(message)
            if as_read:
                self._keep(tx, capture, message, extraction, known)
                # Of one that was held and let through the sender was perhaps told so: that letter becomes the card.
                told = deliveries.find(tx, f"reply-{capture_id}") is not None
                self._say(tx, capture, *(("renew", f"{capture_id}:released") if told else ("reply", str(capture_id))))
        if not as_read:
            self.file(capture_id)  # it was worded anew while it was read

    def _understood(self, capture: Capture, message: Message, known: Crm) -> Extraction | None:
        """What is to be filed of a message; None where it answered a question or amended what was filed before."""
        if read_question(message, known) is not None:
            return Extraction(not_a_report="question")
        return self._in_thread(capture, message, parse(message, known), known)

    def refile(self, arg: str) -> None:
        """Read a message that was worded anew; ``arg`` is ``<capture id>:<change id>``: each wording is read once."""
        capture_id = int(arg.partition(":")[0])
        with self._db.read() as tx:
            capture, known = captures.of(tx, capture_id), self._crm(tx)
        if capture.state == "answer":
            self._answer_anew(capture_id)
        if capture.state not in revising.REVISABLE:
            return
        message = from_json(capture.message)
        extraction = parse(message, known)
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            # Worded anew while it was read, it is read again: each wording has its own job.
            if capture.state in revising.REVISABLE and capture.message == to_json(message):
                rep = tx.get_one(Rep, capture.rep_id)
                revising.reread(Filing(tx, capture, message, rep, self._clock()), extraction)
                tx.flush()
                private.hide(tx, capture)
                self._say(tx, capture, "renew", arg)

    def _answer_anew(self, capture_id: int) -> None:
        """Understand an answer or an amendment in its new wording, instead of what it said before."""
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            if capture.state == "answer":
                self._unsay(tx, capture)
                capture.state = "taken"
        self.file(capture_id)

    def _keep(self, tx: Tx, capture: Capture, message: Message, extraction: Extraction, known: Crm) -> None:
        capture.language = extraction.language
        if not extraction.visits:
            capture.state, capture.not_a_report = "nothing", extraction.not_a_report or "nothing"
            return
        road = Filing(tx, capture, message, tx.get_one(Rep, capture.rep_id), self._clock())
        told = twice.filed_already(road, extraction.visits)
        visits = []
        for n, mention in enumerate(extraction.visits):
            if n in told:
                twice.add_source(road, told[n], n)
                continue
            visits.append(filing.file_visit(road, mention, n))
            filing.doubt_new_account(visits[-1], mention, known)
        proposing.propose(road, visits, known, extraction.language)
        capture.state = "asked" if any(visit.account_id is None for visit in visits) else "filed"
        fetching.adopt(tx, capture)

    def _and_mark(self, do: Callable[[int], None], capture_id: int) -> None:
        """Do it, and show at the message that it is done."""
        do(capture_id)
        with self._db.read() as tx:
            capture = captures.of(tx, capture_id)
        if capture.state != "taken" and capture.via in self._beside:
            self._beside[capture.via].mark(capture.reply_to, "done")

    # ------------------------------------------------------------------------------------------------ answering

    def reply(self, capture_id: int) -> None:
        """Say what became of a message, in the place where it was said. Said once, however often this runs."""
        letter_id = f"reply-{capture_id}"
        with self._db.read() as tx:
            if deliveries.find(tx, letter_id):
                return
            capture = captures.of(tx, capture_id)
            letter = self._letter(tx, capture)
        receipt = self._carry(capture.via, lambda courier: courier.send(letter_id, letter, capture.reply_to))
        with self._db.write() as tx:
            if not deliveries.find(tx, letter_id):
                tx.add(self._delivery(letter_id, capture, letter, receipt))

    def renew(self, arg: str) -> None:
        """Show a card as it is now; ``arg`` is ``<capture id>:<change id>``, so that each change renews once."""
        capture_id = int(arg.partition(":")[0])
        letter_id = f"reply-{capture_id}"
        with self._db.read() as tx:
            sent = deliveries.find(tx, letter_id)
            if sent is None:
                raise JobError("the card is not out yet", after_s=1)
            capture = captures.of(tx, capture_id)
            letter = self._letter(tx, capture)
        receipt = self._carry(capture.via, lambda courier: courier.update(letter_id, letter, sent.receipt))
        with self._db.write() as tx:
            kept = deliveries.find(tx, letter_id)
            if kept:
                kept.receipt, kept.letter = receipt, _kept(letter)

    def _letter(self, tx: Tx, capture: Capture) -> Letter:
        rep = tx.get(Rep, capture.rep_id) if capture.rep_id else None
        language = rep.language if rep else "en"
        if rep is None:
            return render("refused", language, sender=capture.sender)
        if capture.state == "held":
            return render("failed", language, reason_key="too_many")
        if capture.state == "failed":
            return render("failed", language, reason_key=capture.problem or "unreadable", detail=capture.text)
        visits, told = visits_of(tx, capture.id), sources.visits_told_again(tx, capture.id)
        if capture.not_a_report == "question" and (asked := read_question(from_json(capture.message), self._crm(tx))):
            counter = self._counter(tx, rep.id, self._clock().astimezone(ZoneInfo(rep.timezone)).date())
            return render("answer", language, answer=asking.answer(tx, asked, rep, counter, self._url))
        if not visits and not told:
            return render("nothing", language, reason=capture.not_a_report or "nothing")
        today = self._clock().astimezone(ZoneInfo(rep.timezone)).date()
        filed = Filed(
            visits=cards(tx, [*visits, *told], language, rep.id, capture.id),
            counter=self._counter(tx, rep.id, today), url=self._url,
            private=bool(capture.reply_to.get("private")),
            left_out=fetching.lost(capture, "large"), not_fetched=fetching.lost(capture, "refused"),
            link=self._linker(tx, capture, rep),
        )  # fmt: skip
        return render("filed", language, filed=filed, today=today)

    def _linker(self, tx: Tx, capture: Capture, rep: Rep) -> Callable[[str, str, str], str] | None:
        if self._url is None or capture.via not in links.LINKED:
            return None
        return links.linker(secrets.link_key(tx), self._url, rep.id, self._clock())

    @property
    def links(self) -> links.Links:
        """The links that letters carry, for the page where they lead."""
        return links.Links(self._db, self.correct, self._clock)

    def _carry(self, via: str, send: Callable[[Courier], dict[str, Any]]) -> dict[str, Any]:
        courier = self._couriers.get(via)
        if courier is None:
            raise JobError(f"nothing is set up to answer by {via}", permanent=True)
        try:
            return send(courier)
        except CourierError as error:
            raise JobError.of(error) from error

    def _delivery(self, letter_id: str, capture: Capture, letter: Letter, receipt: dict[str, Any]) -> Delivery:
        return Delivery(
            letter_id=letter_id, capture_id=capture.id, via=capture.via, recipient=capture.sender,
            sent_at=self._clock(), receipt=receipt, letter=_kept(letter),
        )  # fmt: skip

    def _enqueue(self, tx: Tx, capture: Capture, job: str, arg: str) -> None:
        if job in {"file", "fetch"}:
            self._jobs.enqueue(tx, job, arg)
        else:
            self._say(tx, capture, job, arg)

    def _say(self, tx: Tx, capture: Capture, job: str, arg: str) -> None:
        place = capture.reply_to.get("channel") or capture.sender
        self._jobs.enqueue(tx, job, arg, lane=None if capture.via in {"web", "api"} else f"{capture.via}:{place}")
        self.home.renew(tx, capture.rep_id, f"{job}:{arg}")


def _kept(letter: Letter) -> dict[str, Any]:
    return {"subject": letter.subject, "text": letter.text, "html": letter.html, "blocks": list(letter.blocks)}
