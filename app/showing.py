"""A reading, shown to a person: the message with its words marked, and for each visit every value and its words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, time
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from letters.filters import cut
from parsing.model import (
    AccountMention,
    ContactChange,
    ContactMention,
    Crm,
    Extraction,
    Found,
    Message,
    Money,
    VisitMention,
)
from store.lessons import ListedLesson
from store.tables import Capture

COLOURS = {
    "account": "green", "contacts": "cyan", "on": "yellow", "starts": "yellow", "ends": "yellow", "type": "magenta",
    "medium": "magenta", "outcome": "magenta", "actions": "blue", "amounts": "red", "keywords": "bright_black",
    "contact_changes": "red", "city": "green", "postcode": "green", "street": "green",
}  # fmt: skip
REASONED = {"account", "contacts", "on", "starts", "ends", "contact_changes"}
"""Fields whose words alone do not say why this value."""
UNSURE = 0.7
QUOTED_CHARS = 48
SHOWN_CHARS = 1500
"""Of a forwarded mail, which may be very long."""

Names = Mapping[tuple[str, str], str]


def show(console: Console, message: Message, extraction: Extraction, crm: Crm) -> None:
    """Print the message with the words that were read marked in it, and what would be filed for each visit."""
    names = {("account", one.id): one.name for one in crm.accounts}
    names |= {("contact", one.id): one.name for one in crm.contacts}
    rep = next((one for one in crm.reps if one.email == message.rep), None)
    sent_at = message.sent_at.astimezone(ZoneInfo(rep.timezone)) if rep else message.sent_at
    title = f"{rep.name if rep else message.rep} · {sent_at:%a %d %b %Y %H:%M} · {extraction.language}"
    for part, text in _parts(message):
        heading = {"text": title, "subject": "subject", "forwarded": "forwarded"}[part]
        console.print(
            Panel(_marked(text, part, extraction), title=heading, title_align="left", border_style="dim"),
            soft_wrap=False,
        )
    if not extraction.visits:
        console.print(f"Nothing would be filed: {extraction.not_a_report}.", soft_wrap=False)
    for number, visit in enumerate(extraction.visits, start=1):
        if len(extraction.visits) > 1:
            console.print(Text(f"\nVisit {number} of {len(extraction.visits)}", style="bold"))
        console.print(_table(visit, message, names), soft_wrap=False)
        for line in _below(visit, names):
            console.print(line, soft_wrap=False)
    for note in extraction.notes:
        console.print(f"Note: {note}", soft_wrap=False)


def taught(one: ListedLesson) -> str:
    """A lesson in one line."""
    means = {"account": "means", "contact": "means", "keyword": "is a keyword:", "not_keyword": "is no keyword:"}
    lesson = one.lesson
    meaning = f"{means[lesson.kind]} {one.meaning}{f' at {one.within}' if one.within else ''}"
    since = f"since {lesson.taught_at:%Y-%m-%d}, {one.number}, used: {lesson.times}"
    return f'{lesson.id}  {one.rep or "the house"}: "{lesson.said}" {meaning}  ({since})'


def _parts(message: Message) -> Iterable[tuple[str, str]]:
    forwarded = message.forwarded.body if message.forwarded else ""
    for part, text in (("subject", message.subject or ""), ("text", message.text), ("forwarded", forwarded)):
        if text.strip():
            yield part, text


def _marked(text: str, part: str, extraction: Extraction) -> Text:
    shown = Text(text)
    spans = [
        (found.start, found.end, field)
        for visit in extraction.visits
        for field, found in visit.found()
        if found.part == part and found.end > found.start
    ]
    for start, end, field in sorted(spans, key=lambda span: span[0] - span[1]):  # where two overlap, the shorter wins
        shown.stylize(f"underline {COLOURS.get(field, 'white')}", start, end)
    if len(shown) > SHOWN_CHARS:
        shown = shown[:SHOWN_CHARS] + Text(" …")
    shown.rstrip()
    return shown


def _table(visit: VisitMention, message: Message, names: Names) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("field", no_wrap=True)
    table.add_column("value", overflow="fold", ratio=5)
    table.add_column("read from", overflow="fold", ratio=6)
    table.add_column("sure", justify="right", no_wrap=True)
    for field, several in groupby(visit.found(), key=lambda one: one[0]):
        found_here = [found for _, found in several]
        rows = [found_here] if field == "keywords" else [[found] for found in found_here]
        for row in rows:
            table.add_row(
                Text(field.replace("_", " "), style=COLOURS.get(field, "white")),
                Text(", ".join(_value(found.value, names) for found in row)),
                _evidence(field, row, message),
                _sure([found.confidence for found in row]),
            )
    return table


def _evidence(field: str, row: Sequence[Found[Any]], message: Message) -> Text:
    quoted = dict.fromkeys(_words(found, message) for found in row)
    shown = Text(" ".join(f"“{cut(words, QUOTED_CHARS)}”" for words in quoted if words))
    first = row[0]
    if not shown:
        shown = Text(f"({first.part.replace('_', ' ')})")
    # Of a single word like "phoned" the reason is the word itself.
    if field in REASONED or max(map(len, quoted)) > QUOTED_CHARS:
        why = first.why if first.why and not any(words and words in first.why for words in quoted) else ""
        shown.append(f" {why}", style="dim")
    return shown


def _sure(shares: Sequence[float]) -> Text:
    least, most = min(shares), max(shares)
    told = f"{most:.0%}" if most - least < 0.01 else f"{least * 100:.0f}-{most:.0%}"  # noqa: PLR2004
    return Text(told, style="" if least >= UNSURE else "yellow")


def _below(visit: VisitMention, names: Names) -> Iterable[Text]:
    meant = visit.account.value if visit.account else AccountMention()
    if not (meant.id or meant.name):
        choices = " or ".join(names.get(("account", one), one) for one in meant.candidates)
        yield Text(f"The card would ask: which account{f', {choices}' if choices else ''}?", style="bold")
    empty = [spec.name.replace("_", " ") for spec in fields(visit) if not getattr(visit, spec.name)]
    empty = [name for name in empty if name != "account"]
    if empty:
        yield Text(f"not said: {', '.join(empty)}", style="dim")


def _words(found: Found[Any], message: Message) -> str:
    return " ".join(dict(_parts(message)).get(found.part, "")[found.start : found.end].split())


def _value(value: Any, names: Names) -> str:
    if isinstance(value, AccountMention):
        told = _named("account", value, names) or "open"
    elif isinstance(value, ContactMention):
        told = _person(value, names)
    elif isinstance(value, ContactChange):
        followed = f", followed by {_value(value.successor, names)}" if value.successor else ""
        told = f"{_value(value.contact, names)} {value.change}{followed}"
    elif isinstance(value, Money):
        told = f"{value.value:,} {value.currency}"
    elif isinstance(value, time):
        told = value.strftime("%H:%M")
    elif isinstance(value, date):
        told = value.strftime("%a %d %b %Y")
    elif is_dataclass(value):
        parts = [(spec.name, getattr(value, spec.name)) for spec in fields(value)]
        told = ", ".join(_plain(name, part, names) for name, part in parts if part not in (None, ""))
    else:
        told = str(value)
    return told


def _person(value: ContactMention, names: Names) -> str:
    known = _named("contact", value, names) or value.email or "?"
    new = () if value.id else ("new",)
    more = [part for part in (*new, value.role, value.email, value.phone) if part and part != known]
    return f"{known} ({', '.join(more)})" if more else known


def _plain(name: str, part: Any, names: Names) -> str:
    if name == "due":
        return f"by {_value(part, names)}"
    if name == "assignee":
        return f"for {part}"
    return str(part)


def _named(kind: str, meant: AccountMention | ContactMention, names: Names) -> str | None:
    if meant.id:
        return names.get((kind, meant.id), meant.id)
    return f"{meant.name} (new)" if meant.name and kind == "account" else meant.name


def held_back(capture: Capture) -> str:
    """A message that was kept and not filed, on one line: id, when and as whom it was sent, why it is held, words."""
    why = capture.problem if capture.state == "forged" else "one too many at once"
    said = cut(" ".join(capture.text.split()), 60)
    return f"{capture.id}  {capture.sent_at:%Y-%m-%d %H:%M}  {capture.sender}: {why}  “{said}”"


def as_page(message: Message, extraction: Extraction) -> str:
    """The message as an HTML page of spaCy's displaCy, each value over its words; nothing in it is markup."""
    from spacy import displacy  # noqa: PLC0415  # a second of imports, for this option alone

    from parsing.carrier import SPANS, to_doc  # noqa: PLC0415

    page: str = displacy.render(
        to_doc(message, extraction), style="span", page=True, jupyter=False, options={"spans_key": SPANS}
    )
    return page
