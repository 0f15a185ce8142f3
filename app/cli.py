"""The command line: a few lines a command over the wiring."""

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from app.settings import Settings
from app.wiring import House, build

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
mail = typer.Typer(no_args_is_help=True, help="Read mails without filing anything.")
shelf = typer.Typer(no_args_is_help=True, help="Work that gave up, for a person to look at.")
app.add_typer(mail, name="mail")
app.add_typer(shelf, name="shelf")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

USAGE = 2


def main() -> None:
    """Run the command; what an operator can mend is one line, not a traceback."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


class Refused(Exception):  # noqa: N818  # it is an answer, not a fault of ours
    """What was asked for cannot be done; the text says why and what to do."""


@contextmanager
def _house(*, migrated: bool = True) -> Iterator[House]:
    """The house of the environment's settings; closed at the end, with every expected fault as one line."""
    try:
        house = build(Settings())
    except ValidationError as error:
        for fault in error.errors():
            name = "__".join(str(part) for part in fault["loc"]).upper()
            err.print(f"debrief: DEBRIEF_{name}: {fault['msg']}", markup=False)
        raise typer.Exit(USAGE) from error
    try:
        if migrated:
            _must_be_migrated(house)
        yield house
    except Refused as error:
        err.print(f"debrief: {error}", markup=False)
        raise typer.Exit(USAGE) from error
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        err.print(f"debrief: {house.db.place}: {reason}", markup=False)
        raise typer.Exit(1) from error
    finally:
        house.close()


def _must_be_migrated(house: House) -> None:
    from store.migrate import pending  # noqa: PLC0415  # Alembic is not needed to say --help

    if pending(house.db):
        raise Refused(f"{house.db.place} is not set up for this release: run `debrief migrate`")


# --------------------------------------------------------------------------------------------------- processes


@app.command()
def run(
    sample: Annotated[bool, typer.Option(help="Fill an empty database with the sample company.")] = False,
) -> None:
    """The whole house in one process: web server, worker, mailbox."""
    with _house(migrated=False) as house:
        _migrate(house)
        worker = house.worker()
        worker.start()
        try:
            if sample:
                _fill(house)
            _serve(house, with_ingest=True)
        finally:
            worker.stop()


@app.command()
def serve() -> None:
    """The web server alone: pages and Slack's events. Needs a `debrief worker` beside it."""
    with _house() as house:
        _serve(house, with_ingest=False)


@app.command()
def worker() -> None:
    """The worker alone: files what was taken in, and answers."""
    with _house() as house:
        works = house.worker()
        works.start()
        out.print(f"working as {house.settings.worker_name}")
        _until_told()
        works.stop()


@app.command()
def ingest() -> None:
    """The mailbox alone: takes in what reps forward."""
    with _house() as house:
        watchers = house.watchers()
        if not watchers:
            raise Refused("no mailbox is set up: set DEBRIEF_MAILBOX__HOST and its neighbours (docs/settings.md)")
        with _ingesting(watchers):
            _until_told()


@app.command()
def migrate() -> None:
    """Bring the database to the shape of this release; again is harmless."""
    with _house(migrated=False) as house:
        out.print(f"{house.db.place} is at revision {_migrate(house)}")


def _migrate(house: House) -> str:
    from store import kinds  # noqa: PLC0415
    from store.migrate import migrate as bring  # noqa: PLC0415

    revision = bring(house.db)
    with house.db.write() as tx:
        kinds.add_defaults(tx)
    house.jobs.prepare()
    return revision


def _fill(house: House) -> None:
    from app.trying_out import is_empty, load_sample  # noqa: PLC0415

    if is_empty(house):
        out.print(f"filled with the sample company: {load_sample(house)} messages of its last fortnight")


