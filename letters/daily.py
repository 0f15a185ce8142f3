"""The daily letters, said in the words of one language: a rep's morning, and a manager's."""

from datetime import date, timedelta

from letters.digest import Bar, Daily, Gauge, Happened, Line, Morning, Part, Plan, TeamMorning
from letters.filters import line
from letters.todo import (
    Todos,
    answered,
    due_part,
    gap_part,
    gone_part,
    joined,
    more,
    owed_part,
    question,
    quiet_part,
    upper,
)
from letters.wording import Wording

HAPPENED, SILENT, TEAM, CUSTOMERS, PLANS = 6, 8, 25, 4, 4
"""Lines of each kind; what is more is told as a number. A digest fits a phone's screen."""
NAME, PHRASE, SUBJECT = 60, 140, 140


def rep_daily(words: Wording, told: Morning, url: str | None) -> Daily:
    """A rep's digest."""
    gauges = tuple(gauge(words, bar, told.day, named=bar.what is not None) for bar in (told.bar, *told.more_bars))
    todos = Todos(due=told.due, gaps=told.gaps)
    parts = (
        _plans(words, told), due_part(words, todos, told.day), gap_part(words, todos, told.day), _last_day(words, told),
        owed_part(words, told.owed, told.day), gone_part(words, told.gone), quiet_part(words, told.quiet),
    )  # fmt: skip
    shown = answered(words, [part for part in parts if part])
    return Daily(
        subject=line(f"{words.say('digest.subject')}: {gauges[0].text}", SUBJECT),
        preview=preview(shown, gauges),
        hello=hello(words, told.name, told.day),
        gauges=gauges,
        gauges_heading=words.say("digest.counters"),
        parts=shown,
        url=url,
        question=question(words, told.rhythm),
        choose=words.say("digest.choose"),
        choose_url=told.rhythm.place,
        numbers=todos.numbers,
    )


def team_daily(words: Wording, told: TeamMorning, url: str | None) -> Daily:
    """A manager's digest."""
    day = words.day(told.last_day, told.day)
    since = f"/visits?manager={told.rep_id}&status=held&since={told.last_day}&until={told.day - timedelta(days=1)}"
    counts = count_lines(words, (("visits", told.visits, since), *team_counts(told)), always="visits")
    parts = (
        Part(heading=upper(day), lines=counts),
        happened_part(words, told.happened, words.say("digest.happened")),
        silent_part(words, told.silent),
    )
    gauges = tuple(gauge(words, bar, told.day, named=True) for bar in told.bars[:TEAM])
    shown = tuple(part for part in parts if part)
    return Daily(
        subject=line(words.say("digest.team_subject", day=words.day(told.day)), SUBJECT),
        preview=preview(shown, ()),
        hello=hello(words, told.name, told.day),
        gauges=gauges,
        gauges_heading=words.say("digest.counters"),
        parts=shown,
        url=url,
        question=question(words, told.rhythm),
        choose=words.say("digest.choose"),
        choose_url=told.rhythm.place,
    )


def team_counts(told: TeamMorning) -> tuple[tuple[str, int, str | None], ...]:
    """What waits in a team, with where it is seen."""
    return (
        ("overdue", told.overdue, "/actions?whose=team&due=overdue"),
        ("asked", told.asked, f"/visits?manager={told.rep_id}&open=yes"),
        ("gone", told.gone, "/contacts?gone=yes"),
    )


def count_lines(
    words: Wording, counts: tuple[tuple[str, int, str | None], ...], always: str | None = None
) -> tuple[Line, ...]:
    """A line for each count that is not nought, and for the one that is ``always`` told."""
    return tuple(
        Line(text=words.say(f"digest.team_{name}", n=count), place=place)
        for name, count, place in counts
        if count or name == always
    )


def hello(words: Wording, name: str, day: date) -> str:
    """The first line."""
    return words.say("digest.hello", name=line(name.split(" ", maxsplit=1)[0], NAME), day=words.day(day))


