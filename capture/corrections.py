"""What a rep changes of a filed visit: every value is looked at, kept with what it was before, and learnt from."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from capture import filing, proposing, settling, teaching
from capture.attributes import MARK, put
from capture.filing import Filing
from capture.handbook import Handbook
from capture.settling import note
from capture.values import (
    CorrectionError,
    Value,
    read_day,
    read_id,
    read_json,
    read_list,
    read_name,
    read_text,
    read_time,
)
from parsing.model import ContactMention, VisitMention
from store import changes, kinds, reps
from store.db import Tx
from store.tables import Account, Action, Amount, Contact, Rep, RepEmail, SearchDue, Visit, VisitContact, VisitKeyword

LONGEST_ACTION = 2_000
MOST_MONEY = Decimal(10) ** 13
STATES = ("open", "done", "dropped")
HAPPENED = ("held", "missed", "cancelled")
"""What may have become of a visit that was reported."""


def set_by_person(tx: Tx, visit: Visit) -> set[str]:
    """The columns and lists of ``visit`` that a rep set: what is read later never overwrites these."""
    return {change.field for change in changes.of(tx, "visit", visit.id) if change.by.startswith("rep:")}


def correct(road: Filing, visit: Visit, what: str, value: Value, mention: VisitMention | None) -> None:
    """Let ``what`` of ``visit`` be ``value``; the same value again changes nothing.

    ``mention`` is the message read again as if the account that was chosen were certain. Raises `CorrectionError`.
    """
    if what in {"account", "new_account"}:
        name = read_text(value, what, needed=True) if what == "new_account" else read_name(value)
        account_id = filing.add_account(road, name).id if name else read_id(value, what)
        settling.choose(road, visit, account_id, mention, set_by_person(road.tx, visit))
    elif what == "undo":
        settling.undo(road, visit)
    elif what == "is_new":
        settling.confirm(road, visit)
    elif what in FIELDS:
        FIELDS[what](road, visit, value)
    elif what.startswith(MARK):
        put(road.tx, visit, what, value, partial(note, road, visit))
        road.tx.add(SearchDue(visit_id=visit.id))
    else:
        raise CorrectionError("unknown", f"{what} cannot be changed this way.")


# ------------------------------------------------------------------------------------------------- single values


def _key(family: str) -> Callable[[Filing, Visit, Value], None]:
    def correct_key(road: Filing, visit: Visit, value: Value) -> None:
        key = read_text(value, family)
        if key is not None and key not in kinds.keys(road.tx, family):
            raise CorrectionError("no_kind", f"{key!r} is no {family} here.")
        _set(road, visit, family, key)
        if family == "outcome" and visit.status in {"held", "missed"}:
            visit.status = "missed" if key == "no_show" else "held"

    return correct_key


def _status(road: Filing, visit: Visit, value: Value) -> None:
    status = read_text(value, "status", needed=True)
    if status not in HAPPENED:
        raise CorrectionError("no_kind", f"{status!r} is nothing that may have become of a visit.")
    outcome = "no_show" if status == "missed" else visit.outcome
    _set(road, visit, "outcome", None if status != "missed" and outcome == "no_show" else outcome)
    _set(road, visit, "status", status)


def _date(road: Filing, visit: Visit, value: Value) -> None:
    on = read_day(value, "date")
    if on is None:
        raise CorrectionError("no_date", "A visit needs a day.")
    if on > road.at.astimezone(ZoneInfo(visit.timezone)).date():
        raise CorrectionError("future", "A visit that was held cannot lie in the future.")
    _set(road, visit, "on", on)


def _starts(road: Filing, visit: Visit, value: Value) -> None:
    starts = read_time(value, "starts")
    _in_order(starts, visit.ends)
    _set(road, visit, "starts", starts)


def _ends(road: Filing, visit: Visit, value: Value) -> None:
    ends = read_time(value, "ends")
    _in_order(visit.starts, ends)
    _set(road, visit, "ends", ends)


def _in_order(starts: time | None, ends: time | None) -> None:
    if starts is not None and ends is not None and ends <= starts:
        raise CorrectionError("order", f"A visit that starts at {starts:%H:%M} cannot end at {ends:%H:%M}.")


def _plain(field: str) -> Callable[[Filing, Visit, Value], None]:
    def correct_text(road: Filing, visit: Visit, value: Value) -> None:
        text = read_text(value, field)
        _set(road, visit, field, Handbook.read(road.tx).spelled(text) if text else None)

    return correct_text


# --------------------------------------------------------------------------------------------------------- lists


def _contacts(road: Filing, visit: Visit, value: Value) -> None:
    account = road.tx.get(Account, visit.account_id) if visit.account_id else None
    country = account.country if account else None
    entries = [_contact(road, entry, country) for entry in read_list(value, "contacts")]
    people = [entry if isinstance(entry, Contact) else filing.enter_contact(road, entry, account) for entry in entries]
    ids = list(dict.fromkeys(person.id for person in people))
    before = [line.contact_id for line in visit.contacts]
    if ids == before:
        return
    old = named(road.tx, before)
    lines = {line.contact_id: line for line in visit.contacts}
    visit.contacts = [lines.get(one) or VisitContact(contact_id=one) for one in ids]
    for position, line in enumerate(visit.contacts):
        line.position = position
    road.tx.flush()
    note(road, visit, "contacts", old, named(road.tx, ids))
    gone, come = [one for one in before if one not in ids], [one for one in ids if one not in before]
    teaching.on_contacts(road, visit, gone, come)
    settling.retire_unused(road, contact_ids=gone)


def _contact(road: Filing, entry: Any, country: str | None) -> Contact | ContactMention:
    if isinstance(entry, ContactMention):
        return entry  # said in words, like a report: what a form may be asked to write better is kept as it was said
    if not isinstance(entry, Mapping):
        contact = road.tx.get(Contact, read_id(entry, "contacts"))
        if contact is None or contact.retired_at is not None:
            raise CorrectionError("no_contact", "This contact does not exist any more.")
        return contact
    email, phone = read_text(entry.get("email"), "email"), read_text(entry.get("phone"), "phone")
    if email is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise CorrectionError("email", f"{email!r} is no mail address.")
    return ContactMention(
        name=read_text(entry.get("name"), "contacts", needed=True),
        role=read_text(entry.get("role"), "role"),
        email=email,
        phone=Handbook.read(road.tx).phone(phone, country, language=road.rep.language) if phone else None,
    )


def named(tx: Tx, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Contacts as the history keeps them."""
    names = dict(tx.execute(select(Contact.id, Contact.name).where(Contact.id.in_(ids))).all()) if ids else {}
    return [{"id": one, "name": names[one]} for one in ids]


