"""A person's data: all of it in a file, or all of it gone."""

from pathlib import Path
from typing import Annotated

import typer

from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out

Who = Annotated[int, typer.Argument(metavar="CONTACT", help="The contact's number, as in the address of its page.")]


def export(contact: Who, file: Annotated[Path, typer.Argument(help="The ZIP to write.")]) -> None:
    """Write everything that is kept of a contact into one file."""
    from capture import CorrectionError  # noqa: PLC0415
    from capture.persons import Persons  # noqa: PLC0415

    with opened() as house:
        try:
            file.write_bytes(Persons(house.db, house.clock).export(contact))
        except CorrectionError as error:
            raise Refused(str(error)) from error
        out.print(f"{file}, {file.stat().st_size / 1000:.0f} kB", markup=False, highlight=False)


def erase(
    contact: Who,
    yes: Annotated[bool, typer.Option("--yes", help="It cannot be taken back: say that it is meant.")] = False,
    reference: Annotated[str, typer.Option(help="Your mark of the request; it stands in the protocol.")] = "",
    keep_files: Annotated[
        bool, typer.Option("--keep-files", help="Keep pictures and documents that cannot be searched for the name.")
    ] = False,
) -> None:
    """Erase a contact from everything that is kept; the protocol says what was done, and nothing of the person."""
    from capture import CorrectionError  # noqa: PLC0415
    from capture.persons import Persons  # noqa: PLC0415

    if not yes:
        raise Refused("nothing was erased: it cannot be taken back, so say --yes")
    with opened() as house:
        try:
            done = Persons(house.db, house.clock).erase(contact, "command", reference, keep_files=keep_files)
        except CorrectionError as error:
            raise Refused(str(error)) from error
        told = ", ".join(f"{name} {count}" for name, count in done.counts.items())
        out.print(f"contact {contact} is erased: {told}", markup=False, highlight=False)
