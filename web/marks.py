"""The message with the words marked that each value was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

FIELDS = {
    "account": "Account",
    "contacts": "Person",
    "on": "Day",
    "starts": "Time",
    "ends": "Time",
    "type": "Type",
    "medium": "Medium",
    "outcome": "Outcome",
    "subject": "Subject",
    "keywords": "Keyword",
    "actions": "To do",
    "amounts": "Amount",
    "contact_changes": "Change",
    "city": "Place",
    "postcode": "Place",
    "street": "Place",
}
"""A visit's fields as the pages call them, in the order of a visit."""

Evidence = Mapping[str, Sequence[Mapping[str, Any]]]
"""As in `Visit.evidence`: field to where its words are."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text. ``field`` is None where nothing was read from it; ``labels`` are told where words end."""

    text: str
    field: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """One part of a message, in pieces."""

    title: str
    pieces: tuple[Piece, ...]


def marked_message(message: Mapping[str, Any], evidence: Evidence) -> list[Marked]:
    """The parts of a message (as in `Capture.message`) that hold words, each in pieces."""
    forwarded = message.get("forwarded") or {}
    parts = (
        ("subject", "Subject", message.get("subject")),
        ("text", "What the rep wrote", message.get("text")),
        ("forwarded", "Forwarded mail", forwarded.get("body")),
    )
    return [Marked(title, pieces(text, evidence, part)) for part, title, text in parts if text]


def pieces(text: str, evidence: Evidence, part: str) -> tuple[Piece, ...]:
    """The text cut wherever the words of a value begin or end; where they overlap, the shorter words win."""
    spans = [
        (one["start"], min(one["end"], len(text)), name)
        for name, found in evidence.items()
        for one in found
        if one["part"] == part and 0 <= one["start"] < min(one["end"], len(text))
    ]
    edges = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    cut = []
    for start, end in pairwise(edges):
        over = sorted((last - first, name) for first, last, name in spans if first <= start and end <= last)
        ending = [FIELDS.get(name, name) for _, last, name in sorted(spans, reverse=True) if last == end]
        cut.append(Piece(text[start:end], over[0][1] if over else None, tuple(dict.fromkeys(ending))))
    return tuple(cut)


def words(message: Mapping[str, Any], evidence: Evidence, *names: str) -> list[str]:
    """The words that the fields ``names`` were read from, once each, in the message's order."""
    forwarded = message.get("forwarded") or {}
    texts = {"text": message.get("text"), "subject": message.get("subject"), "forwarded": forwarded.get("body")}
    spans = sorted(
        (one["part"], one["start"], one["end"]) for name in names for one in evidence.get(name, ()) if one["end"]
    )
    found = [(texts.get(part) or "")[start:end] for part, start, end in spans]
    return list(dict.fromkeys(one for one in found if one.strip()))
