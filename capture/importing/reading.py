"""Reading the CSV files of a folder, each of whose columns has its name."""

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from capture.importing.lines import Fault, ImportingError, Line


def read_lines(path: Path, columns: Collection[str]) -> list[Line]:
    """The lines of a file in UTF-8 with these columns, in any order; more of them are let be.

    Raises `ImportingError` where it is not such a file.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Where the comma is in numbers, spreadsheets put a semicolon between cells.
            header = file.readline()
            file.seek(0)
            separator = ";" if ";" in header and "," not in header else ","
            reader = csv.DictReader(file, strict=True, delimiter=separator)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                values = {"column": ", ".join(missing), "columns": ", ".join(reader.fieldnames or ())}
                raise ImportingError([Fault(path.name, 0, "", "missing", values)])
            numbered = list(_numbered(reader))
    except FileNotFoundError as error:
        raise ImportingError([Fault(path.name, 0, "", "no_file", {"folder": str(path.parent)})]) from error
    except UnicodeDecodeError as error:
        raise ImportingError([Fault(path.name, 0, "", "encoding", {"byte": str(error.start)})]) from error
    except csv.Error as error:
        raise ImportingError([Fault(path.name, 0, "", "no_csv", {"reason": str(error)})]) from error
    if wide := [Fault(path.name, at, "", "cells", _cells(line, separator)) for at, line in numbered if None in line]:
        raise ImportingError(wide)
    return [Line(at, {str(key): _clean(value) for key, value in line.items()}) for at, line in numbered]


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str | None, object]]]:
    """Each line with the number at which it begins: a quoted cell may go on below."""
    above = reader.line_num
    for line in reader:
        yield above + 1, dict(line)
        above = reader.line_num


def _cells(line: dict[str | None, object], separator: str) -> dict[str, str]:
    more, headings = line[None], len(line) - 1
    cells = headings + (len(more) if isinstance(more, list) else 0)
    return {"cells": str(cells), "headings": str(headings), "separator": separator}


def _clean(value: object) -> str:
    return str(value or "").replace("\0", "").strip()
