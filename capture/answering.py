"""An answer in words to the one question of a card: which visits it may be about, and which account it names."""

from datetime import timedelta

from sqlalchemy import select

from parsing.answers import read_account, tell_apart
from parsing.model import AccountMention, Crm
from store import deliveries
from store.db import Tx
from store.tables import Account, Capture, Visit

MOMENT = timedelta(minutes=15)
"""How long a report is still what is spoken of, where nobody opens a thread."""


def visits_before(tx: Tx, capture: Capture) -> list[Visit]:
    """The visits that stand under the card of the conversation that ``capture`` continues; of the same rep alone.

    ``answers`` in the capture's ``reply_to`` is what the door saw: the ``source_id`` that began the thread, or the id
    of the letter that was answered.
    """
    answered = capture.reply_to.get("answers")
    if not answered:
        return []
    sent = deliveries.find(tx, answered) or deliveries.posted_as(tx, capture.via, capture.sender, answered)
    began = select(Capture.id).where(Capture.via == capture.via, Capture.source_id == answered)
    above = sent.capture_id if sent else tx.scalar(began)
    filed = select(Visit).where(Visit.capture_id == above, Visit.rep_id == capture.rep_id)
    return list(tx.scalars(filed.where(Visit.withdrawn_at.is_(None)).order_by(Visit.position)))


def visits_just_before(tx: Tx, capture: Capture) -> list[Visit]:
    """The visits of the report that came last before ``capture`` in the same place, a moment ago.

    Only where the door says that what is said there may go on with it (``goes_on``): few open a thread to add a word.
    """
    if not capture.reply_to.get("goes_on"):
        return []
    since = capture.sent_at - MOMENT
    same = select(Capture).where(Capture.via == capture.via, Capture.rep_id == capture.rep_id, Capture.id != capture.id)
    lately = same.where(Capture.sent_at.between(since, capture.sent_at), Capture.state.in_(("filed", "asked")))
    place = capture.reply_to.get("channel")
    latest = tx.scalars(lately.order_by(Capture.sent_at.desc(), Capture.id.desc()).limit(10))
    above = next((one for one in latest if one.reply_to.get("channel") == place), None)
    if above is None:
        return []
    filed = select(Visit).where(Visit.capture_id == above.id, Visit.withdrawn_at.is_(None)).order_by(Visit.position)
    return list(tx.scalars(filed))


def is_asked(visit: Visit) -> bool:
    """Whether the rep is asked which account was meant. A question that was settled meanwhile is none."""
    return visit.account_id is None or bool(visit.candidates)


def names_of(tx: Tx, account_id: int) -> list[str]:
    """The names that an account goes by."""
    account = tx.get_one(Account, account_id)
    return [account.name, *(one.alias for one in account.aliases)]


def meant(text: str, rep: str, known: Crm, candidates: list[int]) -> AccountMention | None:
    """The account that an answer names; where some were offered, one of those before any other."""
    offered = {str(one) for one in candidates}
    among = [one for one in known.accounts if one.id in offered]
    chosen = tell_apart(text, among)
    if chosen is not None:
        return AccountMention(id=chosen.id)
    named = read_account(text, rep, known)
    # Words that only a new name could explain settle nothing while there are known ones to choose from.
    return None if offered and named is not None and named.name else named
