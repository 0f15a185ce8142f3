"""What a list that is brought in may be made of, and what two clicks or a line that is left out come to."""

import io
import lzma
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import openpyxl
import pytest
from sqlalchemy import func, select

from capture.importing.lines import ImportingError, Line
from capture.importing.people import apply, plan
from capture.importing.sheets import LONGEST_CELL, SheetError, clean, read_sheet
from capture.importing.uploads import Uploads
from capture.rights import HOST
from store.tables import Account, Rep
from tests.conftest import TestHouse


@pytest.fixture
def house(build_house: Callable[..., TestHouse], database_url: str) -> TestHouse:
    return build_house(database_url)


STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
LISTED = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{STRINGS}"/></Types>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def shared_string(text: str, rows: int) -> bytes:
    """A sheet whose one text stands in every row, and once in the file (ECMA-376, 18.4)."""
    book, raw, file = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    for _ in range(rows):
        book.active.append(["name", "mark"])
    book.save(raw)
    with zipfile.ZipFile(raw) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in good.infolist():
            data = good.read(part).decode().replace("</Types>", LISTED)
            data = data.replace('t="inlineStr"><is><t>mark</t></is>', 't="s"><v>0</v>')
            archive.writestr(part.filename, data)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}"><si><t>{text}</t></si></sst>')
    return file.getvalue()


def test_a_text_that_stands_in_every_row_is_counted_each_time() -> None:
    raw = shared_string("x" * 1_000_000, 30)
    assert len(raw) < 10_000
    with pytest.raises(SheetError, match="larger than 20 MB"):
        read_sheet(raw)
    cells = read_sheet(shared_string("x" * 1_000_000, 3)).rows[0][1]
    assert LONGEST_CELL < len(cells[1]) < LONGEST_CELL + 10


@pytest.mark.parametrize("text", ["x" * 1_001, "x" * 1_000 + " y", "'=" + "x" * 1_000, "\u200bx" + " " * 999 + "y"])
def test_a_cell_that_is_cut_is_still_too_long(text: str) -> None:
    assert len(clean(text)) > LONGEST_CELL
    assert clean(text).startswith(text.strip("'\u200b")[:1])


def test_empty_lines_between_take_no_place() -> None:
    raw = "\r\r\n".join(["name", *(f"Firm {n}" for n in range(9_000))]).encode()
    sheet = read_sheet(raw)
    assert (9_000, ["Firm 8999"]) == (len(sheet.rows), sheet.rows[-1][1])


def test_parts_that_are_packed_otherwise_and_broken_are_no_table() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 200)
    raw = bytearray(file.getvalue())
    raw[30 + len("xl/workbook.xml") + 4] = 0xFF  # the first byte of LZMA's properties: none of its encoders writes it
    with pytest.raises(lzma.LZMAError):
        zipfile.ZipFile(io.BytesIO(raw)).read("xl/workbook.xml")
    with pytest.raises(SheetError, match="no CSV and no XLSX"):
        read_sheet(bytes(raw))


PEOPLE = """email,name,role,manager_email
top@varenhof.example,Top,king,
middle@varenhof.example,Middle,manager,top@varenhof.example
low@varenhof.example,Low,rep,Middle@varenhof.example
noor@varenhof.example,Noor,manager,top@varenhof.example
free@varenhof.example,Free,rep,noor@varenhof.example
"""


def test_who_reports_to_a_line_that_is_left_out_is_left_out_too(house: TestHouse) -> None:
    uploads = Uploads(house.house.db, house.clock)
    looked = uploads.look(HOST, uploads.take(HOST, "reps", "us.csv", PEOPLE.encode()))
    told = {(one.line, one.column, one.key) for one in looked.plan.faults}
    assert {(2, "role", "choice"), (3, "manager_email", "nobody"), (4, "manager_email", "nobody"),
            (5, "manager_email", "nobody")} == told  # fmt: skip
    assert ["free@varenhof.example"] == [one.key for one in looked.steps], "Noor is here already"


def test_a_manager_who_is_not_there_is_never_left_off_silently(house: TestHouse) -> None:
    line = Line(2, {"email": "low@varenhof.example", "name": "Low", "manager_email": "nobody@varenhof.example"})
    with pytest.raises(ImportingError, match="nobody here"), house.house.db.write() as tx:
        apply(tx, plan(tx, [line]))
    with house.house.db.read() as tx:
        assert 0 == tx.scalar(select(func.count(Rep.id)).where(Rep.name == "Low"))


def test_two_clicks_at_once_bring_it_in_once(house: TestHouse) -> None:
    uploads = Uploads(house.house.db, house.clock)
    raw = "name\n" + "".join(f"Nieuw {n}\n" for n in range(40))
    number = uploads.take(HOST, "accounts", "new.csv", raw.encode())
    mark = uploads.look(HOST, number).mark
    with ThreadPoolExecutor(2) as two:
        for click in [two.submit(uploads.confirm, HOST, number, mark) for _ in range(2)]:
            click.result()
    with house.house.db.read() as tx:
        assert 40 == tx.scalar(select(func.count(Account.id)).where(Account.name.like("Nieuw %")))
