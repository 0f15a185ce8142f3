"""What other programs come in by: tokens, made for a person and ended again."""

from typing import Annotated

import typer

from app.refusals import Refused
from app.terminal import house as opened
from app.terminal import out


def create(
    rep: Annotated[str, typer.Option("--for", help="As whom the program acts: a mail address.")],
    scope: Annotated[list[str], typer.Option(help="How far it goes, as in `read:visits`; give it several times.")],
    name: Annotated[str, typer.Option(help="What to call it, so that its person knows it by that.")] = "a program",
    days: Annotated[int | None, typer.Option(help="How long it holds; until it is revoked, unless given.")] = None,
) -> None:
    """Make a token for a program that acts as this person. It is shown this once."""
    from capture import CorrectionError  # noqa: PLC0415
    from store import reps  # noqa: PLC0415

    with opened() as house:
        with house.db.read() as tx:
            who = reps.by_email(tx, rep)
        if who is None:
            raise Refused(f"{rep} is nobody here")
        try:
            token = house.tokens.make(who.id, name, scope, days)
        except CorrectionError as error:
            raise Refused(str(error)) from error
    out.print(token, markup=False, highlight=False)


def list_() -> None:
    """List the tokens that hold: of whom, what they are called, how far they go, when they were used."""
    from store import tokens  # noqa: PLC0415

    with opened() as house:
        with house.db.read() as tx:
            found = tokens.everyones(tx, house.clock())
        for token, rep in found:
            used = f"used {token.used_at:%Y-%m-%d}" if token.used_at else "never used"
            line = f"{token.id:>5}  {rep.email}  {token.name}  …{token.ending}  {' '.join(token.scopes)}  {used}"
            out.print(line, markup=False, highlight=False)


def revoke(
    token_ids: Annotated[list[int], typer.Argument(metavar="ID...", help="As `token list` shows them.")],
) -> None:
    """Let tokens hold no more."""
    with opened() as house:
        gone = [one for one in token_ids if not house.tokens.revoke(one)]
        if gone:
            raise Refused(f"no token that holds: {', '.join(map(str, gone))}", status=1)
    out.print(f"{len(token_ids)} revoked")
