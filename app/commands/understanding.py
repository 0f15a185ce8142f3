"""Showing what would be understood; nothing is kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out, told, write_json

if TYPE_CHECKING:
    from app.wiring import House

MOMENTS = ["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"]


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
    with opened() as house:
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
            write_json(line)
    except LineError as error:
        raise Refused(str(error)) from error


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


ListFile = Annotated[Path, typer.Option("--list", help="A file that names one mail a line.")]


def read(listed: ListFile) -> None:
    """Read forwards and replies: one JSON line a mail."""
    from mail_ingest.reading import read_mail, to_json  # noqa: PLC0415

    _each(listed, lambda raw: to_json(read_mail(raw)))


def bounce(listed: ListFile) -> None:
    """Read bounces, complaints and automatic answers: one JSON line a mail."""
    from mail_ingest.bounces import read_bounce, to_json  # noqa: PLC0415

    _each(listed, lambda raw: to_json(read_bounce(raw)))


def _each(listed: Path, read_one: Any) -> None:
    from app.jsonl import LineError, listed_files  # noqa: PLC0415

    with told():
        try:
            paths = listed_files(listed)
        except LineError as error:
            raise Refused(str(error)) from error
        for path in paths:
            write_json(read_one(path.read_bytes()))


def replay(
    rep: Annotated[str | None, typer.Option(help="Only what this rep reported: a mail address.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what was taken in from this day on (UTC).")
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep what is read differently; else it is only shown.")] = False,
) -> None:
    """Read reports again after an improvement of the parser; what somebody corrected stays."""
    from capture.replaying import Replay  # noqa: PLC0415
    from store import reps  # noqa: PLC0415

    with opened() as house:
        with house.db.read() as tx:
            who = reps.by_email(tx, rep) if rep else None
        if rep and who is None:
            raise Refused(f"nobody here has the address {rep}")
        read = differing = 0
        replayed = Replay(db=house.db, jobs=house.jobs, clock=house.clock)
        began = since.replace(tzinfo=UTC) if since else None
        for _, differs in replayed.run(keep=keep, rep_id=who.id if who else None, since=began):
            read, differing = read + 1, differing + bool(differs)
            for one in differs:
                out.print(f"{one.record}: {one.field}: {one.old} → {one.new}", markup=False, highlight=False)
        kept = "kept" if keep else "shown; --keep keeps them"
        out.print(f"{read} reports read again, {differing} are read differently ({kept})")
