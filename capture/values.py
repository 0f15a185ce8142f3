"""What a correction brings, looked at before anything is changed."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

Value = str | int | Sequence[Any] | Mapping[str, Any] | None
"""What a field is to be: as Python has it, or for lists and objects as JSON text."""

LONGEST = 200
"""Characters of a name, a term, a town, a subject."""
MOST = 50
"""Entries of a list."""


class CorrectionError(Exception):
    """What a rep wanted to change cannot be changed; the text says why, for the rep. ``key`` names the reason.

    ``reason`` is what the house's own handbook says of it, where it does: it is quoted wherever the text stands.
    """

    def __init__(self, key: str, text: str, reason: str | None = None) -> None:
        super().__init__(text)
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        return quoted(super().__str__(), self.reason)


def quoted(text: str, reason: str | None) -> str:
    """The text, and after it the house's own reason where there is one."""
    return f"{text} “{reason}”" if reason else text


def read_json(text: str) -> Any:
    """What a JSON text says."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise CorrectionError("shape", "This is no JSON.") from error


def read_list(value: Value, what: str) -> list[Any]:
    """A list of at most fifty entries; none where nothing is given."""
    read = read_json(value) if isinstance(value, str) else value
    if read is None:
        return []
    if not isinstance(read, Sequence) or isinstance(read, str):
        raise CorrectionError("shape", f"{what} needs a list.")
    if len(read) > MOST:
        raise CorrectionError("too_many", f"{what}: {MOST} at most.")
    return list(read)


def read_id(value: Any, what: str) -> int:
    """The id of a row, as a number or its digits."""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,12}", str(value), re.ASCII):
        raise CorrectionError("shape", f"{what} needs an id, not {value!r}.")
    return int(value)


def read_text(value: Any, what: str, *, needed: bool = False, longest: int = LONGEST) -> str | None:
    """A text in one line; None where it is empty, which it may be unless it is ``needed``."""
    if not isinstance(value, str | None):
        raise CorrectionError("shape", f"{what} needs a text, not {value!r}.")
    text = " ".join((value or "").replace("\0", "").split())
    if needed and not text:
        raise CorrectionError("empty", f"{what} needs a text.")
    if len(text) > longest:
        raise CorrectionError("too_long", f"{what}: {longest} characters at most.")
    return text or None


def read_day(value: Any, what: str) -> date | None:
    """A day as ISO 8601 has it."""
    text = read_text(value, what)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise CorrectionError("date", f"{text!r} is no day such as 2026-03-02.") from error


def read_time(value: Any, what: str) -> time | None:
    """A time of day as 24 hours and minutes."""
    text = read_text(value, what)
    try:
        return datetime.strptime(text, "%H:%M").replace(tzinfo=UTC).time() if text else None
    except ValueError as error:
        raise CorrectionError("time", f"{text!r} is no time such as 14:30.") from error


def read_name(value: Value) -> str | None:
    """The name of a new account, given as ``{"name": ...}``; None where an id is given."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        value = read_json(value)
    return read_text(value.get("name"), "account", needed=True) if isinstance(value, Mapping) else None
