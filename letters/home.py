"""A person's own page in the chat, as Slack's Home: where they stand, what waits for them, what they chose."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import get_day_names

from letters.card import counter_line, lack_line
from letters.filters import BUTTON, cut, line
from letters.model import Choice, Counter, Lack, Question
from letters.todo import RHYTHMS
from letters.wording import LANGUAGES, Wording, wording

WAITING, UNFINISHED, PROMISES, VISITS, LESSONS, CHOICES = 5, 5, 8, 5, 8, 3
"""Entries of each kind: Home takes a hundred blocks, and a person looks at one screen."""
NAME, PHRASE, OPTION = 80, 200, 75
BAR = 10
FULL, EMPTY = "▓", "░"
HOURS = range(24)
NONE = "-"
"""The option that leaves a setting to the house: Slack has no way to clear a menu."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingVisit:
    """A visit of which something is asked."""

    id: int
    stamp: str
    """Changes with the visit: Slack keeps what was typed in a block of the same ``block_id``."""
    on: date
    account: str | None
    said: str
    question: Question


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedVisit:
    """A visit of which something is not told that the house wants told."""

    id: int
    number: str
    on: date
    account: str | None
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TodoLine:
    """Something to be done; ``late`` where it should be done by now."""

    id: int
    text: str
    account: str | None = None
    due: date | None = None
    late: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitLine:
    """A visit that was filed."""

    id: int
    number: str
    on: date
    account: str | None
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """What the house learned of this person: these words mean that."""

    id: int
    said: str
    meaning: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What this person chose; hours are None where the house's own are fine."""

    language: str
    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    digest_hour: int | None = None
    digest_rhythm: str | None = None
    """As in `letters.todo.RHYTHMS`; None is daily."""
    brief_when: str | None = None
    """``hour``, or None: with the morning's digest alone."""
    quiet_from: int | None = None
    quiet_until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """Everything on the page."""

    name: str
    today: date
    counter: Counter
    days: tuple[tuple[date, int], ...] = ()
    """Visits of each day of this week."""
    waiting: tuple[WaitingVisit, ...] = ()
    unfinished: tuple[UnfinishedVisit, ...] = ()
    todos: tuple[TodoLine, ...] = ()
    more_todos: int = 0
    visits: tuple[VisitLine, ...] = ()
    lessons: tuple[LessonLine, ...] = ()
    more_lessons: int = 0
    chosen: Chosen
    url: str | None = None


def home_view(page: HomePage) -> Json:
    """The page as Slack's ``home`` view; people's words stand in plain text alone."""
    words = wording(page.chosen.language)
    blocks = [
        *_standing(words, page),
        *_waiting(words, page),
        *_unfinished(words, page),
        *_todos(words, page),
        *_visits(words, page),
        *_settings(words, page.chosen),
        *_lessons(words, page),
    ]
    return {"type": "home", "blocks": blocks}


def refused_view(language: str, sender: str) -> Json:
    """What somebody sees who is nobody here."""
    words = wording(language)
    told = words.say("refused.line", sender=line(sender, NAME))
    return {"type": "home", "blocks": [_text(told), _text(words.say("refused.ask"))]}


def bar(done: int, whole: int) -> str:
    """How much of ``whole`` is done, in ten signs; what is more than that is full."""
    full = BAR if whole <= 0 else min(BAR, round(BAR * done / whole))
    full = max(full, 1) if done > 0 else full
    return FULL * full + EMPTY * (BAR - full)


def _standing(words: Wording, page: HomePage) -> Iterator[Json]:
    yield _header(words.say("home.title", name=line(page.name, NAME)))
    target = page.counter.target
    told = counter_line(words, page.counter)
    yield _text(f"{bar(page.counter.done, target)}  {told}" if target else told)
    if page.days:
        names = get_day_names("short", locale=words.locale)
        wide = max(len(name) for name in names.values())
        rows = [
            f"{names[day.weekday()]:<{wide}}  {FULL * min(count, 20)}{f' {count}' if count else '·'}"
            for day, count in page.days
        ]
        shown = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "\n".join(rows)}]}
        yield {"type": "rich_text", "elements": [shown]}


