"""The types of understanding: what was said, what names mean, what was understood.

Everything here is frozen data without behaviour beyond small questions about itself. ``parse(message, crm)``
takes a `Message` and a `Crm` and returns an `Extraction`; it reads no clock, network, database or setting.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, TypeVar

LANGUAGES = ("nl", "de", "fi", "en")

T = TypeVar("T")

# ---------------------------------------------------------------------------------------------- what was said


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A mail address with the name shown beside it; ``email`` is bare and lower-case, or empty where unknown."""

    email: str
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded:
    """The outermost mail that a rep forwarded, as its own header block tells it."""

    sender: Address | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str | None = None
    date: datetime | None = None
    """Wall time as shown in the block; aware where the block names a zone, else naive (the rep's zone is meant)."""
    body: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A calendar invitation (RFC 5545 VEVENT, method REQUEST, CANCEL…) that came with a mail."""

    subject: str | None = None
    organizer: Address | None = None
    attendees: tuple[Address, ...] = ()
    place: str | None = None
    start: datetime | date | None = None
    end: datetime | date | None = None
    description: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing a rep said, whatever medium it came by."""

    via: str
    """``"slack"``, ``"email"`` or ``"web"``."""
    rep: str
    """The rep's e-mail address, as the CRM knows it."""
    sent_at: datetime
    """Aware. The message brings its own "now": "yesterday" is the day before this, in the rep's zone."""
    text: str
    """The rep's own words; for a mail the note above what was forwarded, without signature."""
    source_id: str = ""
    """What the medium calls this message, unique within ``via``."""
    subject: str | None = None
    """The mail's own subject, without reply and forward marks; None for chat."""
    forwarded: Forwarded | None = None
    invitation: Invitation | None = None


# ---------------------------------------------------------------------------------------------- what names mean


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRep:
    """A colleague: one who reports, or a manager."""

    email: str
    name: str
    slack_id: str | None = None
    role: str = "rep"
    team: str | None = None
    manager: str | None = None
    language: str = "en"
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAccount:
    """A customer organisation as the CRM names it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    street: str | None = None
    postcode: str | None = None
    city: str | None = None
    country: str | None = None
    industry: str | None = None
    owner: str | None = None
    """E-mail of the rep who keeps the relation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownContact:
    """A person at one or several accounts."""

    id: str
    name: str
    accounts: tuple[str, ...] = ()
    """Ids of the accounts where this person works now."""
    role: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """What a correction taught: whoever says ``phrase`` means this."""

    id: str
    kind: str
    """``"account"``, ``"contact"``, ``"keyword"`` or ``"not_keyword"`` (a term that is not wanted)."""
    phrase: str
    """The words as said, each as `parsing.text.key_of` has it, with blanks between."""
    means: str
    """The account's or contact's id, or the term."""
    within: str | None = None
    """For a contact the account where the words mean that person."""
    rep: str | None = None
    """E-mail of the rep whose words these are; None where they hold for the house."""
    taught_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KindWord:
    """Words by which a house knows one of its kinds."""

    family: str
    """``"type"``, ``"medium"`` or ``"outcome"``."""
    key: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Crm:
    """What names mean in this house: names and what tells them apart, not a copy of the tables."""

    reps: tuple[KnownRep, ...] = ()
    accounts: tuple[KnownAccount, ...] = ()
    contacts: tuple[KnownContact, ...] = ()
    keywords: tuple[str, ...] = ()
    """The organisation's own list of terms that are searched for later."""
    synonyms: tuple[tuple[str, str], ...] = ()
    """Other words for one of ``keywords``, each with the term that it means."""
    kind_words: tuple[KindWord, ...] = ()
    """Of ``types``, ``media`` and ``outcomes`` the words that the house gave them beside those that are known."""
    lessons: tuple[Lesson, ...] = ()
    """What corrections taught, oldest first."""
    types: tuple[str, ...] = ("first", "follow_up", "routine", "demo", "negotiation", "service")
    media: tuple[str, ...] = ("in_person", "phone", "video", "event")
    outcomes: tuple[str, ...] = (
        "order", "quote_requested", "interested", "no_interest", "no_show", "complaint", "lost",
    )  # fmt: skip
    revision: str = ""
    """Changes whenever anything here does; what is computed from a Crm may be kept under it. Empty: not kept."""