def _serve(house: House, *, with_ingest: bool) -> None:
    import uvicorn  # noqa: PLC0415

    settings = house.settings
    with _ingesting(house.watchers() if with_ingest else []), _socket_mode(house):
        if settings.serves_pages:
            out.print(f"open http://{settings.host}:{settings.port}/", markup=False)
        uvicorn.run(
            house.web(), host=settings.host, port=settings.port, log_level="warning", timeout_graceful_shutdown=5
        )


@contextmanager
def _ingesting(watchers: list[Any]) -> Iterator[None]:
    threads = [threading.Thread(target=watcher.watch, name="ingest", daemon=True) for watcher in watchers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for watcher in watchers:
            watcher.stop()
        for thread in threads:
            thread.join(timeout=10)


@contextmanager
def _socket_mode(house: House) -> Iterator[None]:
    """Slack's events by a socket of our own making, where an app token is set."""
    token = house.settings.slack.app_token
    if not (token and house.settings.slack.bot_token):
        yield
        return
    from slack_bolt.adapter.socket_mode import SocketModeHandler  # noqa: PLC0415

    handler: Any = SocketModeHandler(house.bolt(), token.get_secret_value())
    handler.connect()
    try:
        yield
    finally:
        handler.close()


def _until_told() -> None:
    told = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: told.set())
    told.wait()


# --------------------------------------------------------------------------------------------------- for hands


@app.command(name="import")
def import_(folder: Annotated[Path, typer.Argument(help="Holds reps.csv, accounts.csv and contacts.csv.")]) -> None:
    """Bring in people, accounts and contacts from CSV files; again is harmless."""
    from capture.importing import ImportingError, import_folder  # noqa: PLC0415

    with _house(migrated=False) as house, Progress(console=err, transient=True) as bar:
        _migrate(house)
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            tasks.setdefault(name, bar.add_task(name, total=total) if name not in tasks else None)
            bar.update(tasks[name], completed=done)

        try:
            done = import_folder(house.db, folder, house.clock(), progress)
        except ImportingError as error:
            bar.stop()
            for fault in error.faults[:50]:
                err.print(f"debrief: {fault}", markup=False)
            if len(error.faults) > 50:  # noqa: PLR2004
                err.print(f"debrief: and {len(error.faults) - 50} more")
            err.print("debrief: nothing was brought in")
            raise typer.Exit(USAGE) from error
    out.print(f"{done.reps} reps, {done.accounts} accounts, {done.contacts} contacts; {done.new} of them new")


@app.command()
def parse(
    what: Annotated[str | None, typer.Argument(help="A text, or a file that ends in .eml.")] = None,
    rep: Annotated[str | None, typer.Option(help="Who says it: a rep's mail address. For a mail: its sender.")] = None,
    at: Annotated[datetime | None, typer.Option(help="When it was said; now, unless given.")] = None,
    jsonl: Annotated[Path | None, typer.Option(help="A file of messages, one JSON object a line.")] = None,
) -> None:
    """Show what would be filed; writes nothing."""
    if (what is None) == (jsonl is None):
        err.print("debrief: give either a text (or an .eml file) or --jsonl FILE")
        raise typer.Exit(USAGE)
    with _house() as house:
        if jsonl is not None:
            _parse_lines(house, jsonl)
        else:
            _parse_one(house, what or "", rep, at)


def _parse_lines(house: House, path: Path) -> None:
    from app.jsonl import LineError, external_ids, parse_lines  # noqa: PLC0415
    from store import crm  # noqa: PLC0415

    with house.db.read() as tx:
        known, names = crm.snapshot(tx), external_ids(tx)
    try:
        for line in parse_lines(path, known, names):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    except LineError as error:
        raise Refused(str(error)) from error


