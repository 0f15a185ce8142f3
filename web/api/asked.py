"""What may be asked of each list: the parameters of its address. One that is not described is refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from store.filters import PARAMETERS, VisitFilter
from store.sight import Sight
from web.api.cursors import LONGEST
from web.api.taken import NO_NUL, AskedDay, Id

Part = Annotated[str, StringConstraints(max_length=200, pattern=NO_NUL)]


class Window(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str, StringConstraints(max_length=LONGEST)] = Field(
        "", description="Where to go on: `next` of the window before."
    )
    limit: Annotated[int, Field(ge=1, le=200)] = Field(50, description="How many at most.")


class Visits(Window):
    """Which visits; days are inclusive."""

    model_config = ConfigDict(populate_by_name=True)

    q: Part | None = Field(None, description="What is looked for, as in the search of the page of visits.")
    rep: Id | None = Field(None, description="Whose.")
    by: Part | None = Field(None, description="Part of the name of whoever visited.")
    team: Part | None = None
    manager: Id | None = Field(None, description="Of this person and whoever reports to them.")
    account: Part | None = Field(None, description="Part of the account's name, or of another name of it.")
    account_id: Id | None = None
    contact_id: Id | None = None
    type: Part | None = None
    medium: Part | None = None
    outcome: Part | None = None
    status: Literal["planned", "held", "missed", "cancelled"] | None = None
    keyword: Part | None = None
    grade: Part | None = Field(None, alias="class", description="The account's class, A to E.")
    region: Part | None = None
    since: AskedDay | None = None
    until: AskedDay | None = None
    open: Literal["yes"] | None = Field(None, description="`yes`: only those whose account nobody knows yet.")

    first: Literal["yes"] | None = Field(None, description="`yes`: only the first that was held at its account.")
    new_account: Literal["yes"] | None = Field(
        None, description="`yes`: only the first at an account that a report made known."
    )
    complete: Literal["yes", "no"] | None = Field(None, description="Whether it tells the minimum that it should.")

    unfinished: Literal["yes"] | None = Field(
        None, description="`yes`: only those that lack what the house's handbook wants told."
    )

    def filter(self, sight: Sight | None) -> VisitFilter:
        """The filter that pages and exports have too."""
        given = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return VisitFilter.read({name: str(given[name]) for name in PARAMETERS.values() if name in given}, sight)


class Accounts(Window):
    """Which accounts."""

    q: Part | None = Field(None, description="Part of a name, or of another name.")
    owner: Id | None = None


class Contacts(Window):
    """Which contacts."""

    q: Part | None = Field(None, description="Part of a name or of a mail address.")
    account_id: Id | None = None


class Actions(Window):
    """Which actions."""

    state: Literal["open", "done", "dropped"] | None = None
    assignee: Id | None = Field(None, description="Who has to do it.")
    due_until: AskedDay | None = None
