"""What we say: the letter, what it is made from, and who carries it. All frozen, all pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One thing we say, in every shape that a medium may want. Text from people is escaped in each."""

    subject: str
    text: str
    """Plain text, and the fallback of the blocks."""
    html: str
    blocks: tuple[dict[str, Any], ...] = ()
    """Slack Block Kit."""


class CourierError(Exception):
    """A medium would not take a letter. ``permanent``: nor will it later. ``after_s``: when it said to try again.

    ``away`` names the medium where it takes no letter at all now, whichever: it is down, or does not let us in.
    """

    def __init__(
        self, reason: str, *, permanent: bool = False, after_s: float | None = None, away: str | None = None
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.after_s = after_s
        self.away = away


class Courier(Protocol):
    """Carries letters by one medium."""

    def send(self, letter_id: str, letter: Letter, to: Mapping[str, Any]) -> dict[str, Any]:
        """Send ``letter`` to where ``to`` points (what the door gave as ``reply_to``); return what the medium calls it.

        Raises `CourierError`. The same ``letter_id`` is the same letter, also when it is said twice.
        """

    def update(self, letter_id: str, letter: Letter, receipt: Mapping[str, Any]) -> dict[str, Any]:
        """Change a letter that was sent, where the medium can; else send it anew. Returns the receipt from now on."""


# ------------------------------------------------------------------------------- what the letters are made from


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    """A contact on a card."""

    name: str
    role: str | None = None
    new: bool = False
    """Just added to the CRM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """An action on a card; ``who`` is the colleague's name where it is not the rep."""

    text: str
    due: date | None = None
    who: str | None = None
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An answer to a question that takes one tap. ``value`` is what `Assistant.correct` gets back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The one thing that we ask about a visit."""

    about: str
    """``account_which`` (several fit: choices), ``account_near`` (a new one was added, and is spelt much like those of
    the choices), ``account_none`` (the message names none)."""
    choices: tuple[Choice, ...] = ()
    reason: str | None = field(default=None, repr=False)
    """Why the house wants it told, in its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A value that may well be wrong: its field and the words that it was read from."""

    field: str
    """As in the words' section ``fields``."""
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something that the house wants told and that is not, with the house's own reason in the reader's language."""

    field: str
    """As in the words' section ``fields``."""
    reason: str | None = None
    label: str | None = None
    """What the field is called, where the house made it itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """A fact that may be missing, and is told by one tap. ``value`` is what the door gets back."""

    fact: str
    """``phone``, ``missed``, ``rescheduled``, ``held``, ``done``, or ``newrole``, ``newphone``, ``newemail``."""
    value: str
    about: str | None = None
    """The action that was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """Someone left an account, as the report says."""

    name: str
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCard:
    """A filed visit as the rep sees it. Labels are already in the rep's language."""

    id: int
    number: str
    account: str | None
    account_new: bool = False
    people: tuple[PersonLine, ...] = ()
    on: date
    starts: time | None = None
    ends: time | None = None
    type: str | None = None
    medium: str | None = None
    outcome: str | None = None
    city: str | None = None
    keywords: tuple[str, ...] = ()
    amounts: tuple[tuple[Decimal, str], ...] = ()
    """Value and ISO 4217 currency."""
    actions: tuple[ActionLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    status: str | None = None
    """Its label, where the visit is not one that was held."""
    doubts: tuple[Doubt, ...] = ()
    lacks: tuple[Lack, ...] = field(default=(), repr=False)
    """What has to be told of it here, and is not."""
    taps: tuple[Tap, ...] = ()
    question: Question | None = None
    told_before: bool = field(default=False, repr=False)
    """The message that is answered is not the first that told of it."""
    told_by: str | None = field(default=None, repr=False)
    """The colleague who had told of it; then it is not the rep's to change."""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Where a rep stands in the running period; ``target`` is None where none is set."""

    done: int
    target: int | None = None
    period: str = "week"
    """``week`` or ``month``."""
    working_days_left: int = 0
    """The rep's own working days after today in this period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What the letter ``filed`` tells: the visits of one message, and the counter."""

    visits: tuple[VisitCard, ...]
    counter: Counter
    url: str | None = None
    """Where the visits can be seen, without a slash at the end; a visit is at ``url/visits/<id>``."""
    private: bool = False
    """Whether the message held a note that is its rep's alone."""
    left_out: tuple[str, ...] = field(default=())
    """Names of files that were too large to keep."""
    not_fetched: tuple[str, ...] = ()
    """Names of files that the medium did not hand over."""
    link: Callable[[str, str, str], str] | None = field(default=None, repr=False, compare=False)
    """Where a button leads in a medium that has none, from its action, its value and its words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionField:
    """An action in a form; ``who`` is the colleague's name, ``assignee`` the address; ``id`` None for a new one."""

    id: int | None = None
    text: str = ""
    due: date | None = None
    assignee: str = ""
    who: str = ""
    state: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraField:
    """An attribute of the house's own in a form: ``kind`` is ``text``, ``number``, ``date`` or ``choice``."""

    field: str
    label: str
    kind: str
    value: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixForm:
    """Everything of a visit that its rep may change, as it is now."""

    id: int
    number: str
    seen: int
    """The version of the visit that is shown: what was changed since is not overwritten unseen."""
    account: Choice | None = None
    contacts: tuple[Choice, ...] = ()
    on: date
    starts: time | None = None
    ends: time | None = None
    type: str | None = None
    medium: str | None = None
    outcome: str | None = None
    status: str = "held"
    kinds: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    """What ``type``, ``medium``, ``outcome`` and ``status`` may be."""
    keywords: tuple[str, ...] = ()
    amounts: tuple[tuple[Decimal, str], ...] = ()
    actions: tuple[ActionField, ...] = ()
    subject: str | None = None
    city: str | None = None
    lacks: tuple[Lack, ...] = ()
    """What has to be told of it here, and is not."""
    extra: tuple[ExtraField, ...] = ()
    meanwhile: tuple[str, ...] = ()
    """Fields that somebody else changed while the form was open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaverSign:
    """Why somebody seems gone: the kind of sign, its day, and the words that said so."""

    kind: str
    on: date
    words: str = ""
    proved: bool = True
    """Whether it is sure to answer a mail of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLine:
    """Which of us met somebody last, and when."""

    rep: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaver:
    """A contact who seems gone, for the owner of the account to say; or what the owner said."""

    employment_id: int
    name: str
    role: str | None = None
    account: str
    account_id: int
    signs: tuple[LeaverSign, ...] = ()
    seen: tuple[SeenLine, ...] = ()
    proposed: str | None = None
    """Who follows, as an answer says."""
    left: date | None = None
    successor: str | None = None
    still: bool = False
    """It is settled: the person is there."""
    employer: str | None = None
    """Where somebody who left works since."""
    address: str | None = None
    """Of somebody who is there, the address that was told."""
    undo: bool = False
    """Whether what was said last can be undone yet."""

    @property
    def asks(self) -> bool:
        """Whether nobody has said yet."""
        return self.left is None and not self.still
