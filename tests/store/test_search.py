"""Visits are found by what was said, in four languages, on both databases."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from parsing.fulltext import read_query
from store import search
from store.db import Db, Tx
from store.filters import VisitFilter
from store.migrate import migrate
from store.tables import (
    Account,
    AccountAlias,
    Action,
    Capture,
    Contact,
    Rep,
    Visit,
    VisitContact,
    VisitKeyword,
)
from store.visits import list_visits
from tests.servers.postgres import Postgres

AT = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TOLD = (
    ("nl", "Koelhuis Ée", "De offertes zijn besproken, ze klaagden over de leverďing. Prijs was te hoog."),
    ("de", "Müller & Söhne", "Angebote für zwei Pumpen besprochen, die Straße war gesperrt."),
    ("fi", "Järvisen Leipomo", "Tarjouksesta puhuttiin ja kaupan hinnasta, tilaus tulee syksyllä."),
    ("en", "O'Hara Dairies", "They were complaining about delivery; the quoted price is high & final."),
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Db]:
    """A database with four visits, of which the index knows; nothing that a test changes is kept."""
    file = tmp_path_factory.mktemp("search") / "debrief.db"
    made = Db(f"sqlite:///{file}" if request.param == "sqlite" else request.getfixturevalue("postgres").database())
    with_visits(made, TOLD)
    caught_up(made)
    yield made
    made.close()


@pytest.fixture
def tx(db: Db) -> Iterator[Tx]:
    with Session(db.engine) as opened:
        yield opened
        opened.rollback()


def with_visits(db: Db, told: Sequence[tuple[str, str, str]]) -> None:
    migrate(db)
    with db.write() as tx:
        tx.add(Rep(name="Rep"))
        tx.flush()
        for language, name, said in told:
            _tell(tx, language, name, said)


def _tell(tx: Tx, language: str, name: str, said: str) -> None:
    account = Account(name=name, created_at=AT)
    capture = Capture(
        via="web", source_id=said, sender="r", rep_id=1, sent_at=AT, taken_at=AT, text=said, message={}, reply_to={}
    )
    capture.language = language
    tx.add_all([account, capture])
    tx.flush()
    tx.add(
        Visit(
            number=f"V-2026-{account.id:05}",
            capture_id=capture.id,
            rep_id=1,
            account_id=account.id,
            on=date(2026, 3, account.id),
            report=said,
            created_at=AT,
        )
    )


def caught_up(db: Db) -> int:
    """Bring the index up to date; how many changes it did not know."""
    settled = 0
    while True:
        with db.write() as tx:
            some = search.catch_up(tx, 100)
        if not some:
            return settled
        settled += some


def found(tx: Tx, typed: str) -> set[int]:
    """The ids of the visits that are found by what is typed, with everything changed so far."""
    tx.flush()
    search.catch_up(tx, 100)
    return {one.visit.id for one in list_visits(tx, VisitFilter(text=typed)).visits}


@pytest.mark.parametrize(
    ("typed", "visits"),
    [
        ("offerte ", {1}), ("OFFERTES ", {1}), ("klaagden", {1}), ("klagen ", {1}), ("angebot ", {2}),
        ("Angeboten ", {2}), ("pumpe ", {2}), ("tarjous ", {3}), ("kauppa ", {3}), ("hinta ", {3}), ("complain ", {4}),
        ("quotes ", {4}), ("delivery", {4}),
        ("mueller", {2}), ("MÜLLER ", {2}), ("muller ", {2}), ("sohne ", {2}), ("strasse ", {2}), ("straße", {2}),
        ("jarvisen", {3}), ("ee ", {1}), ("o'hara", {4}), ("O\u2019Hara", {4}),
        ("off", {1}), ("of", set()), ("tilau", {3}), ("V-2026-00003", {3}),
        ("v-2026", {1, 2, 3, 4}), ("2026-0000", {1, 2, 3, 4}),
        ('"quoted price"', {4}), ('"price quoted"', set()), ('"was te hoog', {1}), ('"hoog koelhuis"', set()),
        ("price -quoted", set()), ("2026 -angebot", {1, 3, 4}), ("-angebot", {1, 3, 4}), ('-"te hoog" -pumpen', {3, 4}),
        ("high & final", {4}), ("was the price high", {4}), ("the", {4}), ("offerte angebot", set()),
        ("", {1, 2, 3, 4}),
        ('""', {1, 2, 3, 4}), ("- ' & ( *", {1, 2, 3, 4}),
    ],
)  # fmt: skip
def test_visits_are_found_by(tx: Tx, typed: str, visits: set[int]) -> None:
    assert visits == found(tx, typed)


def test_what_belongs_to_a_visit_is_found_too_and_what_went_is_not(tx: Tx) -> None:
    contact = Contact(name="Ülkü Åberg", created_at=AT)
    tx.add(contact)
    tx.flush()
    visit = tx.get_one(Visit, 1)
    visit.contacts = [VisitContact(contact_id=contact.id)]
    visit.keywords = [VisitKeyword(term="Koelcel XL")]
    visit.actions = [Action(text="Monster opsturen", assignee_id=1)]
    tx.get_one(Account, 1).aliases = [AccountAlias(alias="Frostbite")]
    for typed in ("aberg", "koelcel", "monsters ", "frostbite"):
        assert {1} == found(tx, typed), typed
    tx.execute(update(Contact).values(name="Jan de Wit"))
    tx.execute(update(Account).where(Account.id == 1).values(name="Nieuwe Naam"))
    tx.execute(delete(AccountAlias))
    visit.keywords = []
    for typed in ("aberg", "koelcel", "frostbite", "koelhuis"):
        assert set() == found(tx, typed), typed
    assert {1} == found(tx, "wit nieuwe")


def test_what_changes_nothing_of_a_visit_is_not_due(tx: Tx) -> None:
    tx.execute(update(Account).values(name=Account.name, grade="B"))
    tx.execute(update(Visit).values(outcome="order"))
    assert not search.behind(tx)


def test_a_visit_that_is_taken_away_leaves_the_index(tx: Tx) -> None:
    tx.execute(delete(Visit).where(Visit.id == 2))
    assert search.behind(tx)
    assert 1 == search.catch_up(tx, 100)
    table = "visit_search" if tx.get_bind().dialect.name == "postgresql" else "visit_words"
    assert 3 == tx.scalar(text(f"SELECT count(*) FROM {table}"))


@pytest.mark.servers
def test_a_change_that_is_kept_late_is_found_all_the_same(postgres: Postgres) -> None:
    """Of two that write at once the first to begin may be the last to end: no pointer may have passed it by then."""
    db = Db(postgres.database())
    with_visits(db, TOLD[:2])
    with db.write() as late:
        late.execute(update(Visit).where(Visit.id == 1).values(report="nachtvorst"))
        with db.write() as tx:
            tx.execute(update(Visit).where(Visit.id == 2).values(report="tauwetter"))
        assert caught_up(db)
    assert caught_up(db)
    with db.read() as tx:
        found = {word: list_visits(tx, VisitFilter(text=word)).total for word in ("nachtvorst", "tauwetter", "offerte")}
    assert {"nachtvorst": 1, "tauwetter": 1, "offerte": 0} == found
    db.close()


def test_every_trigger_outlives_the_migrations_that_come_after(tx: Tx) -> None:
    """SQLite forgets a table's triggers when a migration has to write the table anew."""
    asked = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'search_due_%'",
        "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'search_due_%'",
    }
    assert 23 == tx.scalar(text(asked[tx.get_bind().dialect.name]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(typed=st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\"-*:()&|!<>'\\= \0ofterVb")), max_size=60))
def test_nothing_that_can_be_typed_is_an_error(tx: Tx, typed: str) -> None:
    in_names = list(search.matches(read_query(typed), names=True))
    anywhere = list(search.matches(read_query(typed)))
    named, told = (set(tx.scalars(select(Visit.id).where(*conditions))) for conditions in (in_names, anywhere))
    assert named <= told <= {1, 2, 3, 4}
