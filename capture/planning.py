"""Somebody works elsewhere now: whoever knows them is to get in touch, as a visit that is planned."""

from datetime import date, timedelta

from sqlalchemy import func, select

from capture.road import Filing
from letters import wording
from store import numbers
from store.tables import Account, Action, Contact, Rep, Visit, VisitContact

WITHIN = timedelta(days=7)
"""How soon to get in touch: long enough to settle in a new place, too short to be called on by others first."""


def plan_contact(road: Filing, owner: Rep, account: Account, contact: Contact) -> Visit:
    """A planned visit at the new account with one action: ``owner`` gets in touch by a day of theirs next week."""
    due = due_day(road.at.date() + WITHIN, owner.working_days)
    told = wording(owner.language).say("leaver.contact", name=contact.name, account=account.name)
    visit = Visit(
        number=numbers.next_visit_number(road.tx, due.year), capture_id=road.capture.id,
        position=_next_position(road), rep_id=road.rep.id, account_id=account.id, on=due,
        timezone=road.rep.timezone, city=account.city, status="planned", report=road.message.text, created_at=road.at,
        actions=[Action(text=told, due=due, assignee_id=owner.id)],
        contacts=[VisitContact(contact_id=contact.id)],
    )  # fmt: skip
    road.tx.add(visit)
    road.tx.flush()
    road.note("visit", visit.id, "created", new=visit.number)
    road.note("visit", visit.id, "status", new=visit.status)
    return visit


def due_day(day: date, working_days: list[int]) -> date:
    """The day, or the first one after it on which somebody works; 0 is Monday."""
    days = (day + timedelta(days=n) for n in range(7))
    return next((one for one in days if one.weekday() in working_days), day)


def _next_position(road: Filing) -> int:
    last = road.tx.scalar(select(func.max(Visit.position)).where(Visit.capture_id == road.capture.id))
    return 0 if last is None else last + 1
