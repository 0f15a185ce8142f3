"""What the API shows of each thing."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

from store.tables import Account, Contact, Rep
from store.windows import Promise, WholeVisit

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """Part of a list."""

    items: list[T]
    next: str | None = Field(description="Give it as `cursor` for what follows; null at the end.")


class Met(BaseModel):
    """Who was met. The name is told to tokens that may read contacts."""

    id: int
    name: str | None


class Money(BaseModel):
    """An amount that was spoken of."""

    value: str = Field(examples=["1250.00"])
    currency: str = Field(description="ISO 4217.")


class ActionOut(BaseModel):
    """What somebody promised."""

    id: int
    visit_id: int
    text: str
    due: date | None
    assignee_id: int
    state: str = Field(description="`open`, `done` or `dropped`.")


class VisitOut(BaseModel):
    """A visit as it is filed."""

    id: int
    number: str
    message_id: int = Field(description="The message that reported it.")
    rep_id: int
    rep: str
    account_id: int | None = Field(description="Null while the rep is asked which one is meant.")
    account: str | None
    candidates: list[int] = Field(description="The accounts that fit, while the rep is asked.")
    on: date
    starts: time | None
    ends: time | None
    timezone: str
    type: str | None
    medium: str | None
    outcome: str | None
    status: str
    subject: str | None
    street: str | None
    postcode: str | None
    city: str | None
    report: str
    contacts: list[Met]
    keywords: list[str]
    amounts: list[Money]
    actions: list[ActionOut]
    created_at: datetime
    withdrawn_at: datetime | None
    extra: dict[str, str] = Field(
        description="The house's own attributes, by key; those that nobody told are left out."
    )

    @classmethod
    def of(cls, found: WholeVisit, report: str, *, named: bool) -> "VisitOut":
        """The visit with the report that the caller may read; ``named``: with the names of who was met."""
        visit = found.visit
        plain = (
            "id", "number", "rep_id", "account_id", "on", "starts", "ends", "timezone", "type", "medium", "outcome",
            "status", "subject", "street", "postcode", "city", "created_at", "withdrawn_at",
        )  # fmt: skip
        people = [(line.contact_id, found.people.get(line.contact_id)) for line in visit.contacts]
        return cls(
            **{name: getattr(visit, name) for name in plain},
            message_id=visit.capture_id, rep=found.rep, account=found.account, candidates=list(visit.candidates),
            report=report, contacts=[Met(id=one, name=name if named else None) for one, name in people],
            keywords=[line.term for line in visit.keywords],
            amounts=[Money(value=f"{one.value:.2f}", currency=one.currency) for one in visit.amounts],
            actions=[_action(one, visit.id) for one in visit.actions], extra=_extra(visit.extra),
        )  # fmt: skip


def _extra(kept: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in kept.items()}


class PromiseOut(ActionOut):
    """An action in the list of actions."""

    assignee: str
    account_id: int | None

    @classmethod
    def of(cls, found: Promise) -> "PromiseOut":
        """The action with where it was promised."""
        about = _action(found.action, found.visit.id).model_dump()
        return cls(**about, assignee=found.doer, account_id=found.visit.account_id)


class MessageOut(BaseModel):
    """A message that was taken in, and what became of it."""

    id: int
    via: str
    sent_at: datetime
    taken_at: datetime
    state: str = Field(
        description="`taken` (not read yet), `filed`, `asked` (a visit waits for its account), `answer`, `nothing` "
        "(no visit), `failed`, `withdrawn`."
    )
    language: str | None
    visit_ids: list[int]
    answer: str | None = Field(description="What Debrief said to it, once it did.")


class AccountOut(BaseModel):
    """A customer, or who may become one."""

    id: int
    external_id: str | None
    name: str
    aliases: list[str]
    street: str | None
    postcode: str | None
    city: str | None
    country: str | None
    region: str | None
    industry: str | None
    grade: str | None = Field(description="The house's class of customer, A to E.")
    status: str = Field(description="`customer` or `prospect`.")
    owner_id: int | None
    retired: bool
    extra: dict[str, str] = Field(
        description="The house's own attributes, by key; those that nobody told are left out."
    )

    @classmethod
    def of(cls, account: Account) -> "AccountOut":
        """The account with its other names."""
        plain = (
            "id", "external_id", "name", "street", "postcode", "city", "country", "region", "industry", "grade",
            "status", "owner_id",
        )  # fmt: skip
        aliases = [one.alias for one in account.aliases]
        values = {name: getattr(account, name) for name in plain}
        retired = account.retired_at is not None
        return cls(**values, aliases=aliases, retired=retired, extra=_extra(account.extra))


class EmploymentOut(BaseModel):
    """That somebody works, or worked, at an account."""

    account_id: int
    role: str | None
    since: date | None
    until: date | None = Field(description="Set once they left.")
    stale_since: date | None = Field(description="Set while they seem gone.")
    successor_id: int | None


class ContactOut(BaseModel):
    """A person at a customer."""

    id: int
    external_id: str | None
    name: str
    language: str | None
    emails: list[str]
    phones: list[str]
    employments: list[EmploymentOut]
    retired: bool
    extra: dict[str, str] = Field(
        description="The house's own attributes, by key; those that nobody told are left out."
    )

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        """The person with addresses, numbers and where they work."""
        jobs = [EmploymentOut.model_validate(job, from_attributes=True) for job in contact.employments]
        return cls(
            id=contact.id, external_id=contact.external_id, name=contact.name, language=contact.language,
            emails=[one.email for one in contact.emails], phones=[one.phone for one in contact.phones],
            employments=jobs, retired=contact.retired_at is not None, extra=_extra(contact.extra),
        )  # fmt: skip


class RepOut(BaseModel):
    """One of us."""

    id: int
    name: str
    email: str
    role: str
    team: str | None
    manager_id: int | None
    language: str
    timezone: str
    active: bool

    @classmethod
    def of(cls, rep: Rep) -> "RepOut":
        """One of us, by the first of their addresses."""
        return cls.model_validate(rep, from_attributes=True)


class MeOut(BaseModel):
    """Who a token acts as, and how far."""

    rep: RepOut
    scopes: list[str]


class KindOut(BaseModel):
    """A value that a visit may have, of the house's own choosing."""

    family: str = Field(description="`type`, `medium`, `outcome` or `status`.")
    key: str
    labels: Mapping[str, str] = Field(description="Language to label.")
    active: bool


class ProgressOut(BaseModel):
    """Where somebody stands in the running period."""

    rep_id: int
    name: str
    team: str | None
    done: int
    target: int | None
    period: str
    working_days_left: int
    pace: str | None = Field(
        description="`reached`, `ahead`, `on_track`, `behind` or `at_risk`; null without a target."
    )


class Hit(BaseModel):
    """Something that was found."""

    kind: Literal["visit", "account", "contact"]
    id: int
    title: str
    detail: str | None


class ChangeOut(BaseModel):
    """That something is not as it was. Read it to see how it is now."""

    record: Literal["visit", "account", "contact"]
    id: int
    fields: list[str]
    at: datetime


class Changes(BaseModel):
    """What changed since a moment."""

    items: list[ChangeOut]
    next: str = Field(description="Give it as `since` the next time.")
    more: bool = Field(description="Whether there is more to be had at once.")


def _action(action: Any, visit_id: int) -> ActionOut:
    return ActionOut(
        id=action.id, visit_id=visit_id, text=action.text, due=action.due, assignee_id=action.assignee_id,
        state=action.state,
    )  # fmt: skip
