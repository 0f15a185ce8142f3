"""A thread goes on: what is said under a card answers its question, has the visit changed, or is another report.

Nothing here knows the medium: a reply by mail is a reply in a thread, by what its door put into ``answers``.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from capture import answering
from capture.amendments import amend, restore
from capture.desk import Desk
from capture.digest_answers import DigestAnswers
from capture.filing import Filing
from capture.fixing import version_of
from capture.leavers import Leavers
from capture.values import CorrectionError
from parsing.amending import LONGEST, Amendment, is_undo, read_amendment
from parsing.model import Crm, Extraction, Message, VisitMention
from parsing.text import fold, tokens
from store import captures, changes, reps
from store.db import Tx
from store.tables import Capture, Contact, DigestDay, Rep, Visit

log = logging.getLogger("debrief.capture")
UNCLEAR = "unclear"
"""Why a reply under a card is no report: nobody can tell what is to be changed."""
REMARK = 8
"""Words; who says more without opening a thread tells of something else."""
FEW_WORDS = 6
"""A report of its own has more."""


class Amending(Desk):
    """The part of the `Assistant` that understands what is said under a card."""

    _leavers: Leavers
    _digest_answers: DigestAnswers

    def _in_thread(self, capture: Capture, message: Message, extraction: Extraction, known: Crm) -> Extraction | None:
        """What is still to be filed of the message: nothing (None) where it answered or amended what was filed before.

        The amendment is kept in one transaction with the fact that this message was it: twice is once.
        """
        told = self._of_digest(capture, message, known)
        if told is None:
            told = self._of_leaver(capture, message, known)
        if told is not None:
            return None if told else _unclear(extraction, message)
        with self._db.read() as tx:
            visits = answering.visits_before(tx, capture)
            otherwise = _unclear(extraction, message) if visits else extraction
            if not visits and _is_remark(message, extraction):
                visits = answering.visits_just_before(tx, capture)
            visit = _meant(tx, visits, message, extraction)
            if visit is None:
                return otherwise
            amendment = _understood(tx, visit, message, known)
            if not amendment or _is_report(tx, visit, message, extraction, amendment):
                return otherwise
            chosen = amendment.account.id if amendment.account else None
            said, mention = self._light(tx, visit, chosen)
        try:
            with self._db.write() as tx:
                capture = tx.get_one(Capture, capture.id, with_for_update=True)
                if capture.state != "taken":
                    return None
                visit, rep = self._visit_of(tx, visit.id, message.rep)
                filed = captures.of(tx, visit.capture_id)
                before = version_of(tx, visit)
                amend(Filing(tx, filed, said, rep, self._clock()), visit, amendment, mention)
                tx.flush()
                made = [one.id for one in changes.of(tx, "visit", visit.id) if one.id > before]
                capture.state, capture.language = "answer", filed.language
                capture.reply_to = {**capture.reply_to, "amended": {"visit": visit.id, "changes": made}}
                self._say(tx, filed, "renew", f"{filed.id}:{version_of(tx, visit)}")
        except CorrectionError as error:
            log.info("what was said under a card could not be done: %s", error.key)
            return Extraction(language=extraction.language, not_a_report=UNCLEAR)
        return None

    def _of_digest(self, capture: Capture, message: Message, known: Crm) -> bool | None:
        """Whether the message settled lines of a digest, or took such an answer back; None where it answers none."""
        with self._db.read() as tx:
            found = self._digest_answers.answered(tx, capture, message)
            before = self._digest_answers.said_before(tx, capture) if found else None
        if found is None:
            return None
        takes_back = before is not None and is_undo(message.text)
        if not takes_back and not found[1].replies:
            return False
        with self._db.write() as tx:
            capture = tx.get_one(Capture, capture.id, with_for_update=True)
            if capture.state == "taken" and takes_back and before is not None:
                self._take_back(tx, tx.get_one(Capture, before.id))
                capture.state = "answer"
            elif capture.state == "taken":
                self._digest_answers.keep(tx, capture, tx.get_one(DigestDay, found[0].id), found[1], known)
        return True

    def unsay(self, capture_id: int, by_rep: str) -> None:
        """Take back what an answer to a digest did. Raises `CorrectionError`."""
        with self._db.write() as tx:
            capture, rep = tx.get(Capture, capture_id), reps.by_sender(tx, by_rep)
            if capture is None or rep is None or capture.rep_id != rep.id:
                raise CorrectionError("not_yours", "Only who answered can take it back.")
            if not self._take_back(tx, capture):
                raise CorrectionError("gone", "This was taken back already.")

    def _take_back(self, tx: Tx, capture: Capture) -> bool:
        """Undo an answer to a digest, and say so where it was confirmed."""
        undone = self._digest_answers.undo(tx, capture)
        if undone:
            self._say(tx, capture, "renew", f"{capture.id}:undone")
        return undone

    def _of_leaver(self, capture: Capture, message: Message, known: Crm) -> bool | None:
        """Whether the message said something of somebody who seemed gone, under the card that asks; None elsewhere."""
        try:
            return self._leavers.understood(capture, message, known)
        except CorrectionError as error:
            log.info("what was said of somebody who seemed gone could not be done: %s", error.key)
            return False

    def _unsay(self, tx: Tx, capture: Capture) -> None:
        """Take back what a message amended, as far as nobody changed it since: it was worded anew, or deleted."""
        self._leavers.unsay(tx, capture)
        self._digest_answers.undo(tx, capture)
        amended: dict[str, Any] = capture.reply_to.get("amended") or {}
        visit = tx.get(Visit, amended.get("visit", 0))
        if visit is None or visit.withdrawn_at is not None:
            return
        rep = tx.get_one(Rep, visit.rep_id)
        filed = captures.of(tx, visit.capture_id)
        road = Filing(tx, filed, self._light(tx, visit, None)[0], rep, self._clock())
        history = {one.id: one for one in changes.of(tx, "visit", visit.id)}
        for change in [history[one] for one in reversed(amended.get("changes", ())) if one in history]:
            restore(road, visit, change.field, change.old, change.new)
        tx.flush()
        capture.reply_to = {key: value for key, value in capture.reply_to.items() if key != "amended"}
        self._say(tx, filed, "renew", f"{filed.id}:{version_of(tx, visit)}")


def _is_remark(message: Message, extraction: Extraction) -> bool:
    """Whether a few words that report nothing may go on with what was reported a moment ago."""
    weak = not extraction.visits and extraction.not_a_report in {"nothing", "chatter", "cancelled"}
    return weak and len(message.text.split()) <= REMARK


def _unclear(extraction: Extraction, message: Message) -> Extraction:
    """The report in a thread; some words under a card that name no customer are none."""
    named = any(one.account for one in extraction.visits) or len(message.text.split()) > LONGEST
    weak = extraction.not_a_report in {"nothing", "chatter", None}
    return extraction if named or not weak else replace(extraction, visits=(), not_a_report=UNCLEAR)


def _meant(tx: Tx, visits: Sequence[Visit], message: Message, extraction: Extraction) -> Visit | None:
    """Which of the visits above is spoken of: the only one, the one that is asked about, or the one that is named."""
    if len(visits) == 1:
        return visits[0]
    said = message.text.casefold()
    named = [visit for visit in visits if visit.number.casefold() in said]
    ids = {one.account.value.id for one in extraction.visits if one.account}
    named = named or [visit for visit in visits if visit.account_id and str(visit.account_id) in ids]
    met = [visit for visit in visits if _names_somebody(tx, visit, said)]
    asked = [visit for visit in visits if answering.is_asked(visit)]
    return next((found[0] for found in (named, met, asked) if len(found) == 1), asked[0] if asked else None)


def _names_somebody(tx: Tx, visit: Visit, said: str) -> bool:
    words = {token.key for token in tokens(said)}
    people = [tx.get_one(Contact, line.contact_id).name for line in visit.contacts]
    return any(token.key in words for name in people for token in tokens(name))


def _understood(tx: Tx, visit: Visit, message: Message, known: Crm) -> Amendment:
    """What the message has changed; where an account is asked for, a name is that account before it is a person."""
    account = str(visit.account_id) if visit.account_id else None
    language = captures.of(tx, visit.capture_id).language or "en"
    currency = visit.amounts[-1].currency if visit.amounts else "EUR"
    amendment = read_amendment(message, known, account, language, currency)
    if not answering.is_asked(visit):
        return replace(amendment, is_new=False)
    if amendment.undo or amendment.is_new:
        return replace(amendment, is_new=account is not None) if amendment.is_new else amendment
    named = answering.meant(message.text, message.rep, known, visit.candidates)
    told = amendment != Amendment(come=amendment.come, more=amendment.more, instead=amendment.instead)
    if named is None or not (named.id or named.name) or (named.id is None and told):
        return amendment
    return amendment if named.id is not None and named.id == account else Amendment(account=named)


def _is_report(tx: Tx, visit: Visit, message: Message, extraction: Extraction, amendment: Amendment) -> bool:
    """Whether the message tells of another visit: at a customer whom it names, or at this one on another day."""
    if amendment.undo or amendment.is_new or amendment.account is not None:
        return False
    long = len(message.text.split()) >= FEW_WORDS
    return any(_is_another(tx, visit, message, one, long=long) for one in extraction.visits)


def _is_another(tx: Tx, visit: Visit, message: Message, read: VisitMention, *, long: bool) -> bool:
    if read.account is None or read.account.part != "text":
        return False
    meant, said = read.account.value, message.text[read.account.start : read.account.end]
    if meant.id is None:
        return meant.name is not None and long
    names = {token.key for account in answering.names_of(tx, int(meant.id)) for token in tokens(account)}
    named = any(token.key in names for token in tokens(fold(said)))
    if meant.id != str(visit.account_id):
        return named
    return named and long and read.on.part != "sent_at" and read.on.value != visit.on
