"""Who is written to."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.csvs import write_rows
from app.terminal import err, out
from app.terminal import house as opened

if TYPE_CHECKING:
    from app.wiring import House

COLUMNS = ("name", "email", "role", "account", "city", "country", "language", "owner", "last_met")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def mailing(
    context: typer.Context,
    *,
    grade: Annotated[str | None, typer.Option("--class", help="The class of customer, A to E.")] = None,
    owner: Annotated[str | None, typer.Option(help="The mail address of the accounts' owner.")] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166, two letters.")] = None,
    region: Annotated[str | None, typer.Option(help="As the accounts have it.")] = None,
    language: Annotated[str | None, typer.Option(help="Of the person: nl, de, fi, en …")] = None,
    keyword: Annotated[str | None, typer.Option(help="A term of a visit at the account.")] = None,
    met_since: Day = None,
    not_met_since: Day = None,
    left_out: Annotated[Path | None, typer.Option(help="Write those left out to this file, with the reason.")] = None,
    name: Annotated[str, typer.Option(help="What this mailing is called where its bounces are told.")] = "",
) -> None:
    """A list of people at living addresses, as CSV. It is kept to whom: what comes back later is told of it."""
    if context.invoked_subcommand is not None:
        return
    from store.mailing import Segment, addressees  # noqa: PLC0415

    meant = Segment(
        grade=grade, owner=owner, country=country, region=region, language=language, keyword=keyword,
        met_since=met_since and met_since.date(), not_met_since=not_met_since and not_met_since.date(),
    )  # fmt: skip
    with opened() as house:
        with house.db.read() as tx:
            found = [asdict(one) for one in addressees(tx, meant)]
        sending = _hand_out(house, [str(one["email"]) for one in found if one["left_out"] is None], name)
    number = write_rows(sys.stdout, COLUMNS, (one for one in found if one["left_out"] is None))
    missing = [one for one in found if one["left_out"] is not None]
    if left_out is not None:
        with left_out.open("w", encoding="utf-8", newline="") as file:
            write_rows(file, (*COLUMNS, "left_out"), missing)
    err.print(f"{number} people; {len(missing)} left out; mailing {sending}", highlight=False)


def sendings(most: Annotated[int, typer.Option(min=1, max=1000, help="How many of the latest.")] = 20) -> None:
    """The latest mailings, and the share of each that came back."""
    from store.sendings import listed  # noqa: PLC0415

    with opened() as house, house.db.read() as tx:
        found = listed(tx, most)
    for one in found:
        size = "?" if one.size is None else one.size
        share = "" if one.rate is None else f" ({one.rate:.1%})"
        told = f"{one.id:>5}  {one.at:%Y-%m-%d}  {size:>6} sent  {one.bounced:>5} back{share}"
        out.print(f"{told}  {one.dead} dead, {one.refused} refused  {one.name}", markup=False, highlight=False)


def _hand_out(house: "House", emails: Sequence[str], name: str) -> int:
    """Keep that these addresses were handed out; the mailing's number."""
    from store.sendings import hand_out  # noqa: PLC0415

    now = house.clock()
    with house.db.write() as tx:
        return hand_out(tx, emails, name or f"list of {now:%Y-%m-%d %H:%M}", now).id
