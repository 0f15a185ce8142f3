"""What a correction teaches: these words mean this, for the rep at once, for the house when a second rep says so."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from capture.filing import Filing
from capture.messages import said_in
from parsing.model import Message
from parsing.taught import KEYWORDS, phrase_of
from parsing.unread import tells_apart, without_titles, word_for_account, words_for_person
from store import crm, lessons, reps
from store.db import Tx
from store.tables import Account, Contact, Lesson, Visit

AGREED = 2
"""Reps who have to teach the same before it holds for the house."""
NOBODY_ELSE = "rule:agreement"
"""Who revokes a lesson of the house that not enough reps agree on any more."""


def on_account(road: Filing, visit: Visit, account: Account) -> None:
    """The words that were read as the account, or were not read, mean ``account``."""
    language = road.capture.language or "en"
    said = account_words(visit, road.message, language)
    if phrase_of(said) != phrase_of(account.name) and tells_apart(said, language):
        _teach(road, visit, "account", said, account_id=account.id)


def account_words(visit: Visit, message: Message, language: str) -> str:
    """The words that name the visit's account in the message; empty where it is not clear which those are."""
    read = [said_in(message, one) for one in visit.evidence.get("account", ())]
    if any(read):
        return read[0]
    people = {key for one in visit.evidence.get("contacts", ()) for key in phrase_of(said_in(message, one)).split()}
    return word_for_account(message.text, language, people)


def on_contacts(road: Filing, visit: Visit, gone: Sequence[int], come: Sequence[int]) -> None:
    """The words that were read as somebody else mean the one who came instead, within the account."""
    mine = [one for one in lessons.taught_by(road.tx, visit.id) if one.kind == "contact" and one.contact_id in gone]
    for lesson in mine:
        forget(road.tx, lesson, road.at, f"rep:{road.rep.id}")
    if len(come) != 1 or len(gone) > 1:
        return
    contact = road.tx.get_one(Contact, come[0])
    if all(job.account_id != visit.account_id or job.until for job in contact.employments):
        return
    words = {one.get("contact_id"): said_in(road.message, one) for one in visit.evidence.get("contacts", ())}
    if gone:
        said = words.get(gone[0]) or next((one.said for one in mine), "")
    else:
        said = words_for_person(contact.name, road.message.text, road.capture.language or "en", _others(road, visit))
    known = {phrase_of(contact.name), phrase_of(without_titles(words.get(contact.id, "")))}
    if phrase_of(without_titles(said)) not in known:
        _teach(road, visit, "contact", without_titles(said), account_id=visit.account_id, contact_id=contact.id)


def _others(road: Filing, visit: Visit) -> set[str]:
    """The words that name the account, the others who were met, and colleagues."""
    read = [*visit.evidence.get("account", ()), *visit.evidence.get("contacts", ())]
    said = [said_in(road.message, one) for one in read] + [rep.name for rep in reps.everyone(road.tx)]
    return {key for words in said for key in phrase_of(words).split()}


def on_keywords(road: Filing, visit: Visit, old: Sequence[str], new: Sequence[str]) -> None:
    """Terms that the rep added are wanted, those taken away are not; taking a correction back teaches nothing."""
    before, after = ({phrase_of(term): term for term in terms} for terms in (old, new))
    wanted, unwanted = KEYWORDS
    for kind, terms in ((wanted, after.keys() - before.keys()), (unwanted, before.keys() - after.keys())):
        for phrase in sorted(terms - {""}):
            here = [
                one
                for one in lessons.taught_by(road.tx, visit.id)
                if one.kind in KEYWORDS and one.kind != kind and one.phrase == phrase and one.rep_id is not None
            ]
            for lesson in here:
                forget(road.tx, lesson, road.at, f"rep:{road.rep.id}")
            if not here:
                term = {**before, **after}[phrase]
                _teach(road, visit, kind, term, term=term)


def forget_of(road: Filing, visit: Visit) -> None:
    """Revoke what the corrections of this visit taught."""
    for lesson in lessons.taught_by(road.tx, visit.id):
        if lesson.rep_id is not None:
            forget(road.tx, lesson, road.at, f"rep:{road.rep.id}")


def forget(tx: Tx, lesson: Lesson, at: datetime, by: str) -> None:
    """Revoke a lesson; one of the house that rested on it goes too."""
    crm.touch(tx)
    lessons.revoke(lesson, at, by)
    tx.flush()
    if lesson.rep_id is not None:
        _agree(tx, lesson, at)


# ------------------------------------------------------------------------------------------------------- keeping


def _teach(
    road: Filing, visit: Visit, kind: str, said: str, *,
    account_id: int | None = None, contact_id: int | None = None, term: str | None = None,
) -> None:  # fmt: skip
    """Keep a lesson on these words, if they are any, instead of what this rep taught of them before."""
    if not phrase_of(said):
        return
    crm.touch(road.tx)  # first: two who teach the same at once are heard one after the other
    lesson = Lesson(
        rep_id=road.rep.id, kind=kind, phrase=phrase_of(said), said=" ".join(said.split()), account_id=account_id,
        contact_id=contact_id, term=term, visit_id=visit.id, taught_at=road.at,
    )  # fmt: skip
    mine = [one for one in _alike(road.tx, lesson) if one.rep_id == road.rep.id]
    if any(_meaning(one) == _meaning(lesson) for one in mine):
        return
    for one in mine:
        lessons.revoke(one, road.at, f"rep:{road.rep.id}")
    road.tx.add(lesson)
    road.tx.flush()
    _agree(road.tx, lesson, road.at)


def _agree(tx: Tx, lesson: Lesson, at: datetime) -> None:
    """Let the house have a lesson on these words when two reps taught the same and none another meaning."""
    alike = _alike(tx, lesson)
    taught = [one for one in alike if one.rep_id is not None]
    meanings = {_meaning(one) for one in taught}
    agreed = meanings.pop() if len(meanings) == 1 and len({one.rep_id for one in taught}) >= AGREED else None
    ours = [one for one in alike if one.rep_id is None]
    for one in ours:
        if _meaning(one) != agreed:
            lessons.revoke(one, at, NOBODY_ELSE)
    if agreed is not None and all(_meaning(one) != agreed for one in ours):
        last = taught[-1]
        tx.add(
            Lesson(
                rep_id=None, kind=last.kind, phrase=last.phrase, said=last.said, account_id=last.account_id,
                contact_id=last.contact_id, term=last.term, visit_id=last.visit_id, taught_at=at,
            )
        )  # fmt: skip
    tx.flush()


def _alike(tx: Tx, lesson: Lesson) -> list[Lesson]:
    """The lessons that hold on the same words, whatever they mean; of contacts those within the same account."""
    kinds: Iterable[str] = KEYWORDS if lesson.kind in KEYWORDS else (lesson.kind,)
    contacts = lesson.kind == "contact"
    return lessons.in_force(tx, kinds, lesson.phrase, lesson.account_id, contacts=contacts)


def _meaning(lesson: Lesson) -> tuple[object, ...]:
    return lesson.kind, lesson.account_id, lesson.contact_id
