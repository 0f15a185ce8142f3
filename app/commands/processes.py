"""Processes that run until they are told to stop, and the migration that they need."""

import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app import serving
from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out

if TYPE_CHECKING:
    from app.wiring import House


def run(
    sample: Annotated[bool, typer.Option(help="Fill an empty database with the sample company.")] = False,
) -> None:
    """The whole house in one process: web server, worker, mailbox."""
    with opened(migrated=False) as house, serving.listening(house.settings) as listener, serving.until_signalled():
        bring_up_to_date(house)
        works = house.worker()
        house.warm_up()
        # Who hands a message in waits for the worker's threads at each switch: by default 5 ms for each of them.
        sys.setswitchinterval(0.001)
        works.start()
        try:
            if sample:
                _fill(house)
            watchers = house.watchers()
            with house.heart("run", watchers).beating(), serving.ingesting(watchers), serving.socket_mode(house):
                _serve(house, listener)
        finally:
            works.stop()


def serve() -> None:
    """The web server alone: pages and Slack's events. Needs a `debrief worker` beside it."""
    with (
        opened() as house,
        serving.listening(house.settings) as listener,
        serving.until_signalled(),
        house.heart("serve").beating(),
        serving.socket_mode(house),
    ):
        _serve(house, listener)


def worker() -> None:
    """The worker alone: files what was taken in, and answers."""
    with opened() as house, serving.until_signalled(), house.heart("worker").beating():
        works = house.worker()
        house.warm_up()
        works.start()
        try:
            out.print(f"working as {works.name}")
            serving.wait()
        finally:
            works.stop()


def ingest() -> None:
    """The mailbox alone: takes in what reps forward."""
    with opened() as house, serving.until_signalled():
        watchers = house.watchers()
        if not watchers:
            raise Refused("no mailbox is set up: set DEBRIEF_MAILBOX__HOST and its neighbours, or DEBRIEF_MAILDIR")
        with house.heart("ingest", watchers).beating(), serving.ingesting(watchers):
            for watcher in watchers:
                out.print(f"watching {watcher}", markup=False)
            serving.wait()


def migrate(
    to: Annotated[
        str | None, typer.Option(metavar="REVISION", help="Bring it to this revision instead, also back to an older.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Go back, although that throws data away.")] = False,
) -> None:
    """Bring the database to the shape of this release; again is harmless."""
    with opened(migrated=False) as house:
        if to is not None:
            _migrate_to(house, to, sure=yes)
            return
        out.print(f"{house.db.place} is at revision {bring_up_to_date(house)}")


def _migrate_to(house: "House", revision: str, *, sure: bool) -> None:
    from store.migrate import migrate_to, steps_back  # noqa: PLC0415

    back = steps_back(house.db, revision)
    if back and not sure:
        raise Refused(
            f"going back to {revision} takes {back} migrations back and throws away for good what only they have room"
            " for: stop every process, make a `debrief backup`, then say --yes"
        )
    try:
        ran = migrate_to(house.db, revision)
    except ValueError as error:
        raise Refused(str(error)) from error
    done = f"{'took back' if back else 'ran'} {', '.join(ran)}" if ran else "nothing to do"
    out.print(f"{house.db.place} is at revision {revision} ({done})")


def bring_up_to_date(house: "House") -> str:
    """Tables, default words and job queue as this release needs them; gives the database's revision."""
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
