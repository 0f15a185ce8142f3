"""Tables for spreadsheets."""

import csv
from collections.abc import Iterable, Mapping
from typing import IO

RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet compute a cell (owasp.org, "CSV Injection")."""


def cell(value: object) -> str:
    """The value as text that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(RISKY) else text


def write_rows(to: IO[str], columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> int:
    """Write the rows under their head; how many."""
    names = list(columns)
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(names)
    number = 0
    for row in rows:
        writer.writerow([cell(row[name]) for name in names])
        number += 1
    return number
