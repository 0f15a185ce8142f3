"""Keeping what an amendment changes of a visit, and taking it back."""

from typing import Any

from capture import corrections
from capture.filing import Filing
from capture.fixing import values_of
from capture.values import Value
from parsing.amending import Amendment
from parsing.model import Money, VisitMention
from parsing.text import tokens
from store.db import Tx
from store.tables import Contact, Visit


def amend(road: Filing, visit: Visit, amendment: Amendment, mention: VisitMention | None) -> None:
    """Have the visit changed as the amendment says. Raises `CorrectionError`."""
    for what, value in _corrections(road.tx, visit, amendment):
        corrections.correct(road, visit, what, value, mention)


def _corrections(tx: Tx, visit: Visit, amendment: Amendment) -> list[tuple[str, Value]]:
    """The amendment as corrections, in the order in which each makes sense."""
    if amendment.undo or amendment.is_new:
        return [("undo" if amendment.undo else "is_new", None)]
    now = values_of(tx, visit)
    told: list[tuple[str, Value]] = []
    if amendment.account is not None:
        account = amendment.account
        told.append(("account", account.id) if account.id else ("new_account", account.name))
    if amendment.come or amendment.gone:
        told.append(("contacts", _people(tx, visit, amendment)))
    if amendment.on is not None:
        told.append(("date", amendment.on.isoformat()))
    if amendment.starts is not None and amendment.ends is None and visit.ends and visit.ends <= amendment.starts:
        told.append(("ends", None))
    times = [("starts", amendment.starts), ("ends", amendment.ends)]
    if amendment.starts and visit.ends and amendment.starts >= visit.ends:
        times.reverse()
    told += [(what, f"{moment:%H:%M}") for what, moment in times if moment is not None]
    told += [
        (what, key) for what in ("type", "medium", "outcome", "status") if (key := getattr(amendment, what)) is not None
    ]
    if amendment.amounts:
        told.append(("amounts", _sums(visit, amendment)))
    if amendment.actions:
        new = [
            {"text": one.text, "due": one.due.isoformat() if one.due else None, "assignee": one.assignee}
            for one in amendment.actions
        ]
        told.append(("actions", [*_list(now["actions"]), *new]))
    if amendment.keywords:
        told.append(("keywords", [*_list(now["keywords"]), *amendment.keywords]))
    return told


def _list(value: Value) -> list[Any]:
    return list(value) if isinstance(value, list) else []


def _people(tx: Tx, visit: Visit, amendment: Amendment) -> list[Any]:
    """Who was there: those of now without who was not, and with who was too."""
    now = [line.contact_id for line in visit.contacts]
    names = {one: {token.key for token in tokens(tx.get_one(Contact, one).name)} for one in now}

    def same(contact: int, who: Any) -> bool:
        return str(contact) == who.id if who.id else {token.key for token in tokens(who.name or "")} <= names[contact]

    kept = [one for one in now if not any(same(one, who) for who in amendment.gone)]
    if amendment.instead and not amendment.gone and len(now) == 1:
        kept = [one for one in kept if any(same(one, who) for who in amendment.come)]
    come = [who for who in amendment.come if not any(same(one, who) for one in kept)]
    new = [who.id or who for who in come]
    return [*kept, *new]


def _sums(visit: Visit, amendment: Amendment) -> list[dict[str, str]]:
    """The sums: beside those of now, or the nearest of these instead."""
    sums = [Money(value=one.value, currency=one.currency) for one in visit.amounts]
    for new in amendment.amounts:
        if sums and not amendment.more:
            sums.remove(min(sums, key=lambda one: abs((one.value / new.value).ln()) if new.value else one.value))
        sums.append(new)
    return [{"value": f"{one.value:.2f}", "currency": one.currency} for one in sums]


def restore(road: Filing, visit: Visit, field: str, old: Any, new: Any) -> None:
    """Let a field be as it was before a change, unless it is not any more what the change made of it."""
    now = values_of(road.tx, visit)
    what = {"account_id": "account", "on": "date"}.get(field, field)
    if what not in now or _as_now(field, new, now[what]) != now[what]:
        return
    value = _as_now(field, old, now[what])
    if what == "account" and value is None:
        return  # a question that was answered is not asked again
    corrections.correct(road, visit, what, value, None)


def _as_now(field: str, kept: Any, now: Value) -> Any:
    """A value of the history as corrections take it."""
    if field in {"starts", "ends"}:
        return kept[:5] if kept else None
    if field == "account_id":
        return str(kept) if kept is not None else None
    if field == "contacts":
        return [str(one["id"]) for one in kept]
    if field == "actions":
        known = {(one["text"], one["due"]): one for one in _list(now)}
        return [known.get((one["text"], one["due"]), {k: one[k] for k in ("text", "due", "state")}) for one in kept]
    return kept
