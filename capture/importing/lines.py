"""What is brought in, line by line, and what is wrong with a line."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from letters import wording

Kind = Literal["new", "changed", "unchanged", "forgotten"]
"""``forgotten``: a person who asked us to forget them, and is left out."""
Values = Mapping[str, str | None]
Progress = Callable[[str, int, int], None]
"""Called with a file's name, the lines done and the lines in all."""
BATCH = 500


def silent(_file: str, _done: int, _total: int) -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: ``number`` as an editor counts, ``cells`` by column; a column that the file lacks is not among them."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """What stands there; nothing where there is no such column."""
        return self.cells.get(column, "")

    def __contains__(self, column: str) -> bool:
        """Whether the file says anything about it at all."""
        return column in self.cells


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a place; ``key`` and ``values`` are its sentence (letters/words, "importing")."""

    file: str
    line: int
    column: str
    key: str
    values: Mapping[str, str] = field(default_factory=dict)

    def said(self, language: str = "en") -> str:
        """It in words, without its place."""
        return wording(language).say(f"importing.{self.key}", **self.values)

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        return f"{place}: {self.said()}"


class ImportingError(Exception):
    """The files cannot be brought in as they are."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass(frozen=True, slots=True)
class Planned:
    """What a line comes to: ``row`` is the record that it is about, None where there is none yet."""

    line: Line
    kind: Kind
    key: str
    """What people know it by: the mail address of one of us, else the name."""
    row: Any = None
    was: Values = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    """Of each field that changes, or of a new record has, what was and what is to be there."""
    account: int | str | None = None
    """Of a contact where they work: an id, or the own number of an account that comes in with them."""

    @property
    def fields(self) -> Iterator[tuple[str, str | None, str | None]]:
        """Field, before, after."""
        return ((name, self.was.get(name), value) for name, value in self.values.items())


def planned(
    line: Line, key: str, row: Any, *, now: Values, wanted: Values, account: int | str | None = None
) -> Planned:
    """What becomes of a record that says ``now`` by a line that wants ``wanted``."""
    values = {name: value for name, value in wanted.items() if (now.get(name) or None) != (value or None)}
    kind: Kind = "new" if row is None else "changed" if values else "unchanged"
    return Planned(line, kind, key, row, {} if row is None else now, values, account)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be done, file by file, and what is wrong with the lines that are left out."""

    files: Mapping[str, Sequence[Planned]]
    faults: Sequence[Fault] = ()

    def count(self, kind: Kind, file: str | None = None) -> int:
        """How many lines come to this."""
        chosen = self.files.values() if file is None else [self.files.get(file, ())]
        return sum(one.kind == kind for some in chosen for one in some)


def given_once(lines: Sequence[Line], found: Sequence[Any]) -> list[Any]:
    """The record of each line, without one that has no number yet and that several lines would be about."""
    times = Counter(row.id for row in found if row is not None)
    return [
        None if row is not None and line["external_id"] and row.external_id is None and times[row.id] > 1 else row
        for line, row in zip(lines, found, strict=True)
    ]


def batches(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Each value once, as many together as a database likes to be asked for at once."""
    every = list(dict.fromkeys(values))
    return (every[at : at + BATCH] for at in range(0, len(every), BATCH))


def joined(old: Iterable[str], new: Iterable[str]) -> str:
    """What there is with what is added to it, for people."""
    return ", ".join(dict.fromkeys((*old, *new)))