def _keywords(road: Filing, visit: Visit, value: Value) -> None:
    terms = [term for entry in read_list(value, "keywords") if (term := read_text(entry, "keywords")) is not None]
    terms = list({term.casefold(): term for term in reversed(terms)}.values())[::-1]
    old = [line.term for line in visit.keywords]
    if terms == old:
        return
    lines = {line.term: line for line in visit.keywords}
    visit.keywords = [lines.get(term) or VisitKeyword(term=term) for term in terms]
    for position, line in enumerate(visit.keywords):
        line.position = position
    note(road, visit, "keywords", old, terms)
    teaching.on_keywords(road, visit, old, terms)


def _actions(road: Filing, visit: Visit, value: Value) -> None:
    mine = {action.id: action for action in visit.actions}
    old = [told(action) for action in visit.actions]
    kept: list[Action] = []
    for entry in read_list(value, "actions"):
        if not isinstance(entry, Mapping):
            raise CorrectionError("shape", "An action needs at least a text.")
        action = _action(road, visit, entry, mine)
        if any(action is other for other in kept):
            raise CorrectionError("twice", "The same action stands there twice.")
        kept.append(action)
    visit.actions = kept
    road.tx.flush()
    if [told(action) for action in kept] != old:
        note(road, visit, "actions", old, [told(action) for action in kept])


