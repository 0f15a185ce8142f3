"""The units in which actions are looked for: clauses, cut once more where two things to do are joined."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsing.actions.lexicon import Promises, words
from parsing.text import fold
from parsing.when.clauses import Clause, clauses, directions
from parsing.when.lexer import Lexed
from parsing.when.model import Clock, Day, Direction, Piece, Span
from parsing.when.reading import read
from parsing.words import given_names


@dataclass(slots=True)
class Unit:
    """One clause as the judge sees it; spans count in the whole text."""

    start: int
    end: int
    sentence: int
    text: str
    folded: str
    said: list[str]
    look: Direction | None
    days: list[Piece] = field(default_factory=list)
    clocks: list[Piece] = field(default_factory=list)
    closed: str = ""
    """What ends the clause: one of ".", ",", ":", "-", "(", ")" or nothing."""
    arrow: bool = False
    dated: list[tuple[int, int]] = field(default_factory=list)
    """Spans of its dates and times with the words that lead to them: "uiterlijk vrijdag", "pe mennessä"."""
    item: bool = False
    """Whether it begins an item of a list."""
    after_other: bool = False
    """Whether it goes on from a unit of which somebody else is the subject: "they like it and ask …"."""
    joined: bool = False
    """Whether it goes on from the unit before: "ik stuur … en plan …"."""


def units(text: str, language: str, promises: Promises, names: Sequence[int] = ()) -> list[Unit]:
    """The units of a text in order; ``names`` are the places where colleagues are named."""
    lexed, pieces = read(text, language)
    looks = directions(text, language)
    found: list[Unit] = []
    for clause, look in zip(clauses(text, language), looks, strict=True):
        for part in _parts(lexed, clause, pieces, promises, names):
            unit = _unit(lexed, part, pieces, look)
            if unit is not None:
                goes_on = part.first != clause.first or (unit.said and promises.joiners.has(unit.said[0]))
                before = found[-1] if found and goes_on and found[-1].sentence == unit.sentence else None
                unit.after_other = before is not None and any(promises.other.has(word) for word in before.said[:3])
                unit.joined = before is not None and bool(before.said) and _ours(before.said, promises)
                found.append(unit)
    return found


REACH = 80
"""Tokens on each side of an "and" that are looked at for something to do."""


def _unit(lexed: Lexed, clause: Clause, pieces: tuple[Piece, ...], look: Direction | None) -> Unit | None:
    start, end = clause.start, clause.end
    raw = lexed.text[start:end]
    body = raw.strip(" \t\n.,;:!?-–—•*()>=→➡|_\"'")  # noqa: RUF001
    if not body:
        return None
    offset = raw.index(body)
    start, end = start + offset, start + offset + len(body)
    inside = [piece for piece in pieces if clause.first <= piece.first < clause.last]
    bare = _blank(lexed.text, start, end, inside)
    head = raw[:offset]
    return Unit(
        start=start,
        end=max(end, *(piece.end for piece in inside), end) if inside else end,
        sentence=clause.sentence,
        text=lexed.text[start:end],
        folded=fold(bare).replace("’", "'"),  # noqa: RUF001
        said=words(bare),
        look=look,
        days=[piece for piece in inside if isinstance(piece.says, Day)],
        clocks=[piece for piece in inside if isinstance(piece.says, Clock)],
        dated=[_span(lexed, piece, clause) for piece in inside if not isinstance(piece.says, Span)],
        item=_item(lexed, clause),
        closed=raw.rstrip()[-1:] if len(raw.rstrip()) > offset + len(body) else "",
        arrow=">" in head or "→" in head or lexed.text[max(0, start - 3) : start].strip(" ") in ("->", "=>", "→"),
    )


_LEADS, _TRAILS = "bBtf@#izk ", "c"


def _span(lexed: Lexed, piece: Piece, clause: Clause) -> tuple[int, int]:
    """A date or time with the prepositions before it and the "mennessä" behind it."""
    first, last = piece.first, piece.last
    leads = 0  # of "plan ik in voor 2 april" only "voor" leads to the date
    while first > clause.first and (letter := lexed.letters[first - 1]) in _LEADS:
        leads += letter in "bBtfi"
        if leads > 1:
            break
        first -= 1
    while first < piece.first and lexed.letters[first] == " ":
        first += 1
    if lexed.letters[last : last + 2] == " c":
        last += 2
    return lexed.tokens[first].start, lexed.tokens[last - 1].end


def _item(lexed: Lexed, clause: Clause) -> bool:
    before = clause.first - 1
    if before >= 0 and lexed.tokens[before].value == "numeral":
        return True
    line = clause.first == 0 or lexed.letters[before] == "\n"
    return line and lexed.text[clause.start : clause.start + 4].lstrip()[:1] in ("-", "–", "—", "•", "*", "·", "▪", "►")  # noqa: RUF001


_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*)?>?")


def _blank(text: str, start: int, end: int, pieces: list[Piece]) -> str:
    """The text of a unit with its dates and times blanked out, at the same offsets."""
    bare = text[start:end]
    for piece in pieces:
        first, last = max(0, piece.start - start), min(len(bare), piece.end - start)
        if not isinstance(piece.says, Span) and first < last:
            bare = bare[:first] + " " * (last - first) + bare[last:]
    return _MENTION.sub(lambda match: " " * len(match[0]), bare)


def _parts(
    lexed: Lexed, clause: Clause, pieces: tuple[Piece, ...], promises: Promises, names: Sequence[int] = ()
) -> list[Clause]:
    """A clause cut at "en", "und", "and", "ja" where each side has something to do of its own, and before a call."""
    cuts: list[int] = []
    inside = {at for piece in pieces for at in range(piece.first, piece.last)}
    for at in range(clause.first + 1, clause.last - 1):
        if lexed.tokens[at].start in names and _called(lexed, at, clause.last, promises):
            cuts.append(at)
            continue
        if at in inside or not (
            promises.joiners.has(lexed.tokens[at].text)
            or (lexed.tokens[at].text == "+" and promises.language in ("nl", "de"))
        ):
            continue
        if lexed.letters[at - 1] != " ":
            continue
        left = [token.text for token in lexed.tokens[max(cuts[-1] if cuts else clause.first, at - REACH) : at]]
        right = [token.text for token in lexed.tokens[at + 1 : min(clause.last, at + REACH)]]
        comes = at + 2 in inside and any(promises.third.has(word) for word in right)
        if _doing(left, promises) and (comes or (_doing(right, promises) and _starts_doing(right, promises))):
            cuts.append(at)
    cuts = sorted({*cuts, *_after_dates(lexed, clause, pieces, promises)})
    edges = [clause.first, *cuts, clause.last]
    return [
        Clause(first, last, lexed.tokens[first].start, lexed.tokens[last - 1].end, clause.sentence)
        for first, last in pairwise(edges)
        if last > first
    ]


FRONT = 3
"""Words before the verb of a sentence that begins in a small letter after a date."""


def _after_dates(lexed: Lexed, clause: Clause, pieces: tuple[Piece, ...], promises: Promises) -> list[int]:
    """Where a new sentence of the rep's own begins after "8.10." in a text that has no capitals to show it."""
    if lexed.text[:1].isupper():
        return []
    found: list[int] = []
    for piece in pieces:
        at = piece.last
        if not (clause.first < at < clause.last - 1) or not lexed.tokens[at - 1].text.endswith("."):
            continue
        left = words("".join(token.text for token in lexed.tokens[max(clause.first, at - REACH) : piece.first]))
        right = words("".join(token.text for token in lexed.tokens[at + 1 : min(clause.last, at + REACH)]))
        told = any(
            promises.third.has(word)
            or promises.states.has(word)
            or word in promises.finite
            or word in promises.obligation.single
            for word in left
        )
        if told and left[-1] not in _BINDS and any(_is_own(word, promises) for word in right[:FRONT]):
            found.append(at)
    return found


