"""Which column of an uploaded table is which, and what its cells mean. Pure."""

from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale

from capture.attributes import field_of, is_called
from capture.headings import field_called, fields, plain, values
from capture.importing.lines import Fault, Line
from capture.importing.sheets import LONGEST_CELL, Row, Sheet
from store.tables import HouseAttribute

Mapped = Mapping[str, int]
"""Field to the column, counted from 0, that tells it."""
LANGUAGES = ("en", "nl", "de", "fi")
PARTS = ("first_name", "middle_name", "last_name")
"""Of which a name is put together where no column has it whole."""
NEEDED = {"reps": ("email", "name"), "accounts": ("name",), "contacts": ("name",)}
SPOKEN_OF = {"United Kingdom": "GB", "UK": "GB", "England": "GB", "Holland": "NL", "The Netherlands": "NL", "USA": "US",
             "D": "DE", "A": "AT", "B": "BE", "F": "FR", "L": "LU", "BRD": "DE", "FIN": "FI", "NED": "NL"}  # fmt: skip


def _whole(text: str) -> str:
    """The text by its letters and digits, accents kept: what has letters of no alphabet of ours is still a name."""
    return plain(text) or text.strip().casefold()


def guess(what: str, sheet: Sheet, own: Sequence[HouseAttribute] = ()) -> dict[str, int]:
    """The columns as their headings tell; each field once, the first column that is called so.

    A column that is no field's may be that of an attribute of the house's own.
    """
    found: dict[str, int] = {}
    for at, heading in enumerate(sheet.headings):
        field = field_called(what, heading) or next((field_of(one) for one in own if is_called(one, heading)), None)
        if field:
            found.setdefault(field, at)
    return found


def missing(what: str, mapped: Mapped) -> list[str]:
    """The fields without which there is nothing to bring in."""
    named = "name" in mapped or "last_name" in mapped or "first_name" in mapped
    return [one for one in NEEDED[what] if one not in mapped and not (one == "name" and what != "accounts" and named)]


def lines(what: str, sheet: Sheet, mapped: Mapped) -> list[Line]:
    """The rows as lines of the fields that are mapped."""
    return [Line(row[0], _cells(what, row, mapped)) for row in sheet.rows]


def _cells(what: str, row: Row, mapped: Mapped) -> dict[str, str]:
    number_of = len(row[1])
    told = {field: row[1][at] if at < number_of else "" for field, at in mapped.items()}
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
        return values(field).get(plain(value), value)
    return value


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
