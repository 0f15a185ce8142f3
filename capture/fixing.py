"""A form with every field of a visit: what it shows, and what becomes of what is sent with it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from capture import corrections
from capture.attributes import field_of, label_of
from capture.filing import Filing
from capture.handbook import Handbook, quote
from capture.values import CorrectionError, Value
from letters.model import ActionField, Choice, ExtraField, FixForm
from parsing.model import VisitMention
from store import attributes, changes, kinds
from store.db import Tx
from store.tables import Account, Contact, Rep, Visit

COLUMNS = {"account": "account_id", "date": "on"}
"""Fields of the form that the history calls otherwise."""
ORDER = (
    "account", "contacts", "date", "starts", "ends", "type", "medium", "outcome", "status", "keywords", "amounts",
    "actions", "subject", "city",
)  # fmt: skip
"""The fields of the form, in the order in which they are corrected: who was met is read at the account."""


class FixError(Exception):
    """A form cannot be kept: nothing of it was. ``errors`` says why, field by field."""

    def __init__(self, errors: Mapping[str, CorrectionError]) -> None:
        super().__init__(", ".join(errors))
        self.errors = dict(errors)


class MeanwhileError(Exception):
    """Fields of a form were changed by somebody else since it was opened; nothing of the form was kept."""

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = tuple(fields)


def version_of(tx: Tx, visit: Visit) -> int:
    """The visit's version: it rises with every change."""
    return changes.of(tx, "visit", visit.id)[-1].id


def form_of(tx: Tx, visit: Visit, language: str, meanwhile: Iterable[str] = ()) -> FixForm:
    """The form, as the visit is now."""
    account = tx.get(Account, visit.account_id) if visit.account_id else None
    people = [tx.get_one(Contact, line.contact_id) for line in visit.contacts]
    chosen = {"type": visit.type, "medium": visit.medium, "outcome": visit.outcome, "status": visit.status}
    offered = kinds.offered(tx, language, chosen)
    offered["status"] = [one for one in offered["status"] if one[0] in corrections.HAPPENED]
    return FixForm(
        id=visit.id,
        number=visit.number,
        seen=version_of(tx, visit),
        account=Choice(label=account.name, value=str(account.id)) if account else None,
        contacts=tuple(Choice(label=one.name, value=str(one.id)) for one in people),
        on=visit.on,
        starts=visit.starts,
        ends=visit.ends,
        type=visit.type,
        medium=visit.medium,
        outcome=visit.outcome,
        status=visit.status,
        kinds={
            family: tuple(Choice(label=label, value=key) for key, label in values) for family, values in offered.items()
        },
        keywords=tuple(line.term for line in visit.keywords),
        amounts=tuple((amount.value, amount.currency) for amount in visit.amounts),
        actions=tuple(_field(tx, action) for action in visit.actions),
        subject=visit.subject,
        city=visit.city,
        extra=tuple(_extra(tx, visit, language)),
        lacks=Handbook.read(tx).of_visit(visit, account, language),
        meanwhile=tuple(meanwhile),
    )


def _extra(tx: Tx, visit: Visit, language: str) -> Iterator[ExtraField]:
    for one in attributes.of(tx, "visit"):
        kept = str(visit.extra.get(one.key) or "")
        # A choice that is offered no more stays to be seen.
        choices = dict.fromkeys([*map(str, one.choices), *([kept] if kept and one.choices else [])])
        yield ExtraField(
            field=field_of(one), label=label_of(one, language), kind=one.kind, value=kept,
            choices=tuple(Choice(label=each, value=each) for each in choices),
        )  # fmt: skip


def _field(tx: Tx, action: Any) -> ActionField:
    doer = tx.get_one(Rep, action.assignee_id)
    return ActionField(
        id=action.id, text=action.text, due=action.due, assignee=doer.email, who=doer.name, state=action.state
    )


def values_of(tx: Tx, visit: Visit) -> dict[str, Value]:
    """Every field of the visit as `Assistant.fix` takes it: what is equal needs no correction."""
    return {
        "account": str(visit.account_id) if visit.account_id else None,
        "contacts": [str(line.contact_id) for line in visit.contacts],
        "date": visit.on.isoformat(),
        "starts": f"{visit.starts:%H:%M}" if visit.starts else None,
        "ends": f"{visit.ends:%H:%M}" if visit.ends else None,
        "type": visit.type,
        "medium": visit.medium,
        "outcome": visit.outcome,
        "status": visit.status,
        "keywords": [line.term for line in visit.keywords],
        "amounts": [{"value": f"{one.value:.2f}", "currency": one.currency} for one in visit.amounts],
        "actions": [
            {
                "id": str(one.id), "text": one.text, "due": one.due.isoformat() if one.due else None,
                "assignee": tx.get_one(Rep, one.assignee_id).email, "state": one.state,
            }
            for one in visit.actions
        ],
        "subject": visit.subject,
        "city": visit.city,
        **{field_of(one): visit.extra.get(one.key) for one in attributes.of(tx, "visit")},
    }  # fmt: skip


def fix(
    road: Filing, visit: Visit, wanted: Mapping[str, Value], seen: int, mention: VisitMention | None, *, language: str
) -> bool:
    """Let every field of ``wanted`` be so; whether that changed anything. ``language`` is that of whoever does it.

    Raises `MeanwhileError` where one of them was changed after the version ``seen``, and `FixError` where one makes
    no sense; the transaction is to be given up then.
    """
    now = values_of(road.tx, visit)
    wanted = {field: _whole(value, now[field]) if field == "actions" else value for field, value in wanted.items()}
    other = {field: value for field, value in wanted.items() if field not in now or now[field] != value}
    since = {change.field for change in changes.of(road.tx, "visit", visit.id) if change.id > seen}
    meanwhile = [
        field
        for field in (*ORDER, *(other.keys() - set(ORDER)))
        if field in other and COLUMNS.get(field, field) in since
    ]
    if meanwhile:
        raise MeanwhileError(meanwhile)
    errors: dict[str, CorrectionError] = {}
    for field in _in_order(visit, other):
        _attempt(errors, field, partial(corrections.correct, road, visit, field, other[field], mention))
    if errors:
        for field, one in errors.items():
            quote(road.tx, one, field, language)
        raise FixError(errors)
    return bool(other)


def _whole(value: Value, now: Value) -> Value:
    """The list of actions that ``{"patch": {id: …}, "add": […]}`` makes of that of now."""
    if not isinstance(value, Mapping) or not isinstance(now, list):
        return value
    patch = value.get("patch") or {}
    return [*({**one, **patch.get(one["id"], {})} for one in now), *(value.get("add") or ())]


def _in_order(visit: Visit, wanted: Mapping[str, Value]) -> list[str]:
    """The fields in the order that lets both times move: never is the end before the start meanwhile."""
    order = [field for field in (*ORDER, *(wanted.keys() - set(ORDER))) if field in wanted]
    later = {"starts", "ends"} <= wanted.keys() and visit.ends and str(wanted["starts"]) >= f"{visit.ends:%H:%M}"
    if later:
        first, second = order.index("starts"), order.index("ends")
        order[first], order[second] = order[second], order[first]
    return order


def _attempt(errors: dict[str, CorrectionError], field: str, correct: Callable[[], None]) -> None:
    try:
        correct()
    except CorrectionError as error:
        errors[field] = error
