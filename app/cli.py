"""The command line: a few lines a command over the wiring."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

import typer
from pydantic import ValidationError
from pydantic_settings import SettingsError
from rich.console import Console
from rich.progress import Progress
from sqlalchemy.exc import SQLAlchemyError

from app import serving
from app.refusals import Refused, reason
from app.settings import Settings

if TYPE_CHECKING:  # what takes a second to import is imported where it is used: --help and Ctrl-C answer before
    from app.wiring import House

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Field reps tell what happened at a customer; Debrief files the visit and answers with a card.",
)
mail = typer.Typer(no_args_is_help=True, help="Read mails without filing anything.")
shelf = typer.Typer(no_args_is_help=True, help="Work that gave up, for a person to look at.")
learned = typer.Typer(no_args_is_help=True, help="What corrections taught.")
app.add_typer(mail, name="mail")
app.add_typer(shelf, name="shelf")
app.add_typer(learned, name="learned")
out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]
SHOWN_FAULTS = 50


def main() -> None:
    """Run the command; what an operator can mend is one line, not a traceback."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)


@contextmanager
def _house(*, migrated: bool = True) -> Iterator["House"]:
    """The house of the environment's settings; closed at the end, with every expected fault as one line."""
    with _told():
        settings = _settings()
        from app.wiring import build  # noqa: PLC0415

        house = build(settings)
        try:
            if migrated and not house.is_set_up():
                raise Refused(f"{house.db.place} is not set up for this release: run `debrief migrate`")
            yield house
        except SQLAlchemyError as error:
            raise Refused(f"{house.db.place}: {reason(error)}", status=1) from error
        finally:
            house.close()


@contextmanager
def _told() -> Iterator[None]:
    """What an operator can mend is a line on stderr and an exit status."""
    try:
        yield
    except Refused as error:
        for line in str(error).splitlines():
            err.print(f"debrief: {line}", markup=False, highlight=False)
        raise typer.Exit(error.status) from error
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        err.print(f"debrief: {place}{error.strerror or error}", markup=False, highlight=False)
        raise typer.Exit(1) from error


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        faults = (("__".join(str(part) for part in fault["loc"]).upper(), fault["msg"]) for fault in error.errors())
        told = [f"DEBRIEF_{name}: {text.removeprefix('Value error, ')}" for name, text in faults]
        raise Refused("\n".join(told)) from error
    except (SettingsError, UnicodeDecodeError) as error:
        raise Refused(f"settings: {error}") from error


# --------------------------------------------------------------------------------------------------- processes


@app.command()
def run(
    sample: Annotated[bool, typer.Option(help="Fill an empty database with the sample company.")] = False,
) -> None:
    """The whole house in one process: web server, worker, mailbox."""
    with _house(migrated=False) as house, serving.listening(house.settings) as listener, serving.until_signalled():
        _migrate(house)
        works = house.worker()
        house.warm_up()
        # Who hands a message in waits for the worker's threads at each switch: by default 5 ms for each of them.
        sys.setswitchinterval(0.001)
        works.start()
        try:
            if sample:
                _fill(house)
            with serving.ingesting(house.watchers()), serving.socket_mode(house):
                _serve(house, listener)
        finally:
            works.stop()


@app.command()
def serve() -> None:
    """The web server alone: pages and Slack's events. Needs a `debrief worker` beside it."""
    with (
        _house() as house,
        serving.listening(house.settings) as listener,
        serving.until_signalled(),
        serving.socket_mode(house),
    ):
        _serve(house, listener)


@app.command()
def worker() -> None:
    """The worker alone: files what was taken in, and answers."""
    with _house() as house, serving.until_signalled():
        works = house.worker()
        house.warm_up()
        works.start()
        try:
            out.print(f"working as {house.settings.worker_name}")
            serving.wait()
        finally:
            works.stop()


@app.command()
def ingest() -> None:
    """The mailbox alone: takes in what reps forward."""
    with _house() as house, serving.until_signalled():
        watchers = house.watchers()
        if not watchers:
            raise Refused("no mailbox is set up: set DEBRIEF_MAILBOX__HOST and its neighbours (docs/settings.md)")
        with serving.ingesting(watchers):
            out.print(f"watching {house.settings.mailbox.folder} at {house.settings.mailbox.host}")
            serving.wait()


