"""Link, ask or neither: which of the accounts that something points at is meant."""

# ruff: noqa: PLR2004 - points are read best where they are weighed

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.accounts import ENOUGH, Standing
from parsing.linking import Mention

MARGIN = 1.3
"""Points that the best needs before the second where both read the same words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The account a text is about (``account``), or those it may be about, or neither."""

    account: int | None = None
    candidates: tuple[int, ...] = ()
    standing: Standing | None = None
    confidence: float = 0.0
    lesson: str | None = None
    """The id of the lesson that settled it."""

    @property
    def cue(self) -> str:
        """What kind of evidence this rests on: one of `parsing.confidence.CUES`."""
        standing = self.standing
        if standing is None:
            return "branch"
        mention = standing.mention
        if mention is None:
            full = any(met.given and met.family for met in standing.people)
            return "person" if full else "short person" if standing.people else "address"
        said = "misspelt" if mention.typo else "named" if mention.full else "named in part"
        return f"{said}, with a person" if standing.people else said


def choose(standings: Sequence[Standing]) -> Choice:
    """Link, ask or neither: a link needs enough points, and enough before others that the same words may mean."""
    if not standings or standings[0].score < ENOUGH - 2:
        return Choice()
    best = standings[0]
    rivals = [
        other
        for other in standings[1:]
        if best.score - other.score < _margin(best, other) and other.score >= ENOUGH - 2
    ]
    if rivals:
        close = [best, *rivals]
        return Choice(None, tuple(one.account for one in close), best)
    if best.score < ENOUGH:
        return Choice(None, (best.account,), best) if best.mention and best.mention.core > 0.9 else Choice()
    lead = best.score - (standings[1].score if len(standings) > 1 else 0.0)
    return Choice(best.account, (), best, min(1.0, best.score / 25 + min(lead, 10.0) / 25))


def _margin(best: Standing, other: Standing) -> float:
    """How far the best has to be before another: less where the two are named by different words."""
    if best.mention is None or other.mention is None:
        return MARGIN
    same = best.mention.met & other.mention.met
    if not same:
        return 0.0 if best.people and not other.people else 0.5
    if _says_no_more(best.mention, other.mention):
        return MARGIN + max(0.0, best.named - other.named)
    return MARGIN if best.mention.full == other.mention.full else 0.9


def _says_no_more(best: Mention, other: Mention) -> bool:
    """Whether the words fit both names alike: "Moser" is the Moser laundry as well as the Moser family's inn."""
    return (
        best.met == other.met
        and not best.full
        and not other.full
        and other.own
        and other.core > 0.45
        and other.likeness > best.likeness - 0.05
        and other.typo == best.typo
    )
