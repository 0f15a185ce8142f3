"""What the digests tell: a rep's morning and week, a manager's, and the shape that all of them are said in."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

CELLS = 10
Sum = tuple[Decimal, str]
"""Value and ISO 4217 currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Where one rep stands against a target; ``pace`` as in `digests.Progress`."""

    name: str | None
    """None where it is a whole team's."""
    rep_id: int | None
    done: int
    target: int | None
    period: str
    days_left: int
    pace: str | None = None
    what: str | None = None
    """What is counted, in the reader's language, where it is not simply visits."""
    place: str | None = None
    """Where the records behind it are listed, where that is not the rep's visits of the period."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An action that is due, or was."""

    id: int
    visit_id: int
    text: str
    due: date
    account: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A contact who seems to be gone from an account of the reader's."""

    name: str
    account: str
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A contact of the reader's whom nobody has met since ``met``, which is long ago."""

    name: str
    account: str
    account_id: int
    met: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Something that a manager wants to know of: an order, a quote, a complaint, nobody there."""

    outcome: str
    """The kind's label, in the reader's language."""
    account: str
    rep: str | None
    """None where persons are not told apart."""
    visit_id: int
    amounts: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A visit that lacks something which one word of the reader's would tell."""

    visit_id: int
    on: date
    account: str | None
    asks: str
    """``account``, ``about`` (what it was about) or ``who`` (was met)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A visit that the reader means to make today, with what was said last time."""

    visit_id: int
    account: str
    starts: time | None = None
    last: date | None = None
    words: str | None = None
    account_id: int | None = None
    """Whose brief the line leads to."""
    todo: int = 0
    """What the reader still has to do for this customer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An account of the reader's that should have been visited by now."""

    account: str
    account_id: int
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered:
    """What a number of a letter stands for: an ``action`` or a ``visit`` that lacks something."""

    kind: str
    id: int
    visit_id: int
    name: str
    """The account's, or what is to be done: what somebody may say instead of the number."""
    asks: str | None = None
    """As in `Gap`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How the reader chooses when digests come: where, and whether they are asked just now."""

    place: str | None = None
    """The page, as a whole address."""
    asks: bool = False
    """The last ones were left unread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What a rep reads in the morning. Empty but for the bar: nothing to say."""

    name: str
    rep_id: int
    day: date
    bar: Bar
    more_bars: tuple[Bar, ...] = ()
    last_day: date
    """The working day that ``customers`` is about."""
    customers: tuple[str, ...] = ()
    """Whom the rep saw on it."""
    milestone: int | None = None
    """How many hundredths of the target were passed on it: 25, 50 or 75."""
    plans: tuple[Plan, ...] = ()
    due: tuple[Due, ...] = ()
    gaps: tuple[Gap, ...] = ()
    owed: tuple[Owed, ...] = ()
    gone: tuple[Gone, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    """Only on the first working day of a week."""
    rhythm: Rhythm = Rhythm()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that the reader does not know."""
        told = (self.customers, self.plans, self.due, self.gaps, self.owed, self.gone, self.quiet, self.more_bars)
        return not (any(told) or self.bar.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMorning:
    """What a manager reads in the morning."""

    name: str
    rep_id: int
    day: date
    last_day: date
    people: int = 0
    """How many are in the team."""
    bars: tuple[Bar, ...] = ()
    visits: int = 0
    """What the team did on ``last_day``."""
    happened: tuple[Happened, ...] = ()
    silent: tuple[str, ...] = ()
    """Who has told nothing for three working days."""
    overdue: int = 0
    gone: int = 0
    asked: int = 0
    rhythm: Rhythm = Rhythm()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.bars or self.visits or self.happened)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekCount:
    """How many visits there were in the week that begins on ``monday``."""

    monday: date
    visits: int
    target: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rising:
    """A keyword that was told of more often than before."""

    term: str
    now: int
    before: float
    """A week, on average of the four before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many visits of a week came out so, and the money that was spoken of."""

    label: str
    key: str
    count: int
    sums: tuple[Sum, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What somebody reads of the week that is gone: of their own, or of their team's."""

    name: str
    rep_id: int
    team: bool
    day: date
    first: date
    last: date
    """Monday and Sunday of that week."""
    people: int = 0
    bars: tuple[Bar, ...] = ()
    trend: tuple[WeekCount, ...] = ()
    """The oldest first, the week itself last."""
    outcomes: tuple[Outcome, ...] = ()
    rising: tuple[Rising, ...] = ()
    happened: tuple[Happened, ...] = ()
    silent: tuple[str, ...] = ()
    overdue: int = 0
    gone_count: int = 0
    asked: int = 0
    due: tuple[Due, ...] = ()
    gaps: tuple[Gap, ...] = ()
    owed: tuple[Owed, ...] = ()
    gone: tuple[Gone, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    rhythm: Rhythm = Rhythm()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        told = (self.due, self.gaps, self.owed, self.gone, self.quiet, self.silent, self.rising)
        counted = any(one.visits for one in self.trend) or any(bar.target for bar in self.bars)
        return not (counted or any(told))


# ------------------------------------------------------------------------------------------- how it is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its words, and where they lead to on our pages, if anywhere."""

    text: str
    place: str | None = None
    press: str | None = None
    """``visit:action``: it can be said to be done by one tap."""
    mark: bool = False
    """It is late."""
    number: int | None = None
    """By which it is answered."""
    below: str | None = None
    """More words, quieter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A bar in words and numbers: ``share`` of the target, 0 to 1, None without one."""

    name: str | None
    text: str
    share: float | None
    pace: str | None
    place: str | None
    late: bool = False

    @property
    def cells(self) -> str:
        """The bar in characters."""
        filled = round((self.share or 0) * CELLS)
        return "■" * filled + "□" * (CELLS - filled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Lines under a heading."""

    heading: str
    lines: tuple[Line, ...]
    more: str | None = None
    hint: str | None = None
    """How it is answered."""

    @property
    def numbered(self) -> bool:
        """Whether its lines are answered by number."""
        return any(line.number for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRow:
    """A week of the picture: how long its bar is, 0 to 1, and what it stands for."""

    label: str
    value: str
    share: float

    @property
    def cells(self) -> str:
        """The bar in characters."""
        return "■" * max(round(self.share * CELLS), 1 if self.share else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A picture of bars, drawn as a table: mail programs show no SVG, and a table is read aloud."""

    caption: str
    heads: tuple[str, str]
    """Of the weeks, and of the figures."""
    rows: tuple[TrendRow, ...]

    @property
    def columns(self) -> str:
        """The picture in letters of one width."""
        wide = max(len(row.label) for row in self.rows)
        return "\n".join(f"{row.label:>{wide}}  {row.cells:<{CELLS}}  {row.value}" for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How often digests are to come: asked with a button for each answer, by its value and its words."""

    text: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Everything that a digest says."""

    subject: str
    preview: str
    """What a list of mails shows beside the subject."""
    hello: str
    gauges: tuple[Gauge, ...]
    gauges_heading: str
    parts: tuple[Part, ...]
    url: str | None
    trend: Trend | None = None
    question: Question | None = None
    choose: str | None = None
    """That the reader may choose when digests come."""
    choose_url: str | None = None
    numbers: tuple[Numbered, ...] = ()
    """What the numbers stand for, 1 first."""
