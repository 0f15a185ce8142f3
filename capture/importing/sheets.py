"""Reading a table that somebody uploads: CSV however their spreadsheet saves it, or XLSX. Formulas stay text."""

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from capture.importing.lines import Fault

LARGEST_BYTES = 5_000_000
MOST_ROWS = 10_000
MOST_COLUMNS = 100
LONGEST_CELL = 1_000
"""Characters."""
MOST_TOLD = 20_000_000
"""Characters of a sheet's cells together: one long text may stand in every row, and is kept once in the file."""
MOST_UNPACKED_BYTES = 80_000_000
MOST_PARTS = 1_000
SEPARATORS = ",;\t|"
TRIED_LINES = 20
HEADING_WITHIN = 10
"""Rows: above the headings a report's title may stand."""
EMPTY_ROWS = 5_000
"""So many empty ones in a row end a sheet: a stray cell at its bottom is no table."""
BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
FORMULA = ("=", "+", "-", "@")
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError, EOFError,
    RuntimeError, ArithmeticError, lzma.LZMAError,
)  # fmt: skip
"""What openpyxl and zipfile raise for a file that is none of theirs, or is broken; they name no single error."""

Row = tuple[int, list[str]]
"""Its number as people count, and its cells."""


class SheetError(Exception):
    """A file cannot be read as a table; ``fault`` says why, in every language."""

    def __init__(self, key: str, **values: str) -> None:
        self.fault = Fault("", 0, "", key, values)
        super().__init__(self.fault.said())


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its headings, and the rows below that have anything in them."""

    headings: Sequence[str]
    rows: Sequence[Row]
    told: str
    """How it was read, such as ``cp1252 ;``."""


def read_sheet(raw: bytes) -> Sheet:
    """The table of a file; what it is shows in its first bytes, whatever it is called. Raises `SheetError`."""
    if len(raw) > LARGEST_BYTES:
        raise SheetError("too_large", most=f"{LARGEST_BYTES // 1_000_000} MB")
    if raw.startswith(b"\xd0\xcf\x11\xe0"):  # [MS-CFB], as XLS and locked XLSX are
        raise SheetError("old_sheet")
    told, rows = _read_xlsx(raw) if raw.startswith(b"PK") else _read_csv(raw)
    return _table(told, rows)


def _table(told: str, rows: Iterator[Row]) -> Sheet:
    filled = list(islice((row for row in rows if any(row[1])), MOST_ROWS + HEADING_WITHIN + 1))
    if not filled:
        raise SheetError("no_rows")
    at = next((at for at, (_, cells) in enumerate(filled[:HEADING_WITHIN]) if sum(map(bool, cells)) > 1), 0)
    headings = _trimmed(filled[at][1])
    below = filled[at + 1 :]
    if not below:
        raise SheetError("no_rows")
    if len(below) > MOST_ROWS:
        raise SheetError("too_many_rows", most=str(MOST_ROWS))
    if max(len(headings), *(len(_trimmed(cells)) for _, cells in below)) > MOST_COLUMNS:
        raise SheetError("too_many_columns", most=str(MOST_COLUMNS))
    return Sheet(headings, below, told)


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def clean(text: str) -> str:
    """A cell as it is meant: without what no screen shows, and without the quote that keeps a spreadsheet off it."""
    whole = text.strip()
    # What is longer than any cell may be need not be read to its end, and stays longer: a quote may go from it.
    kept = whole[: LONGEST_CELL + 2]
    said = "".join(one if one.isprintable() else " " for one in kept)
    said = said.strip() if kept == whole else said
    return said[1:] if said.startswith("'") and said[1:].lstrip().startswith(FORMULA) else said


# ------------------------------------------------------------------------------------------------------------- CSV


def _read_csv(raw: bytes) -> tuple[str, Iterator[Row]]:
    encoding, text = _decoded(raw)
    if BINARY.search(text):
        raise SheetError("no_table")
    named = re.match(r'"?sep=(.)"?\r?\n', text)  # Excel's own way to tell
    separator = named[1] if named else _separator(text)
    return f"{encoding} {separator}", _csv_rows(text[named.end() :] if named else text, separator, 1 if named else 0)


def _decoded(raw: bytes) -> tuple[str, str]:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        tried: tuple[str, ...] = ("utf-16",)
    else:
        tried = ("utf-8-sig", "cp1252")
    for encoding in tried:
        try:
            return encoding.removesuffix("-sig"), raw.decode(encoding)
        except UnicodeDecodeError:
            continue  # the next one is tried
    raise SheetError("no_table")


def _separator(text: str) -> str:
    """What stands between cells: what divides the first lines into the most of them, each alike."""

    def parts(one: str) -> tuple[int, int]:
        try:
            rows = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=one), TRIED_LINES))
        except csv.Error:
            return 0, 0
        counts = [len(row) for row in rows if row]
        most = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(most) * (most > 1), most)

    return max(SEPARATORS, key=parts)


def _csv_rows(text: str, separator: str, above: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    begins = 1
    try:
        for cells in reader:
            yield above + begins, [clean(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SheetError("no_csv", reason=f"{above + begins}: {error}") from error


# ------------------------------------------------------------------------------------------------------------ XLSX


def _read_xlsx(raw: bytes) -> tuple[str, Iterator[Row]]:
    try:
        _look_inside(raw)
        # Read at once: what is broken in the middle must show before anybody is told what it holds.
        return "XLSX", iter(list(islice(_xlsx_rows(raw), MOST_ROWS + HEADING_WITHIN + 1)))
    except UNREADABLE as error:
        raise SheetError("no_table") from error


def _look_inside(raw: bytes) -> None:
    """Refuse what would unpack to far more than it is, and what declares entities (owasp.org, XML External Entity).

    zipfile never unpacks more of a part than its directory says.
    """
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
            raise SheetError("too_large", most=f"{MOST_UNPACKED_BYTES // 1_000_000} MB")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as file:
                    if b"<!" in file.read(2_000).replace(b"\0", b"").replace(b"<!--", b""):
                        raise SheetError("no_table")


def _xlsx_rows(raw: bytes) -> Iterator[Row]:
    import openpyxl  # noqa: PLC0415  # some tenths of a second, for those who bring in a sheet

    book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False, keep_links=False)
    empty = length = 0
    # One column more than is let in, so that it shows where there are more.
    for number, cells in enumerate(book.worksheets[0].iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
        told = [_said(cell) for cell in cells]
        length += sum(map(len, told))
        if length > MOST_TOLD:
            raise SheetError("too_large", most=f"{MOST_TOLD // 1_000_000} MB")
        told = [clean(one) for one in told]
        empty = 0 if any(told) else empty + 1
        if empty > EMPTY_ROWS:
            break
        if not empty:
            yield number, told
    book.close()


def _said(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
