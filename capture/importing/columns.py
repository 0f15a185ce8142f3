"""Which column of an uploaded table is which, and what its cells mean. Pure."""

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from babel import Locale

from capture.attributes import COLUMN
from capture.importing.lines import Fault, Line
from capture.importing.sheets import LONGEST_CELL, Row, Sheet

Mapped = Mapping[str, int]
"""Field to the column, counted from 0, that tells it."""
LANGUAGES = ("en", "nl", "de", "fi")
PARTS = ("first_name", "middle_name", "last_name")
"""Of which a name is put together where no column has it whole."""
NEEDED = {"reps": ("email", "name"), "accounts": ("name",), "contacts": ("name",)}
SPOKEN_OF = {"United Kingdom": "GB", "UK": "GB", "England": "GB", "Holland": "NL", "The Netherlands": "NL", "USA": "US",
             "D": "DE", "A": "AT", "B": "BE", "F": "FR", "L": "LU", "BRD": "DE", "FIN": "FI", "NED": "NL"}  # fmt: skip


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("columns.toml").read_text("utf-8"))


def fields(what: str) -> Sequence[str]:
    """The fields that a table of this kind can tell."""
    return tuple(_words()[what])


def _plain(text: str) -> str:
    """The text by its letters and digits alone, without accents."""
    spread = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return "".join(one for one in spread if one.isalnum())


def _whole(text: str) -> str:
    """The text by its letters and digits, accents kept: what has letters of no alphabet of ours is still a name."""
    return _plain(text) or text.strip().casefold()


@cache
def _fields_by_heading(what: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for field, headings in _words()[what].items():
        for heading in (field, *headings):
            found.setdefault(_plain(heading), field)
    return found


def guess(what: str, sheet: Sheet) -> dict[str, int]:
    """The columns as their headings tell; each field once, the first column that is called so."""
    known = _fields_by_heading(what)
    found: dict[str, int] = {}
    for at, heading in enumerate(sheet.headings):
        # "E-mail *" and "Name (required)" are what forms and templates make of it.
        for said in (heading, heading.partition("(")[0]):
            if (field := known.get(_plain(said))) and field not in found:
                found[field] = at
                break
    return found


def missing(what: str, mapped: Mapped) -> list[str]:
    """The fields without which there is nothing to bring in."""
    named = "name" in mapped or "last_name" in mapped or "first_name" in mapped
    return [one for one in NEEDED[what] if one not in mapped and not (one == "name" and what != "accounts" and named)]


def lines(what: str, sheet: Sheet, mapped: Mapped) -> list[Line]:
    """The rows as lines of the fields that are mapped."""
    # What stands in columns that mean no field may be an attribute of the house's own.
    others = {at: name for at, name in enumerate(sheet.headings) if name and at not in mapped.values()}
    return [Line(row[0], _cells(what, row, mapped, others)) for row in sheet.rows]


def _cells(what: str, row: Row, mapped: Mapped, others: Mapping[int, str]) -> dict[str, str]:
    number_of = len(row[1])
    told = {field: row[1][at] if at < number_of else "" for field, at in mapped.items()}
    told |= {COLUMN + name: row[1][at] for at, name in others.items() if at < number_of}
    if what != "accounts" and "name" not in told:
        told["name"] = " ".join(told[part] for part in PARTS if told.get(part))
    # What a list leaves empty of these is not said by it, and no fault.
    unsaid = {"external_id"} | ({"status"} if what == "accounts" else {"role"} if what == "reps" else set())
    return {
        field: _meant(field, value, what)
        for field, value in told.items()
        if field not in PARTS and (value or field not in unsaid)
    }


def too_long(what: str, file: str, some: Sequence[Line]) -> list[Fault]:
    """Cells that no field of ours is for."""
    return [
        Fault(file, line.number, field, "long", {"most": str(LONGEST_CELL)})
        for line in some
        for field, value in line.cells.items()
        if len(value) > LONGEST_CELL and field in fields(what)
    ]


def _meant(field: str, value: str, what: str) -> str:
    """A cell in our own words where there are few; as it is where we know none."""
    if field == "country":
        return _countries().get(_whole(value), value) if value else ""
    if (field, what) in {("status", "accounts"), ("role", "reps"), ("language", "reps"), ("language", "contacts")}:
        return _values(field).get(_plain(value), value)
    return value


@cache
def _values(field: str) -> Mapping[str, str]:
    return {_plain(said): key for key, some in _words()["values"][field].items() for said in some}


@cache
def _countries() -> Mapping[str, str]:
    """Names and codes of countries in our languages, to their two letters."""
    found = {_whole(name): code for name, code in SPOKEN_OF.items()}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():  # noqa: PLR2004  # ISO 3166-1 alpha-2
                found.setdefault(_whole(str(name)), code)
                found[code.casefold()] = code
    return found
