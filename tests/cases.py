"""Companies with messages of their reps and what a careful person files from them, read without a database."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from app import jsonl
from parsing import parse
from parsing.model import Crm, Extraction, KnownAccount, KnownContact, KnownRep, Message

COMPANIES = Path(__file__).parent / "companies"
"""A folder a company: ``world/`` with the CSV files of an import, and ``cases.jsonl`` (docs/jsonl.md) with gold."""


@dataclass(frozen=True)
class Reading:
    """A case, how its message was understood, and the line that `debrief parse --jsonl` would answer."""

    company: str
    case: dict[str, Any]
    message: Message
    extraction: Extraction
    answer: dict[str, Any]

    @property
    def name(self) -> str:
        """Of the company and the case."""
        return f"{self.company} {self.case['id']}"


@dataclass(frozen=True)
class Company:
    """A folder with a world and cases."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @cached_property
    def cases(self) -> list[dict[str, Any]]:
        lines = (self.folder / "cases.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]

    @cached_property
    def crm(self) -> Crm:
        return read_crm(self.folder / "world")

    def readings(self) -> Iterator[Reading]:
        """Every case with its message as it is understood now."""
        for case in self.cases:
            yield read(case, self.crm, self.folder)


def companies() -> list[Company]:
    """Ours, by name."""
    return [Company(file.parent) for file in sorted(COMPANIES.glob("*/cases.jsonl"))]


def read(case: dict[str, Any], crm: Crm, folder: Path = COMPANIES) -> Reading:
    """One case, understood; a mail is a file in ``folder``."""
    message = jsonl.read_message(case, folder)
    extraction = parse(message, crm)
    names = {("account", one.id): one.id for one in crm.accounts}
    names |= {("contact", one.id): one.id for one in crm.contacts}
    return Reading(folder.name, case, message, extraction, jsonl.told(message, case["id"], extraction, names))


def read_crm(world: Path) -> Crm:
    """The snapshot that an import of the folder gives, with the ids from outside."""
    reps = [
        KnownRep(
            email=row["email"].lower(),
            name=row["name"],
            slack_id=row["slack_id"] or None,
            role=row["role"],
            team=row["team"] or None,
            manager=row["manager_email"].lower() or None,
            language=row["language"],
            timezone=row["timezone"],
        )
        for row in _rows(world / "reps.csv")
    ]
    accounts = [
        KnownAccount(
            id=row["external_id"],
            name=row["name"],
            aliases=tuple(sorted({one.strip() for one in row["aliases"].split("|")} - {""})),
            owner=row["owner_email"].lower() or None,
            **{key: row[key] or None for key in ("street", "postcode", "city", "country", "industry")},
        )
        for row in _rows(world / "accounts.csv")
    ]
    contacts = [
        KnownContact(
            id=row["external_id"],
            name=row["name"],
            accounts=(row["account_external_id"],),
            role=row["role"] or None,
            emails=tuple(filter(None, [row["email"].lower()])),
            phones=tuple(filter(None, [row["phone"]])),
            language=row["language"] or None,
        )
        for row in _rows(world / "contacts.csv")
    ]
    return Crm(reps=tuple(reps), accounts=tuple(accounts), contacts=tuple(contacts), revision=str(world.resolve()))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            yield {key: (value or "").strip() for key, value in row.items()}
