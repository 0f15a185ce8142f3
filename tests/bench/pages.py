"""How long every page takes, and searches, in a large house: as an administrator, a manager and a rep see it."""

import os
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import httpx
from sqlalchemy import func, select, text

from app.settings import Settings
from app.wiring import build
from capture.finding import Finding
from store import search
from store.db import Db
from store.migrate import migrate
from store.sessions import open_session
from store.tables import Account, Contact, Rep, Visit
from tests.bench.big import fill
from tests.bench.big_house import Size
from tests.bench.tables import percentile, say, table
from tests.bench.written import machine, markdown, write
from tests.servers.web import served

SIZE = Size(visits=100_000, accounts=10_000, contacts=40_000, reps=500, managers=40)
"""Of the house that is made where none is given; the million of PostgreSQL takes an hour to make."""
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
ALL = (*PAGES, *(f"/visits?q={one}" for one in SEARCHES))
HEAD = ("page", "status", "bytes", "times", "p50", "p95", "most", f"> {WANTED_MS}")
ROLES = ("administrator", "manager", "rep")


def pages(
    url: str | None = None, rounds: int = 20, page_s: float = 10.0, page: Path | None = None, only: str = ""
) -> None:
    """Measure on the database at ``url``, made by `tests.bench.big` and migrated; else on one of SQLite made first.

    Each page with ``only`` in its address is asked for ``rounds`` times, and no more once that took ``page_s`` seconds.
    With a ``page`` of the documentation the table is written there, too.
    """
    if url is not None:
        return _measure(url, rounds, page_s, page, only)
    with TemporaryDirectory(prefix="debrief-bench-") as folder:
        made = f"sqlite:///{folder}/debrief.db"
        say(f"{fill(made, SIZE, LAST_DAY):,} rows made")
        _measure(made, rounds, page_s, page, only)
    return None


def _measure(url: str, rounds: int, page_s: float, page: Path | None, only: str) -> None:
    db = Db(url)
    migrate(db)
    _index(db)
    now = datetime.combine(LAST_DAY + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=9)
    busy = os.getloadavg()[0]
    taken: dict[str, dict[str, list[float]]] = {}
    for role in ROLES:
        with _client(url, db, role, now) as (client, who):
            rows, taken[role] = _one_role(db, client, _seen_by(db, role, who), rounds, page_s, only=only)
        table(f"pages as {role}, ms", HEAD, rows)
    if page is not None:
        write(page, f"pages on {db.engine.dialect.name}", _told(db, taken, busy))
    db.close()


def _told(db: Db, taken: dict[str, dict[str, list[float]]], busy: float) -> str:
    """The table of all roles, with what it was measured on and how busy that was."""
    with db.read() as tx:
        sizes = [tx.scalar(select(func.count()).select_from(one)) or 0 for one in (Visit, Account, Contact, Rep)]
    house = "{:,} visits, {:,} accounts, {:,} contacts, {:,} people".format(*sizes)
    all_of = {role: [one for some in of_page.values() for one in some] for role, of_page in taken.items()}
    paths = list(next(iter(taken.values())))
    of_path = {path: {role: of_page[path] for role, of_page in taken.items()} for path in paths}
    rows = [["**all pages**", *_middle_and_end(all_of)]]
    rows += [[f"`{path}`", *_middle_and_end(of_roles)] for path, of_roles in of_path.items()]
    slow = sum(percentile(some, 95) > WANTED_MS for of_page in taken.values() for some in of_page.values())
    head = ["page", *(f"{role}, {what}" for role in taken for what in ("p50", "p95"))]
    load = f"load {busy:.1f} when it began, {os.getloadavg()[0]:.1f} at its end (its own share is about 1)"
    return (
        f"{house}; {machine()}; {load}. Above {WANTED_MS} ms: {slow} of {len(paths) * len(taken)}.\n\n"
        f"{markdown(head, rows)}"
    )


def _middle_and_end(taken: dict[str, list[float]]) -> list[object]:
    return [round(percentile(some, percent)) for some in taken.values() for percent in (50, 95)]


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
def _client(url: str, db: Db, role: str, now: datetime) -> Iterator[tuple[httpx.Client, int]]:
    """A browser of somebody in that role, and who it is."""
    settings = Settings(
        _env_file=None, database_url=url, public_url="http://127.0.0.1", smtp={"host": "127.0.0.1"}, pages=True,
        listen="0.0.0.0",
    )  # fmt: skip
    house = build(settings, lambda: now)
    with db.write() as tx:
        who = tx.scalar(select(Rep).where(Rep.role == role).order_by(Rep.id).offset(3).limit(1))
        who = who or tx.scalars(select(Rep).where(Rep.role == "manager").limit(1)).one()
        who.role = role
        who_id, token = who.id, open_session(tx, who.id, "bench", now)
    with served(house.web()) as address, httpx.Client(base_url=address, timeout=120) as client:
        client.cookies.set("debrief", token)
        yield client, who_id
    house.close()


def _seen_by(db: Db, role: str, who: int) -> list[int]:
    """The newest visits of those whose visits this person may open."""
    visits = select(Visit.id).order_by(Visit.id.desc()).limit(2_000)
    if role != "administrator":
        visits = visits.where(Visit.rep_id.in_(select(Rep.id).where((Rep.id == who) | (Rep.manager_id == who))))
    with db.read() as tx:
        return sorted(tx.scalars(visits))


def _one_role(
    db: Db, client: httpx.Client, ids: Sequence[int], rounds: int, page_s: float, *, only: str
) -> tuple[list[Sequence[object]], dict[str, list[float]]]:
    """The rows of a table, and how long each page took each time, in milliseconds."""
    chance = random.Random(7)
    rows: list[Sequence[object]] = []
    found: dict[str, list[float]] = {}
    for path in (one for one in ALL if only in one):
        client.get(path.format(**_values(db, chance, ids[0])))  # what comes first compiles templates and statements
        taken: list[float] = []
        status = size = 0
        for _ in range(rounds):
            address = path.format(**_values(db, chance, chance.choice(ids)))
            began = perf_counter()
            answer = client.get(address, headers={"accept": "text/html"})
            taken.append((perf_counter() - began) * 1000)
            status, size = answer.status_code, len(answer.content)
            if status >= HTTPStatus.BAD_REQUEST:
                raise SystemExit(f"{address} answered {status}: nothing was measured")
            if sum(taken) > page_s * 1000:
                break
        found[path] = taken
        p95 = percentile(taken, 95)
        rows.append(
            (path, status, size, len(taken), percentile(taken, 50), p95, max(taken), "" if p95 <= WANTED_MS else "slow")
        )
    return rows, found


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