# ---------------------------------------------------------------------------------------------- what we understood


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value with its evidence: the words ``part[start:end]`` that it was read from.

    ``part`` names the text that the offsets count in: ``"text"`` (`Message.text`), ``"subject"``, ``"forwarded"``
    (`Forwarded.body`), ``"header"`` or ``"invitation"`` (no offsets: 0, 0), ``"sent_at"`` for what follows from the
    moment of sending alone (0, 0). ``confidence`` is the share of such values that are right, 0 to 1, as it was counted
    (`parsing.confidence`); a finder itself gives a number that is higher where it is surer, and the ``cue``.
    """

    value: T
    start: int = 0
    end: int = 0
    part: str = "text"
    confidence: float = 1.0
    why: str = ""
    lesson: str | None = None
    """The id of the `Lesson` that this rests on."""
    cue: str = ""
    """What kind of evidence this is: one of `parsing.confidence.CUES`."""
    weight: float | None = None
    """The finder's own number, kept beside the counted ``confidence``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountMention:
    """The account meant: known (``id``), new (``name``), or open (neither; ``candidates`` hold the ids that fit)."""

    id: str | None = None
    name: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMention:
    """A person met: known (``id``) or new (``name`` and what the message says of them)."""

    id: str | None = None
    name: str | None = None
    role: str | None = None
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionMention:
    """Something still to be done, in the message's words; ``assignee`` is a colleague's e-mail, None for the rep."""

    text: str
    due: date | None = None
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount as stated; ``currency`` is ISO 4217."""

    value: Decimal
    currency: str = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChange:
    """Someone left an account; the successor and where they work now, where the message names them."""

    contact: ContactMention
    change: str = "left"
    successor: ContactMention | None = None
    employer: AccountMention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitMention:
    """One visit as understood; what the message says nothing about is None or empty."""

    account: Found[AccountMention] | None = None
    contacts: tuple[Found[ContactMention], ...] = ()
    on: Found[date]
    starts: Found[time] | None = None
    ends: Found[time] | None = None
    type: Found[str] | None = None
    medium: Found[str] | None = None
    outcome: Found[str] | None = None
    subject: Found[str] | None = None
    keywords: tuple[Found[str], ...] = ()
    actions: tuple[Found[ActionMention], ...] = ()
    amounts: tuple[Found[Money], ...] = ()
    contact_changes: tuple[Found[ContactChange], ...] = ()
    city: Found[str] | None = None
    postcode: Found[str] | None = None
    street: Found[str] | None = None

    def found(self) -> Iterator[tuple[str, Found[Any]]]:
        """Every value with the name of its field, in the order of the fields."""
        for spec in fields(self):
            value = getattr(self, spec.name)
            for one in value if isinstance(value, tuple) else (value,):
                if one is not None:
                    yield spec.name, one


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What was understood of a message: its visits, or why it reports none."""

    visits: tuple[VisitMention, ...] = ()
    language: str = "en"
    not_a_report: str | None = None
    """Why there is no visit: ``"thanks"``, ``"question"``, ``"chatter"``, ``"plan"``, ``"cancelled"``,
    ``"away"``, ``"newsletter"`` or ``"nothing"``; None where there is one."""
    notes: tuple[str, ...] = field(default=())
    """What a person should know about the reading, in whole sentences; for `debrief parse`."""

    def found(self) -> Iterator[Found[Any]]:
        """Every value of every visit."""
        for visit in self.visits:
            yield from (one for _, one in visit.found())
