"""The table of faults in docs/faults.md: a row a fault, written anew by whoever tried it."""

import re
from dataclasses import dataclass
from pathlib import Path

BEGIN, END = "<!-- faults -->\n", "<!-- end of faults -->"
HEAD = "| fault | reports | lost | filed twice | unanswered | on the shelf | said twice | the last answer after |"


@dataclass(frozen=True)
class Line:
    """What a fault did to so many reports; ``back_s`` is from its end to the last answer."""

    fault: str
    reports: int
    lost: int
    filed_twice: int
    unanswered: int
    shelved: int
    said_twice: int
    back_s: float | None

    def __str__(self) -> str:
        after = "-" if self.back_s is None else f"{self.back_s:.1f} s"
        counts = (self.reports, self.lost, self.filed_twice, self.unanswered, self.shelved, self.said_twice)
        return f"| {self.fault} | {' | '.join(map(str, counts))} | {after} |"


def write(page: Path, line: Line) -> None:
    """Put the line into the page's table, in place of that of the same fault."""
    text = page.read_text("utf-8")
    before, found, rest = text.partition(BEGIN)
    table, ended, after = rest.partition(END)
    if not (found and ended):
        raise ValueError(f"{page} has no table between {BEGIN.strip()} and {END}")
    kept = {re.split(r" *\| *", row)[1]: row for row in table.splitlines()[2:] if row.startswith("|")}
    rows = [HEAD, "|---|" + "---:|" * 7, *(kept | {line.fault: str(line)}).values()]
    page.write_text(before + BEGIN + "".join(f"{row}\n" for row in rows) + END + after, "utf-8")
