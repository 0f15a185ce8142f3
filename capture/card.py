"""From filed rows to what a letter shows."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from capture.handbook import Handbook
from capture.messages import from_json, said_in
from capture.proposing import proposals_of
from letters.model import ActionLine, ChangeLine, Choice, Doubt, PersonLine, Question, Tap, VisitCard
from parsing.kinds import BY_DEFAULT
from store import changes, kinds
from store.db import Tx
from store.tables import Account, Action, Capture, Change, Contact, Employment, Rep, Visit

DOUBTFUL = 0.6
"""Shares of right values below this are told to the rep, with the words that the value was read from."""
DOUBTED = {
    "account": "account_id", "contacts": "contacts", "on": "on", "starts": "starts", "ends": "ends", "type": "type",
    "medium": "medium", "outcome": "outcome", "actions": "actions", "amounts": "amounts",
}  # fmt: skip
"""Fields whose doubts are told, and what a person sets to end them."""


def visits_of(tx: Tx, capture_id: int) -> list[Visit]:
    """The visits that a message reported, in its order."""
    return list(tx.scalars(select(Visit).where(Visit.capture_id == capture_id).order_by(Visit.position)))


def cards(
    tx: Tx, visits: Sequence[Visit], language: str, rep_id: int | None = None, capture_id: int | None = None
) -> tuple[VisitCard, ...]:
    """What the rep sees of these visits, with labels in ``language``; ``capture_id`` is the message that is answered.

    Of a visit that another message had told of, the card says so, and a colleague's is not the rep's to change.
    """
    labels = kinds.labels(tx, language)
    book = Handbook.read(tx)
    history = changes.about(tx, [one.id for one in visits], {f"message:{one.capture_id}" for one in visits})
    made = [_card(tx, visit, labels, history) for visit in visits]
    for n, visit in enumerate(visits):
        account = tx.get(Account, visit.account_id) if visit.account_id else None
        question, why = made[n].question, book.why("account", language)
        made[n] = replace(
            made[n],
            lacks=book.of_visit(visit, account, language),
            question=replace(question, reason=why) if question and why else question,
        )
    for n, visit in enumerate(visits):
        if capture_id is not None and visit.capture_id != capture_id:
            by = None if visit.rep_id == rep_id else tx.get_one(Rep, visit.rep_id).name
            made[n] = replace(made[n], told_before=True, told_by=by)
            if by:
                made[n] = replace(made[n], taps=(), question=None, doubts=(), lacks=())
    asked = next((n for n, card in enumerate(made) if card.question), None)
    # One question a message: the next stands here when this one is answered.
    return tuple(card if n == asked else replace(card, question=None) for n, card in enumerate(made))


def _card(tx: Tx, visit: Visit, labels: kinds.Labels, history: Sequence[Change]) -> VisitCard:
    ours = [change for change in history if change.by == f"message:{visit.capture_id}"]
    made = {(change.record, change.record_id) for change in ours if change.field == "created"}
    left = dict.fromkeys(change.record_id for change in ours if change.field == "until")
    set_by_rep = {
        one.field for one in history
        if (one.record, one.record_id) == ("visit", visit.id) and one.by.startswith("rep:")
    }  # fmt: skip
    account = tx.get(Account, visit.account_id) if visit.account_id else None
    return VisitCard(
        id=visit.id,
        number=visit.number,
        account=account.name if account else None,
        account_new=bool(account and ("account", account.id) in made),
        people=tuple(_person(tx, line.contact_id, visit, made) for line in visit.contacts),
        on=visit.on,
        starts=visit.starts,
        ends=visit.ends,
        type=labels.get(("type", visit.type or "")),
        medium=labels.get(("medium", visit.medium or "")),
        outcome=labels.get(("outcome", visit.outcome or "")),
        city=visit.city,
        keywords=tuple(line.term for line in visit.keywords),
        amounts=tuple((amount.value, amount.currency) for amount in visit.amounts),
        actions=tuple(_action(tx, action, visit.rep_id) for action in visit.actions if action.state != "dropped"),
        changes=tuple(change for one in left if (change := _change(tx, one)) is not None),
        status=labels.get(("status", visit.status)) if _tells_more(visit) else None,
        doubts=_doubts(tx, visit, set_by_rep) if account else (),
        taps=(*_taps(visit, set_by_rep), *_proposed(tx, visit)),
        question=question_of(tx, visit),
        withdrawn=visit.withdrawn_at is not None,
    )


def _tells_more(visit: Visit) -> bool:
    """Whether what became of the visit is not told by its outcome."""
    return visit.status != "held" and (visit.status, visit.outcome) != ("missed", "no_show")


def _person(tx: Tx, contact_id: int, visit: Visit, made: set[tuple[str, int]]) -> PersonLine:
    contact = tx.get_one(Contact, contact_id)
    here = next((job for job in contact.employments if job.account_id == visit.account_id), None)
    return PersonLine(name=contact.name, role=here.role if here else None, new=("contact", contact_id) in made)


def _action(tx: Tx, action: Action, rep_id: int) -> ActionLine:
    who = None if action.assignee_id == rep_id else tx.get_one(Rep, action.assignee_id).name
    return ActionLine(text=action.text, due=action.due, who=who, done=action.state == "done")


def _change(tx: Tx, employment_id: int) -> ChangeLine | None:
    employment = tx.get_one(Employment, employment_id)
    if employment.until is None:
        return None  # a later wording of the message says otherwise
    successor = tx.get(Contact, employment.successor_id) if employment.successor_id else None
    return ChangeLine(name=employment.contact.name, successor=successor.name if successor else None)


def _doubts(tx: Tx, visit: Visit, set_by_rep: Collection[str]) -> tuple[Doubt, ...]:
    """The values that may well be wrong and that nobody looked at, with the words that they were read from."""
    message = from_json(tx.get_one(Capture, visit.capture_id).message)
    doubtful = [
        Doubt(field=field, said=said)
        for field, column in DOUBTED.items()
        for read in visit.evidence.get(field, ())
        if column not in set_by_rep and read["confidence"] < DOUBTFUL and (said := said_in(message, read))
    ]
    return tuple(dict.fromkeys(doubtful))


def _taps(visit: Visit, set_by_rep: Collection[str]) -> tuple[Tap, ...]:
    """Facts that are told by one tap, where they may be missing: a card with buttons for everything is read by none."""
    taps = []
    this = str(visit.id)
    said = any(read.get("why") != BY_DEFAULT for read in visit.evidence.get("medium", ()))
    if visit.status == "held" and visit.medium in {None, "in_person"} and not said and "medium" not in set_by_rep:
        taps.append(Tap(fact="phone", value=this))
    if visit.status == "held" and not (visit.outcome or visit.actions or visit.amounts):
        taps += [Tap(fact="missed", value=this), Tap(fact="rescheduled", value=this)]
    if visit.status == "missed":
        taps += [Tap(fact="rescheduled", value=this), Tap(fact="held", value=this)]
    if visit.status == "cancelled":
        taps.append(Tap(fact="held", value=this))
    todo = [action for action in visit.actions if action.state == "open"]
    if len(todo) == 1:
        taps.append(Tap(fact="done", value=f"{visit.id}:{todo[0].id}", about=todo[0].text))
    return tuple(taps)


def _proposed(tx: Tx, visit: Visit) -> Iterator[Tap]:
    """What a signature would fill in of somebody who was met."""
    for one, contact in proposals_of(tx, visit):
        surname = contact.name.split()[-1]
        yield Tap(fact=f"new{one.field}", value=f"{visit.id}:{one.id}", about=f"{surname}: {one.value}")


def question_of(tx: Tx, visit: Visit) -> Question | None:
    """What is asked about the visit; None where nothing is."""
    if visit.withdrawn_at is not None or (visit.account_id is not None and not visit.candidates):
        return None
    if not visit.candidates:
        return Question(about="account_none")
    rows = tx.scalars(select(Account).where(Account.id.in_(visit.candidates)))
    by_id = {row.id: row for row in rows}
    return Question(
        about="account_near" if visit.account_id is not None else "account_which",
        choices=tuple(
            Choice(label=_told_apart(by_id[one]), value=f"{visit.id}:{one}") for one in visit.candidates if one in by_id
        ),
    )


def _told_apart(account: Account) -> str:
    return f"{account.name}, {account.city}" if account.city else account.name
