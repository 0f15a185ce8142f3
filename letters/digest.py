"""The daily letters, said in the words of one language: a rep's morning, and a manager's."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from letters.filters import line
from letters.wording import Wording

DUE, STALE, HAPPENED, SILENT, TEAM, CUSTOMERS = 5, 3, 6, 8, 25, 4
"""Lines of each kind; what is more is told as a number. A digest fits a phone's screen."""
NAME, PHRASE = 60, 140
CELLS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Where one rep stands against a target; ``pace`` as in `digests.Progress`."""

    name: str
    rep_id: int
    done: int
    target: int | None
    period: str
    days_left: int
    pace: str | None = None


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
    rep: str
    visit_id: int
    amounts: tuple[tuple[Decimal, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Morning:
    """What a rep reads in the morning. Empty but for the bar: nothing to say."""

    name: str
    rep_id: int
    day: date
    bar: Bar
    last_day: date
    """The working day that ``customers`` is about."""
    customers: tuple[str, ...] = ()
    """Whom the rep saw on it."""
    due: tuple[Due, ...] = ()
    asked: tuple[int, ...] = ()
    """Visits that wait for an answer of the rep's."""
    gone: tuple[Gone, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    """Only on the first working day of a week."""

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that the reader does not know."""
        return not (self.customers or self.due or self.asked or self.gone or self.quiet or self.bar.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMorning:
    """What a manager reads in the morning."""

    name: str
    rep_id: int
    day: date
    last_day: date
    bars: tuple[Bar, ...] = ()
    visits: int = 0
    """What the team did on ``last_day``."""
    happened: tuple[Happened, ...] = ()
    silent: tuple[str, ...] = ()
    """Who has told nothing for three working days."""
    overdue: int = 0
    gone: int = 0
    asked: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.bars or self.visits or self.happened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its words, and where they lead to on our pages, if anywhere."""

    text: str
    place: str | None = None
    press: str | None = None
    """``visit:action``: it can be said to be done by one tap."""
    mark: bool = False
    """It is late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A bar in words and numbers: ``share`` of the target, 0 to 1, None without one."""

    name: str | None
    text: str
    share: float | None
    pace: str | None
    place: str
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """Everything that a digest says."""

    subject: str
    hello: str
    gauges: tuple[Gauge, ...]
    parts: tuple[Part, ...]
    url: str | None
    choose: str | None = None
    """Where the reader chooses when digests come."""


def rep_daily(words: Wording, told: Morning, url: str | None) -> Daily:
    """A rep's digest."""
    parts = [_last_day(words, told), _due(words, told), _asked(words, told), _gone(words, told), _quiet(words, told)]
    gauge = _gauge(words, told.bar, told.day, named=False)
    return Daily(
        subject=line(f"{words.say('digest.subject')}: {gauge.text}", 140),
        hello=words.say("digest.hello", name=line(told.name.split(" ")[0], NAME), day=words.day(told.day)),
        gauges=(gauge,),
        parts=tuple(part for part in parts if part),
        url=url,
        choose=words.say("digest.choose"),
    )


def team_daily(words: Wording, told: TeamMorning, url: str | None) -> Daily:
    """A manager's digest."""
    numbers = [
        Line(text=words.say(f"digest.{name}", n=count), place=place)
        for name, count, place in (
            ("team_visits", told.visits, f"/visits?since={told.last_day}&until={told.day - timedelta(days=1)}"),
            ("team_overdue", told.overdue, None),
            ("team_asked", told.asked, "/dashboard"),
            ("team_gone", told.gone, None),
        )
        if count or name == "team_visits"
    ]
    day = words.day(told.last_day, told.day)
    parts = [
        Part(heading=_upper(words.say("digest.last_day", day=day)), lines=tuple(numbers)),
        _happened(words, told),
        _silent(words, told),
    ]
    return Daily(
        subject=line(words.say("digest.team_subject", day=words.day(told.day)), 140),
        hello=words.say("digest.hello", name=line(told.name.split(" ")[0], NAME), day=words.day(told.day)),
        gauges=tuple(_gauge(words, bar, told.day, named=True) for bar in told.bars[:TEAM]),
        parts=tuple(part for part in parts if part),
        url=url,
        choose=words.say("digest.choose"),
    )


def _gauge(words: Wording, bar: Bar, day: date, *, named: bool) -> Gauge:
    first = day.replace(day=1) if bar.period == "month" else day - timedelta(days=day.weekday())
    place = f"/visits?rep={bar.rep_id}&since={first}&status=held"  # those that the counter counts
    name = line(bar.name, NAME) if named else None
    if bar.target is None:
        text = words.say(f"filed.{bar.period}_free", n=bar.done)
        return Gauge(name=name, text=text, share=None, pace=None, place=place)
    stand = words.say(f"filed.{bar.period}", n=bar.done, target=bar.target)
    days = words.say("filed.days_left", n=bar.days_left) if bar.days_left else words.say("filed.days_none")
    tail = words.say("filed.reached") if bar.pace == "reached" else days
    pace = words.say(f"digest.{bar.pace}") if bar.pace and bar.pace != "reached" else None
    share = min(1.0, bar.done / bar.target) if bar.target else 1.0
    late = bar.pace in {"behind", "at_risk"}
    return Gauge(name=name, text=f"{stand}, {tail}", share=share, pace=pace, place=place, late=late)


def _last_day(words: Wording, told: Morning) -> Part | None:
    if not told.customers:
        return None
    shown = [Line(text=line(name, NAME)) for name in told.customers[:CUSTOMERS]]
    names = ", ".join(one.text for one in shown)
    more = len(told.customers) - CUSTOMERS
    text = f"{names}, {words.say('common.more', n=more)}" if more > 0 else names
    place = f"/visits?rep={told.rep_id}&since={told.last_day}&until={told.day - timedelta(days=1)}"
    day = words.day(told.last_day, told.day)
    return Part(heading=_upper(words.say("digest.last_day", day=day)), lines=(Line(text=text, place=place),))


def _due(words: Wording, told: Morning) -> Part | None:
    if not told.due:
        return None
    lines = [
        Line(
            text=_joined(line(one.text, PHRASE), one.account, words.say("filed.by", day=words.day(one.due, told.day))),
            place=f"/visits/{one.visit_id}",
            press=f"{one.visit_id}:{one.id}",
            mark=one.due < told.day,
        )
        for one in told.due[:DUE]
    ]
    return Part(heading=words.say("digest.due"), lines=tuple(lines), more=_more(words, len(told.due) - DUE))


def _asked(words: Wording, told: Morning) -> Part | None:
    if not told.asked:
        return None
    text = words.say("digest.asked", n=len(told.asked))
    return Part(heading=words.say("digest.waiting"), lines=(Line(text=text, place=f"/visits/{told.asked[0]}"),))


def _gone(words: Wording, told: Morning) -> Part | None:
    if not told.gone:
        return None
    lines = [
        Line(text=_joined(line(one.name, NAME), one.account), place=f"/accounts/{one.account_id}")
        for one in told.gone[:STALE]
    ]
    return Part(heading=words.say("digest.gone"), lines=tuple(lines), more=_more(words, len(told.gone) - STALE))


def _quiet(words: Wording, told: Morning) -> Part | None:
    if not told.quiet:
        return None
    lines = [
        Line(
            text=words.say("digest.last_met", who=_joined(line(one.name, NAME), one.account), day=words.day(one.met)),
            place=f"/accounts/{one.account_id}",
        )
        for one in told.quiet[:STALE]
    ]
    return Part(heading=words.say("digest.quiet"), lines=tuple(lines), more=_more(words, len(told.quiet) - STALE))


def _happened(words: Wording, told: TeamMorning) -> Part | None:
    if not told.happened:
        return None
    lines = [
        Line(
            text=_joined(
                one.outcome, line(one.account, NAME), *(words.money(*sum_) for sum_ in one.amounts[:2]),
                line(one.rep, NAME),
            ),
            place=f"/visits/{one.visit_id}",
        )
        for one in told.happened[:HAPPENED]
    ]  # fmt: skip
    more = _more(words, len(told.happened) - HAPPENED)
    return Part(heading=words.say("digest.happened"), lines=tuple(lines), more=more)


def _silent(words: Wording, told: TeamMorning) -> Part | None:
    if not told.silent:
        return None
    names = ", ".join(line(name, NAME) for name in told.silent[:SILENT])
    return Part(
        heading=words.say("digest.silent"), lines=(Line(text=names),), more=_more(words, len(told.silent) - SILENT)
    )


def _more(words: Wording, number: int) -> str | None:
    return words.say("common.more", n=number) if number > 0 else None


def _upper(text: str) -> str:
    """As at the beginning of a line: "yesterday" -> "Yesterday"."""
    return text[:1].upper() + text[1:]


def _joined(*parts: str | None) -> str:
    return " · ".join(line(part, PHRASE) for part in parts if part)
