"""What a large invented house consists of: rows for each table, made one after the other from a seed."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

WORDS = tomllib.loads(Path(__file__).with_name("big_words.toml").read_text("utf-8"))
LANGUAGES = ("nl", "de", "fi", "en")
COLUMNS: dict[str, tuple[str, ...]] = {
    "reps": ("id", "name", "role", "team", "manager_id", "slack_id", "language", "timezone", "working_days", "active"),
    "rep_emails": ("id", "rep_id", "email"),
    "accounts": (
        "id", "external_id", "name", "street", "postcode", "city", "country", "region", "industry", "grade", "status",
        "owner_id", "created_at",
    ),
    "account_aliases": ("id", "account_id", "alias"),
    "contacts": ("id", "external_id", "name", "language", "created_at"),
    "contact_emails": ("id", "contact_id", "email"),
    "contact_phones": ("id", "contact_id", "phone"),
    "employments": ("id", "contact_id", "account_id", "role", "stale_since"),
    "targets": ("id", "level", "rep_id", "measure", "period", "value", "since"),
    "captures": (
        "id", "via", "source_id", "sender", "rep_id", "sent_at", "taken_at", "text", "message", "reply_to", "state",
        "language",
    ),
    "visits": (
        "id", "number", "capture_id", "position", "rep_id", "account_id", "on", "timezone", "city", "subject", "type",
        "medium", "outcome", "status", "report", "evidence", "candidates", "created_at",
    ),
    "visit_contacts": ("visit_id", "contact_id", "position"),
    "visit_keywords": ("visit_id", "term", "position"),
    "amounts": ("id", "visit_id", "value", "currency"),
    "actions": ("id", "visit_id", "text", "due", "assignee_id", "state"),
    "changes": ("id", "at", "record", "record_id", "field", "old", "new", "by"),
    "visit_numbers": ("year", "last"),
}  # fmt: skip
TYPES = ("first", "follow_up", "follow_up", "routine", "routine", "routine", "demo", "negotiation", "service", None)
MEDIUMS = ("in_person", "in_person", "in_person", "in_person", "phone", "phone", "video", "event")
OUTCOMES = (
    "order", "quote_requested", "quote_requested", "interested", "interested", "no_interest", "complaint", "lost",
    *[None] * 12,
)  # fmt: skip
STATUSES = (*["held"] * 94, *["missed"] * 3, *["cancelled"] * 2, "held")
GRADES = ("A", "B", "B", "C", "C", "C", "D", "E", None)
INDUSTRIES = ("construction", "food", "logistics", "health", "print", "energy")
AHEAD_DAYS = 7
"""Planned visits lie this far ahead."""

SATURDAY = 5
UNKNOWN = 0.01
"""The part of the visits whose rep is still asked for the account."""
EVIDENCE = json.dumps({"account": [{"start": 0, "end": 20, "part": "text", "confidence": 0.95, "why": "name"}]})

Row = Sequence[Any]
Made = tuple[str, Row]
"""A table's name, and a row of it: its columns as in `COLUMNS`."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything; visits are spread evenly over the last ``days``."""

    visits: int
    accounts: int
    contacts: int
    reps: int
    managers: int
    days: int = 365


@dataclass(slots=True)
class Colleague:
    """What visits need to know of their rep."""

    id: int
    name: str
    email: str
    slack_id: str
    language: str
    timezone: str
    accounts: list[int]


@dataclass(slots=True)
class Customer:
    """What visits need to know of their account."""

    name: str
    city: str
    contacts: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Deal:
    """What came of a visit, and the money that was spoken of."""

    outcome: str | None
    value: int


def rows(size: Size, until: date, seed: int) -> Iterator[Made]:
    """Every row with its table's name; a row comes after those that it points at."""
    return _House(Random(seed), size, until).rows()


