"""A list taken out as CSV or XLSX, as it is read: it is never whole in memory, and no cell of it is a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from decimal import Decimal
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import HTTPException
from fastapi.responses import StreamingResponse

from web.lists.columns import Cell, Column, Row

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MOST_IN_SHEET = 1_048_575
"""Rows of a sheet below its heading (support.microsoft.com, Excel specifications and limits)."""
IN_MEMORY_BYTES = 4_000_000
CHUNK_BYTES = 64_000
ROWS_AT_ONCE = 200
LONGEST_CELL = 32_767
"""Characters of a cell (support.microsoft.com, Excel specifications and limits)."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a text begins that a spreadsheet would calculate, East Asian ones too (owasp.org, CSV Injection)."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def plain(value: str) -> str:
    """The text without control characters, which no sheet can hold, and without what turns its direction."""
    return "".join(one if one.isprintable() or one in "\n\t" else " " if one.isspace() else "" for one in value)


def is_formula(value: str) -> bool:
    """Whether a spreadsheet would calculate it."""
    return value.startswith(FORMULA) or value.lstrip().startswith(FORMULA)


def harmless(value: str) -> str:
    """The text with a quote before it where a spreadsheet would calculate it."""
    return f"'{plain(value)}" if is_formula(value) or is_formula(plain(value)) else plain(value)


def taken_out(kind: str, name: str, columns: Sequence[Column[Row]], rows: Iterable[Row]) -> StreamingResponse:
    """The answer that saves the rows as a file of this kind.

    Raises HTTPException 404 for another kind, and 413 where a sheet cannot hold them: none is cut short unsaid.
    """
    if kind not in TYPES:
        raise HTTPException(404, "A list can be taken out as CSV or XLSX.")
    content = as_csv(columns, rows) if kind == "csv" else _begun(as_xlsx(columns, rows))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}', safe='')}"}
    return StreamingResponse(content, media_type=TYPES[kind], headers=headers)


def as_csv(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterator[bytes]:
    """CSV as Excel opens it: UTF-8 with a byte order mark, commas, days as ISO 8601 (RFC 4180 otherwise)."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([column.title for column in columns])
    yield b"\xef\xbb\xbf"
    for number, row in enumerate(rows, 1):
        writer.writerow([_text(column.value(row)) for column in columns])
        if number % ROWS_AT_ONCE == 0:
            yield _emptied(written)
    yield _emptied(written)


def as_xlsx(columns: Sequence[Column[Row]], rows: Iterable[Row]) -> Iterator[bytes]:
    """An XLSX file with one sheet. Days are days there, and a text is a text whatever it begins with.

    Raises HTTPException 413 before its first bytes where the rows are too many.
    """
    import openpyxl  # noqa: PLC0415  # some tenths of a second, for those who take out a sheet

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Debrief")
    sheet.freeze_panes = "A2"
    sheet.append([column.title for column in columns])
    left = iter(rows)
    for row in islice(left, MOST_IN_SHEET):
        sheet.append([_cell(sheet, column.value(row)) for column in columns])
    too_many = next(left, None) is not None
    with SpooledTemporaryFile(max_size=IN_MEMORY_BYTES) as file:
        book.save(file)  # which also clears away what was written so far
        if too_many:
            raise HTTPException(413, f"A sheet holds {MOST_IN_SHEET:,} rows: narrow the list, or take it out as CSV.")
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _begun(content: Iterator[bytes]) -> Iterator[bytes]:
    """The same, with its first piece made already: what is wrong shows before an answer is begun."""
    return chain([next(content)], content)


def _text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return (
        value.isoformat() if isinstance(value, date) else str(value) if not isinstance(value, str) else harmless(value)
    )


def _cell(sheet: "WriteOnlyWorksheet", value: Cell) -> object:
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    cell = WriteOnlyCell(sheet)
    cell.value = plain(value)[:LONGEST_CELL]
    cell.data_type = "s"  # whatever it begins with
    cell.quotePrefix = is_formula(value)  # and so it stays when somebody edits it
    return cell


def _emptied(written: io.StringIO) -> bytes:
    said = written.getvalue()
    written.seek(0)
    written.truncate()
    return said.encode()


def money(amounts: Iterable[tuple[Decimal, str]]) -> str:
    """Sums with their currencies."""
    return "; ".join(f"{value} {currency}" for value, currency in amounts)
