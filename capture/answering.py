"""An answer in words to the one question of a card: which visit it settles, and how."""

from sqlalchemy import select

from parsing.answers import read_account, tell_apart
from parsing.model import AccountMention, Crm
from store import deliveries
from store.db import Tx
from store.tables import Capture, Visit


def open_visit(tx: Tx, capture: Capture) -> Visit | None:
    """The visit whose account is still asked for, in the conversation that ``capture`` continues.

    ``answers`` in the capture's ``reply_to`` is what the door saw: the ``source_id`` that began the thread, or the id
    of the letter that was answered. An answer to a question that was settled meanwhile is no answer.
    """
    answered = capture.reply_to.get("answers")
    if not answered:
        return None
    sent = deliveries.find(tx, answered)
    began = select(Capture.id).where(Capture.via == capture.via, Capture.source_id == answered)
    asked = sent.capture_id if sent else tx.scalar(began)
    waiting = select(Visit).where(Visit.capture_id == asked, Visit.rep_id == capture.rep_id)
    return tx.scalar(
        waiting.where(Visit.account_id.is_(None), Visit.withdrawn_at.is_(None)).order_by(Visit.position).limit(1)
    )


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