def _action(road: Filing, visit: Visit, entry: Mapping[str, Any], mine: Mapping[int, Action]) -> Action:
    text = read_text(entry.get("text"), "actions", needed=True, longest=LONGEST_ACTION) or ""
    due, state = read_day(entry.get("due"), "due"), entry.get("state") or "open"
    if state not in STATES:
        raise CorrectionError("state", f"An action is {', '.join(STATES[:-1])} or {STATES[-1]}, not {state!r}.")
    who = read_text(entry.get("assignee"), "assignee")
    doer = reps.by_sender(road.tx, who) if who else road.tx.get_one(Rep, visit.rep_id)
    if doer is None:
        raise CorrectionError("no_rep", f"{who} is nobody here.")
    if entry.get("id") is None:
        return Action(text=text, due=due, assignee_id=doer.id, state=state)
    action = mine.get(read_id(entry["id"], "actions"))
    if action is None:
        raise CorrectionError("no_action", "This action does not exist any more.")
    action.text, action.due, action.assignee_id, action.state = text, due, doer.id, state
    return action


def _one_action(road: Filing, visit: Visit, value: Value) -> None:
    """Change one action: its id, and of text, due day, assignee and state what is to be otherwise."""
    patch = read_json(value) if isinstance(value, str) else value
    if not isinstance(patch, Mapping):
        raise CorrectionError("shape", "An action needs an id.")
    which = read_id(patch.get("id"), "action")
    if which not in {action.id for action in visit.actions}:
        raise CorrectionError("no_action", "This action does not exist any more.")
    doers = dict(road.tx.execute(select(Rep.id, RepEmail.email).join(RepEmail).order_by(RepEmail.id.desc())).all())
    entries = [
        {"id": one.id, "text": one.text, "due": one.due.isoformat() if one.due else None, "state": one.state,
         "assignee": doers.get(one.assignee_id), **(patch if one.id == which else {})}
        for one in visit.actions
    ]  # fmt: skip
    _actions(road, visit, entries)


def told(action: Action) -> dict[str, Any]:
    """An action as the history keeps it."""
    due = action.due.isoformat() if action.due else None
    return {"text": action.text, "due": due, "assignee_id": action.assignee_id, "state": action.state}


def _amounts(road: Filing, visit: Visit, value: Value) -> None:
    wanted = [_money(entry) for entry in read_list(value, "amounts")]
    old = [(amount.value, amount.currency) for amount in visit.amounts]
    if wanted == old:
        return
    visit.amounts = [Amount(value=worth, currency=currency) for worth, currency in wanted]
    note(road, visit, "amounts", [_priced(one) for one in old], [_priced(one) for one in wanted])


def _money(entry: Any) -> tuple[Decimal, str]:
    if not isinstance(entry, Mapping):
        raise CorrectionError("shape", "An amount needs a value and a currency.")
    currency = str(entry.get("currency") or "EUR").upper()
    try:
        worth = Decimal(str(entry.get("value"))).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise CorrectionError("amount", f"{entry.get('value')!r} is no amount.") from error
    if not worth.is_finite() or not 0 < worth < MOST_MONEY:
        raise CorrectionError("amount", f"{entry.get('value')!r} is no amount.")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise CorrectionError("currency", f"{currency!r} is no currency such as EUR.")
    return worth, currency


def _priced(one: tuple[Decimal, str]) -> dict[str, str]:
    return {"value": f"{one[0]:.2f}", "currency": one[1]}


# ------------------------------------------------------------------------------------------------ keeping it


def _set(road: Filing, visit: Visit, field: str, new: Any) -> None:
    old = getattr(visit, field)
    if old != new:
        setattr(visit, field, new)
        note(road, visit, field, *(str(one) if isinstance(one, date | time) else one for one in (old, new)))


def _proposal(road: Filing, visit: Visit, value: Value) -> None:
    proposing.accept(road, visit, read_id(value, "proposal"))


FIELDS: dict[str, Callable[[Filing, Visit, Value], None]] = {
    "contacts": _contacts, "keywords": _keywords, "actions": _actions, "amounts": _amounts, "action": _one_action,
    "proposal": _proposal,
    "type": _key("type"), "medium": _key("medium"), "outcome": _key("outcome"), "status": _status,
    "date": _date, "starts": _starts, "ends": _ends, "city": _plain("city"), "subject": _plain("subject"),
}  # fmt: skip
"""What can be corrected beside the account, and how."""
