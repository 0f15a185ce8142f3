"""Whether somebody is still reached, and why we think so, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from capture.liveliness import POINTS, Sign, liveliness
from store.tables import ContactSign
from web.templating import ENGLISH

SHOWN = 4
"""Signs that a page tells of, the latest."""
MORE = {
    "met": "{day}: met by one of us",
    "still_there": "{day}: {words} says that {name} is still there",
    "answered": "{day}: answered a mail",
    "delay": "{day}: the other mail system only delayed it",
    "sender": "{day}: refused for who sent it",
    "content": "{day}: refused for what was in it",
    "system": "{day}: the other mail system was out of order",
    "feedback": "{day}: complained about a mailing",
    "unclear": "{day}: came back, for no clear reason",
}
"""What signs say that the letter to an owner does not name."""


@dataclass(frozen=True, slots=True)
class Alive:
    """``state`` is ``alive``, ``doubtful`` or ``stale``; ``why`` the signs that it rests on, each in words."""

    state: str
    since: date | None
    why: tuple[str, ...]


def alive(name: str, signs: Sequence[ContactSign], met: date | None, today: date) -> Alive:
    """How it stands with somebody of this name; ``met`` is the last day on which one of us met them."""
    told = [Sign(one.kind, one.on, one.words) for one in signs]
    found = liveliness([*told, *([Sign("met", met)] if met else [])], today)
    return Alive(found.state, found.since, tuple(in_words(name, one) for one in found.signs[-SHOWN:]))


def evidence(name: str, address: str, signs: Sequence[ContactSign]) -> tuple[str, ...]:
    """What was heard of one of somebody's addresses, the latest first."""
    here = [Sign(one.kind, one.on, one.words) for one in signs if one.address == address]
    return tuple(in_words(name, one) for one in here[::-1][:SHOWN])


def in_words(name: str, sign: Sign) -> str:
    """One sign with its day, and the words that it was told by."""
    on = ENGLISH.day(sign.on)
    if sign.kind in MORE:
        return MORE[sign.kind].format(day=on, name=name, words=sign.words or "one of us")
    if sign.kind not in POINTS:
        return f"{on}: {sign.kind}"
    said = ENGLISH.say("leaver.sign_left" if sign.kind == "left" else f"leaver.{sign.kind}", day=on, name=name)
    return f"{said} {ENGLISH.say('leaver.said', words=sign.words)}" if sign.words else said
