"""What a house tells once: its people, accounts and contacts, and what is owed."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.progress import Progress

from app.commands.processes import bring_up_to_date
from app.refusals import Refused
from app.terminal import err, out
from app.terminal import house as opened

if TYPE_CHECKING:
    from capture.importing import Plan

SHOWN_FAULTS = 50
COUNTED: tuple[Literal["new", "changed", "unchanged"], ...] = ("new", "changed", "unchanged")


def _bar() -> Progress:
    return Progress(console=err, transient=True, disable=not err.is_terminal)


def import_(
    folder: Annotated[Path, typer.Argument(help="Holds reps.csv, accounts.csv and contacts.csv.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would do, and write nothing.")] = False,
) -> None:
    """Bring in people, accounts and contacts from CSV files; again is harmless."""
    if dry_run:
        _try_import(folder)
        return
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
            told = [str(fault) for fault in error.faults[:SHOWN_FAULTS]]
            raise Refused("\n".join([*told, *tail, "nothing was brought in"])) from error
    out.print(f"{done.reps} reps, {done.accounts} accounts, {done.contacts} contacts; {done.new} of them new")


def _try_import(folder: Path) -> None:
    from capture.importing import dry_run  # noqa: PLC0415

    with opened() as house:
        plan = dry_run(house.db, folder, house.clock())
        _tell_plan(plan)
        if plan.faults:
            raise Refused("\n".join([*map(str, plan.faults), "nothing would be brought in"]), status=1)
    _tell("a dry run: nothing was written")


def _tell_plan(plan: "Plan") -> None:
    for name, lines in plan.files.items():
        for one in lines:
            if one.kind != "unchanged":
                _tell(f"{name}:{one.line.number}: {one.kind}: {one.key}")
            if one.kind == "changed":
                for field, old, new in one.fields:
                    _tell(f"    {field}: {old or 'nothing'} → {new or 'nothing'}")
        counts = ", ".join(f"{plan.count(kind, name)} {kind}" for kind in COUNTED)
        left = plan.count("forgotten", name)
        _tell(f"{name}: {counts}{f', {left} left out as they asked to be forgotten' if left else ''}")


def _tell(line: str) -> None:
    out.print(line, markup=False, highlight=False)


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
