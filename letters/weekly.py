"""The weekly letters, said in the words of one language: of a rep's own week, and of a team's."""

from decimal import Decimal
from urllib.parse import quote

from letters.daily import NAME, SUBJECT, TEAM, count_lines, happened_part, preview, silent_part
from letters.digest import Bar, Daily, Gauge, Line, Outcome, Part, Trend, TrendRow, Week, WeekCount
from letters.filters import line
from letters.todo import Todos, answered, due_part, gap_part, gone_part, joined, owed_part, question, quiet_part
from letters.wording import Wording

RISING, SUMS = 6, 3


def week_letter(words: Wording, told: Week, url: str | None) -> Daily:
    """The digest of a week that is gone."""
    todos = Todos(due=told.due, gaps=told.gaps)
    shown = answered(words, [part for part in (_team if told.team else _own)(words, told, todos) if part])
    key = "digest.week_team_subject" if told.team else "digest.week_subject"
    gauges = tuple(_gauge(words, bar, told) for bar in told.bars[:TEAM])
    return Daily(
        subject=line(words.say(key, first=words.day(told.first, told.day)), SUBJECT),
        preview=preview(shown, () if told.team else gauges),
        hello=words.say("digest.week_hello", name=_first_name(told.name), number=told.first.isocalendar()[1]),
        gauges=gauges,
        gauges_heading=words.say("digest.counters"),
        parts=shown,
        url=url,
        trend=_trend(words, told.trend),
        question=question(words, told.rhythm),
        choose=words.say("digest.choose"),
        choose_url=told.rhythm.place,
        numbers=todos.numbers,
    )


def _first_name(name: str) -> str:
    return line(name.split(" ", maxsplit=1)[0], NAME)


def _gauge(words: Wording, bar: Bar, told: Week) -> Gauge:
    """What came of a counter: the week is over."""
    name = line(bar.name or words.say("digest.whole_team"), NAME) if told.team else None
    place = f"/visits?rep={bar.rep_id}&since={told.first}&until={told.last}&status=held" if bar.rep_id else None
    if bar.target is None:
        return Gauge(name=name, text=words.say("digest.team_visits", n=bar.done), share=None, pace=None, place=place)
    late = bar.done < bar.target
    text = words.say("digest.of_target", n=bar.done, target=bar.target)
    text = text if late else f"{text}, {words.say('filed.reached')}"
    share = min(1.0, bar.done / bar.target) if bar.target else 1.0
    return Gauge(name=name, text=text, share=share, pace=None, place=place, late=late)


def _team(words: Wording, told: Week, _todos: Todos) -> tuple[Part | None, ...]:
    waiting = count_lines(
        words, (("overdue", told.overdue, "/actions?whose=team&due=overdue"),
                ("asked", told.asked, f"/visits?manager={told.rep_id}&open=yes"),
                ("gone", told.gone_count, "/contacts?gone=yes")),
    )  # fmt: skip
    return (
        _outcomes(words, told),
        happened_part(words, told.happened, words.say("digest.week_happened")),
        _rising(words, told),
        silent_part(words, told.silent),
        Part(heading=words.say("digest.open_ends"), lines=waiting) if waiting else None,
    )


def _own(words: Wording, told: Week, todos: Todos) -> tuple[Part | None, ...]:
    return (
        due_part(words, todos, told.day),
        gap_part(words, todos, told.day),
        _outcomes(words, told),
        owed_part(words, told.owed, told.day),
        gone_part(words, told.gone),
        quiet_part(words, told.quiet),
    )


def _outcomes(words: Wording, told: Week) -> Part | None:
    lines = [Line(text=_outcome(words, one), place=_place(told, one)) for one in told.outcomes]
    return Part(heading=words.say("digest.outcomes"), lines=tuple(lines)) if lines else None


def _outcome(words: Wording, one: Outcome) -> str:
    """``Order: 3 · €12,500``: of each currency the sum."""
    whole: dict[str, Decimal] = {}
    for value, currency in one.sums:
        whole[currency] = whole.get(currency, Decimal(0)) + value
    money = (words.money(value, currency) for currency, value in sorted(whole.items())[:SUMS])
    return joined(f"{line(one.label, NAME)}: {one.count}", *money)


def _place(told: Week, one: Outcome) -> str:
    whose = "manager" if told.team else "rep"
    return f"/visits?{whose}={told.rep_id}&since={told.first}&until={told.last}&outcome={one.key}"


def _rising(words: Wording, told: Week) -> Part | None:
    lines = [
        Line(
            text=words.say("digest.rise", term=line(one.term, NAME), n=one.now, before=words.number(one.before)),
            place=f"/visits?manager={told.rep_id}&since={told.first}&until={told.last}&keyword={quote(one.term)}",
        )
        for one in told.rising[:RISING]
    ]
    return Part(heading=words.say("digest.rising"), lines=tuple(lines)) if lines else None


def _trend(words: Wording, weeks: tuple[WeekCount, ...]) -> Trend | None:
    most = max((max(one.visits, one.target or 0) for one in weeks), default=0)
    if not most:
        return None
    rows = tuple(
        TrendRow(
            label=words.short_day(one.monday),
            value=words.say("digest.of_target", n=one.visits, target=one.target) if one.target else str(one.visits),
            share=one.visits / most,
        )
        for one in weeks
    )
    heads = (words.say("digest.week_from"), words.say("digest.visits"))
    return Trend(caption=words.say("digest.trend", n=len(rows)), heads=heads, rows=rows)
