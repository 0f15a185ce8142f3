"""Looking after a house: is it well, what gave up, what did it learn."""

from pathlib import Path
from typing import Annotated

import typer

from app.commands.processes import bring_up_to_date
from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out, told
from app.terminal import settings as current_settings


def doctor() -> None:
    """Check settings, database, jobs, Slack, mailbox and SMTP, and say what to do."""
    from app.doctor import examine  # noqa: PLC0415

    with opened(migrated=False) as house:
        healthy = True
        for finding in examine(house):
            healthy &= finding.ok
            out.print(
                f"{'ok  ' if finding.ok else 'FAIL'} {finding.what}: {finding.says}", markup=False, highlight=False
            )
    raise typer.Exit(0 if healthy else 1)


def manifest(
    url: Annotated[str | None, typer.Option(help="Where Slack is to reach it; without, Socket Mode.")] = None,
) -> None:
    """The Slack app, to be pasted at api.slack.com/apps: Create New App, From a manifest."""
    from app.slack_manifest import manifest as written  # noqa: PLC0415

    typer.echo(written(url), nl=False)


def adopt() -> None:
    """Let a database that was copied or moved here be this house's own: only then it writes to people."""
    with opened() as house:
        house.key.adopt()
        out.print(f"{house.db.place} belongs to this house from now on", markup=False, highlight=False)


def settings() -> None:
    """Every setting: what it is now, and what it is for. Secrets are not shown."""
    from app.settings import every_setting  # noqa: PLC0415

    with told():
        now = current_settings()
        for setting in every_setting():
            out.print(f"{setting.name}={setting.shown(now)}  # {setting.says}", markup=False, highlight=False)


def backup(file: Annotated[Path, typer.Argument(help="Where to write it; replaced when it is there.")]) -> None:
    """Write everything into one file, while the house goes on working."""
    from store.backup import BackupError, back_up  # noqa: PLC0415

    with opened() as house:
        try:
            size = back_up(house.db, file)
        except BackupError as error:
            raise Refused(str(error), status=1) from error
        out.print(f"{house.db.place} is in {file}, {size / 1e6:.1f} MB", markup=False, highlight=False)


def restore(file: Annotated[Path, typer.Argument(help="A file of `debrief backup`.")]) -> None:
    """Fill an empty database from a backup, and bring it to the shape of this release."""
    from store.backup import BackupError  # noqa: PLC0415
    from store.backup import restore as bring_back  # noqa: PLC0415

    with opened(migrated=False) as house:
        try:
            bring_back(house.db, file)
        except BackupError as error:
            raise Refused(f"{error}; nothing was restored", status=1) from error
        revision = bring_up_to_date(house)
        out.print(f"{house.db.place} is restored, at revision {revision}", markup=False, highlight=False)


def list_shelf() -> None:
    """What gave up, and why."""
    with opened() as house:
        for job in house.jobs.shelf():
            out.print(f"{job.id}  {job.at:%Y-%m-%d %H:%M}  after {job.attempts} attempts: {job.reason}", markup=False)


def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of `debrief shelf list`; none: all of them.")] = None,
) -> None:
    """Try shelved work again."""
    with opened() as house:
        shelved = {job.id: job for job in house.jobs.shelf()}
        for job_id in ids or list(shelved):
            if job_id not in shelved:
                raise Refused(f"{job_id} is not on the shelf")
            house.jobs.replay(shelved[job_id])
        out.print(f"{len(ids or shelved)} to be tried again")


def list_learned() -> None:
    """Every lesson that holds, those of the house first."""
    from app.showing import taught  # noqa: PLC0415
    from store import lessons  # noqa: PLC0415

    with opened() as house, house.db.read() as tx:
        for one in lessons.listed(tx):
            out.print(taught(one), markup=False, highlight=False)


def forget(ids: Annotated[list[int], typer.Argument(help="Ids of `debrief learned list`.")]) -> None:
    """End lessons: what they settled is asked again."""
    from capture import CorrectionError  # noqa: PLC0415

    with opened() as house:
        for lesson_id in ids:
            try:
                house.assistant.forget(lesson_id, "command")
            except CorrectionError as error:
                raise Refused(f"{lesson_id}: {error}") from error
        out.print(f"{len(ids)} forgotten")


def list_held() -> None:
    """What is held, newest first, and why."""
    from app.showing import held_back  # noqa: PLC0415
    from capture.admission import HELD  # noqa: PLC0415
    from store import captures  # noqa: PLC0415

    with opened() as house, house.db.read() as tx:
        for one in captures.in_states(tx, HELD):
            out.print(held_back(one), markup=False, highlight=False)


def release(ids: Annotated[list[int], typer.Argument(help="Ids of `debrief held list`.")]) -> None:
    """Let held mails be filed, as if their senders were proved."""
    from capture import CorrectionError  # noqa: PLC0415

    with opened() as house:
        for capture_id in ids:
            try:
                house.assistant.release(capture_id, "command")
            except CorrectionError as error:
                raise Refused(f"{capture_id}: {error}") from error
        out.print(f"{len(ids)} released")