class _House:
    """The house while it is made: what was invented so far, for the rows that point at it."""

    def __init__(self, rng: Random, size: Size, until: date) -> None:
        self._rng, self._size, self._until = rng, size, until
        self._reps: list[Colleague] = []
        self._customers: list[Customer] = []
        self._counts: Counter[str] = Counter()

    def rows(self) -> Iterator[Made]:
        yield from self._people()
        yield from self._accounts()
        yield from self._contacts()
        yield from self._visits()

    def _people(self) -> Iterator[Made]:
        """Managers first; a rep speaks the language of the manager's place."""
        teams = []
        for number in range(1, self._size.managers + 1):
            language = LANGUAGES[number % len(LANGUAGES)]
            teams.append((number, f"Team {number:03d}", language, self._rng.choice(WORDS["places"][language])[2]))
            yield from self._person(number, "manager", None, teams[-1])
        for number in range(self._size.managers + 1, self._size.managers + self._size.reps + 1):
            team = teams[number % len(teams)]
            yield from self._person(number, "rep", team[0], team)
            since = self._until - timedelta(days=self._size.days)
            period = self._rng.choice(("week", "week", "month"))
            owed = ("visits", period, self._rng.randint(3, 18), since.isoformat())
            yield "targets", (number, "rep", number, *owed)

    def _person(self, number: int, role: str, boss: int | None, team: tuple[int, str, str, str]) -> Iterator[Made]:
        _, name_of_team, language, zone = team
        name, email, slack_id = self._name(), f"rep{number}@bigfield.example", f"U{number:08d}"
        yield "reps", (number, name, role, name_of_team, boss, slack_id, language, zone, "[0, 1, 2, 3, 4]", True)
        yield "rep_emails", (number, number, email)
        if role == "rep":
            self._reps.append(Colleague(number, name, email, slack_id, language, zone, []))

    def _accounts(self) -> Iterator[Made]:
        said, choose = WORDS["account"], self._rng.choice
        for number in range(1, self._size.accounts + 1):
            rep = self._reps[number % len(self._reps)]
            rep.accounts.append(number)
            city, country, _ = choose(WORDS["places"][rep.language])
            stem = f"{choose(said['first'])}{choose(said['second'])} {choose(said['third'])} {number}"
            name = f"{stem} {choose(WORDS['forms'][rep.language])}"
            self._customers.append(Customer(name, city, []))
            created = _at(self._until - timedelta(days=self._rng.randint(0, self._size.days + 700)), 9, 0)
            status = "customer" if number % 5 else "prospect"
            yield "accounts", (
                number, f"B{number}", name, f"Street {number % 200}", f"{10000 + number % 80000}", city, country,
                f"{country}-{number % 7}", choose(INDUSTRIES), choose(GRADES), status, rep.id, created,
            )  # fmt: skip
            if number % 4 == 0:
                yield "account_aliases", (number, number, stem)

    def _contacts(self) -> Iterator[Made]:
        for number in range(1, self._size.contacts + 1):
            account_id = number % len(self._customers) + 1
            name = self._name()
            self._customers[account_id - 1].contacts.append((number, name))
            gone = self._until - timedelta(days=self._rng.randint(1, 300)) if self._rng.random() < 0.02 else None
            yield "contacts", (number, f"P{number}", name, None, _at(self._until - timedelta(days=400), 9, 0))
            yield "contact_emails", (number, number, f"contact{number}@account{account_id}.example")
            yield "contact_phones", (number, number, f"+31 20 {number:07d}")
            role = self._rng.choice(WORDS["people"]["role"])
            yield "employments", (number, number, account_id, role, gone.isoformat() if gone else None)

    def _visits(self) -> Iterator[Made]:
        """Day by day, so that ids rise with time as in a real house; on weekends there are none."""
        ahead = range(self._size.days, -AHEAD_DAYS, -1)
        days = [one for n in ahead if (one := self._until - timedelta(days=n)).weekday() < SATURDAY]
        for number in range(1, self._size.visits + 1):
            yield from self._visit(number, days[(number - 1) * len(days) // self._size.visits])
        for year in {day.year for day in days}:
            yield "visit_numbers", (year, self._counts[str(year)])

    def _visit(self, number: int, on: date) -> Iterator[Made]:
        rng, words = self._rng, WORDS["texts"]
        rep = self._reps[rng.randrange(len(self._reps))]
        account_id = rng.choice(rep.accounts) if rep.accounts else 1 + rng.randrange(len(self._customers))
        customer = self._customers[account_id - 1]
        met = rng.sample(customer.contacts, min(len(customer.contacts), rng.choice((1, 1, 1, 2))))
        terms = rng.sample(words[rep.language]["keywords"], 2)
        deal = Deal(rng.choice(OUTCOMES), rng.randint(5, 900) * 100)
        said = {"account": customer.name, "contact": met[0][1] if met else "", "keyword": terms[0]}
        text = self._text(rep.language, {**said, "amount": deal.value})
        at = _at(min(on, self._until), rng.randint(8, 18), rng.randint(0, 59))
        known = rng.random() >= UNKNOWN
        yield "captures", self._capture(number, rep, at, text, "filed" if known else "asked")
        self._counts[str(on.year)] += 1
        subject = rng.choice(words[rep.language]["subjects"]) if rng.random() < 0.9 else None
        yield "visits", (
            number, f"V-{on.year}-{self._counts[str(on.year)]:05d}", number, 0, rep.id, account_id if known else None,
            on.isoformat(), rep.timezone, customer.city, subject, rng.choice(TYPES), rng.choice(MEDIUMS), deal.outcome,
            "planned" if on > self._until else rng.choice(STATUSES), text, EVIDENCE, "[]", at,
        )  # fmt: skip
        yield from (("visit_contacts", (number, one, position)) for position, (one, _) in enumerate(met))
        yield from (("visit_keywords", (number, term, position)) for position, term in enumerate(terms))
        yield from self._beside(number, on, rep, deal)

    def _capture(self, number: int, rep: Colleague, at: str, text: str, state: str) -> Row:
        via, sender = ("slack", rep.slack_id) if self._rng.random() < 0.7 else ("email", rep.email)
        message = {"via": via, "rep": rep.email, "sent_at": at, "text": text, "source_id": f"big-{number}"}
        kept = json.dumps(message, ensure_ascii=False)
        return (number, via, f"big-{number}", sender, rep.id, at, at, text, kept, "{}", state, rep.language)

    def _beside(self, number: int, on: date, rep: Colleague, deal: Deal) -> Iterator[Made]:
        """Money, what was promised, and what was corrected. Most of what was promised long ago is done."""
        rng, counts = self._rng, self._counts
        if deal.outcome in {"order", "quote_requested"}:
            counts["amounts"] += 1
            yield "amounts", (counts["amounts"], number, deal.value, "GBP" if rep.language == "en" else "EUR")
        if rng.random() < 0.6:
            counts["actions"] += 1
            due = on + timedelta(days=rng.randint(1, 21))
            state = "open" if due > self._until - timedelta(days=3) or rng.random() < 0.02 else "done"
            text = rng.choice(WORDS["texts"][rep.language]["actions"])
            yield "actions", (counts["actions"], number, text, due.isoformat(), rep.id, state)
        if rng.random() < 0.1:
            counts["changes"] += 1
            at = _at(min(on, self._until), 19, rng.randint(0, 59))
            yield (
                "changes", (counts["changes"], at, "visit", number, "outcome", "null", '"interested"', f"rep:{rep.id}")
            )  # fmt: skip

    def _text(self, language: str, said: dict[str, Any]) -> str:
        words, rng = WORDS["texts"][language], self._rng
        middle = rng.sample(words["middle"], rng.randint(2, 5))
        return " ".join([rng.choice(words["opening"]), *middle, rng.choice(words["closing"])]).format(**said)

    def _name(self) -> str:
        return f"{self._rng.choice(WORDS['people']['first'])} {self._rng.choice(WORDS['people']['last'])}"


def _at(day: date, hour: int, minute: int) -> str:
    """A moment, UTC, as both databases read it."""
    return f"{day.isoformat()} {hour:02d}:{minute:02d}:00.000000"
