"""The fields in which a visit is edited: what they show, and what is wanted where they were changed."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from capture.attributes import MARK
from capture.fixing import FixError
from capture.values import CorrectionError, Value
from letters.model import ActionField, ExtraField, FixForm
from parsing.model import Crm, KnownAccount, KnownContact
from parsing.searching import find_accounts, find_contacts
from parsing.typed import read_people, read_sums, read_terms
from web.fields import Field

PLAIN = ("date", "starts", "ends", "type", "medium", "outcome", "status", "subject", "city")
PARTS = {"text": "text", "due": "due", "who": "assignee", "state": "state"}
"""Parts of an action in the form, and what they are called in a correction."""
STATES = (("open", "open"), ("done", "done"), ("dropped", "dropped"))
OFFERED = 20
"""Customers of whom one is chosen."""
NEW = "new"


def fields_of(form: FixForm, people: Sequence[tuple[str, str]]) -> list[Field]:
    """The fields; ``people`` are those who can be given something to do, by address and name."""
    account = _one_line(form.account.label) if form.account else ""
    return [
        Field("account", "Customer, as far as you know the name", account),
        *(Field(f"contact-{one.value}", f"{one.label} was there", "yes", kind="checkbox") for one in form.contacts),
        Field("new_contact", "Who else was there, one a line", "", lines=2),
        Field("date", "Day", form.on.isoformat(), kind="date"),
        Field("starts", "From", f"{form.starts:%H:%M}" if form.starts else "", kind="time"),
        Field("ends", "Until", f"{form.ends:%H:%M}" if form.ends else "", kind="time"),
        *(_kind(form, family) for family in ("type", "medium", "outcome", "status")),
        Field("subject", "Subject", _one_line(form.subject or "")),
        Field("city", "Town", _one_line(form.city or "")),
        Field("keywords", "Keywords, one a line", "\n".join(form.keywords), lines=3),
        Field("amounts", "Amounts, one a line", "\n".join(f"{one:f} {unit}" for one, unit in form.amounts), lines=2),
        *(_of_house(one) for one in form.extra),
        *(field for action in form.actions for field in _action(str(action.id), action, people)),
        *_action(NEW, ActionField(), [("", "the rep"), *people])[:3],
    ]  # fmt: skip


def _of_house(one: ExtraField) -> Field:
    options = [("", "not told"), *((each.value, each.label) for each in one.choices)] if one.kind == "choice" else []
    return Field(one.field, one.label, one.value, options, kind="date" if one.kind == "date" else "text")


def marks_of(fields: Sequence[Field]) -> str:
    """What the fields show, so short that it can be sent along with them."""
    return json.dumps({field.name: _mark(field.value) for field in fields})


def changed(typed: Mapping[str, str], names: Sequence[str]) -> set[str]:
    """Those fields that were sent otherwise than they had been shown."""
    try:
        marks = json.loads(typed.get("marks", ""))
    except (ValueError, RecursionError):
        marks = None  # not our form: then everything is as if it were new
    shown = marks if isinstance(marks, dict) else {}
    fields = {*names, *shown} - {"seen", "marks"}
    return {name for name in fields if _mark(typed.get(name, "")) != shown.get(name, _mark(""))}


def family_of(name: str) -> str:
    """The part of the visit that a field of the form belongs to, as `capture.fixing.ORDER` names it."""
    if name.startswith(MARK):
        return name
    head = name.partition("-")[0]
    return {"contact": "contacts", "new_contact": "contacts", "action": "actions", "account_id": "account"}.get(
        head, name
    )


def wanted_of(typed: Mapping[str, str], form: FixForm, crm: Crm, rep: str) -> dict[str, Value]:
    """What is to be otherwise, as `Assistant.edit` takes it. Raises `FixError`, field by field.

    ``rep`` is the address of the visit's rep, whose own customers are looked at first.
    """
    moved = changed(typed, list(typed))
    plain = (*PLAIN, *(one.field for one in form.extra))
    wanted: dict[str, Value] = {name: typed.get(name) or None for name in plain if name in moved}
    errors: dict[str, CorrectionError] = {}
    families = {family_of(name) for name in moved}
    account = form.account.value if form.account else None

    def take(family: str, read: Callable[[], Value]) -> None:
        if family in families:
            try:
                wanted[family] = read()
            except CorrectionError as error:
                errors[family] = error

    take("account", lambda: _account(typed, crm, rep))
    there = wanted.get("account", account)
    take("contacts", lambda: _contacts(typed, crm, there if isinstance(there, str) else None))
    take("keywords", lambda: read_terms(typed.get("keywords", "")))
    take("amounts", lambda: _amounts(typed.get("amounts", "")))
    take("actions", lambda: _actions(typed, moved))
    if errors:
        raise FixError(errors)
    return wanted


def choices(typed: Mapping[str, str], crm: Crm, rep: str) -> Field:
    """The customers that may be meant by what was typed, to choose one of them, or a new one."""
    said = _one_line(typed.get("account", ""))
    found = find_accounts(crm, said, rep, OFFERED) if said else []
    options = [("", "choose"), *((f"{one.id}:{_mark(said)}", _label(one)) for one in found)]
    return Field("account_id", "Which customer", "", [*options, (f"{NEW}:{_mark(said)}", f"new: {said}")])


def _kind(form: FixForm, family: str) -> Field:
    value = str(getattr(form, family) or "")
    options = [(one.value, one.label) for one in form.kinds.get(family, ())]
    if family != "status":
        options.insert(0, ("", "not told"))
    if value not in dict(options):  # what is no longer offered stays where it stands
        options.append((value, value))
    return Field(family, family.capitalize(), value, options)


def _action(which: str, action: ActionField, people: Sequence[tuple[str, str]]) -> list[Field]:
    said = f"“{action.text[:40]}”" if which != NEW else "what is new to do"
    known = people if action.assignee in dict(people) else [(action.assignee, action.who), *people]
    return [
        Field(f"action-{which}-text", "To do" if which != NEW else "New to do", _one_line(action.text)),
        Field(f"action-{which}-due", f"By when: {said}", action.due.isoformat() if action.due else "", kind="date"),
        Field(f"action-{which}-who", f"Who: {said}", action.assignee, known),
        Field(f"action-{which}-state", f"How it stands: {said}", action.state, STATES),
    ]


def _account(typed: Mapping[str, str], crm: Crm, rep: str) -> Value:
    said = _one_line(typed.get("account", ""))
    if not said:
        raise CorrectionError("empty", "Which customer it was is needed.")
    choice, _, of = typed.get("account_id", "").partition(":")
    if choice and of == _mark(said):
        return {"name": said} if choice == NEW else choice
    named = [one for one in find_accounts(crm, said, rep, OFFERED) if said.casefold() in _names(one)]
    if len(named) != 1:
        raise CorrectionError("which", "Choose below which customer is meant.")
    return named[0].id


def _names(one: KnownAccount) -> set[str]:
    return {name.casefold() for name in (one.name, _label(one), *one.aliases)}


def _label(one: KnownAccount) -> str:
    return f"{one.name}, {one.city}" if one.city else one.name


def _contacts(typed: Mapping[str, str], crm: Crm, account: str | None) -> list[Any]:
    kept: list[Any] = [found[1] for name in typed if (found := re.fullmatch(r"contact-(\d{1,9})", name, re.ASCII))]
    for mention in read_people(typed.get("new_contact", "")):
        known = _there(crm, mention.name or "", account)
        told = {"name": mention.name, "role": mention.role, "email": mention.email, "phone": mention.phone}
        kept.append(known or {name: value for name, value in told.items() if value})
    return kept


def _there(crm: Crm, name: str, account: str | None) -> str | None:
    """Who of the customer's people is meant; None where it is somebody new."""
    found = [one for one in find_contacts(crm, name, account, OFFERED) if account in one.accounts]
    exact: list[KnownContact] = [one for one in found if one.name.casefold() == name.casefold()]
    if len(exact or found) > 1:
        raise CorrectionError("which", f"Which one is meant: {', '.join(one.name for one in exact or found)}?")
    return (exact or found)[0].id if found else None


def _amounts(text: str) -> Value:
    sums = read_sums(text, "en")
    if sums is None:
        raise CorrectionError("amount", "Each line needs a sum such as 1200.50 EUR.")
    return [{"value": f"{one.value:.2f}", "currency": one.currency} for one in sums]


def _actions(typed: Mapping[str, str], moved: set[str]) -> Value:
    patches: dict[str, dict[str, str | None]] = {}
    for which, part in _parts(moved):
        patches.setdefault(which, {})[PARTS[part]] = typed.get(f"action-{which}-{part}") or None
    new = patches.pop(NEW, {})
    return {"patch": patches, "add": [new] if new else []}


def _parts(names: set[str]) -> Iterator[tuple[str, str]]:
    for name in sorted(names):
        found = re.fullmatch(r"action-(\d{1,9}|new)-(text|due|who|state)", name, re.ASCII)
        if found:
            yield found[1], found[2]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _mark(value: str) -> str:
    """The value in a few letters. Browsers send other line ends than they are given, and none in a single line."""
    return sha256("\n".join(map(_one_line, value.strip().splitlines())).encode()).hexdigest()[:12]
