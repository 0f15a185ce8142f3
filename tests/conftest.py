"""Houses to test with: real databases, real servers, a clock that the test sets."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import httpx
import pytest
from pydantic import TypeAdapter
from sqlalchemy import Connection, Engine, event, select

from app.settings import Settings
from app.wiring import House, build
from capture.importing import import_folder
from jobs import Worker
from parsing.model import Message
from store import kinds
from store.migrate import migrate
from store.tables import Capture, Delivery, Visit
from tests.servers.dovecot import Dovecot, find_dovecot, running
from tests.servers.postgres import Postgres, find_binaries
from tests.servers.smtp import SmtpServer

HOUSE = Path(__file__).parent / "house"
"""The CSV files of the tests' own company."""
MONDAY = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)


@dataclass
class Clock:
    """The house's clock; stands still until the test moves it."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **how_long: float) -> None:
        self.now += timedelta(**how_long)


@dataclass
class TestHouse:
    """A house, and what a test asks of it."""

    __test__ = False

    house: House
    clock: Clock
    _worker: Worker | None = field(default=None)

    def says(self, text: str, rep: str = "noor@varenhof.example", via: str = "web", **more: Any) -> int:
        """Have a rep say something; return the capture's id."""
        more.setdefault("source_id", f"{via}-{text}-{self.clock.now}")
        message = Message(via=via, rep=rep, sent_at=self.clock.now, text=text, **more)
        return self.house.assistant.accept(message).capture_id

    def run_jobs(self, timeout_s: float = 30.0) -> None:
        """Work until nothing is left to do."""
        if self._worker is None:
            self._worker = self.house.worker()
            self._worker.start()
        self._worker.wait_idle(timeout_s)

    def stop(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None

    def visits(self) -> list[Visit]:
        return self._all(Visit)

    def captures(self) -> list[Capture]:
        return self._all(Capture)

    def deliveries(self) -> list[Delivery]:
        return self._all(Delivery)

    def _all(self, table: Any) -> list[Any]:
        with self.house.db.read() as tx:
            return list(tx.scalars(select(table).order_by(table.id)).unique())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if find_binaries() is None:
        pytest.skip("PostgreSQL is not installed here (make test says how)")
    # Not within pytest's own folders: each pytest that starts takes them away from the server's user again.
    with TemporaryDirectory(prefix="debrief-postgres-") as folder:
        server = Postgres(Path(folder))
        server.start()
        yield server
        server.stop()


@pytest.fixture(scope="session", autouse=True)
def _statements_compiled_once() -> Iterator[None]:
    """What a statement compiles to is kept for all the houses of a run, each of which has an engine of its own."""
    compiled: dict[str, _Compiled] = {}

    def keep(connection: Connection) -> None:
        kept = compiled.setdefault(connection.dialect.name, _Compiled())
        connection.execution_options(compiled_cache=kept)

    event.listen(Engine, "engine_connect", keep)
    yield
    event.remove(Engine, "engine_connect", keep)


@pytest.fixture(scope="session", autouse=True)
def _made_once() -> Iterator[None]:
    """What web parameters are read by and whom TLS trusts is kept for a run: most of what an application takes."""
    kept: dict[tuple[str, str, int], Any] = {}

    def adapter(kind: Any, config: Any = None) -> Any:
        key = (repr(kind), repr(config), hash(kind.__origin__))  # one name may be that of two classes
        if key not in kept:
            kept[key] = TypeAdapter(kind, config=config)
        return kept[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("fastapi._compat.v2.TypeAdapter", adapter)
        patch.setattr("httpx._transports.default.create_ssl_context", cache(httpx.create_ssl_context))
        yield


class _Compiled(dict[Any, Any]):
    """Statements by what SQLAlchemy knows them by, but for the engine's own dialect, which comes first."""

    def __setitem__(self, key: Any, statement: Any) -> None:
        super().__setitem__(key[1:], statement)

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/debrief.db"
    return str(request.getfixturevalue("postgres").database())


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/debrief.db"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _furnish(house: House, at: datetime, *, empty: bool) -> None:
    migrate(house.db)
    house.jobs.prepare()
    if empty:
        with house.db.write() as tx:
            kinds.add_defaults(tx)
    else:
        import_folder(house.db, HOUSE, at)


@pytest.fixture(scope="session")
def furnish(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, bool], None]:
    """Makes a new database a copy of one that was set up once: quicker by half a second a test."""
    templates: dict[tuple[str, bool], str] = {}

    def template(url: str, empty: bool) -> str:
        if url.startswith("sqlite"):
            made = f"sqlite:///{tmp_path_factory.mktemp('template')}/debrief.db"
        else:
            made = request.getfixturevalue("postgres").database()
        house = build(Settings(_env_file=None, database_url=made), lambda: MONDAY)
        _furnish(house, MONDAY, empty=empty)
        house.close()
        return made

    def copy(url: str, empty: bool) -> None:
        key = (url.partition(":")[0], empty)
        if key not in templates:
            templates[key] = template(url, empty)
        if url.startswith("sqlite"):
            shutil.copyfile(templates[key].removeprefix("sqlite:///"), url.removeprefix("sqlite:///"))
        else:
            request.getfixturevalue("postgres").copy(templates[key], url)

    return copy


@pytest.fixture
def build_house(clock: Clock, furnish: Callable[[str, bool], None]) -> Iterator[Callable[..., TestHouse]]:
    """Builds a house with people and customers in it; closed after the test."""
    built: list[TestHouse] = []

    def make(url: str, *, empty: bool = False, **settings: Any) -> TestHouse:
        furnish(url, empty)
        house = build(Settings(_env_file=None, database_url=url, **settings), clock)
        built.append(TestHouse(house, clock))
        return built[-1]

    yield make
    for one in built:
        one.stop()
        one.house.close()


@pytest.fixture
def house(build_house: Callable[..., TestHouse], database_url: str) -> TestHouse:
    """A house on SQLite, and again on PostgreSQL."""
    return build_house(database_url)


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    if find_dovecot() is None or os.getuid() != 0:
        pytest.skip("Dovecot is not installed here, or these tests do not run as root (make test says how)")
    with running() as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Dovecot:
    """An empty inbox."""
    return dovecot_server.mailbox_of(f"debrief{uuid4().hex[:12]}")


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    server = SmtpServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("DEBRIEF_") and name != "DEBRIEF_GOLDEN":
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True, scope="session")
def _quiet() -> None:
    logging.getLogger("dbos").setLevel(logging.CRITICAL)
