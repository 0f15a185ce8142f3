"""The rules of the house's handbook, and which visits lack what these want to be told."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select

from store.db import Tx
from store.search import ByDatabase
from store.tables import Account, Action, Amount, HouseAttribute, HouseRule, Visit, VisitContact, VisitKeyword


def rules(tx: Tx, *, active: bool = True) -> Sequence[HouseRule]:
    """The rules in the order in which they were made; those that hold no more too, where ``active`` is not asked."""
    wanted = select(HouseRule).order_by(HouseRule.id)
    return tx.scalars(wanted.where(HouseRule.active) if active else wanted).all()


def lacking() -> dict[str, ColumnElement[bool]]:
    """Of each field of a visit that may be mandatory the visits without it."""
    rows = {
        "contacts": VisitContact.visit_id, "keywords": VisitKeyword.visit_id, "amounts": Amount.visit_id,
        "actions": Action.visit_id,
    }  # fmt: skip
    columns = {
        "starts": Visit.starts, "ends": Visit.ends, "type": Visit.type, "medium": Visit.medium,
        "outcome": Visit.outcome, "subject": Visit.subject, "city": Visit.city,
    }  # fmt: skip
    found: dict[str, ColumnElement[bool]] = {name: ~exists().where(of == Visit.id) for name, of in rows.items()}
    return {**found, **{name: column.is_(None) for name, column in columns.items()}}


def is_unfinished() -> ColumnElement[bool]:
    """Visits that were held and lack what a rule wants told of them; they are joined with their accounts."""
    term = select(VisitKeyword.term).where(VisitKeyword.visit_id == Visit.id)
    holds = or_(
        HouseRule.when == "",
        HouseRule.when == "type:" + Visit.type,
        HouseRule.when == "medium:" + Visit.medium,
        HouseRule.when == "outcome:" + Visit.outcome,
        HouseRule.when == "class:" + Account.grade,
        exists(term.where(HouseRule.when == "keyword:" + VisitKeyword.term)),
    )
    asked = (HouseRule.active, HouseRule.about == "mandatory", HouseRule.record == "visit", holds)
    lacks = [
        and_(empty, exists(select(HouseRule.id).where(HouseRule.field == name, *asked).correlate(Visit, Account)))
        for name, empty in lacking().items()
    ]
    of_own = exists(select(HouseRule.id).where(_lacks_own(), *asked).correlate(Visit, Account))
    return and_(Visit.status == "held", or_(*lacks, of_own))


def _lacks_own() -> ColumnElement[bool]:
    """Rules about an attribute of the house's own that the visit does not have."""
    key = func.substr(HouseRule.field, 3)
    path = literal('$."') + key + literal('"')
    untold = ByDatabase(
        func.json_extract(Visit.extra, path).is_(None), func.json_extract_path_text(Visit.extra, key).is_(None)
    )
    used = select(HouseAttribute.id).where(
        HouseAttribute.record == "visit", HouseAttribute.active, HouseAttribute.key == key
    )
    return and_(HouseRule.field.startswith("x-"), exists(used.correlate(HouseRule)), untold)