@app.command()
def migrate() -> None:
    """Bring the database to the shape of this release; again is harmless."""
    with _house(migrated=False) as house:
        out.print(f"{house.db.place} is at revision {_migrate(house)}")


def _migrate(house: "House") -> str:
    from store import kinds  # noqa: PLC0415
    from store.migrate import migrate as bring  # noqa: PLC0415

    file = house.settings.sqlite_file
    if file:
        with suppress(OSError):  # what is wrong with the place is told when the database is opened
            file.parent.mkdir(parents=True, exist_ok=True)
    revision = bring(house.db)
    with house.db.write() as tx:
        kinds.add_defaults(tx)
    house.jobs.prepare()
    return revision


def _fill(house: "House") -> None:
    from app.trying_out import is_empty, load_sample  # noqa: PLC0415

    if is_empty(house):
        out.print(f"filled with the sample company: {load_sample(house)} messages of its last fortnight")


def _serve(house: "House", listener: Any) -> None:
    address = serving.address(house.settings, listener)
    pages = "open" if house.settings.serves_pages else "no pages, health and Slack's events at"
    out.print(f"{pages} {address}", markup=False)
    serving.serve(house, listener)


# --------------------------------------------------------------------------------------------------- for hands


def _bar() -> Progress:
    return Progress(console=err, transient=True, disable=not err.is_terminal)


@app.command(name="import")
def import_(folder: Annotated[Path, typer.Argument(help="Holds reps.csv, accounts.csv and contacts.csv.")]) -> None:
    """Bring in people, accounts and contacts from CSV files; again is harmless."""
    from capture.importing import ImportingError, import_folder  # noqa: PLC0415

    with _house(migrated=False) as house, _bar() as bar:
        _migrate(house)
        tasks: dict[str, Any] = {}

        def progress(name: str, done: int, total: int) -> None:
            tasks.setdefault(name, bar.add_task(name, total=total) if name not in tasks else None)
            bar.update(tasks[name], completed=done)

        try:
            done = import_folder(house.db, folder, house.clock(), progress)
        except ImportingError as error:
            bar.stop()
            more = len(error.faults) - SHOWN_FAULTS
            tail = [f"and {more} more"] if more > 0 else []
            raise Refused("\n".join([*error.faults[:SHOWN_FAULTS], *tail, "nothing was brought in"])) from error
    out.print(f"{done.reps} reps, {done.accounts} accounts, {done.contacts} contacts; {done.new} of them new")


@app.command()
def parse(
    what: Annotated[str | None, typer.Argument(help="A text, or a file that ends in .eml.")] = None,
    rep: Annotated[str | None, typer.Option(help="Who says it: a rep's mail address. For a mail: its sender.")] = None,
    at: Annotated[
        datetime | None, typer.Option(formats=MOMENTS, help="When it was said, on the rep's clock; now, unless given.")
    ] = None,
    jsonl: Annotated[Path | None, typer.Option(help="A file of messages, one JSON object a line.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the marked message to this file, as a page.")] = None,
) -> None:
    """Show what would be filed; keeps nothing."""
    with _house() as house:
        if (what is None) == (jsonl is None):
            raise Refused("give either a text (or an .eml file) or --jsonl FILE")
        if jsonl is not None:
            _parse_lines(house, jsonl)
        else:
            _parse_one(house, what or "", rep, at, html)


