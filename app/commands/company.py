"""What a house tells once: its people, accounts and contacts, and what is owed."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.progress import Progress

from app.commands.processes import bring_up_to_date
from app.refusals import Refused
from app.terminal import err, out
from app.terminal import house as opened

SHOWN_FAULTS = 50


def _bar() -> Progress:
    return Progress(console=err, transient=True, disable=not err.is_terminal)


def import_(folder: Annotated[Path, typer.Argument(help="Holds reps.csv, accounts.csv and contacts.csv.")]) -> None:
    """Bring in people, accounts and contacts from CSV files; again is harmless."""
    from capture.importing import ImportingError, import_folder  # noqa: PLC0415

    with opened(migrated=False) as house, _bar() as bar:
        bring_up_to_date(house)
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


def target(
    rep: Annotated[str, typer.Argument(help="The rep's mail address.")],
    visits: Annotated[int, typer.Argument(min=0, help="How many visits are owed.")],
    per: Annotated[Literal["week", "month"], typer.Option(help="The period.")] = "week",
) -> None:
    """Set how many visits a rep owes, from today on."""
    from store import reps  # noqa: PLC0415
    from store.targets import set_target  # noqa: PLC0415

    with opened() as house, house.db.write() as tx:
        who = reps.by_email(tx, rep)
        if who is None:
            raise Refused(f"{rep} is no rep here")
        set_target(tx, who.id, per, visits, house.clock().date())
    out.print(f"{rep}: {visits} visits a {per}")


def digest(
    rep: Annotated[str, typer.Option("--for", help="Whose: a rep's or a manager's mail address.")],
    day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Of which morning; today's, unless given.")
    ] = None,
    weekly: Annotated[bool, typer.Option("--weekly", help="Show that of the week before; needs --dry-run.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show it, and send nothing.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write it to this file as the mail looks.")] = None,
) -> None:
    """Send somebody's digest now, or show it."""
    if weekly and not dry_run:
        raise Refused("--weekly only shows: add --dry-run")
    with opened() as house:
        on = (day or house.clock()).date()
        letter = house.digests.look(rep, on, weekly=weekly)
        if letter is None:
            raise Refused(f"there is no digest for {rep} on {on}: nobody of that address, or nothing to say", status=1)
        if html is not None:
            html.write_text(letter.html, "utf-8")
        if dry_run or html is not None:
            out.print(f"{letter.subject}\n\n{letter.text}", markup=False, highlight=False)
        elif house.digests.begin(rep, on):
            out.print(f"the digest of {on} goes to {rep} as soon as a worker runs")
        else:
            raise Refused(f"{rep} got the digest of {on} already", status=1)