def _waiting(words: Wording, page: HomePage) -> Iterator[Json]:
    if not page.waiting:
        return
    yield _header(words.say("home.waiting"))
    for visit in page.waiting[:WAITING]:
        asked = f"filed.ask_{visit.question.about}"
        account = line(visit.account, NAME) if visit.account else ""
        told = (
            f"{words.day(visit.on, page.today)}: “{line(visit.said, PHRASE)}”\n❓ {words.say(asked, account=account)}"
        )
        yield {**_text(told), "block_id": f"waiting:{visit.id}:{visit.stamp}"}
        yield {"type": "actions", "block_id": f"visit:{visit.id}:{visit.stamp}", "elements": _answers(words, visit)}


def _unfinished(words: Wording, page: HomePage) -> Iterator[Json]:
    """One line a visit, and the form; nothing is asked."""
    if not page.unfinished:
        return
    yield _header(words.say("home.unfinished"))
    for visit in page.unfinished[:UNFINISHED]:
        lacks = "; ".join(lack_line(words, one) for one in visit.lacks)
        account = line(visit.account, NAME) if visit.account else words.say("filed.account_open")
        told = f"{words.day(visit.on, page.today)} · {account}\n{words.say('home.lacks', told=lacks)}"
        fix = _button(words.say("filed.fix"), "fix", str(visit.id))
        fix["accessibility_label"] = words.say("filed.fix_number", number=visit.number)
        yield {**_text(told), "block_id": f"unfinished:{visit.id}", "accessory": fix}


def _answers(words: Wording, visit: WaitingVisit) -> list[Json]:
    near = (
        [Choice(label=words.say("filed.is_new"), value=f"{visit.id}:new")]
        if visit.question.about == "account_near"
        else []
    )
    choices = [*near, *visit.question.choices[:CHOICES]]
    buttons = [_button(choice.label, f"account:{n}", choice.value) for n, choice in enumerate(choices, 1)]
    other = {
        "type": "external_select", "action_id": "account:other", "min_query_length": 2,
        "placeholder": _plain(words.say("filed.other"), 150),
    }  # fmt: skip
    return [*buttons, other, _button(words.say("filed.undo"), "undo", str(visit.id))]


def _todos(words: Wording, page: HomePage) -> Iterator[Json]:
    yield _header(words.say("home.todo"))
    if not page.todos:
        yield _text(words.say("home.no_todo"), "context")
    for todo in page.todos[:PROMISES]:
        due = words.say("filed.by", day=words.day(todo.due, page.today)) if todo.due else ""
        mark = "❗ " if todo.late else ""
        parts = (line(todo.text, PHRASE), line(todo.account, NAME) if todo.account else "", due)
        yield _text(mark + " · ".join(part for part in parts if part))
        pressed = [
            _button(words.say(f"home.{how}"), f"todo:{how}", str(todo.id)) for how in ("done", "tomorrow", "drop")
        ]
        yield {"type": "actions", "block_id": f"todo:{todo.id}", "elements": pressed}
    if page.more_todos:
        yield _text(words.say("common.more", n=page.more_todos), "context")


def _visits(words: Wording, page: HomePage) -> Iterator[Json]:
    if not page.visits:
        return
    yield _header(words.say("home.visits"))
    for visit in page.visits[:VISITS]:
        account = line(visit.account, NAME) if visit.account else words.say("filed.account_open")
        facts = (words.day(visit.on, page.today), *(line(fact, NAME) for fact in visit.facts), visit.number)
        fix = _button(words.say("filed.fix"), "fix", str(visit.id))
        fix["accessibility_label"] = words.say("filed.fix_number", number=visit.number)
        yield {**_text(f"{account}\n{' · '.join(facts)}"), "block_id": f"latest:{visit.id}", "accessory": fix}
    if page.url:
        button = {**_button(words.say("home.all"), "link:visits", "visits"), "url": f"{page.url}/visits"}
        yield {"type": "actions", "elements": [button]}


