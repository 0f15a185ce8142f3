"""The forms in which one record is edited, as `edit.html` shows them."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``options`` are values with their labels, of a field where one is chosen.

    ``kind`` is the type that HTML has for it.
    """

    name: str
    label: str
    value: str
    options: Sequence[tuple[str, str]] = ()
    lines: int = 1
    kind: str = "text"
    hint: str = ""
    """What is said below it."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form about one record: where it stands, and the version that it shows.

    ``marks`` tells of each field what was shown, where only what was changed is to be kept.
    """

    title: str
    place: str
    fields: Sequence[Field]
    seen: int
    marks: str = ""
