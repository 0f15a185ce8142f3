"""Who is written to."""

import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.csvs import write_rows
from app.terminal import err
from app.terminal import house as opened

COLUMNS = ("name", "email", "role", "account", "city", "country", "language", "owner", "last_met")
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def mailing(
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
) -> None:
    """A list of people at living addresses, as CSV."""
    from store.mailing import Segment, addressees  # noqa: PLC0415

    meant = Segment(
        grade=grade, owner=owner, country=country, region=region, language=language, keyword=keyword,
        met_since=met_since and met_since.date(), not_met_since=not_met_since and not_met_since.date(),
    )  # fmt: skip
    with opened() as house, house.db.read() as tx:
        found = [asdict(one) for one in addressees(tx, meant)]
    number = write_rows(sys.stdout, COLUMNS, (one for one in found if one["left_out"] is None))
    missing = [one for one in found if one["left_out"] is not None]
    if left_out is not None:
        with left_out.open("w", encoding="utf-8", newline="") as file:
            write_rows(file, (*COLUMNS, "left_out"), missing)
    err.print(f"{number} people; {len(missing)} left out", highlight=False)
