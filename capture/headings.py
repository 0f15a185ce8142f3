"""What the columns of other systems' lists are called, and what stands in them. Pure."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def plain(text: str) -> str:
    """The text by its letters and digits alone, without accents."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(one for one in spread if one.isalnum())


def fields(what: str) -> Sequence[str]:
    """The fields that a table of ``reps``, ``accounts`` or ``contacts`` can tell."""
    return tuple(_words()[what])


def field_called(what: str, heading: str) -> str | None:
    """The field that a column of this heading tells, such as "Plaats *" or "Name (required)" of forms and templates."""
    known = _fields_by_heading(what)
    return known.get(plain(heading)) or known.get(plain(heading.partition("(")[0]))


@cache
def values(field: str) -> Mapping[str, str]:
    """What cells say of a field that knows only a few words, as `plain` has it, to our own word."""
    return {plain(said): key for key, some in _words()["values"][field].items() for said in some}


@cache
def _fields_by_heading(what: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field, headings in _words()[what].items():
        for heading in (field, *headings):
            found.setdefault(plain(heading), field)
    return found
