"""When one of us leaves."""

from typing import TYPE_CHECKING, Annotated

import typer

from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out

if TYPE_CHECKING:
    from capture.handover import Handed
    from store.tables import Rep


def handover(
    leaver: Annotated[str, typer.Option("--from", help="Who leaves: their mail address.")],
    heir: Annotated[str, typer.Option("--to", help="Who has it from then on: their mail address.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would go over, and change nothing.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back the last time that just this went over.")] = False,
) -> None:
    """Let somebody have what a colleague who leaves had, in one step."""
    from capture import CorrectionError  # noqa: PLC0415
    from capture.rights import HOST  # noqa: PLC0415
    from store import reps, steps  # noqa: PLC0415

    with opened() as house:
        with house.db.read() as tx:
            ids = [_known(reps.anybody(tx, email), email) for email in (leaver, heir)]
            last = steps.last_handover(tx, ids[0], ids[1])
        try:
            if undo and last is None:
                raise Refused(f"nothing went over from {leaver} to {heir} that is not taken back", status=1)
            if undo and last is not None:
                kept = house.handover.undo(last, HOST)
                out.print(f"{leaver} has it again; {kept} rows were changed since and stay as they are")
                return
            if dry_run:
                found = house.handover.preview(ids[0], ids[1], HOST)
            else:
                _, found = house.handover.hand_over(ids[0], ids[1], HOST)
        except CorrectionError as error:
            raise Refused(str(error), status=1) from error
    went = "would go" if dry_run else "went"
    out.print(f"{_told(found)}: {went} from {leaver} to {heir}", markup=False, highlight=False)


def _known(rep: "Rep | None", email: str) -> int:
    if rep is None:
        raise Refused(f"{email} is nobody here")
    return rep.id


def _told(found: "Handed") -> str:
    return (
        f"{found.accounts} accounts, {found.actions} things to do, {found.questions} open questions, "
        f"{found.planned} planned visits, {found.gone} contacts who seem gone, {found.reports} people in the team"
    )
