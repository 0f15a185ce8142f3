"""What is typed into a form's field that asks for one kind of value."""

import re

from parsing import literals
from parsing.amounts import find_amounts
from parsing.model import ContactMention, Money

_BETWEEN = re.compile(r"[;\n]+")


def read_sums(text: str, language: str, home: str = "EUR") -> list[Money] | None:
    """The sums of a field, one a line or between semicolons, a bare number in ``home``; None where one is no sum."""
    read = []
    for part in _BETWEEN.split(text):
        if part.strip():
            found = find_amounts(part, language) or find_amounts(f"{part.strip()} {home}", language)
            if len(found) != 1:
                return None
            read.append(found[0].value)
    return read


def read_terms(text: str) -> list[str]:
    """The terms of a field, between commas, semicolons or line ends."""
    return [term for part in re.split(r"[,;\n]+", text) if (term := " ".join(part.split()))]


def read_people(text: str) -> list[ContactMention]:
    """The people of a field, one a line: ``Name, role, address, number`` as far as they are known."""
    people = []
    for part in _BETWEEN.split(text):
        pieces = [piece for one in part.split(",") if (piece := " ".join(one.split()))]
        if not pieces:
            continue
        email = next((one for piece in pieces for one in literals.emails(piece)), None)
        phone = next((one for piece in pieces for one in literals.phones(piece)), None)
        role = next((piece for piece in pieces[1:] if "@" not in piece and not re.search(r"\d{5}", piece)), None)
        people.append(ContactMention(name=pieces[0], role=role, email=email, phone=phone))
    return people
