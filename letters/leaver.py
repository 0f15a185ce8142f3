"""The letter about a contact who seems gone, said in the words of one language."""

from dataclasses import dataclass

from letters.filters import line
from letters.model import Leaver
from letters.wording import Wording

NAME, PHRASE = 80, 200
SIGNS, SEEN = 4, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything that the letter says; ``presses`` are buttons: what they do, and what they read."""

    subject: str
    line: str
    told: tuple[str, ...]
    presses: tuple[tuple[str, str], ...]
    open: str
    hint: str
    """How to say it in words; empty where nothing is asked."""
    account_id: int
    employment_id: int


def asked(words: Wording, leaver: Leaver) -> Asked:
    """The letter's content."""
    name, account = line(leaver.name, NAME), line(leaver.account, NAME)
    named = f"{name} ({line(leaver.role, NAME)})" if leaver.role else name
    return Asked(
        subject=line(words.say("leaver.subject", name=name, account=account), 140),
        line=_settled(words, leaver, name, account) or words.say("leaver.line", name=named, account=account),
        told=tuple(_told(words, leaver)) if leaver.asks else (),
        presses=tuple(_presses(words, leaver)),
        open=words.say("leaver.open", account=account),
        hint=words.say("leaver.hint") if leaver.asks else "",
        account_id=leaver.account_id,
        employment_id=leaver.employment_id,
    )


def _presses(words: Wording, leaver: Leaver) -> list[tuple[str, str]]:
    if not leaver.asks:
        return _more(words, leaver)
    presses = [("alive:still", words.say("leaver.still")), ("alive:left", words.say("leaver.left"))]
    if leaver.proposed:
        follows = words.say("leaver.followed", name=line(leaver.proposed, NAME))
        presses.insert(1, ("alive:followed", follows))
    return [*presses, ("alive:address", words.say("leaver.address"))]


def _more(words: Wording, leaver: Leaver) -> list[tuple[str, str]]:
    """What may be said yet of somebody who is settled."""
    presses = []
    if leaver.left and not leaver.successor:
        presses.append(("alive:successor", words.say("leaver.successor")))
    if leaver.left and not leaver.employer:
        presses.append(("alive:where", words.say("leaver.where")))
    return [*presses, *([("alive:undo", words.say("filed.undo"))] if leaver.undo else [])]


def _settled(words: Wording, leaver: Leaver, name: str, account: str) -> str | None:
    if leaver.left:
        said = [words.say("leaver.is_left", name=name, account=account, day=words.day(leaver.left))]
        if leaver.successor:
            follower, day = line(leaver.successor, NAME), words.day(leaver.left)
            said = [words.say("leaver.is_followed", name=name, account=account, day=day, successor=follower)]
        if leaver.employer:
            said.append(words.say("leaver.is_moved", name=name, employer=line(leaver.employer, NAME)))
        return " ".join(said)
    if leaver.still and leaver.address:
        return words.say("leaver.is_readdressed", name=name, account=account, address=line(leaver.address, NAME))
    return words.say("leaver.is_still", name=name, account=account) if leaver.still else None


def _told(words: Wording, leaver: Leaver) -> list[str]:
    """Why, each sign with its day and its words; then who else of us knows the person, and who was named to follow."""
    told = []
    for sign in leaver.signs[-SIGNS:]:
        key = "leaver.sign_left" if sign.kind == "left" else f"leaver.{sign.kind}"
        said = words.say(key, day=words.day(sign.on), name=line(leaver.name, NAME))
        quoted = words.say("leaver.said", words=line(sign.words, PHRASE)) if sign.words else ""
        doubted = "" if sign.proved else words.say("leaver.unproved")
        told.append(" ".join(part for part in (said, quoted, doubted) if part))
    if leaver.proposed:
        told.append(words.say("leaver.proposed", name=line(leaver.proposed, NAME)))
    told += [words.say("leaver.seen", rep=line(one.rep, NAME), day=words.day(one.on)) for one in leaver.seen[:SEEN]]
    return told
