"""What is owed, from a terminal: targets, how often customers are visited, and days off."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out

if TYPE_CHECKING:
    from app.wiring import House
    from capture.goals import Goals

Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
Who = Annotated[str | None, typer.Option("--rep", help="A rep's mail address.")]
Team = Annotated[str | None, typer.Option(help="A team's name: all of it together.")]


@contextmanager
def _asked() -> Iterator["House"]:
    """The house; what cannot be done is one line."""
    from capture.values import CorrectionError  # noqa: PLC0415

    with opened() as house:
        try:
            yield house
        except CorrectionError as error:
            raise Refused(str(error)) from error


def list_(day: Day = None) -> None:
    """The targets that hold, and how far each is."""
    from digests.standings import standings  # noqa: PLC0415

    with _asked() as house, house.db.read() as tx:
        told = standings(tx, (day or house.clock()).date())
    for one in told:
        money = f" {one.currency}" if one.unit == "money" else ""
        how_far = f"{one.done:f} of {one.target:f}{money} {one.measure} a {one.period}, {one.pace}"
        signed = ", signed off" if one.signed else ""
        out.print(
            f"{one.target_id}  {one.whose or 'the whole house'}: {how_far}{signed}", markup=False, highlight=False
        )
    if not told:
        out.print("no targets")


def set_(
    value: Annotated[str, typer.Argument(help="How much is owed.")],
    *,
    rep: Who = None,
    team: Team = None,
    each: Annotated[bool, typer.Option("--each", help="By every rep of the team, not by all together.")] = False,
    measure: Annotated[
        str, typer.Option(help="visits, calls, order_value, class:A, keyword:… (docs/targets.md).")
    ] = "visits",
    per: Annotated[Literal["day", "week", "month", "quarter"], typer.Option(help="The period.")] = "week",
    currency: Annotated[str | None, typer.Option(help="Where money is owed.")] = None,
    since: Day = None,
    until: Day = None,
    reason: Annotated[str | None, typer.Option(help="Why, where the one before was signed off.")] = None,
) -> None:
    """Set a target of a rep, a team, or without either of the whole house; from today on, unless --since is given."""
    from capture.rights import HOST  # noqa: PLC0415
    from capture.wanting import Wanted, read_amount  # noqa: PLC0415

    with _asked() as house:
        wanted = Wanted(
            level="rep" if rep else "team" if team else "house", rep_id=_rep_id(house, rep) if rep else None,
            team=None if rep else team, each=each, measure=measure, period=per, value=read_amount(value),
            currency=currency, since=(since or house.clock()).date(), until=until.date() if until else None,
            reason=reason,
        )  # fmt: skip
        made = _goals(house).set(HOST, wanted)
    out.print(f"target {', '.join(map(str, made))}: {value} {measure} a {per}")


def end(target: Annotated[int, typer.Argument(help="Its id, as listed.")], last: Day = None) -> None:
    """Let a target hold no longer than to today, or to the --last day."""
    from capture.rights import HOST  # noqa: PLC0415

    with _asked() as house:
        _goals(house).end(HOST, target, (last or house.clock()).date())
    out.print(f"target {target} ends")


def sign(target: Annotated[int, typer.Argument(help="Its id, as listed.")]) -> None:
    """Sign a target off: from now on only a new one, with its reason, takes its place."""
    from capture.rights import HOST  # noqa: PLC0415

    with _asked() as house:
        _goals(house).sign(HOST, target)
    out.print(f"target {target} is signed off")


def interval(
    every: Annotated[str, typer.Argument(help="“4 weeks”, “30 days”, or “never”.")],
    grade: Annotated[str | None, typer.Option("--class", help="A class of customers, A to E.")] = None,
    account: Annotated[str | None, typer.Option(help="One customer, by name or number.")] = None,
) -> None:
    """Set how often customers of a class, or one of them, are to be visited."""
    from capture.rights import HOST  # noqa: PLC0415
    from capture.wanting import read_days  # noqa: PLC0415
    from store.intervals import account_named  # noqa: PLC0415

    with _asked() as house:
        days = None if every == "never" else read_days(every)
        if days is None and every != "never":
            raise Refused(f"{every!r} is no time such as “4 weeks”")
        account_id = None
        if account:
            with house.db.read() as tx:
                account_id = account_named(tx, account)
            if account_id is None:
                raise Refused(f"{account!r} is no customer, or several go by that name")
        _goals(house).set_interval(HOST, days, grade=grade, account_id=account_id)
    out.print(f"{account or f'class {grade}'}: {f'every {days} days' if days else 'not asked for'}")


def due(rep: Who = None, day: Day = None) -> None:
    """The customers whom it is time to visit."""
    from store.intervals import due_accounts  # noqa: PLC0415

    with _asked() as house:
        today = (day or house.clock()).date()
        owners = [_rep_id(house, rep)] if rep else None
        with house.db.read() as tx:
            found = due_accounts(tx, today, owners)
    for one in found:
        seen = f"last there {one.last}" if one.last else "never there"
        planned = f", planned for {one.planned}" if one.planned else ""
        late = "overdue since" if one.is_overdue(today) else "due"
        told = f"{one.name} ({one.grade or '-'}, {one.owner or 'nobody'}): {late} {one.due}, {seen}{planned}"
        out.print(told, markup=False, highlight=False)
    if not found:
        out.print("nobody is due")


def off(
    rep: Annotated[str, typer.Argument(help="Whose: a mail address.")],
    first: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="From this day.")] = None,
    last: Annotated[datetime | None, typer.Argument(formats=["%Y-%m-%d"], help="To this day.")] = None,
    drop: Annotated[bool, typer.Option("--drop", help="They work on these days after all.")] = False,
) -> None:
    """Tell on which days somebody is off; without a day those that are known."""
    from capture.rights import HOST  # noqa: PLC0415
    from store import days_off  # noqa: PLC0415

    with _asked() as house:
        rep_id = _rep_id(house, rep)
        begins, ends = (first or house.clock()).date(), (last or first or house.clock()).date()
        if first is not None and not drop:
            _goals(house).take_off(HOST, rep_id, begins, ends)
        with house.db.read() as tx:
            known = days_off.listed(tx, rep_id, begins)
        for one in [one for one in known if drop and (one.first, one.last) == (begins, ends)]:
            _goals(house).take_back(HOST, one.id)
            known.remove(one)
    for one in known:
        out.print(f"{one.first} to {one.last}")


def _goals(house: "House") -> "Goals":
    from capture.goals import Goals  # noqa: PLC0415

    return Goals(house.db, house.clock, "command")


def _rep_id(house: "House", address: str) -> int:
    from store import reps  # noqa: PLC0415

    with house.db.read() as tx:
        who = reps.by_email(tx, address)
    if who is None:
        raise Refused(f"{address} is no rep here")
    return who.id
