"""An answer in words to the one question of a card: which visits it may be about, and which account it names."""

from sqlalchemy import select

from parsing.answers import read_account, tell_apart
from parsing.model import AccountMention, Crm
from store import deliveries
from store.db import Tx
from store.tables import Account, Capture, Visit


def visits_before(tx: Tx, capture: Capture) -> list[Visit]:
    """The visits that stand under the card of the conversation that ``capture`` continues; of the same rep alone.

    ``answers`` in the capture's ``reply_to`` is what the door saw: the ``source_id`` that began the thread, or the id
    of the letter that was answered.
    """
    answered = capture.reply_to.get("answers")
    if not answered:
        return []
    sent = deliveries.find(tx, answered)
    began = select(Capture.id).where(Capture.via == capture.via, Capture.source_id == answered)
    above = sent.capture_id if sent else tx.scalar(began)
    filed = select(Visit).where(Visit.capture_id == above, Visit.rep_id == capture.rep_id)
    return list(tx.scalars(filed.where(Visit.withdrawn_at.is_(None)).order_by(Visit.position)))


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
