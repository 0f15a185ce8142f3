"""The use cases: take in, file, answer, correct. Every transaction of a message's road begins and ends here."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from capture import admission, fetching, filing, introducing, links, private, proposing, revising, twice
from capture.again import Again, is_wanted
from capture.amending import Amending
from capture.beside import Beside
from capture.digest_answers import DigestAnswers
from capture.filing import Filing
from capture.home import AtHome
from capture.leavers import Leavers
from capture.messages import from_json, to_json
from capture.replies import CounterOf, Replies, Saying, is_owed
from capture.values import CorrectionError
from jobs import Job, Jobs
from letters import Courier
from letters.home import home_view
from parsing import parse
from parsing.asking import read_question
from parsing.model import Crm, Extraction, Message
from store import captures, changes, deliveries, reps
from store.captures import File
from store.db import Db, Tx
from store.tables import Capture, Rep, Visit

log = logging.getLogger("debrief.capture")


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
        self._db, self._jobs, self._clock = db, jobs, clock
        self._beside, self._unpasted = dict(beside or {}), unpasted
        self._replies = Replies(db, dict(couriers), counter, clock, self._crm, url)
        self._fetching = fetching.Fetching(db, self._beside, clock, self._enqueue)
        self._leavers = Leavers(db, jobs, clock)
        self._digest_answers = DigestAnswers(clock, self._light, self._say)
        self.again = Again(db, jobs, clock)
        self.home = AtHome(db, jobs, self._beside, clock, counter, self._say, url)
        super().__init__()

    @property
    def work(self) -> dict[str, Job]:
        """The jobs that a worker needs to know."""
        return {
            "file": Job(lambda arg: self.answer(int(arg)), attempts=20),
            "fetch": Job(lambda arg: self._fetch(int(arg)), attempts=120),
            "home": Job(lambda arg: self.home.show(arg, home_view), attempts=5, patient=True),
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

    def show_again(self, tx: Tx, capture: Capture, mark: str) -> None:
        """Have it said what became of a message as it is now; ``mark`` is new for each change that is to be shown."""
        told = deliveries.find(tx, f"reply-{capture.id}") is not None
        self._say(tx, capture, *(("renew", f"{capture.id}:{mark}") if told else ("reply", str(capture.id))))

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
        """Understand a capture and keep what it reports; what is said of it is a job. Filing twice is filing once."""
        self._file(capture_id, self._say_later)

    def answer(self, capture_id: int) -> None:
        """File a message and say at once what became of it. A second run does what the first one left."""
        said = self._file(capture_id, self._say_now)
        if said is not None:
            self._mark(said.capture)
            self._replies.send(said)
            return
        with self._db.read() as tx:
            capture = captures.of(tx, capture_id)
            owed = is_owed(tx, capture)
        self._mark(capture)
        if owed:
            self.reply(capture_id)

    def _file(self, capture_id: int, then: Callable[[Filing, list[Visit]], Saying | None]) -> Saying | None:
        """File a message; ``then`` sees it in the transaction that keeps it, and what it gives is given."""
        with self._db.read() as tx:
            capture = captures.of(tx, capture_id)
            if capture.state != "taken":
                return None
            known = self._crm(tx)
        message, wanted = from_json(capture.message), is_wanted(capture)
        extraction = self._understood(capture, message, known)
        if extraction is None:
            return None
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture_id, with_for_update=True)
            if capture.state != "taken":
                return None
            if capture.message == to_json(message) and is_wanted(capture) is wanted:
                road = Filing(tx, capture, message, reps.of(tx, capture.rep_id), self._clock())
                return then(road, self._keep(road, extraction, known))
        return self._file(capture_id, then)  # it was worded anew, or wanted, while it was read

    def _say_now(self, road: Filing, visits: list[Visit]) -> Saying | None:
        """What is to be said at once of what was just filed; None where that is the matter of a job."""
        if admission.was_told(road.tx, road.capture):
            self._say_later(road, visits)
            return None
        self.home.renew(road.tx, road.rep.id, f"reply:{road.capture.id}")
        return self._replies.saying(road.tx, road.capture, visits)

    def _say_later(self, road: Filing, _visits: list[Visit]) -> None:
        # Of one that was held and let through the sender was perhaps told so: that letter becomes the card.
        capture = road.capture
        told = deliveries.find(road.tx, captures.reply_id(capture.id)) is not None
        self._say(road.tx, capture, *(("renew", f"{capture.id}:released") if told else ("reply", str(capture.id))))

    def _understood(self, capture: Capture, message: Message, known: Crm) -> Extraction | None:
        """What is to be filed of a message; None where it answered a question or amended what was filed before."""
        if is_wanted(capture):
            return parse(message, known, wanted=True)
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
        extraction = parse(message, known, wanted=is_wanted(capture))
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

    def _keep(self, road: Filing, extraction: Extraction, known: Crm) -> list[Visit]:
        """Keep what a message reports; the visits that it tells of, those first that are new by it."""
        capture, visits = road.capture, []
        if not extraction.visits:
            capture.language, capture.state = extraction.language, "nothing"
            capture.not_a_report = extraction.not_a_report or "nothing"
            return []
        told = twice.filed_already(road, extraction.visits)
        for n, mention in enumerate(extraction.visits):
            if n in told:
                twice.add_source(road, told[n], n)
                continue
            visits.append(filing.file_visit(road, mention, n))
            filing.doubt_new_account(visits[-1], mention, known)
        proposing.propose(road, visits, known, extraction.language)
        state = "asked" if any(visit.account_id is None for visit in visits) else "filed"
        capture.language, capture.state = extraction.language, state
        fetching.adopt(road.tx, capture)
        return [*visits, *told.values()]

    def _fetch(self, capture_id: int) -> None:
        self._fetching.fetch(capture_id)
        with self._db.read() as tx:
            self._mark(captures.of(tx, capture_id))

    def _mark(self, capture: Capture) -> None:
        """Show at the message that it is done, where it is."""
        if capture.state != "taken" and capture.via in self._beside:
            self._beside[capture.via].mark(capture.reply_to, "done")

    # ------------------------------------------------------------------------------------------------ answering

    def reply(self, capture_id: int) -> None:
        """Say what became of a message, in the place where it was said. Said once, however often this runs."""
        self._replies.reply(capture_id)

    def renew(self, arg: str) -> None:
        """Show a card as it is now; ``arg`` is ``<capture id>:<change id>``, so that each change renews once."""
        self._replies.renew(arg)

    @property
    def links(self) -> links.Links:
        """The links that letters carry, for the page where they lead."""
        return links.Links(self._db, self.correct, self._clock)

    def _enqueue(self, tx: Tx, capture: Capture, job: str, arg: str) -> None:
        if job == "fetch":  # it waits for a server, and what is said meanwhile does not wait for it
            self._jobs.enqueue(tx, job, arg)
        elif job == "file":
            self._jobs.enqueue(tx, job, arg, lane=_lane(capture))
        else:
            self._say(tx, capture, job, arg)

    def _say(self, tx: Tx, capture: Capture, job: str, arg: str) -> None:
        self._jobs.enqueue(tx, job, arg, lane=_lane(capture))
        self.home.renew(tx, capture.rep_id, f"{job}:{arg}")


def _lane(capture: Capture) -> str | None:
    """Where one thing is said after the other: a channel, or the mails of one sender."""
    place = capture.reply_to.get("channel") or capture.sender
    return None if capture.via in {"web", "api"} else f"{capture.via}:{place}"