def _settings(words: Wording, chosen: Chosen) -> Iterator[Json]:
    yield _header(words.say("home.settings"))
    languages = [Choice(label=_own_name(one), value=one) for one in LANGUAGES]
    yield _menu(words, "language", languages, chosen.language, clear=False)
    days = get_day_names("abbreviated", locale=words.locale)
    options = [_option(Choice(label=days[day], value=str(day))) for day in range(7)]
    boxes: Json = {"type": "checkboxes", "action_id": "choose:working_days", "options": options}
    if chosen.working_days:
        boxes["initial_options"] = [options[day] for day in chosen.working_days if day in range(7)]
    yield _text(words.say("home.working_days"))
    yield {"type": "actions", "block_id": "choose:working_days", "elements": [boxes]}
    rhythms = [Choice(label=words.say(f"digest.rhythm_{one}"), value=one) for one in RHYTHMS if one != "daily"]
    chosen_rhythm = chosen.digest_rhythm if chosen.digest_rhythm != "daily" else None
    yield _menu(words, "digest_rhythm", rhythms, chosen_rhythm or NONE)
    when = [Choice(label=words.say("home.brief_when_hour"), value="hour")]
    yield _menu(words, "brief_when", when, chosen.brief_when or NONE)
    hours = [Choice(label=f"{hour:02}:00", value=str(hour)) for hour in HOURS]
    for name in ("digest_hour", "quiet_from", "quiet_until"):
        hour = getattr(chosen, name)
        yield _menu(words, name, hours, NONE if hour is None else str(hour))


def _lessons(words: Wording, page: HomePage) -> Iterator[Json]:
    if not page.lessons:
        return
    yield _header(words.say("home.learned"))
    for lesson in page.lessons[:LESSONS]:
        key = "home.not_keyword" if lesson.kind == "not_keyword" else "home.means"
        told = words.say(key, said=line(lesson.said, NAME), meaning=line(lesson.meaning, NAME))
        forget = _button(words.say("home.forget"), "forget", str(lesson.id))
        yield {**_text(told), "block_id": f"lesson:{lesson.id}", "accessory": forget}
    if page.more_lessons:
        yield _text(words.say("common.more", n=page.more_lessons), "context")


def _own_name(language: str) -> str:
    """What a language is called in itself."""
    locale = wording(language).locale
    return str(locale.languages.get(language, language)).capitalize()


def _menu(words: Wording, name: str, choices: Iterable[Choice], chosen: str, *, clear: bool = True) -> Json:
    options = [_option(choice) for choice in choices]
    if clear:
        options.insert(0, _option(Choice(label=words.say(f"home.{name}_none"), value=NONE)))
    menu: Json = {"type": "static_select", "action_id": f"choose:{name}", "options": options}
    initial = next((option for option in options if option["value"] == chosen), None)
    if initial:
        menu["initial_option"] = initial
    return {**_text(words.say(f"home.{name}")), "block_id": f"choose:{name}", "accessory": menu}


def _text(text: str, kind: str = "section") -> Json:
    plain = _plain(text, 3_000)
    return {"type": "section", "text": plain} if kind == "section" else {"type": "context", "elements": [plain]}


def _header(text: str) -> Json:
    return {"type": "header", "text": _plain(text, 150)}


def _button(text: str, action_id: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "value": value, "text": _plain(line(text, BUTTON), BUTTON)}


def _option(choice: Choice) -> Json:
    return {"text": _plain(choice.label, OPTION), "value": choice.value}


def _plain(text: str, most: int) -> Json:
    return {"type": "plain_text", "text": cut(text, most) or "?", "emoji": False}
