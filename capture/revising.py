"""A message is worded anew or taken back after it was taken in: what it reported follows, what a person set stays."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from capture import filing, settling
from capture.card import visits_of
from capture.corrections import named, set_by_person, told
from capture.filing import Filing
from parsing.model import Extraction, Found, Message, VisitMention
from store import changes
from store.db import Tx
from store.tables import Account, Action, Amount, Capture, Contact, Visit, VisitKeyword

Mentions = Sequence[VisitMention]
REVISABLE = ("filed", "asked", "nothing")
"""States of a capture whose report is read again when it is worded anew; ``taken`` is read for the first time."""


def reword(tx: Tx, capture: Capture, message: Message, at: datetime) -> int | None:
    """Keep the new wording that was sent at ``at``; the id of that change, None where it is an old one or the same.

    Slack may deliver two edits in any order, and each several times: what was worded last holds.
    """
    if capture.rep_id is None or capture.sender != message.rep.lower() or at <= worded_at(tx, capture):
        return None
    by, record = f"rep:{capture.rep_id}", ("capture", capture.id)
    changes.note(tx, at=at, by=by, record=record, field="text", old=capture.text, new=message.text)
    if capture.text == message.text:
        return None
    capture.text, capture.message = message.text, {**capture.message, "text": message.text}
    tx.flush()
    return changes.of(tx, *record)[-1].id


def worded_at(tx: Tx, capture: Capture) -> datetime:
    """When the wording that is kept was sent."""
    worded = [change.at for change in changes.of(tx, "capture", capture.id) if change.field == "text"]
    return max((capture.sent_at, *worded))


def retract(road: Filing) -> bool:
    """Take back everything that the message reported; whether there is a card that has to say so."""
    capture = road.capture
    by, record = f"rep:{road.rep.id}", ("capture", capture.id)
    changes.note(road.tx, at=road.at, by=by, record=record, field="deleted", new=True)
    standing = [visit for visit in visits_of(road.tx, capture.id) if visit.withdrawn_at is None]
    for visit in standing:
        settling.undo(road, visit)
    capture.state = "withdrawn"
    return bool(standing)


def reread(road: Filing, extraction: Extraction, *, settled: bool = False) -> None:
    """Let what the message reported be what its new wording says.

    ``settled``: the wording is the old one, read again long after; an account that was found once is not asked for.
    """
    capture, tx = road.capture, road.tx
    capture.language = extraction.language
    filing.take_back_people(road)
    kept = visits_of(tx, capture.id)
    visits = [visit for visit in kept if not _is_planned(visit)]
    pairs = _paired(visits, extraction.visits)
    for visit in visits:
        if visit not in [known for known, _ in pairs] and visit.withdrawn_at is None:
            filing.take_back(road, visit)
            road.note("visit", visit.id, "withdrawn", new=True)
    _make_room(tx, kept, [visit for visit, _ in pairs])
    for position, (known, mention) in enumerate(pairs):
        if known is None:
            filing.file_visit(road, mention, position)
        else:
            known.position = position
            _refile(road, known, mention, settled=settled)
    standing = [visit for visit in visits_of(tx, capture.id) if visit.withdrawn_at is None]
    if standing:
        capture.state = "asked" if any(visit.account_id is None for visit in standing) else "filed"
        capture.not_a_report = None
    else:
        capture.state, capture.not_a_report = "nothing", extraction.not_a_report or "nothing"


def _is_planned(visit: Visit) -> bool:
    """Whether it is no visit that the message reports, but one that follows from it."""
    return visit.status == "planned"


def _paired(visits: Sequence[Visit], mentions: Mentions) -> list[tuple[Visit | None, VisitMention]]:
    """Each visit of the new wording with the old one that it was: at the same account, else in the same place."""
    left = list(visits)
    found: dict[int, Visit] = {}
    for n, mention in enumerate(mentions):
        account = _known(mention)
        same = next((one for one in left if account and str(one.account_id) == account), None)
        if same is not None:
            found[n] = same
            left.remove(same)
    for n in range(len(mentions)):
        place = next((one for one in left if one.position == n), None) if n not in found else None
        if place is not None:
            found[n] = place
            left.remove(place)
    return [(found.get(n), mention) for n, mention in enumerate(mentions)]


def _known(mention: VisitMention) -> str | None:
    """The id of the one account that is meant, where the CRM has it."""
    return mention.account.value.id if mention.account else None


def _make_room(tx: Tx, visits: Sequence[Visit], kept: Sequence[Visit | None]) -> None:
    """Put every old visit behind the places of the new wording: no two may ever stand in the same."""
    last = max([len(kept), *(visit.position + 1 for visit in visits)])
    for n, visit in enumerate(visits):
        visit.position = last + n
    tx.flush()


# ------------------------------------------------------------------------------------------------- one visit


def _refile(road: Filing, visit: Visit, mention: VisitMention, *, settled: bool = False) -> None:
    """Let ``visit`` be what ``mention`` says, but for what a person set."""
    by_person = set_by_person(road.tx, visit)
    if visit.withdrawn_at is not None:
        if "withdrawn" in by_person:
            return
        visit.withdrawn_at = None
        road.note("visit", visit.id, "withdrawn", old=True)
    visit.report = road.message.text
    visit.evidence = filing.evidence(mention)
    stays = "account_id" in by_person or (settled and visit.account_id is not None and _known(mention) is None)
    gone_account = None if stays else _account(road, visit, mention)
    account = road.tx.get(Account, visit.account_id) if visit.account_id else None
    _follow(road, visit, mention, account, by_person)
    if stays and account:
        mention = _met_there(road, mention, account)
    gone = _contacts(road, visit, mention, account) if "contacts" not in by_person else []
    for found in mention.contact_changes:
        filing.leave(road, found.value, account, visit.on)
    settling.retire_unused(road, contact_ids=gone, account_ids=[gone_account] if gone_account else [])


def _follow(
    road: Filing, visit: Visit, mention: VisitMention, account: Account | None, by_person: Collection[str]
) -> None:
    for field, value in _values(road, mention).items():
        if field not in by_person:
            _set(road, visit, field, value)
    if "outcome" not in by_person:
        visit.status = "missed" if visit.outcome == "no_show" else "held"
    if "city" not in by_person:
        _place(road, visit, mention, account)
    for field, follow in LISTS.items():
        if field not in by_person:
            follow(road, visit, mention)


def _place(road: Filing, visit: Visit, mention: VisitMention, account: Account | None) -> None:
    before = visit.city
    visit.street = visit.postcode = visit.city = None
    filing.place(visit, mention, account)
    if visit.city != before:
        road.note("visit", visit.id, "city", old=before, new=visit.city)


def _values(road: Filing, mention: VisitMention) -> dict[str, Any]:
    one = filing.value_of
    return {
        "on": mention.on.value, "starts": one(mention.starts), "ends": one(mention.ends),
        "subject": one(mention.subject) or road.message.subject, "type": one(mention.type),
        "medium": one(mention.medium), "outcome": one(mention.outcome),
    }  # fmt: skip


def _set(road: Filing, visit: Visit, field: str, new: Any) -> None:
    old = getattr(visit, field)
    if old != new:
        setattr(visit, field, new)
        said = [str(value) if isinstance(value, date | time) else value for value in (old, new)]
        road.note("visit", visit.id, field, old=said[0], new=said[1])


def _account(road: Filing, visit: Visit, mention: VisitMention) -> int | None:
    """Give the visit the account of the new wording; returns the one that it was not."""
    old, account = visit.account_id, filing.account_of(road, mention)
    visit.candidates = filing.candidates_of(mention.account)
    _set(road, visit, "account_id", account.id if account else None)
    return old if visit.account_id != old else None


def _met_there(road: Filing, mention: VisitMention, account: Account) -> VisitMention:
    """Without those who, as the CRM knows them, work elsewhere than at the account that a person chose."""

    def works_there(contact_id: str | None) -> bool:
        jobs = road.tx.get_one(Contact, int(contact_id)).employments if contact_id else []
        return not jobs or any(job.account_id == account.id for job in jobs)

    return replace(mention, contacts=tuple(one for one in mention.contacts if works_there(one.value.id)))


def _contacts(road: Filing, visit: Visit, mention: VisitMention, account: Account | None) -> list[int]:
    """Whom the new wording names; returns the ids of those who were not met after all."""
    before = [line.contact_id for line in visit.contacts]
    visit.contacts = []
    road.tx.flush()
    filing.meet(road, visit, mention, account)
    road.tx.flush()
    after = [line.contact_id for line in visit.contacts]
    if after != before:
        road.note("visit", visit.id, "contacts", old=named(road.tx, before), new=named(road.tx, after))
    return [one for one in before if one not in after]


def _keywords(road: Filing, visit: Visit, mention: VisitMention) -> None:
    old = {line.term: line for line in visit.keywords}
    terms = [found.value for found in filing.once(mention.keywords)]
    if terms != list(old):
        visit.keywords = [old.get(term) or VisitKeyword(term=term) for term in terms]
        for position, line in enumerate(visit.keywords):
            line.position = position
        road.note("visit", visit.id, "keywords", old=list(old), new=terms)


def _amounts(road: Filing, visit: Visit, mention: VisitMention) -> None:
    def said(worth: Decimal, currency: str) -> dict[str, str]:
        return {"value": f"{worth:.2f}", "currency": currency}

    old = [said(one.value, one.currency) for one in visit.amounts]
    new = [said(found.value.value, found.value.currency) for found in mention.amounts]
    if old != new:
        visit.amounts = [Amount(value=found.value.value, currency=found.value.currency) for found in mention.amounts]
        road.note("visit", visit.id, "amounts", old=old, new=new)


def _actions(road: Filing, visit: Visit, mention: VisitMention) -> None:
    """The actions of the new wording; one that says the same stays the one it was, done or open."""
    before, known = [told(action) for action in visit.actions], {action.text: action for action in visit.actions}
    visit.actions = [_action(road, known.pop(found.value.text, None), found) for found in mention.actions]
    after = [told(action) for action in visit.actions]
    if before != after:
        road.note("visit", visit.id, "actions", old=before, new=after)


def _action(road: Filing, known: Action | None, found: Found[Any]) -> Action:
    new = filing.new_action(road, found.value)
    if known is None:
        return new
    known.due, known.assignee_id = new.due, new.assignee_id
    return known


LISTS: dict[str, Callable[[Filing, Visit, VisitMention], None]] = {
    "keywords": _keywords, "amounts": _amounts, "actions": _actions,
}  # fmt: skip
"""The lists of a visit beside its people, and how each follows a new wording."""