def _parse_one(house: House, what: str, rep: str | None, at: datetime | None) -> None:
    from app.showing import show  # noqa: PLC0415
    from mail_ingest.reading import read_mail  # noqa: PLC0415
    from parsing import parse as understand  # noqa: PLC0415
    from parsing.model import Message  # noqa: PLC0415
    from store import crm  # noqa: PLC0415

    with house.db.read() as tx:
        known = crm.snapshot(tx)
    moment = at.astimezone() if at else house.clock()
    if what.endswith(".eml"):
        reading = read_mail(Path(what).read_bytes())
        sender = reading.sender.email if reading.sender else ""
        message = reading.message(rep=rep or sender, sent_at=at.astimezone() if at else reading.date or moment)
    else:
        if rep is None:
            raise Refused("say who says it: --rep EMAIL")
        message = Message(via="web", rep=rep, sent_at=moment, text=what)
    if message.rep not in {one.email for one in known.reps}:
        raise Refused(f"{message.rep or 'nobody'} is no rep here; known are: {_some(one.email for one in known.reps)}")
    show(out, message, understand(message, known), known)


def _some(names: Any) -> str:
    listed = list(names)
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "") if listed else "nobody yet (`debrief import`)"  # noqa: PLR2004


@app.command()
def target(
    rep: Annotated[str, typer.Argument(help="The rep's mail address.")],
    visits: Annotated[int, typer.Argument(min=0, help="How many visits are owed.")],
    per: Annotated[str, typer.Option(help="week or month")] = "week",
) -> None:
    """Set how many visits a rep owes, from today on."""
    from store import reps  # noqa: PLC0415
    from store.targets import set_target  # noqa: PLC0415

    if per not in {"week", "month"}:
        err.print("debrief: --per is week or month")
        raise typer.Exit(USAGE)
    with _house() as house, house.db.write() as tx:
        who = reps.by_email(tx, rep)
        if who is None:
            raise Refused(f"{rep} is no rep here")
        set_target(tx, who.id, per, visits, house.clock().date())
    out.print(f"{rep}: {visits} visits a {per}")


@app.command()
def doctor() -> None:
    """Check settings, database, Slack, mailbox, SMTP and clock, and say what to do."""
    from app.doctor import examine  # noqa: PLC0415

    with _house(migrated=False) as house:
        healthy = True
        for finding in examine(house):
            healthy &= finding.ok
            out.print(f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {finding.says}", markup=False)
    raise typer.Exit(0 if healthy else 1)


ListFile = Annotated[Path, typer.Option("--list", help="A file that names one mail a line.")]


@mail.command()
def read(listed: ListFile) -> None:
    """Read forwards and replies: one JSON line a mail."""
    from mail_ingest.reading import read_mail, to_json  # noqa: PLC0415

    _each(listed, lambda raw: to_json(read_mail(raw)))


@mail.command()
def bounce(listed: ListFile) -> None:
    """Read bounces, complaints and automatic answers: one JSON line a mail."""
    from mail_ingest.bounces import read_bounce, to_json  # noqa: PLC0415

    _each(listed, lambda raw: to_json(read_bounce(raw)))


def _each(listed: Path, read_one: Any) -> None:
    try:
        paths = [line.strip() for line in listed.read_text("utf-8").splitlines() if line.strip()]
        for path in paths:
            sys.stdout.write(json.dumps(read_one(Path(path).read_bytes()), ensure_ascii=False) + "\n")
    except (OSError, UnicodeDecodeError) as error:
        err.print(f"debrief: {error}", markup=False)
        raise typer.Exit(USAGE) from error


@shelf.command(name="list")
def list_() -> None:
    """What gave up, and why."""
    with _house() as house:
        for job in house.jobs.shelf():
            out.print(f"{job.id}  {job.at:%Y-%m-%d %H:%M}  after {job.attempts} attempts: {job.reason}", markup=False)


@shelf.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of `debrief shelf list`; none: all of them.")] = None,
) -> None:
    """Try shelved work again."""
    with _house() as house:
        shelved = {job.id: job for job in house.jobs.shelf()}
        for job_id in ids or list(shelved):
            if job_id not in shelved:
                raise Refused(f"{job_id} is not on the shelf")
            house.jobs.replay(shelved[job_id])
        out.print(f"{len(ids or shelved)} to be tried again")
