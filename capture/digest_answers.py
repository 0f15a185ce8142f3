"""An answer to a digest: lines are settled by their numbers, gaps are filled, and it can be taken back whole."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from capture import answering, corrections, links
from capture.amendments import amend, restore
from capture.filing import Filing
from capture.fixing import version_of
from capture.messages import from_json
from capture.values import CorrectionError, Value
from parsing.amending import read_amendment
from parsing.digest_answers import Answers, Item, Reply, read_digest_answer
from parsing.model import Crm, Message, VisitMention
from parsing.words import table
from store import captures, changes, deliveries, digests, reps
from store.db import Tx
from store.tables import Action, Capture, DigestDay, Rep, Visit

log = logging.getLogger("debrief.capture")

LATELY = timedelta(hours=24)
"""How long after a digest it is answered where nobody opens its thread."""
STATES = {"done": "done", "drop": "dropped"}
LATEST = 50
SUBJECT = 120
"""Characters of a subject that somebody tells in a word or two."""
Light = Callable[[Tx, Visit, Value], tuple[Message, VisitMention | None]]
Say = Callable[[Tx, Capture, str, str], None]


@dataclass(frozen=True, slots=True)
class DigestAnswers:
    """The use cases. ``light`` reads a visit's message as if its account were certain; ``say`` has a letter said."""

    clock: Callable[[], datetime]
    light: Light
    say: Say

    def answered(self, tx: Tx, capture: Capture, message: Message) -> tuple[DigestDay, Answers] | None:
        """The digest that a message answers, and what it says of its lines; None where it answers none."""
        rep = tx.get(Rep, capture.rep_id) if capture.rep_id else None
        if rep is None:
            return None
        digest = _digest_above(tx, capture)
        alone = digest is None and capture.reply_to.get("goes_on")
        if alone:
            digest = digests.latest_of(tx, rep.id, capture.sent_at - LATELY)
        if digest is None or digest.rep_id != rep.id:
            return None
        items = [Item(one["kind"], one["name"]) for one in digest.numbers]
        local = message.sent_at.astimezone(ZoneInfo(rep.timezone))
        read = read_digest_answer(message.text, items, local, rep.language)
        if alone and not (read.by_number and not read.unclear):
            return None
        return digest, read

    def keep(self, tx: Tx, capture: Capture, digest: DigestDay, read: Answers, known: Crm) -> None:
        """Do what the answer says of each line, as far as it can be done, and say what was understood."""
        rep = reps.of(tx, capture.rep_id or 0)
        lines, unclear = [], list(read.unclear)
        for reply in read.replies:
            try:
                with tx.begin_nested():
                    lines.append(self._settle(tx, rep, digest.numbers[reply.number - 1], reply, known))
            except CorrectionError as error:
                log.info("line %d of a digest could not be settled: %s", reply.number, error.key)
                unclear.append(f"{reply.number} {reply.words}".strip())
        capture.state, capture.language = "answer", rep.language
        settled = {"digest": digest.id, "lines": lines, "unclear": unclear, "undone": False}
        capture.reply_to = {**capture.reply_to, "settled": settled}
        told = deliveries.find(tx, captures.reply_id(capture.id)) is not None  # of what was said before it was reworded
        again = f"{capture.id}:answered-{self.clock().isoformat()}"
        self.say(tx, capture, *(("renew", again) if told else ("reply", str(capture.id))))

    def undo(self, tx: Tx, capture: Capture) -> bool:
        """Take back what an answer did, as far as nobody changed it since; False where there is nothing."""
        settled: dict[str, Any] = capture.reply_to.get("settled") or {}
        if not settled or settled["undone"]:
            return False
        rep = reps.of(tx, capture.rep_id or 0)
        for line in reversed(settled["lines"]):
            visit = tx.get(Visit, line["visit"])
            if visit is not None and visit.withdrawn_at is None:
                self._take_back(tx, rep, visit, line)
        capture.reply_to = {**capture.reply_to, "settled": {**settled, "undone": True}}
        return True

    def said_before(self, tx: Tx, capture: Capture) -> Capture | None:
        """The answer that a message under the same digest, or under what was said to it, may take back."""
        digest = _digest_above(tx, capture)
        if digest is None:
            return None
        answers = select(Capture).where(Capture.rep_id == capture.rep_id, Capture.state == "answer")
        latest = tx.scalars(answers.where(Capture.id < capture.id).order_by(Capture.id.desc()).limit(LATEST))
        settled = ((one, one.reply_to.get("settled") or {}) for one in latest)
        return next((one for one, told in settled if told.get("digest") == digest.id and not told["undone"]), None)

    # ------------------------------------------------------------------------------------------------ line by line

    def _settle(self, tx: Tx, rep: Rep, item: Mapping[str, Any], reply: Reply, known: Crm) -> dict[str, Any]:
        visit = tx.get(Visit, item["visit_id"])
        if visit is None or visit.withdrawn_at is not None:
            raise CorrectionError("gone", "This visit does not exist any more.")
        line = {
            "number": reply.number, "name": item["name"], "visit": visit.id, "how": reply.how,
            "due": reply.due.isoformat() if reply.due else None, "words": reply.words,
        }  # fmt: skip
        if item["kind"] == "action":
            return {**line, **self._act(tx, rep, visit, item["id"], reply)}
        before = version_of(tx, visit)
        self._fill(self._road(tx, rep, visit), visit, str(item.get("asks")), reply.words, known)
        made = [one.id for one in changes.of(tx, "visit", visit.id) if one.id > before]
        if not made:
            raise CorrectionError("unknown", "These words tell nothing of the visit.")
        return {**line, "changes": made}

    def _act(self, tx: Tx, rep: Rep, visit: Visit, action_id: int, reply: Reply) -> dict[str, Any]:
        """What becomes of an action, with what it was before."""
        action = tx.get(Action, action_id)
        if action is None or rep.id not in {action.assignee_id, visit.rep_id}:
            raise CorrectionError("no_action", "This action is not open any more.")
        old = _state(action)
        new = {**old, "state": STATES[reply.how]} if reply.how in STATES else old
        new = {**new, "state": "open", "due": reply.due.isoformat()} if reply.due else new
        if new != old:
            self._correct(tx, rep, visit, "action", {"id": action.id, **new})
        return {"action": action.id, "old": old, "new": new}

    def _fill(self, road: Filing, visit: Visit, asks: str, words: str, known: Crm) -> None:
        """What somebody tells of a visit that lacks it."""
        if visit.rep_id != road.rep.id:
            raise CorrectionError("not_yours", "Only the rep who reported this visit can change it here.")
        if asks == "account":
            self._name(road, visit, words, known)
            return
        language = road.capture.language or road.rep.language
        text = f"{table(language, 'amending')['heads']['contacts'][0]}: {words}" if asks == "who" else words
        message, mention = self.light(road.tx, visit, None)
        said = replace(message, text=text, subject=None, forwarded=None, rep=road.rep.email, sent_at=road.at)
        amendment = read_amendment(said, known, str(visit.account_id), language)
        if amendment:
            amend(replace(road, message=message), visit, amendment, mention)
        if asks == "about" and visit.subject is None:
            corrections.correct(road, visit, "subject", words[:SUBJECT], None)
        self._shown(road.tx, visit)

    def _name(self, road: Filing, visit: Visit, words: str, known: Crm) -> None:
        named = answering.meant(words, road.rep.email, known, visit.candidates)
        if named is None or not (named.id or named.name):
            raise CorrectionError("no_account", "This names no customer.")
        message, mention = self.light(road.tx, visit, named.id)
        what = "account" if named.id else "new_account"
        corrections.correct(replace(road, message=message), visit, what, named.id or named.name, mention)
        self._shown(road.tx, visit)

    def _take_back(self, tx: Tx, rep: Rep, visit: Visit, line: Mapping[str, Any]) -> None:
        if "action" in line:
            action = tx.get(Action, line["action"])
            if action is not None and _state(action) == line["new"] != line["old"]:
                self._correct(tx, rep, visit, "action", {"id": action.id, **line["old"]})
            return
        road = self._road(tx, rep, visit)
        history = {one.id: one for one in changes.of(tx, "visit", visit.id)}
        for change in [history[one] for one in reversed(line["changes"]) if one in history]:
            restore(road, visit, change.field, change.old, change.new)
        self._shown(tx, visit)

    def _correct(self, tx: Tx, rep: Rep, visit: Visit, what: str, value: Value) -> None:
        corrections.correct(self._road(tx, rep, visit), visit, what, value, None)
        self._shown(tx, visit)

    def _road(self, tx: Tx, rep: Rep, visit: Visit) -> Filing:
        capture = captures.of(tx, visit.capture_id)
        return Filing(tx, capture, from_json(capture.message), rep, self.clock())

    def _shown(self, tx: Tx, visit: Visit) -> None:
        """Have the visit's own card say so where it can be changed; a mail of its own for each line nobody wants."""
        tx.flush()
        capture = captures.of(tx, visit.capture_id)
        if capture.via not in links.LINKED:
            self.say(tx, capture, "renew", f"{capture.id}:{version_of(tx, visit)}")


def _digest_above(tx: Tx, capture: Capture) -> DigestDay | None:
    """The digest in whose thread a message stands, or in the thread of an answer to it."""
    answers = capture.reply_to.get("answers")
    if not answers:
        return None
    sent = deliveries.find(tx, answers) or deliveries.posted_as(tx, capture.via, capture.sender, answers)
    if sent is not None and (found := digests.of_letter(tx, sent.letter_id)) is not None:
        return found
    above = tx.get(Capture, sent.capture_id) if sent and sent.capture_id else captures.seek(tx, capture.via, answers)
    told = (above.reply_to.get("settled") or {}) if above is not None and above.rep_id == capture.rep_id else {}
    return tx.get(DigestDay, told["digest"]) if told else None


def _state(action: Action) -> dict[str, Any]:
    return {"state": action.state, "due": action.due.isoformat() if action.due else None}


def due_of(line: Mapping[str, Any]) -> date | None:
    """The day that a line was put off to."""
    return date.fromisoformat(line["due"]) if line.get("due") else None
