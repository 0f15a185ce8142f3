"""Columns for what a house keeps beside what everybody does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capture.attributes import attributes_from, field_of
from capture.importing.lines import Fault, Line
from capture.values import CorrectionError
from store import attributes
from store.db import Tx
from store.tables import HouseAttribute


@dataclass(frozen=True, slots=True)
class Own:
    """The attributes of one kind of record, for its lines."""

    known: Sequence[HouseAttribute]

    @classmethod
    def read(cls, tx: Tx, record: str) -> "Own":
        """Those that are in use."""
        return cls(attributes.of(tx, record))

    def faults(self, file: str, line: Line) -> Iterator[Fault]:
        """Where a cell holds nothing that the attribute can be."""
        try:
            attributes_from(line.cells, self.known)
        except CorrectionError as error:
            yield Fault(file, line.number, error.key, "unfit", {"value": repr(line[error.key])})

    def of(self, line: Line) -> dict[str, str | None]:
        """What the line tells of them; of a line with a fault nothing."""
        try:
            return attributes_from(line.cells, self.known)
        except CorrectionError:
            return {}

    def now(self, extra: Mapping[str, Any]) -> dict[str, str | None]:
        """What is kept of them."""
        return {field_of(one): extra.get(one.key) for one in self.known}