def preview(parts: tuple[Part, ...], gauges: tuple[Gauge, ...]) -> str:
    """What a list of mails shows beside the subject: the headings, with how much is under each."""
    told = [one.text for one in gauges[:1]]
    told += [
        f"{part.heading}: {part.lines[0].text}" if len(part.lines) == 1 else f"{part.heading}: {len(part.lines)}"
        for part in parts
    ]
    return line(" · ".join(told), 200)


def gauge(words: Wording, bar: Bar, day: date, *, named: bool) -> Gauge:
    """A counter with its pace, and where its records are."""
    first = day.replace(day=1) if bar.period == "month" else day - timedelta(days=day.weekday())
    own = f"/visits?rep={bar.rep_id}&since={first}&status=held"  # those that the counter counts
    place = bar.place or (own if bar.rep_id else None)
    name = line(bar.what or bar.name or words.say("digest.whole_team"), NAME) if named else None
    if bar.target is None:
        text = words.say(f"filed.{bar.period}_free", n=bar.done)
        return Gauge(name=name, text=text, share=None, pace=None, place=place)
    stand = words.say(f"filed.{bar.period}", n=bar.done, target=bar.target)
    days = words.say("filed.days_left", n=bar.days_left) if bar.days_left else words.say("filed.days_none")
    tail = words.say("filed.reached") if bar.pace == "reached" else "" if bar.period == "day" else days
    pace = words.say(f"digest.{bar.pace}") if bar.pace and bar.pace != "reached" else None
    share = min(1.0, bar.done / bar.target) if bar.target else 1.0
    late = bar.pace in {"behind", "at_risk"}
    return Gauge(name=name, text=f"{stand}, {tail}" if tail else stand, share=share, pace=pace, place=place, late=late)


def happened_part(words: Wording, happened: tuple[Happened, ...], heading: str) -> Part | None:
    """Orders, quotes, complaints and what else a manager hears of, each with its sums."""
    if not happened:
        return None
    lines = [
        Line(
            text=joined(
                one.outcome, line(one.account, NAME), *(words.money(*sum_) for sum_ in one.amounts[:2]),
                line(one.rep, NAME) if one.rep else None,
            ),
            place=f"/visits/{one.visit_id}",
        )
        for one in happened[:HAPPENED]
    ]  # fmt: skip
    return Part(heading=heading, lines=tuple(lines), more=more(words, len(happened) - HAPPENED))


def silent_part(words: Wording, silent: tuple[str, ...]) -> Part | None:
    """Who has told nothing for some days."""
    if not silent:
        return None
    names = ", ".join(line(name, NAME) for name in silent[:SILENT])
    return Part(heading=words.say("digest.silent"), lines=(Line(text=names),), more=more(words, len(silent) - SILENT))


def _last_day(words: Wording, told: Morning) -> Part | None:
    if not told.customers:
        return None
    names = ", ".join(line(name, NAME) for name in told.customers[:CUSTOMERS])
    rest = len(told.customers) - CUSTOMERS
    text = f"{names}, {words.say('common.more', n=rest)}" if rest > 0 else names
    place = f"/visits?rep={told.rep_id}&status=held&since={told.last_day}&until={told.day - timedelta(days=1)}"
    lines = [Line(text=text, place=place)]
    if told.milestone:
        lines.append(Line(text=words.say("digest.milestone", share=told.milestone)))
    return Part(heading=upper(words.day(told.last_day, told.day)), lines=tuple(lines))


def _plans(words: Wording, told: Morning) -> Part | None:
    if not told.plans:
        return None
    lines = [
        Line(
            text=joined(words.hours(one.starts, None) or None, line(one.account, NAME)),
            place=f"/accounts/{one.account_id}/brief" if one.account_id else f"/visits/{one.visit_id}",
            below=joined(
                _last_words(words, one, told.day), words.say("digest.plan_todo", n=one.todo) if one.todo else None
            )
            or None,
        )
        for one in told.plans[:PLANS]
    ]
    return Part(heading=words.say("digest.plans"), lines=tuple(lines), more=more(words, len(told.plans) - PLANS))


def _last_words(words: Wording, plan: Plan, day: date) -> str | None:
    if plan.last is None or not plan.words:
        return None
    return words.say("digest.last_words", day=upper(words.day(plan.last, day)), words=line(plan.words, PHRASE))
