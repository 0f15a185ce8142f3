"""How long every page takes, and searches, in a large house: as an administrator, a manager and a rep see it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from sqlalchemy import select, text

from app.settings import Settings
from app.wiring import build
from capture.finding import Finding
from store import search
from store.db import Db
from store.migrate import migrate
from store.sessions import open_session
from store.tables import Rep, Visit
from tests.bench.big import fill
from tests.bench.big_house import Size
from tests.bench.tables import percentile, say, table
from tests.servers.postgres import Postgres
from tests.servers.web import served

SIZE = Size(visits=1_000_000, accounts=50_000, contacts=200_000, reps=5_000, managers=400)
LAST_DAY = date(2026, 11, 20)
WANTED_MS = 200
PAGES = (
    "/dashboard", "/visits", "/visits?page=100", "/visits?order=oldest", "/visits?order=filed",
    "/visits?since={month}", "/visits?outcome=order", "/visits?outcome=complaint&class=A",
    "/visits?type=first&medium=call", "/visits?status=held", "/visits?account={word}", "/visits?keyword={term}",
    "/visits?class=A", "/visits?region={region}", "/visits?rep={rep}&order=account", "/visits?by={word}",
    "/visits?account_id={account}", "/visits?contact_id={contact}", "/visits/{visit}", "/visits/{visit}?tab=report",
    "/visits/{visit}?tab=history", "/actions", "/actions?due=overdue", "/actions?whose=all", "/accounts",
    "/accounts?q={word}", "/accounts?class=A", "/accounts/{account}", "/accounts/{account}/brief", "/contacts",
    "/contacts?q={word}", "/contacts/{contact}", "/targets", "/me",
)  # fmt: skip
SEARCHES = (
    "{word}", "{word} ", "{word} {word2}", "{name}", "{name} {word}", "{word3}", '"{word} {word2}"', "{word} -{word2}",
    "{number}",
)  # fmt: skip
"""Searches for words of the reports, whole or begun, together, in quotes, left out; for names and for numbers."""


def pages(url: str | None = None, rounds: int = 20, page_s: float = 10.0) -> None:
    """Measure on the database at ``url``, made by `tests.bench.big` and migrated; else on one that is made first.

    Each page is asked for ``rounds`` times, and no more once that took ``page_s`` seconds.
    """
    if url is not None:
        return _measure(url, rounds, page_s)
    with TemporaryDirectory(prefix="debrief-bench-") as folder:
        server = Postgres(Path(folder))
        server.start()
        try:
            made = server.database()
            say(f"{fill(made, SIZE, LAST_DAY):,} rows made")
            _measure(made, rounds, page_s)
        finally:
            server.stop()
    return None


def _measure(url: str, rounds: int, page_s: float) -> None:
    db = Db(url)
    migrate(db)
    _index(db)
    now = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=9)
    for role in ("administrator", "manager", "rep"):
        with _client(url, db, role, now) as client:
            _one_role(db, client, role, rounds, page_s)
    db.close()


def _index(db: Db) -> None:
    """Have the search know every visit."""
    with db.read() as tx:
        behind = search.behind(tx)
    began, settled = perf_counter(), 0
    while behind and (some := Finding(db).tick()):
        settled += some
    if settled:
        say(f"{settled:,} changes taken into the search in {perf_counter() - began:,.0f} s")
        with db.write() as tx:
            tx.execute(text("ANALYZE"))


@contextmanager
def _client(url: str, db: Db, role: str, now: datetime) -> Iterator[httpx.Client]:
    settings = Settings(
        _env_file=None, database_url=url, public_url="http://127.0.0.1", smtp={"host": "127.0.0.1"}, pages=True,
        listen="0.0.0.0",
    )  # type: ignore[call-arg]  # fmt: skip
    house = build(settings, lambda: now)
    with db.write() as tx:
        who = tx.scalar(select(Rep).where(Rep.role == role).order_by(Rep.id).offset(3).limit(1))
        who = who or tx.scalars(select(Rep).where(Rep.role == "manager").limit(1)).one()
        who.role = role
        token = open_session(tx, who.id, "bench", now)
    with served(house.web()) as address, httpx.Client(base_url=address, timeout=120) as client:
        client.cookies.set("debrief", token)
        yield client
    house.close()


def _one_role(db: Db, client: httpx.Client, role: str, rounds: int, page_s: float) -> None:
    chance = random.Random(7)
    with db.read() as tx:
        ids = sorted(tx.scalars(select(Visit.id).order_by(Visit.id.desc()).limit(2_000)))
    rows = []
    for path in (*PAGES, *(f"/visits?q={one}" for one in SEARCHES)):
        taken, status, size = [], 0, 0
        for _ in range(rounds):
            address = path.format(**_values(db, chance, chance.choice(ids)))
            began = perf_counter()
            answer = client.get(address, headers={"accept": "text/html"})
            taken.append((perf_counter() - began) * 1000)
            status, size = answer.status_code, len(answer.content)
            if sum(taken) > page_s * 1000:
                break
        p95 = percentile(taken, 95)
        rows.append(
            (path, status, size, len(taken), percentile(taken, 50), p95, max(taken), "" if p95 <= WANTED_MS else "slow")
        )
    table(f"pages as {role}, ms", ("page", "status", "bytes", "times", "p50", "p95", "most", f"> {WANTED_MS}"), rows)


def _values(db: Db, chance: random.Random, visit_id: int) -> dict[str, object]:
    """What the addresses ask for, all of one visit: words of its report, its account, a person who was met."""
    with db.read() as tx:
        visit = tx.get_one(Visit, visit_id)
        said = search.said_of(tx, [visit_id])[visit_id]
        account = tx.execute(text("SELECT region FROM accounts WHERE id = :id"), {"id": visit.account_id}).scalar()
        contact = visit.contacts[0].contact_id if visit.contacts else 1
        term = visit.keywords[0].term if visit.keywords else "none"
    words = [word.strip(".,:;!?") for word in visit.report.split() if word.strip(".,:;!?").isalpha()]
    at = chance.randrange(max(1, len(words) - 1))
    word, word2 = (words * 2)[at : at + 2]
    return {
        "visit": visit.id, "account": visit.account_id or 1, "contact": contact, "rep": visit.rep_id, "term": term,
        "region": account or "", "word": word, "word2": word2, "word3": word[:3], "name": said.names[-1].split()[-1],
        "number": visit.number, "month": (LAST_DAY - timedelta(days=30)).isoformat(),
    }  # fmt: skip
