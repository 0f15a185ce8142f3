"""What a visit is worth: whether it was the first, whether it made an account known, whether it tells the minimum."""

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from store.tables import Action, Change, Contact, ContactEmail, ContactPhone, Visit, VisitContact, VisitKeyword

MINIMUM = ("names", "contact_data", "subject", "result")
"""What a report is to tell at least, besides its day, which each one has."""


def is_first() -> ColumnElement[bool]:
    """Visits before which nobody had held one at the same account."""
    earlier = aliased(Visit)
    sooner = (earlier.on < Visit.on) | ((earlier.on == Visit.on) & (earlier.id < Visit.id))
    other = select(earlier.id).where(
        earlier.account_id == Visit.account_id, earlier.status == "held", earlier.withdrawn_at.is_(None), sooner
    )
    return Visit.account_id.is_not(None) & (Visit.status == "held") & ~exists(other)


def is_of_new_account() -> ColumnElement[bool]:
    """First visits to an account that a report made known, and no import."""
    made = select(Change.id).where(
        Change.record == "account", Change.record_id == Visit.account_id, Change.field == "created",
        Change.by.startswith("message:"),
    )  # fmt: skip
    return is_first() & exists(made)


def tells() -> dict[str, ColumnElement[bool]]:
    """For each of `MINIMUM` the visits that tell it.

    Who was met by first name and surname; a mail address or a number of one of them; what it was about; and what came
    of it, or what is to be done.
    """
    met = select(VisitContact.contact_id).where(VisitContact.visit_id == Visit.id)
    named = met.join(Contact, Contact.id == VisitContact.contact_id).where(Contact.name.contains(" "))
    mail = met.join(ContactEmail, ContactEmail.contact_id == VisitContact.contact_id)
    phone = met.join(ContactPhone, ContactPhone.contact_id == VisitContact.contact_id)
    term = select(VisitKeyword.term).where(VisitKeyword.visit_id == Visit.id)
    promised = select(Action.id).where(Action.visit_id == Visit.id)
    return {
        "names": exists(named),
        "contact_data": or_(exists(mail), exists(phone)),
        "subject": or_(Visit.subject.is_not(None), Visit.type.is_not(None), exists(term)),
        "result": or_(Visit.outcome.is_not(None), exists(promised)),
    }


def is_complete() -> ColumnElement[bool]:
    """Visits that tell all of the minimum."""
    return and_(*tells().values())
