"""What the API takes: nothing but what is described here, and of the types that are described."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

LARGEST_ID = 2**31 - 1
ISO_DAY = len("2026-03-02")
EARLIEST = 2000
"""The first year that a report can be of."""
LONGEST_REPORT = 40_000
"""Characters of one message, as in Slack (docs.slack.dev/reference/methods/chat.postMessage)."""
NO_NUL = r"^[^\x00]*$"
"""NUL no database takes."""


def _whole(value: Any) -> Any:
    """JSON has one kind of number: 2.0 is the integer 2 (JSON Schema 2020-12 core, 4.2.3)."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Id = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=LARGEST_ID)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=NO_NUL)]
Day = Annotated[
    str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), Field(json_schema_extra={"format": "date"}),
    AfterValidator(lambda text: date.fromisoformat(text).isoformat()),
]  # fmt: skip
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"), Field(examples=["14:30"])]


def _day(value: Any) -> date:
    day = date.fromisoformat(value) if isinstance(value, str) and len(value) == ISO_DAY else None
    if day is None:
        raise ValueError("needs to be a day as in 2026-03-02")
    return day


AskedDay = Annotated[date, BeforeValidator(_day, json_schema_input_type=date)]
"""A day as it stands in an address."""


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    if moment is None or moment.year < EARLIEST:
        raise ValueError("needs to be a moment as in 2026-03-02T17:05:00+01:00")
    return moment


Moment = Annotated[AwareDatetime, BeforeValidator(_moment, json_schema_input_type=AwareDatetime)]


class Body(BaseModel):
    """What is sent to us: nothing but what is described, and of the types that are described."""

    model_config = ConfigDict(strict=True, extra="forbid")


class ReportIn(Body):
    """What a rep has to tell, in their own words."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REPORT, pattern=NO_NUL)]
    sent_at: Moment | None = Field(None, description="When it was said; now, unless given.")


class NewMet(Body):
    """Somebody who was met and whom nobody knows yet."""

    name: Line
    role: Line | None = None
    email: Line | None = None
    phone: Line | None = None


class ActionIn(Body):
    """An action of a visit: one with an ``id`` is changed, one without is new."""

    id: Id | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=NO_NUL)]
    due: Day | None = None
    assignee: Line | None = Field(None, description="The mail address of one of us; the rep, unless given.")
    state: Literal["open", "done", "dropped"] = "open"


class MoneyIn(Body):
    """An amount that was spoken of."""

    value: Annotated[str, StringConstraints(pattern=r"^\d{1,12}(\.\d{1,2})?$")]
    currency: Annotated[str, StringConstraints(pattern="^[A-Z]{3}$")]


Extra = Annotated[
    dict[
        Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,50}$")],
        Annotated[str, StringConstraints(max_length=500, pattern=NO_NUL)] | None,
    ],
    Field(max_length=50, description="The house's own attributes, by key; null takes a value away."),
]


class VisitIn(Body):
    """What is to be otherwise about a visit; what is not named stays. Lists are given whole."""

    account_id: Id | None = None
    new_account: Line | None = Field(None, description="The name of an account that nobody knows yet.")
    contacts: Annotated[list[Id | NewMet], Field(max_length=50)] | None = None
    on: Day | None = None
    starts: Clock | None = None
    ends: Clock | None = None
    type: Line | None = None
    medium: Line | None = None
    outcome: Line | None = None
    status: Literal["held", "missed", "cancelled"] | None = None
    keywords: Annotated[list[Line], Field(max_length=50)] | None = None
    amounts: Annotated[list[MoneyIn], Field(max_length=50)] | None = None
    actions: Annotated[list[ActionIn], Field(max_length=50)] | None = None
    subject: Line | None = None
    city: Line | None = None
    extra: Extra | None = None


class ActionChange(Body):
    """What is to become of an action: a state, or another day."""

    state: Literal["done", "dropped"] | None = None
    due: Day | None = None


class EmploymentIn(Body):
    """Where somebody works, or worked until a day."""

    account_id: Id
    role: Line | None = None
    until: Day | None = None


Email = Annotated[str, StringConstraints(max_length=320, pattern=r"^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")]
Phone = Annotated[str, StringConstraints(min_length=3, max_length=40, pattern=r"^[0-9+()/. -]+$")]
Emails = Annotated[list[Email], Field(max_length=20)]
Phones = Annotated[list[Phone], Field(max_length=20)]
Language = Literal["nl", "de", "fi", "en"]


class ContactIn(Body):
    """A person at a customer."""

    name: Line
    language: Language | None = None
    emails: Emails = Field(default_factory=list)
    phones: Phones = Field(default_factory=list)
    employments: Annotated[list[EmploymentIn], Field(max_length=20)] = Field(default_factory=list)
    extra: Extra | None = None


class ContactChange(Body):
    """What is to be otherwise about a person; what is not named stays. Lists are given whole."""

    name: Line | None = None
    language: Language | None = None
    emails: Emails | None = None
    phones: Phones | None = None
    employments: Annotated[list[EmploymentIn], Field(max_length=20)] | None = None
    extra: Extra | None = None