def _parse_lines(house: "House", path: Path) -> None:
    from app.jsonl import LineError, external_ids, parse_lines  # noqa: PLC0415
    from store import crm  # noqa: PLC0415

    with house.db.read() as tx:
        known, names = crm.snapshot(tx), external_ids(tx)
    try:
        for line in parse_lines(path, known, names):
            _write(line)
    except LineError as error:
        raise Refused(str(error)) from error


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _parse_one(house: "House", what: str, rep: str | None, at: datetime | None, html: Path | None) -> None:
    from app.showing import as_page, show  # noqa: PLC0415
    from mail_ingest.reading import read_mail  # noqa: PLC0415
    from parsing import parse as understand  # noqa: PLC0415
    from parsing.model import Message  # noqa: PLC0415
    from store import crm  # noqa: PLC0415

    reading = read_mail(Path(what).read_bytes()) if what.endswith(".eml") else None
    if rep is None and reading is None:
        raise Refused("say who says it: --rep EMAIL")
    sender = reading.sender.email if reading and reading.sender else ""
    with house.db.read() as tx:
        known = crm.snapshot(tx)
    who = next((one for one in known.reps if one.email == (rep or sender).lower()), None)
    if who is None:
        raise Refused(f"{rep or sender or 'nobody'} is no rep here; known are: {_some(known.reps)}")
    moment = (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(who.timezone))) if at else None
    if reading:
        message = reading.message(rep=who.email, sent_at=moment or reading.date or house.clock())
    else:
        message = Message(via="web", rep=who.email, sent_at=moment or house.clock(), text=what)
    extraction = understand(message, known)
    show(out, message, extraction, known)
    if html is not None:
        html.write_text(as_page(message, extraction), "utf-8")


def _some(reps: Any) -> str:
    listed = [one.email for one in reps]
    return ", ".join(listed[:8]) + (" …" if len(listed) > 8 else "") if listed else "nobody yet (`debrief import`)"  # noqa: PLR2004


@app.command()
def target(
    rep: Annotated[str, typer.Argument(help="The rep's mail address.")],
    visits: Annotated[int, typer.Argument(min=0, help="How many visits are owed.")],
    per: Annotated[Literal["week", "month"], typer.Option(help="The period.")] = "week",
) -> None:
    """Set how many visits a rep owes, from today on."""
    from store import reps  # noqa: PLC0415
    from store.targets import set_target  # noqa: PLC0415

    with _house() as house, house.db.write() as tx:
        who = reps.by_email(tx, rep)
        if who is None:
            raise Refused(f"{rep} is no rep here")
        set_target(tx, who.id, per, visits, house.clock().date())
    out.print(f"{rep}: {visits} visits a {per}")


@app.command()
def doctor() -> None:
    """Check settings, database, jobs, Slack, mailbox and SMTP, and say what to do."""
    from app.doctor import examine  # noqa: PLC0415

    with _house(migrated=False) as house:
        healthy = True
        for finding in examine(house):
            healthy &= finding.ok
            out.print(
                f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {finding.says}", markup=False, highlight=False
            )
    raise typer.Exit(0 if healthy else 1)


@app.command()
def settings() -> None:
    """Every setting: what it is now, and what it is for. Secrets are not shown."""
    from app.settings import every_setting  # noqa: PLC0415

    with _told():
        now = _settings()
        for setting in every_setting():
            out.print(f"{setting.name}={setting.shown(now)}  # {setting.says}", markup=False, highlight=False)


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
    from app.jsonl import LineError, listed_files  # noqa: PLC0415

    with _told():
        try:
            paths = listed_files(listed)
        except LineError as error:
            raise Refused(str(error)) from error
        for path in paths:
            _write(read_one(path.read_bytes()))


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


@learned.command(name="list")
def list_learned() -> None:
    """Every lesson that holds, those of the house first."""
    from app.showing import taught  # noqa: PLC0415
    from store import lessons  # noqa: PLC0415

    with _house() as house, house.db.read() as tx:
        for one in lessons.listed(tx):
            out.print(taught(one), markup=False, highlight=False)


@learned.command()
def forget(ids: Annotated[list[int], typer.Argument(help="Ids of `debrief learned list`.")]) -> None:
    """End lessons: what they settled is asked again."""
    from capture import CorrectionError  # noqa: PLC0415

    with _house() as house:
        for lesson_id in ids:
            try:
                house.assistant.forget(lesson_id, "command")
            except CorrectionError as error:
                raise Refused(f"{lesson_id}: {error}") from error
        out.print(f"{len(ids)} forgotten")