_BINDS = frozenset({"etta", "et", "dass", "dat", "that", "ja", "und", "en", "and", "jos", "kun", "ku"})


def _is_own(word: str, promises: Promises) -> bool:
    """Whether a word says that the rep does it: a first person in Finnish, "ich", "ik", "I" elsewhere."""
    if promises.language == "fi":
        return word in promises.singular and not promises.states.has(word)
    return promises.own.has(word)


def _called(lexed: Lexed, at: int, last: int, promises: Promises) -> bool:
    """Whether the colleague named at a token is asked to do something: "livia bitte …", "hauke du schickst …"."""
    end = min(last, at + 6)
    first, *after = words("".join(token.text for token in lexed.tokens[at:end])) or [""]
    said = after[:2]
    asked = any(word in promises.asked for word in said) or (
        promises.language == "fi" and said[:1] and said[0][-3:] == "tko"
    )
    return bool(first and (asked or promises.request.found(said, " ".join(said))))


def _ours(said: list[str], promises: Promises) -> bool:
    """Whether what an "and" goes on from is the rep's own: "ik stuur … en plan …", "send … and call …"."""
    if any(promises.own.has(word) for word in said):
        return True
    content = [word for word in said if not promises.before.has(word)] or said
    return content[0] in promises.finite and not any(promises.other.has(word) for word in said)


def _doing(said: list[str], promises: Promises) -> bool:
    return any(word in promises.finite or word in promises.infinitive for word in said)


def _starts_doing(said: list[str], promises: Promises) -> bool:
    """Whether what follows a joiner begins a new thing to do: a verb among its first words, or one of its own."""
    content = [word for word in said if word.isalpha()]
    if promises.language in ("en", "fi"):
        return any(word in promises.finite for word in content[:3])
    own = any(promises.own.has(word) for word in content)
    finite_first = bool(content) and content[0] in promises.finite
    ends = any(word in promises.infinitive for word in content[1:])
    return own or finite_first or ends


_GONE = frozenset({"out", "over", "off", "across"})


def things_leave(unit: Unit) -> bool:
    """As in "Discs out Mon", "2 lamps over Tues": few words, a plural first, "out" last, and a day."""
    said, few = unit.said, 4
    plural = bool(said) and len(said[0]) > few and said[0].endswith("s") and not said[0].endswith("ss")
    return bool(unit.days) and len(said) <= few and plural and said[0] not in given_names() and said[-1] in _GONE


_HAD = re.compile(r"(?<!\w)(i|we)['’]d (?=(?:an?|the|no|my|our|some|two|three|another|one|to|been)(?!\w))")  # noqa: RUF001


def said_of_had(unit: Unit) -> tuple[list[str], str]:
    """Words and folded text with "I'd a ticket on the windscreen" as "I had …", which promises nothing."""
    if not _HAD.search(unit.folded):
        return unit.said, unit.folded
    folded = _HAD.sub(r"\1 had ", unit.folded)
    return words(folded), folded


NO_GERUND = frozenset(
    {"nothing", "something", "anything", "everything", "morning", "evening", "meeting", "building", "during", "king"}
    | {"spring", "string", "thing", "wedding", "pricing", "interesting", "amazing", "waiting", "retiring", "being"}
    | {"having", "using", "buying", "running", "missing", "outstanding", "logging", "according", "regarding", "wing"}
    | {"opening", "closing", "leaving", "feeling", "looking", "wanting", "thinking", "hoping", "saying", "asking"}
)
"""Words that end as an English gerund does and tell of nothing to do."""
