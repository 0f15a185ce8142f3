"""Understanding, in milliseconds a message; beside it what one would assemble in an afternoon."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import spacy
from dateparser.search import search_dates
from rapidfuzz import fuzz, process

from app.settings import Settings
from app.wiring import build
from capture.importing import import_folder
from parsing import parse
from parsing.model import Crm, KnownAccount, KnownContact, Message
from store import crm
from store.migrate import migrate
from tests.bench.tables import middle, percentile, table
from tests.cases import companies
from tests.scoring import score

SAMPLE = Path(__file__).parents[2] / "app" / "sample"
ACCOUNTS, CONTACTS = 50_000, 100_000
FIGURES = ("zero touch", "account", "contacts", "date", "actions", "reports or not")
LIKELY = 80.0
"""How alike, of 100, rapidfuzz must find a name for the afternoon's parser to believe it."""
SECONDS = 15.0
"""How long each way of understanding is measured at most."""


def parser(cases: Path | None) -> None:
    """Print the times over the sample company's messages, or over ``cases`` (``world/`` and ``cases.jsonl``)."""
    small = _crm(cases / "world" if cases else SAMPLE)
    messages = _cases(cases / "cases.jsonl") if cases else _sample(SAMPLE / "captures.jsonl")
    large = _grown(small)
    rows = [
        _row("Debrief", small, messages, lambda message: parse(message, small)),
        _row("Debrief", large, messages, lambda message: parse(message, large)),
    ]
    rows += [_row("an afternoon", known, messages, _afternoon(known)) for known in (small, large)]
    table(
        f"{len(messages)} messages; an afternoon: spaCy blank, dateparser's search_dates, rapidfuzz's extractOne",
        ("ms a message", "accounts", "contacts", "first, s", "median", "p99", "measured"),
        rows,
    )
    _understood()


def _understood() -> None:
    """How much of it is right, over the messages of our invented companies."""
    rows: list[tuple[Any, ...]] = []
    for name, answer in (("Debrief", None), ("an afternoon", _afternoon_answer)):
        tallies = [
            score(
                [one.case for one in readings],
                {one.case["id"]: answer(one.message, company.crm) if answer else one.answer for one in readings},
            ).figures()
            for company in companies()
            if (readings := [one for one in company.readings() if "text" in one.case])
        ]
        shown = [100 * sum(figures[figure] for figures in tallies) / len(tallies) for figure in FIGURES]
        rows.append((name, *shown))
    table("How much of it is right, % (mean of the invented companies)", ("", *FIGURES), rows)


def _afternoon_answer(message: Message, known: Crm) -> dict[str, Any]:
    """What the afternoon's parts find, filed as a visit: the likeliest account, people by name, the first day."""
    language = next((rep.language for rep in known.reps if rep.email == message.rep), "en")
    best = process.extractOne(message.text, [one.name for one in known.accounts], scorer=fuzz.partial_ratio)
    account = {"id": known.accounts[best[2]].id} if best and best[1] >= LIKELY else None
    found = search_dates(message.text, languages=[language], settings={"RELATIVE_BASE": message.sent_at})
    on = found[0][1] if found else message.sent_at
    people = [{"id": one.id} for one in known.contacts if one.name in message.text]
    visit = {"account": account, "contacts": people, "date": on.date().isoformat(), "actions": []}
    return {"visits": [visit] if account else []}


def _row(
    name: str, known: Crm, messages: Sequence[Message], understand: Callable[[Message], object]
) -> tuple[Any, ...]:
    began = time.perf_counter()
    understand(messages[0])
    first_s = time.perf_counter() - began
    for message in messages:
        understand(message)  # loads what each language needs
        if time.perf_counter() - began > SECONDS / 2:
            break
    took = []
    for message in messages * 2:
        since = time.perf_counter()
        understand(message)
        took.append((time.perf_counter() - since) * 1000)
        if time.perf_counter() - began > SECONDS:
            break
    return name, len(known.accounts), len(known.contacts), first_s, middle(took), percentile(took, 99), len(took)


def _afternoon(known: Crm) -> Callable[[Message], object]:
    languages = {rep.email: rep.language for rep in known.reps}
    blank = {language: spacy.blank(language) for language in ("nl", "de", "fi", "en")}
    names = [one.name for one in known.accounts]

    def understand(message: Message) -> object:
        language = languages.get(message.rep, "en")
        words = [token.text for token in blank[language](message.text)]
        on = search_dates(message.text, languages=[language], settings={"RELATIVE_BASE": message.sent_at})
        return words, on, process.extractOne(message.text, names, scorer=fuzz.partial_ratio)

    return understand


def _crm(folder: Path) -> Crm:
    with tempfile.TemporaryDirectory() as place:
        house = build(Settings(_env_file=None, database_url=f"sqlite:///{place}/debrief.db"))
        migrate(house.db)
        import_folder(house.db, folder, datetime.now(UTC))
        with house.db.read() as tx:
            known = crm.snapshot(tx)
        house.close()
    return known


def _sample(path: Path) -> list[Message]:
    said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    now = datetime.now(UTC)
    return [Message(via="web", rep=one["rep"], sent_at=now, text=one["text"]) for one in said if "text" in one]


def _cases(path: Path) -> list[Message]:
    said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [
        Message(via="slack", rep=one["rep"], sent_at=datetime.fromisoformat(one["sent_at"]), text=one["text"])
        for one in said
        if "text" in one
    ]


def _grown(known: Crm) -> Crm:
    """The same company with so many customers more, each with people."""
    accounts = [
        KnownAccount(id=f"a{n}", name=f"{name} {trade}", city=city, country="NL")
        for n, (name, trade, city) in enumerate(_firms(ACCOUNTS - len(known.accounts)))
    ]
    people = _people(CONTACTS - len(known.contacts))
    contacts = [
        KnownContact(id=f"c{n}", name=name, accounts=(accounts[n % len(accounts)].id,)) for n, name in enumerate(people)
    ]
    return replace(
        known, accounts=(*known.accounts, *accounts), contacts=(*known.contacts, *contacts), revision="fifty thousand"
    )


def _firms(number: int) -> Iterator[tuple[str, str, str]]:
    heads = ("Ber", "Dal", "Ees", "Fro", "Gel", "Hol", "Jor", "Kam", "Lin", "Mar", "Nij", "Oud", "Pel", "Rin", "Sto")
    tails = ("berg", "dijk", "feld", "gaard", "horst", "kamp", "laan", "mann", "niemi", "oever", "rup", "stein", "veld")
    middles = ("", "a", "en", "er", "o", "sen", "ter", "i")
    trades = ("Bakery", "Zuivel", "Metallbau", "Konepaja", "Techniek", "Logistik", "Oy", "GmbH", "B.V.", "Ltd", "AG")
    cities = ("Zwolle", "Emmen", "Bielefeld", "Turku", "Leeds", "Graz", "Gent")
    every = product(heads, middles, tails, trades, cities)
    for (head, between, tail, trade, city), _ in zip(every, range(number), strict=False):
        yield f"{head}{between}{tail}", trade, city


def _people(number: int) -> Iterator[str]:
    first = ("Anna", "Bert", "Carla", "Dirk", "Elina", "Frank", "Greta", "Henk", "Ilse", "Jukka", "Karin", "Lars")
    last = [name for name, _, _ in _firms(number)]
    for n in range(number):
        yield f"{first[n % len(first)]} {last[n * 7 % len(last)]}"
