"""A reading, shown to a person: each value, the words that it came from, why, and what stays open."""

from dataclasses import fields, is_dataclass
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from parsing.model import Crm, Extraction, Found, Message, VisitMention

COLOURS = {
    "account": "green", "contacts": "cyan", "on": "yellow", "starts": "yellow", "ends": "yellow", "type": "magenta",
    "medium": "magenta", "outcome": "magenta", "actions": "blue", "amounts": "red", "keywords": "bright_black",
    "contact_changes": "red", "city": "green", "postcode": "green", "street": "green",
}  # fmt: skip


def show(console: Console, message: Message, extraction: Extraction, crm: Crm) -> None:
    """Print the message with the words that were read marked in it, and a table a visit."""
    names = {one.id: one.name for one in crm.accounts} | {f"c{one.id}": one.name for one in crm.contacts}
    console.print(Panel(_marked(message.text, extraction), title="message", title_align="left"))
    if not extraction.visits:
        console.print(f"No visit: {extraction.not_a_report}.")
    for number, visit in enumerate(extraction.visits, start=1):
        console.print(Group(Text(f"Visit {number}", style="bold"), _table(visit, message, names)))
    for note in extraction.notes:
        console.print(f"Note: {note}")


def _marked(text: str, extraction: Extraction) -> Text:
    shown = Text(text)
    for visit in extraction.visits:
        for field, found in visit.found():
            if found.part == "text" and found.end > found.start:
                shown.stylize(f"underline {COLOURS.get(field, 'white')}", found.start, found.end)
    return shown


def _table(visit: VisitMention, message: Message, names: dict[str, str]) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    for heading in ("field", "value", "from the words", "sure", "why"):
        table.add_column(heading, overflow="fold")
    for field, found in visit.found():
        table.add_row(
            Text(field, style=COLOURS.get(field, "white")),
            Text(_value(found.value, names, field)),
            Text(_words(found, message)),
            f"{found.confidence:.0%}",
            Text(found.why),
        )
    open_ = [spec.name for spec in fields(visit) if not getattr(visit, spec.name)]
    table.add_section()
    table.add_row("", Text(f"left open: {', '.join(open_)}" if open_ else ""), "", "", "")
    return table


def _words(found: Found[Any], message: Message) -> str:
    parts = {
        "text": message.text,
        "subject": message.subject or "",
        "forwarded": message.forwarded.body if message.forwarded else "",
    }
    words = parts.get(found.part, "")[found.start : found.end]
    return f"“{words}”" if words else f"({found.part})"


def _value(value: Any, names: dict[str, str], field: str) -> str:
    if not is_dataclass(value):
        return str(value)
    told = []
    for spec in fields(value):
        part = getattr(value, spec.name)
        if part in (None, ()):
            continue
        if spec.name in {"id", "candidates"}:
            prefix = "" if field == "account" else "c"
            ids = part if isinstance(part, tuple) else (part,)
            told.append(" or ".join(str(names.get(f"{prefix}{one}", one)) for one in ids))
        elif is_dataclass(part):
            told.append(f"{spec.name}: {_value(part, names, 'contacts')}")
        else:
            told.append(str(part) if spec.name in {"name", "text", "value"} else f"{spec.name} {part}")
    return ", ".join(told)
